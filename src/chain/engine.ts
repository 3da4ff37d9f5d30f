import type { Logger } from 'pino'
import { type Failure, HoneError, toFailure } from '../domain/failure.ts'
import type { Job, JobName } from '../domain/job.ts'
import { runMachine } from '../domain/run.ts'
import { reached } from '../fault-points.ts'
import { LostLease } from '../store/jobs.ts'
import type { Store } from '../store/store.ts'
import type { AbortReason, JobModule, Lane, NextJob, Pipeline, Running } from './contract.ts'
import { afterError } from './retry.ts'

const LEASE_MS = 30_000
/** The longest that an idle worker waits before it looks again, whoever forgot to wake it. */
const IDLE_MS = 5_000
/** After an error of the database itself, such as a full disk. */
const STORE_BACK_OFF_MS = 1_000

export interface EngineOptions<C> {
  store: Store
  pipeline: Pipeline<C>
  context: C
  /** Workers of each lane. */
  workers: Partial<Record<Lane, number>>
  /** Unique to this process. */
  owner: string
  logger: Logger
  /** What has been waited for long enough: the failure that ends the run; null: go on waiting. */
  giveUp?: (failure: Failure) => Failure | null
}

/**
 * Runs the jobs of all runs: claims, runs, settles. What a job changed, its end and the jobs that follow it are one
 * transaction, so that a server killed at any moment goes on where it was.
 */
export class Engine<C> {
  readonly #options: EngineOptions<C>
  readonly #modules: Map<JobName, JobModule<C>>
  readonly #running = new Map<number, { runId: number; controller: AbortController }>()
  readonly #wakers = new Set<() => void>()
  readonly #workers = new Set<Promise<void>>()
  #stopping = false
  #unsubscribe = () => {}

  constructor(options: EngineOptions<C>) {
    this.#options = options
    this.#modules = new Map(options.pipeline.jobs.map((job) => [job.name, job as JobModule<C>]))
  }

