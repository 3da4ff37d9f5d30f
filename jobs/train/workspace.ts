import type { Readable } from 'node:stream'
import type { Running } from '../../src/chain/contract.ts'
import { TRAINING_USER } from '../../src/containers/executor.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { tarOf } from '../../src/tar.ts'
import type { JobContext } from '../context.ts'
import type { RunDetection } from '../schemas.ts'
import { isNotebook, scriptArchive, scriptOf, WORKDIR } from './entry.ts'
import { readText, writtenFiles } from './files.ts'

/** In the repository's folder once all of the commit lies there, with the commit in it. */
const MARKER = '.hone-source'

/**
 * Puts the commit's files into the workspace that a trial's attempts share, unless an earlier attempt did: what that wrote
 * stays as it is. One that was cut off in the middle is done again.
 */
export async function fillWorkspace(
  { executor, git, paths, run, signal }: JobContext & Running,
  container: string,
  trial: Trial,
): Promise<void> {
  if ((await readText(executor, container, `${WORKDIR}/${MARKER}`, signal)) === trial.sha) return
  const { entry } = run.detection as RunDetection
  const workspace = paths.workspace(run.id)
  await executor.put(container, git.archive(workspace, trial.sha, TRAINING_USER) as Readable, WORKDIR)
  if (isNotebook(entry)) {
    const notebook = await git.readFile(workspace, trial.sha, entry)
    await executor.put(container, scriptArchive(entry, notebook), WORKDIR)
  }
  await executor.put(container, archiveOf(MARKER, trial.sha), WORKDIR)
}

/**
 * Absolute paths of the files that the attempts of a trial wrote in the workspace. All of that goes through the server once,
 * as the engine lists no volume.
 * @param startedAt of the attempt's container, by the engine's clock
 */
export async function changedFiles(
  { executor, git, paths, run, store, signal }: JobContext & Running,
  trial: Trial,
  { container }: Attempt,
  startedAt: number,
): Promise<string[]> {
  const { entry } = run.detection as RunDetection
  const files = await git.listFiles(paths.workspace(run.id), trial.sha)
  const own = [MARKER, ...(isNotebook(entry) ? [scriptOf(entry)] : [])]
  const starts = store.attempts.ofTrial(trial.id).flatMap((one) => one.engineStartedAt ?? one.startedAt ?? [])
  const since = Math.min(startedAt, ...starts)
  const put = new Set(files.map(({ path }) => path))
  const written = await writtenFiles(executor, container, WORKDIR, { put, since }, signal)
  const isOwn = new Set(own.map((path) => `${WORKDIR}/${path}`))
  return written.filter((path) => !isOwn.has(path))
}

const archiveOf = (name: string, content: string): Readable =>
  tarOf([[{ name, mode: 0o644, ...TRAINING_USER }, content]])
