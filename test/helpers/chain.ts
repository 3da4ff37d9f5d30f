import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import pino from 'pino'
import type { JobContext } from '../../jobs/context.ts'
import { pipeline } from '../../jobs/index.ts'
import { Monitor } from '../../jobs/monitor.ts'
import { stopAtBest } from '../../jobs/notify/stop.ts'
import { Engine } from '../../src/chain/engine.ts'
import { startRun } from '../../src/chain/intake.ts'
import { createProject } from '../../src/chain/projects.ts'
import { type FakeExecutor, fakeExecutor } from '../../src/containers/fake.ts'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import {
  CACHE_PATH,
  EVENTS_PATH,
  LAUNCHER,
  PRINTED_PATH,
  runtimeArchive,
  runtimeEnv,
} from '../../src/containers/runtime.ts'
import type { Disks } from '../../src/domain/disk.ts'
import { Health } from '../../src/domain/health.ts'
import type { ImageContents } from '../../src/domain/image.ts'
import type { Run } from '../../src/domain/run.ts'
import type { Settings } from '../../src/domain/settings.ts'
import { gitAdapter } from '../../src/git/adapter.ts'
import type { Images } from '../../src/images/contract.ts'
import { drawPicture } from '../../src/mail/picture.ts'
import { dataPaths, packageRoot } from '../../src/paths.ts'
import { analyseFiles } from '../../src/python/analyse-files.ts'
import { loadPython } from '../../src/python/parser.ts'
import { openLogFile, readTail } from '../../src/store/log-file.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import { git, gitTestEnvironment, makeRepository, removeFolder, temporaryFolder } from './git.ts'

const grammar = createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm')
const python = await loadPython(readFileSync(grammar))

/** A training with one hyperparameter, as detect-model wants to see one; the fake's program plays it. */
export const SCRIPT = `from sklearn.linear_model import SGDClassifier

alpha = 5.0
model = SGDClassifier(alpha=alpha).fit([[0], [1]], [0, 1])
`

/** What the image in memory has. */
const contents: ImageContents = {
  ...{ python: '3.13.5', machine: 'x86_64' },
  packages: { 'scikit-learn': '1.4.2', numpy: '2.2.4' },
  modules: ['sklearn', 'numpy', 'os', 'sys', 'keras', 'tensorflow', 'torch'],
}

export type TestChain = Awaited<ReturnType<typeof testChain>>

/**
 * The whole chain, real but for the engine, which is in memory, and the images.
 * @param options.parallel trainings at a time, of all runs together
 * @param options.engineAwayLimitMs how long runs wait for an engine that is away
 * @param options.engineAheadMs by how much the engine's clock is ahead of Hone's; below 0: behind
 * @param options.draw what makes a drawing a picture
 * @param options.gpus ids of the engine's graphics cards
 */
