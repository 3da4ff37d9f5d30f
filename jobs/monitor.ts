import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type ContainerStatus, type Executor, LABEL } from '../src/containers/executor.ts'
import { type Attempt, STOP_GRACE_SECONDS } from '../src/domain/attempt.ts'
import type { Disks } from '../src/domain/disk.ts'
import { type Failure, toFailure } from '../src/domain/failure.ts'
import type { Health } from '../src/domain/health.ts'
import { runMachine } from '../src/domain/run.ts'
import { decide, type WatchAction } from '../src/domain/watch.ts'
import type { Store } from '../src/store/store.ts'
import { EngineAway } from './monitor/engine-away.ts'
import { Leftovers } from './monitor/leftovers.ts'
import { Pulses } from './monitor/pulses.ts'
import { Room } from './monitor/room.ts'

const SWEEP_MS = 5_000
/** Between two tries to follow an engine that is away. */
const RECONNECT_MS = 1_000

export interface MonitorOptions {
  store: Store
  executor: Executor
  health: Health
  instance: string
  logger: Logger
  disks: () => Promise<Disks>
  /** Called when the engine answers again after it was away, and when there is room again after there was none. */
  engineBack: () => void
  /** Removes what ended runs left and nobody needs. */
  collectGarbage: () => Promise<void>
  /** How long runs wait for an engine that is away, ms. */
  engineAwayLimitMs: number
  /** A clock that nobody sets, ms; the process's own where it is left out. */
  steady?: () => number
}

const GARBAGE_MS = 3_600_000
/** An engine that does not answer must not hold up the end of the server. */
const STOP_WITHIN_MS = 5_000
const MINUTE_MS = 60_000

/**
 * Watches the training containers: by the engine's events, and by a periodic sweep that finds what an event missed.
 * It tells the train jobs that their container has ended, stops the silent ones, and removes what no attempt and no trial
 * needs any more. What is done about each is decided in src/domain/watch.ts.
 */
export class Monitor {
  readonly #options: MonitorOptions
  /** By name of the container; more than one while a job is being taken over. */
  readonly #watched = new Map<string, Set<() => void>>()
  readonly #stopped = new AbortController()
  #loops: Promise<void>[] = []
  #sweeping: Promise<void> | null = null
  #collecting: Promise<void> | null = null
  #lastGarbage: number | null = null
  readonly #room: Room
  readonly #leftovers: Leftovers
  readonly #steady: () => number
  readonly #away: EngineAway
  readonly #pulses: Pulses
  /** Names of containers that are just being stopped. */
  readonly #stopping = new Set<string>()

  constructor(options: MonitorOptions) {
    this.#options = options
    const { store, executor, health, disks, engineAwayLimitMs, steady = () => performance.now() } = options
    this.#steady = steady
    this.#room = new Room(health, disks)
    this.#leftovers = new Leftovers(options)
    this.#away = new EngineAway(store, { limitMs: engineAwayLimitMs, steady })
    this.#pulses = new Pulses({ store, executor, steady })
  }

