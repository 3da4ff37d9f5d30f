import type { Logger } from 'pino'
import type { Config } from '../src/config.ts'
import type { Executor } from '../src/containers/executor.ts'
import type { Project } from '../src/domain/project.ts'
import type { Git } from '../src/git/contract.ts'
import type { Images } from '../src/images/contract.ts'
import type { DataPaths } from '../src/paths.ts'
import type { Analysis } from '../src/python/analyse.ts'
import type { AnalysisHints, RepositoryFiles } from '../src/python/analyse-files.ts'
import type { PythonParser } from '../src/python/parser.ts'
import type { openLogFile, readTail } from '../src/store/log-file.ts'
import type { Store } from '../src/store/store.ts'
import type { Monitor } from './monitor.ts'

/** Every instance a job may use; made once, by the composition root. */
export interface JobContext {
  store: Store
  executor: Executor
  images: Images
  git: Git
  python: PythonParser
  /** `analyseFiles`, beside the event loop: a large repository takes seconds. @throws also the signal's reason, at once */
  analyse(files: RepositoryFiles, hints: AnalysisHints, signal?: AbortSignal): Promise<Analysis>
  monitor: Monitor
  paths: DataPaths
  config: Pick<Config, 'parallel' | 'mailTo' | 'mailFrom' | 'smtpUrl'>
  /** Short id of this installation: part of the names of containers and volumes. */
  instance: string
  /** Address of the dashboard, for links. */
  url(): string
  openLog: typeof openLogFile
  readTail: typeof readTail
  /** The Python runtime, as a tar stream to unpack at `/`. */
  runtime: {
    archive(): NodeJS.ReadableStream
    env: Record<string, string>
    /** What starts a script with the runtime in it, before the script's path. */
    launcher: readonly string[]
    /** Path of the event file. */
    events: string
    /** Path of the file with the last lines that the script printed; the ones before lie in `<path>.1`. */
    printed: string
    /** Where the trainings of a project keep what they download. */
    cache: string
  }
  /** SVG as PNG, the same bytes for the same drawing. */
  drawPicture(svg: string): Promise<Uint8Array>
  /** Tells the dashboards that the log of an attempt has grown. */
  logGrown(runId: number, attemptId: number, bytes: number, held: boolean): void
  now(): number
  logger: Logger
}

/** Where the run's code comes from: its own URL, or the bare repository of Hone's own remote. */
export const sourceUrl = (context: Pick<JobContext, 'paths'>, project: Project) =>
  project.repoUrl ?? context.paths.ownRemote(project.name)