export async function testChain(
  program: FakeProgram,
  {
    parallel = 1,
    images = {},
    draw = drawPicture,
    gpus = [],
    engineAwayLimitMs = 3_600_000,
    engineAheadMs = 0,
  }: {
    parallel?: number
    images?: Partial<Images>
    draw?: typeof drawPicture
    gpus?: string[]
    engineAwayLimitMs?: number
    engineAheadMs?: number
  } = {},
) {
  const folder = temporaryFolder()
  const paths = dataPaths(join(folder, 'data'))
  const db = openDatabase(paths.database)
  let shift = 0
  let set = 0
  const clocks = { now: () => Date.now() + shift + set, steady: () => performance.now() + shift }
  const store = createStore(db, clocks.now)
  const executor: FakeExecutor = fakeExecutor({
    program,
    info: { gpus },
    now: () => clocks.now() + engineAheadMs,
  })
  const health = new Health()
  /** Codes of the errors that the server logged. */
  const errors: string[] = []
  const logger = pino(
    { level: 'warn' },
    {
      write: (line: string) => {
        const { code, err } = JSON.parse(line)
        errors.push(code ?? err?.code ?? '')
      },
    },
  )
  const instance = 'test'
  const collections = { count: 0, fail: false }
  const disks: Disks = { data: null, engine: null }
  let engine: Engine<JobContext> | null = null
  let monitor: Monitor | null = null

  /** As a server does at its start. */
  const start = () => {
    monitor = new Monitor({
      store,
      executor,
      health,
      instance,
      logger,
      disks: async () => disks,
      collectGarbage: async () => {
        collections.count++
        if (collections.fail) throw new Error('no garbage today')
      },
      steady: clocks.steady,
      engineAwayLimitMs,
      engineBack: () => {
        store.jobs.hurry()
        engine?.wake()
      },
    })
    engine = new Engine({
      store,
      pipeline,
      context: {
        store,
        executor,
        images: {
          ensure: async () => 'image',
          prepare: async () => 'image',
          contents: async () => contents,
          ...images,
        },
        git: gitAdapter({ environment: gitTestEnvironment }),
        python,
        analyse: async (files, hints) => analyseFiles(python, files, hints),
        monitor,
        paths,
        config: { parallel, mailTo: ['ada@example.org'], mailFrom: 'hone@localhost', smtpUrl: null },
        instance,
        url: () => 'http://hone',
        openLog: openLogFile,
        readTail,
        drawPicture: draw,
        runtime: {
          archive: () => runtimeArchive(join(packageRoot, 'docker', 'runtime')),
          env: runtimeEnv,
          launcher: LAUNCHER,
          events: EVENTS_PATH,
          printed: PRINTED_PATH,
          cache: CACHE_PATH,
        },
        logGrown: () => {},
        now: clocks.now,
        logger,
      },
      giveUp: (failure) => monitor?.giveUp(failure) ?? null,
      workers: { light: 2, prepare: 2, train: parallel },
      owner: `server-${Math.random()}`,
      logger,
    })
    monitor.start()
    engine.start()
  }
  const stop = async () => {
    await engine?.stop()
    await monitor?.stop()
  }
  start()

  return {
    store,
    executor,
    health,
    folder,
    paths,
    errors,
    /** How often garbage was to be collected; with `fail` it cannot be. */
    collections,
    /** Volumes, without those of downloads, which outlive trials. */
    trialVolumes: () => [...executor.volumes.keys()].filter((name) => !/-cache-\d+$/.test(name)),
    /** What the monitor finds them to be at its next look. */
    disks,
    start,
    stop,
    /** Time goes by. */
    pass(ms: number): void {
      shift += ms
    },
    /** Hone's clock and the engine's, ms since the epoch. */
    now: clocks.now,
    /** Somebody sets the machine's clock, and the stored times are moved along, as src/main/follow-clock.ts does. */
    setClock(ms: number): void {
      set += ms
      store.transaction(() => store.shiftTimes(ms))
    },
    /** With false every write that needs room fails, as on a full disk. */
    setRoom(there: boolean): void {
      db.pragma(`max_page_count = ${there ? 2 ** 30 : 1}`)
    },
    /** A look that has begun after this call: one that is under way may have seen the time before. */
    async sweep(): Promise<void> {
      await monitor?.sweep()
      await monitor?.sweep()
    },
    wake: () => engine?.wake(),
    cancel: (run: Run) => engine?.cancel(run.id),
    isAtWork: (run: Run) => engine?.isAtWork(run.id) ?? false,
    stopAtBest: (run: Run) => stopAtBest(store, engine as Engine<JobContext>, run.id),
    /** A run of a repository with one script, or with these files; of Hone's own remote, with a further branch, where one is named. */
    push(
      settings: Partial<Settings> = {},
      source: string | Record<string, string> = SCRIPT,
      { ownRemoteWithBranch }: { ownRemoteWithBranch?: string } = {},
    ): Run {
      const name = `p${store.projects.all().length}`
      const own = ownRemoteWithBranch !== undefined
      const { path, sha } = makeRepository(
        join(folder, name),
        typeof source === 'string' ? { 'train.py': source } : source,
      )
      if (own) {
        git(path, 'branch', ownRemoteWithBranch)
        git(folder, 'clone', '--quiet', '--bare', path, paths.ownRemote(name))
      }
      const { project } = createProject(store, { name, repoUrl: own ? null : path, settings })
      const request = { ref: 'refs/heads/main', sha, trigger: 'push' as const }
      return startRun(store, project, request, { first: pipeline.first() })
    },
    /** Resolves once the condition holds, looked at after every commit. */
    until(holds: () => boolean): Promise<void> {
      return new Promise((resolve) => {
        const look = () => {
          if (!holds()) return
          unsubscribe()
          resolve()
        }
        const unsubscribe = store.events.subscribe(look)
        look()
      })
    },
    async ended(run: Run): Promise<Run> {
      await this.until(() => store.runs.get(run.id).endedAt !== null)
      return store.runs.get(run.id)
    },
    async dispose() {
      await stop()
      store.close()
      removeFolder(folder)
    },
  }
}