  start(): void {
    this.#loops = [this.#followEvents(), this.#sweepForever()]
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await Promise.all(this.#loops)
    await this.#sweeping
    // What is left over is found again in the next hour.
    await Promise.race([this.#collecting, delay(STOP_WITHIN_MS, null, { ref: false })])
  }

  /** @throws HoneError `disk-low`, `unavailable`, while a disk has too little room for another training */
  requireRoom(): void {
    this.#room.require()
  }

  /** An attempt has shown a sign of life. */
  heard(attemptId: number): void {
    this.#pulses.heard(attemptId)
  }

  /** What ends a run whose jobs wait for an engine that has been away for too long; null: it goes on waiting. */
  giveUp(failure: Failure): Failure | null {
    if (failure.code !== 'engine-away' || !this.#away.isTooLong) return null
    const minutes = this.#options.engineAwayLimitMs / MINUTE_MS
    return {
      kind: 'user',
      code: 'engine-gone',
      message: `The Docker engine did not answer for ${minutes} minutes, longer than runs wait for it.`,
      remedy: 'Start the engine and push again, or raise HONE_ENGINE_AWAY_LIMIT (minutes).',
    }
  }

  /**
   * Resolves when the container has ended, whoever notices first; null when the engine no longer knows it.
   * @throws HoneError `unavailable` when the engine goes away; the signal's reason when it aborts
   */
  async watch(container: string, signal: AbortSignal): Promise<ContainerStatus | null> {
    const { executor } = this.#options
    const over = new AbortController()
    const tellers = this.#watched.get(container) ?? new Set()
    this.#watched.set(container, tellers)
    let tell = () => {}
    const seen = new Promise<void>((resolve) => {
      tell = resolve
      tellers.add(tell)
    })
    try {
      const waiting = executor.wait(container, AbortSignal.any([signal, over.signal]))
      return await Promise.race([
        waiting,
        seen.then(() => executor.wait(container, AbortSignal.any([signal, over.signal]))),
      ])
    } finally {
      tellers.delete(tell)
      if (tellers.size === 0) this.#watched.delete(container)
      over.abort()
    }
  }

  /** One look at engine, disk and leftovers. Calls that overlap share one look. */
  sweep(): Promise<void> {
    if (this.#stopped.signal.aborted) return Promise.resolve()
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = null
    })
    return this.#sweeping
  }

  async #sweepForever(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      await this.sweep()
      await delay(SWEEP_MS, null, { signal: this.#stopped.signal }).catch(() => {})
    }
  }

  async #sweep(): Promise<void> {
    const { health, executor, instance, logger, engineBack } = this.#options
    if (await this.#room.look()) engineBack()
    const away = health.problems().some(({ part }) => part === 'engine')
    try {
      const containers = await executor.list({ [LABEL.instance]: instance })
      // Whatever fails after this is the matter of one container or volume.
      health.clear('engine')
      this.#away.back()
      this.#answered(away)
      if (away) engineBack()
      await this.#lookAt(containers)
      await this.#leftovers.removeVolumes()
    } catch (error) {
      const failure = toFailure(error)
      if (failure.code === 'engine-away') {
        this.#pulses.skip()
        health.report('engine', failure.message, failure.remedy, this.#away.missed())
      } else logger.warn({ err: error }, 'sweep failed')
      return
    }
    this.#collectNowAndThen()
  }

  /** Keeps when the engine answered last, and asks for its version at the first time and whenever it was away. */
  #answered(wasAway: boolean): void {
    const { health, executor, store } = this.#options
    const known = wasAway ? undefined : health.facts().engine
    health.know('engine', { version: known?.version ?? null, at: store.now() })
    if (known) return
    const learn = ({ version }: { version: string }) =>
      health.know('engine', { version, at: health.facts().engine?.at ?? store.now() })
    // One that does not say is asked when it comes back.
    executor.info().then(learn, () => {})
  }

  /** Beside the sweeps, which go on: a look at many files takes its time. */
  #collectNowAndThen(): void {
    const { collectGarbage, logger } = this.#options
    const now = this.#steady()
    if (this.#collecting || now - (this.#lastGarbage ?? Number.NEGATIVE_INFINITY) < GARBAGE_MS) return
    this.#lastGarbage = now
    this.#collecting = collectGarbage()
      .catch((error) => logger.warn({ err: error }, 'garbage was not collected; the next hour tries again'))
      .finally(() => {
        this.#collecting = null
      })
  }

  async #lookAt(containers: readonly ContainerStatus[]): Promise<void> {
    const { executor } = this.#options
    const seen = new Set<number>()
    for (const status of containers) {
      const attempt = this.#attemptOf(status)
      if (attempt) seen.add(attempt.id)
      switch (await this.#actionFor(status, attempt)) {
        case 'read-result':
        case 'read-cause':
          this.#tell(status.name)
          break
        case 'stop':
          this.#stopSilent(attempt as Attempt)
          break
        case 'remove':
          await this.#leftovers.remove(status)
      }
    }
    this.#pulses.keepOnly(seen)
    for (const name of this.#watched.keys()) if ((await executor.inspect(name)) === null) this.#tell(name)
  }

  #tell(container: string): void {
    for (const tell of this.#watched.get(container) ?? []) tell()
  }

  /** The attempt whose container it is, while its run goes on; null otherwise. */
  #attemptOf({ labels }: ContainerStatus): Attempt | null {
    const { store } = this.#options
    const attempt = store.attempts.byId(Number(labels[LABEL.attempt] ?? Number.NaN))
    if (!attempt) return null
    return runMachine.isFinal(store.runs.get(store.attempts.runOf(attempt.trialId)).state) ? null : attempt
  }

  async #actionFor(status: ContainerStatus, attempt: Attempt | null): Promise<WatchAction | null> {
    if (status.labels[LABEL.attempt] === undefined) return this.#leftovers.isOne(status) ? 'remove' : null
    const silentLimitMs = attempt === null ? 0 : this.#silentLimitOf(attempt)
    const isWatched = attempt?.state === 'running' && status.state === 'running'
    const { silentMs } = isWatched ? await this.#pulses.feel(attempt, silentLimitMs) : { silentMs: 0 }
    return decide({
      ...{ engine: 'here', attempt: attempt?.state ?? null, container: status },
      ...{ silentMs, silentLimitMs },
    })
  }

  #silentLimitOf({ trialId }: Attempt): number {
    const { store } = this.#options
    return store.runs.get(store.attempts.runOf(trialId)).settings.silentLimit * MINUTE_MS
  }

  /** Beside the sweep, which must not wait for the grace period; one that could not be stopped is seen by the next. */
  #stopSilent({ container, trialId }: Attempt): void {
    const { executor, store, logger } = this.#options
    if (this.#stopping.has(container)) return
    this.#stopping.add(container)
    const { number, runId } = store.trials.get(trialId)
    store.transaction(() =>
      store.runs.progress(runId, `trial ${number}: its training shows no sign of life and is stopped.`),
    )
    executor
      .stop(container, STOP_GRACE_SECONDS)
      .catch((error) => logger.warn({ err: error, container }, 'a silent training could not be stopped'))
      .finally(() => this.#stopping.delete(container))
  }

  /** Events only make things quicker: whatever they miss, the sweep finds. */
  async #followEvents(): Promise<void> {
    const { executor, instance } = this.#options
    const { signal } = this.#stopped
    while (!signal.aborted) {
      try {
        for await (const event of executor.events({ [LABEL.instance]: instance }, signal)) {
          if (event.action === 'die' || event.action === 'destroy') void this.sweep()
        }
      } catch {
        void this.sweep()
      }
      await delay(RECONNECT_MS, null, { signal }).catch(() => {})
    }
  }
}
