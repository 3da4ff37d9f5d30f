import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type ContainerStatus, type Executor, LABEL } from '../src/containers/executor.ts'
import { attemptMachine } from '../src/domain/attempt.ts'
import { DISK_PARTS, type Disks, lowDisks } from '../src/domain/disk.ts'
import { type HoneError, toFailure } from '../src/domain/failure.ts'
import type { Health } from '../src/domain/health.ts'
import { isLeftover, type Owner } from '../src/domain/leftovers.ts'
import { projectOfCache } from '../src/domain/retention.ts'
import { runMachine } from '../src/domain/run.ts'
import { trialMachine } from '../src/domain/trial.ts'
import type { Store } from '../src/store/store.ts'

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
}

const GARBAGE_MS = 3_600_000
/** An engine that does not answer must not hold up the end of the server. */
const STOP_WITHIN_MS = 5_000

/**
 * Watches the training containers: by the engine's events, and by a periodic sweep that finds what an event missed.
 * It tells the train jobs that their container has ended, and removes what no attempt and no trial needs any more.
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
  #noRoom: HoneError | null = null

  constructor(options: MonitorOptions) {
    this.#options = options
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
    if (this.#noRoom) throw this.#noRoom
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
    const { health, logger, engineBack } = this.#options
    await this.#checkDisk()
    const away = health.problems().some(({ part }) => part === 'engine')
    try {
      await this.#lookAtContainers()
      await this.#lookAtVolumes()
      health.clear('engine')
    } catch (error) {
      const failure = toFailure(error)
      if (failure.code === 'engine-away') health.report('engine', failure.message, failure.remedy)
      else logger.warn({ err: error }, 'sweep failed')
      return
    }
    if (away) engineBack()
    this.#collectNowAndThen()
  }

  /** Beside the sweeps, which go on: a look at many files takes its time. */
  #collectNowAndThen(): void {
    const { collectGarbage, store, logger } = this.#options
    if (this.#collecting || store.now() - (this.#lastGarbage ?? Number.NEGATIVE_INFINITY) < GARBAGE_MS) return
    this.#lastGarbage = store.now()
    this.#collecting = collectGarbage()
      .catch((error) => logger.warn({ err: error }, 'garbage was not collected; the next hour tries again'))
      .finally(() => {
        this.#collecting = null
      })
  }

  async #lookAtContainers(): Promise<void> {
    const { executor, instance, logger } = this.#options
    for (const status of await executor.list({ [LABEL.instance]: instance })) {
      if (status.state === 'exited') this.#tell(status.name)
      if (!isLeftover(this.#ownerOf(status.labels))) continue
      logger.info({ container: status.name }, 'removing a leftover container')
      await this.#removing(status.name, () => executor.remove(status.id))
    }
    for (const name of this.#watched.keys()) if ((await executor.inspect(name)) === null) this.#tell(name)
  }

  #tell(container: string): void {
    for (const tell of this.#watched.get(container) ?? []) tell()
  }

  #ownerOf(labels: Record<string, string>): Owner | null {
    const { store } = this.#options
    if (labels[LABEL.attempt] === undefined) {
      const run = store.runs.byId(Number(labels[LABEL.run]))
      return run && { ended: runMachine.isFinal(run.state) }
    }
    const attempt = store.attempts.byId(Number(labels[LABEL.attempt]))
    if (!attempt) return null
    const run = store.runs.get(store.attempts.runOf(attempt.trialId))
    return { ended: attemptMachine.isFinal(attempt.state) || runMachine.isFinal(run.state) }
  }

  async #lookAtVolumes(): Promise<void> {
    const { executor, store, instance } = this.#options
    for (const name of await executor.listVolumes({ [LABEL.instance]: instance })) {
      // Those outlive trials and runs.
      if (projectOfCache(instance, name) !== null) continue
      const trial = store.trials.byId(Number(/-trial-(\d+)(?:-workspace)?$/.exec(name)?.[1]))
      const ended =
        trial && (trialMachine.isFinal(trial.state) || runMachine.isFinal(store.runs.get(trial.runId).state))
      if (isLeftover(trial && { ended: ended === true })) {
        await this.#removing(name, () => executor.removeVolume(name))
      }
    }
  }

  /** One that cannot be removed now, such as a volume still in use, keeps nothing else from being looked at. */
  async #removing(name: string, remove: () => Promise<void>): Promise<void> {
    try {
      await remove()
    } catch (error) {
      const { code, message } = toFailure(error)
      if (code === 'engine-away') throw error
      // Mostly a volume whose container is just being stopped.
      this.#options.logger.info(
        { name, reason: message },
        'a leftover could not be removed; the next sweep tries again',
      )
    }
  }

  async #checkDisk(): Promise<void> {
    const { health, disks, engineBack } = this.#options
    const low = lowDisks(await disks().catch(() => ({ data: null, engine: null })))
    for (const part of DISK_PARTS) {
      const found = low.find((one) => one.part === part)?.error.failure
      if (found) health.report(part, found.message, found.remedy)
      else health.clear(part)
    }
    const hadRoom = this.#noRoom === null
    this.#noRoom = low[0]?.error ?? null
    if (!hadRoom && this.#noRoom === null) engineBack()
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