  /** Takes back what a dead server left running, then works until `stop`. */
  start(): void {
    const { store, workers, logger } = this.#options
    const recovered = store.transaction(() => store.jobs.recover())
    if (recovered > 0) logger.info({ recovered }, 'took back jobs of the last server')
    this.#unsubscribe = store.events.subscribe((types) => {
      if (types.has('job')) this.wake()
    })
    for (const lane of Object.keys(workers) as Lane[]) {
      for (let n = 0; n < (workers[lane] ?? 0); n++) this.#hire(lane)
    }
  }

  /** Lets every worker look for jobs now. */
  wake(): void {
    for (const waker of this.#wakers) waker()
  }

  /** Whether a job of the run is going on, or still being stopped. */
  isAtWork(runId: number): boolean {
    return [...this.#running.values()].some((job) => job.runId === runId)
  }

  /** Ends the work of this process; running jobs go back to the queue and training containers go on. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#unsubscribe()
    for (const { controller } of this.#running.values()) controller.abort('shutdown' satisfies AbortReason)
    this.wake()
    await Promise.all(this.#workers)
  }

  /** Ends a run in whatever state it is. @returns false when it had ended already */
  cancel(runId: number, to: 'cancelled' | 'superseded' = 'cancelled'): boolean {
    const { store } = this.#options
    const cancelled = store.transaction(() => {
      if (runMachine.isFinal(store.runs.get(runId).state)) return false
      store.endRun(runId, to)
      store.jobs.cancelOpen(runId)
      // A transaction around this one may still be rolled back.
      store.afterCommit(() => this.#abort(runId, to))
      return true
    })
    return cancelled
  }

  /**
   * Brings a run to the job that ends it, at once: what else goes on is stopped as `concluded`. It joins the
   * transaction that it is called in.
   */
  conclude(runId: number, { name, key, input }: NextJob): void {
    const { store } = this.#options
    store.transaction(() => {
      store.jobs.cancelOpen(runId)
      store.cancelTrials(runId)
      store.jobs.enqueue(runId, name, key, input)
      store.afterCommit(() => this.#abort(runId, 'concluded'))
    })
  }

  #abort(runId: number, reason: AbortReason, except?: number): void {
    for (const [id, job] of this.#running)
      if (job.runId === runId && id !== except) job.controller.abort(reason)
  }

  /** Inside the transaction that ended the job which they follow. */
  #enqueue(ended: Job, next: readonly NextJob[]): void {
    const { store } = this.#options
    const { runId } = ended
    if (next.some(({ concludes }) => concludes)) {
      store.jobs.cancelOpen(runId)
      store.afterCommit(() => this.#abort(runId, 'concluded', ended.id))
    }
    for (const { name, key, input } of next) store.jobs.enqueue(runId, name, key, input)
  }

  /** @param until aborts when it is needed no more */
  #hire(lane: Lane, until?: AbortSignal): void {
    const worker = this.#work(lane, until).finally(() => this.#workers.delete(worker))
    this.#workers.add(worker)
  }

  async #aside<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
    const back = new AbortController()
    if (!this.#stopping) this.#hire(lane, back.signal)
    try {
      return await work()
    } finally {
      back.abort()
      this.wake()
    }
  }

  async #work(lane: Lane, until?: AbortSignal): Promise<void> {
    const { store, owner, logger } = this.#options
    const own = this.#options.pipeline.jobs.filter((job) => job.lane === lane)
    const names = own.map((job) => job.name)
    const within = (one: 'run' | 'project') =>
      own.filter((job) => job.exclusive === one).map((job) => job.name)
    const claimable = { names, exclusive: within('run'), inProject: within('project') }
    while (!this.#stopping && !until?.aborted) {
      try {
        const asked = store.now()
        const job = store.transaction(() => store.jobs.claim(claimable, owner, LEASE_MS))
        if (job) await this.#runJob(job)
        else {
          const due = store.jobs.nextDue({ names }, asked) ?? Infinity
          await this.#idle(Math.min(IDLE_MS, Math.max(0, due - store.now())))
        }
      } catch (error) {
        logger.error({ err: error }, 'the chain could not reach its database')
        await this.#idle(STORE_BACK_OFF_MS, false)
      }
    }
  }

  /** Until woken or the time is over. */
  #idle(ms: number, wakeable = true): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#wakers.delete(waker)
        resolve()
      }
      const waker = () => {
        if (wakeable || this.#stopping) done()
      }
      const timer = setTimeout(done, ms)
      this.#wakers.add(waker)
      if (this.#stopping) done()
    })
  }

  async #runJob(job: Job): Promise<void> {
    const { store, owner, logger } = this.#options
    const controller = new AbortController()
    this.#running.set(job.id, { runId: job.runId, controller })
    if (this.#stopping) controller.abort('shutdown' satisfies AbortReason)
    const beat = setInterval(() => {
      try {
        if (!store.jobs.heartbeat(job.id, owner, LEASE_MS))
          controller.abort('lease-lost' satisfies AbortReason)
      } catch (error) {
        logger.warn({ err: error, job: job.key }, 'heartbeat not written')
      }
    }, LEASE_MS / 3)
    try {
      await this.#settle(job, controller.signal)
    } catch (error) {
      if (error instanceof LostLease) {
        logger.info({ job: job.key, run: job.runId }, 'job ended elsewhere; its result is dropped')
        return
      }
      logger.error({ err: error, job: job.key, run: job.runId }, 'the end of a job could not be written')
      await this.#giveBack(job)
    } finally {
      clearInterval(beat)
      this.#running.delete(job.id)
    }
  }

  /** Until the database takes the job back; nobody else would, since this process is alive. */
  async #giveBack(job: Job): Promise<void> {
    const { store, owner } = this.#options
    while (!this.#stopping) {
      await this.#idle(STORE_BACK_OFF_MS, false)
      try {
        store.transaction(() => {
          if (store.jobs.isHeld(job.id, owner)) store.jobs.requeue(store.jobs.byId(job.id))
        })
        return
      } catch {
        // Still no room: the health says so.
      }
    }
  }

  async #settle(job: Job, signal: AbortSignal): Promise<void> {
    const { store, pipeline, logger } = this.#options
    const module = this.#modules.get(job.name) as JobModule<C>
    try {
      const run = store.transaction(() => {
        const { state } = store.runs.get(job.runId)
        return state === 'queued' ? store.runs.transition(job.runId, 'running') : store.runs.get(job.runId)
      })
      const running: Running = {
        run,
        job,
        signal,
        aside: (work) => this.#aside(module.lane, work),
        progress: (text) => store.runs.progress(run.id, text),
      }
      const input = module.input.parse(job.input)
      const settlement = await module.run({ ...this.#options.context, ...running }, input)
      store.transaction(() => {
        const output = module.output.parse(settlement.commit())
        const done = store.jobs.complete(job, output)
        this.#enqueue(done, pipeline.follow(done, output))
        reached('settle')
      })
      reached('settle')
      await settlement.after?.().catch((error: unknown) => {
        logger.warn({ err: error, job: job.key }, 'clean-up left for the next sweep')
      })
    } catch (error) {
      if (error instanceof LostLease) throw error
      this.#settleError(job, signal, error)
    }
  }

  #settleError(job: Job, signal: AbortSignal, error: unknown): void {
    const { store, pipeline, logger, owner } = this.#options
    store.transaction(() => {
      if (!store.jobs.isHeld(job.id, owner)) return
      if (signal.aborted) return void store.jobs.requeue(job)
      const thrown = toFailure(error)
      const failure = this.#options.giveUp?.(thrown) ?? thrown
      const { patienceMs = null } = this.#modules.get(job.name) as JobModule<C>
      const { deadline } = store.runs.get(job.runId)
      const until = error instanceof HoneError ? error.until : null
      const next = afterError(failure, job, { deadline, patienceMs, until }, store.now())
      // A user's mistake is told by the end of the run; what Hone tries again is not.
      const level = failure.kind === 'user' ? 'debug' : 'warn'
      logger[level]({ run: job.runId, job: job.key, code: failure.code, next, err: error }, failure.message)
      if (next.action === 'retry') return void store.jobs.retry(job, failure, next.at, next.countTry)
      store.jobs.fail(job, next.failure)
      const rest = pipeline.afterFailure(job, next.failure)
      this.#enqueue(job, rest)
      if (rest.length > 0) return
      const { to, conclusion } = pipeline.conclude(job, next.failure)
      store.endRun(job.runId, to, conclusion)
    })
  }
}
