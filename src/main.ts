import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { JobContext } from '../jobs/context.ts'
import { pipeline } from '../jobs/index.ts'
import { compactEnded } from '../jobs/monitor/compact.ts'
import { findGarbage, removeGarbage } from '../jobs/monitor/garbage.ts'
import { Monitor } from '../jobs/monitor.ts'
import { stopAtBest } from '../jobs/notify/stop.ts'
import { Engine } from './chain/engine.ts'
import type { Config } from './config.ts'
import { dockerExecutor } from './containers/docker.ts'
import type { Executor } from './containers/executor.ts'
import {
  CACHE_PATH,
  EVENTS_PATH,
  LAUNCHER,
  PRINTED_PATH,
  runtimeArchive,
  runtimeEnv,
} from './containers/runtime.ts'
import { HoneError, userError } from './domain/failure.ts'
import { Health } from './domain/health.ts'
import { gitAdapter } from './git/adapter.ts'
import { createApp, type HoneApp } from './http/app.ts'
import { ensureAdminToken } from './http/auth.ts'
import type { HttpDeps } from './http/deps.ts'
import { LogNotices } from './http/log-notices.ts'
import { reconcileOwnRemotes } from './http/pushes.ts'
import { type HttpServer, startServer } from './http/server.ts'
import { dockerImages } from './images/docker-images.ts'
import { outbox } from './mail/outbox.ts'
import { drawPicture } from './mail/picture.ts'
import { mailSender } from './mail/send.ts'
import { adminDeps } from './main/admin.ts'
import { analysisThread } from './main/analysis.ts'
import { steadyClock, thisMachine } from './main/clock.ts'
import { followClock } from './main/follow-clock.ts'
import { garbageOptions } from './main/garbage.ts'
import { createLogger } from './main/log.ts'
import { narrate } from './main/narrator.ts'
import { removals } from './main/removals.ts'
import { dataPaths, packageRoot } from './paths.ts'
import { loadPython } from './python/parser.ts'
import { quickCheck } from './store/damage.ts'
import { compressLog, openLogFile, readLog, readTail } from './store/log-file.ts'
import { LogLines } from './store/log-lines.ts'
import { lockFolder, openDatabase } from './store/open.ts'
import { createStore, type Store } from './store/store.ts'

export const firstJob = pipeline.first()

/** Workers for jobs that only compute for a moment, and for those that wait for git servers and look at repositories. */
const LIGHT_WORKERS = 4
const PREPARE_WORKERS = 4

export const publicUrl = (config: Config, port = config.port) => {
  const host = ['0.0.0.0', '::'].includes(config.host) ? 'localhost' : config.host
  return config.url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The store alone, beside a server that may be running on the same data folder. */
export const openStore = (config: Config): Store => createStore(openDatabase(dataPaths(config.data).database))

/** How long the start of a server looks for damage; a database of some hundred MB is looked at in full. */
const CHECK_MS = 3_000

/** @throws HoneError `database-damaged` and what `openDatabase` throws */
function openCheckedStore(config: Config, now: () => number): Store {
  const db = openDatabase(dataPaths(config.data).database)
  try {
    quickCheck(db, CHECK_MS)
  } catch (error) {
    db.close()
    throw error
  }
  return createStore(db, now)
}

/**
 * The data folder for this process alone.
 * @returns a function that lets go
 * @throws HoneError `data-in-use`
 */
export function takeFolder(config: Config): () => void {
  const unlock = lockFolder(config.data)
  if (unlock) return unlock
  throw userError(
    'data-in-use',
    `Another Hone is running on ${config.data}.`,
    'Stop it first, or set HONE_DATA to another folder.',
  )
}

export const makeExecutor = (config: Config): Executor =>
  dockerExecutor({ dockerHost: config.dockerHost, gpus: config.gpus })

export const makeImages = (config: Config) =>
  dockerImages({
    dockerHost: config.dockerHost,
    folder: join(packageRoot, 'docker', 'images'),
    caBundle: config.caBundle,
    environment: config.environment,
  })

export type Hone = Awaited<ReturnType<typeof openHone>>

/**
 * Puts the parts together and starts them; with `listen` also the HTTP side, with `tellsOfRuns` the log has a line of each
 * run's beginning and end.
 * @throws HoneError `data-in-use`, `port-in-use`, `database-damaged` or `database-missing`; NewerSchema
 */
export async function openHone(
  config: Config,
  { listen, tellsOfRuns = false }: { listen: boolean; tellsOfRuns?: boolean },
) {
  const unlock = takeFolder(config)
  const clock = steadyClock(thisMachine())
  const store = openCheckedStore(config, clock.now)
  const paths = dataPaths(config.data)
  const level = listen ? config.logLevel : config.logLevel === 'info' ? 'error' : config.logLevel
  const logger = createLogger(config, level)
  const instance = instanceOf(store)
  const health = new Health(clock.now)
  const time = followClock({ store, clock, logger })
  const git = gitAdapter({ environment: config.environment })
  const notices = new LogNotices()
  const executor = makeExecutor(config)
  const images = makeImages(config)
  const garbage = garbageOptions(config, { store, executor, images, instance })
  const address = { port: config.port }
  const url = () => publicUrl(config, address.port)
  const localUrl = () => publicUrl({ ...config, url: null }, address.port)

  const stopping = new AbortController()
  const monitor = new Monitor({
    store,
    executor,
    health,
    instance,
    logger,
    disks: garbage.disks,
    collectGarbage: async () => {
      // The garbage first: on a full disk nothing can be written before some of it is gone.
      try {
        await removeGarbage(
          garbage,
          await findGarbage(garbage, false),
          ({ leaving }, why) => logger.info({ name: leaving.name, why }, 'could not be removed'),
          ({ leaving, reason }) => logger.info({ name: leaving.name, reason }, 'removed'),
        )
      } finally {
        await compactEnded(
          { store, paths, compressLog },
          (run, why) => logger.warn({ run, why }, 'not compressed; the next hour tries again'),
          stopping.signal,
        )
      }
    },
    engineAwayLimitMs: config.engineAwayLimitMs,
    engineBack: () => {
      store.jobs.hurry()
      engine.wake()
    },
  })
  const grammar = await readFile(grammarFile())
  const analysis = analysisThread(grammar)
  const context: JobContext = {
    store,
    executor,
    images,
    git,
    python: await loadPython(grammar),
    analyse: analysis.analyse,
    monitor,
    paths,
    config,
    instance,
    url,
    openLog: openLogFile,
    readTail,
    drawPicture,
    runtime: {
      archive: () => runtimeArchive(join(packageRoot, 'docker', 'runtime')),
      env: runtimeEnv,
      launcher: LAUNCHER,
      events: EVENTS_PATH,
      printed: PRINTED_PATH,
      cache: CACHE_PATH,
    },
    logGrown: (...growth) => notices.grown(...growth),
    now: clock.now,
    logger,
  }
  const engine = new Engine({
    store,
    pipeline,
    context,
    workers: { light: LIGHT_WORKERS, prepare: PREPARE_WORKERS, train: config.parallel },
    owner: randomBytes(8).toString('hex'),
    logger,
    giveUp: (failure) => monitor.giveUp(failure),
  })
  const mails = outbox({
    mails: store.mails,
    events: store.events,
    sender: mailSender({
      smtpUrl: config.smtpUrl,
      from: config.mailFrom,
      mailbox: paths.mailbox,
      data: config.data,
    }),
    health,
    logger,
    now: clock.now,
  })
  const deleted = removals({
    ...{ store, executor, paths, instance, logger },
    isAtWork: (runId) => engine.isAtWork(runId),
  })
  const deps: HttpDeps = {
    store,
    paths,
    health,
    logger,
    url,
    hookUrl: localUrl,
    first: pipeline.first,
    parallel: config.parallel,
    maxWaiting: config.queue,
    actions: {
      cancelRun: (runId, to) => engine.cancel(runId, to),
      stopRun: (runId) => stopAtBest(store, engine, runId),
      sendMails: mails.tryNow,
      removeDeleted: deleted.now,
    },
    admin: adminDeps(config, { garbage, images, url, now: clock.now, logger }),
    git,
    readLog: (path, { offset, limit }) => readLog(path, { offset, limit }),
    logLines: new LogLines(),
    notices,
    mailbox: () => (config.smtpUrl === null ? paths.mailbox : null),
    webFolder: join(packageRoot, 'dist', 'web'),
  }
  const app = createApp(deps)
  const newToken = ensureAdminToken(store, config.adminToken).token
  const server = listen ? await listenOn(app, config) : null
  if (server) address.port = server.port
  const endNarration = tellsOfRuns ? narrate(store, logger, url) : () => {}
  time.start()
  deleted.start()
  monitor.start()
  engine.start()
  mails.start()
  if (listen) await reconcileOwnRemotes(deps)

  return {
    store,
    engine,
    monitor,
    git,
    paths,
    health,
    executor,
    instance,
    /** The admin token when it was made just now; null when it is known already. */
    newToken,
    url: url(),
    localUrl: localUrl(),
    /** Where mails lie when no SMTP server is set. */
    mailbox: config.smtpUrl === null ? paths.mailbox : null,
    /** Ends the work of this process in order; training containers go on. */
    async stop(): Promise<void> {
      stopping.abort()
      await server?.close()
      const stopped = engine.stop()
      // Only now: what it was at goes back to the queue.
      await analysis.close()
      await stopped
      // What a cancelled run left; an engine that is away must not hold the end up.
      if (health.problems().every(({ part }) => part !== 'engine')) await monitor.sweep()
      await monitor.stop()
      await deleted.stop()
      await mails.stop()
      time.stop()
      endNarration()
      store.close()
      unlock()
    },
  }
}

function grammarFile(): string {
  return createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm')
}

/** Made once; on every container and volume of this data folder. */
export function instanceOf(store: Store): string {
  return store.transaction(() => {
    const known = store.meta.get('instance')
    if (known) return known
    const made = randomBytes(4).toString('hex')
    store.meta.set('instance', made)
    return made
  })
}

/** @throws HoneError `port-in-use` */
async function listenOn(app: HoneApp, config: Config): Promise<HttpServer> {
  try {
    return await startServer(app, config)
  } catch (error) {
    throw listenError(error as Error, config)
  }
}

function listenError(error: Error & { code?: string }, { host, port }: Config): Error {
  if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return error
  const taken = error.code === 'EADDRINUSE'
  return new HoneError({
    kind: 'user',
    code: 'port-in-use',
    message: taken ? `Port ${port} of ${host} is in use.` : `Port ${port} of ${host} may not be opened.`,
    remedy: taken
      ? 'Stop what uses it (perhaps another Hone), or set HONE_PORT to another one.'
      : 'Set HONE_PORT to a port from 1024 on.',
  })
}
