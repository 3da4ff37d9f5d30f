import { unavailable, userError } from '../domain/failure.ts'
import type { Delivery, Project } from '../domain/project.ts'
import type { Run, Trigger } from '../domain/run.ts'
import { resolveSettings, type Settings } from '../domain/settings.ts'
import { reached } from '../fault-points.ts'
import type { Store } from '../store/store.ts'
import type { NextJob } from './contract.ts'
import { decideIntake, isOutdated, type Push, queueFull } from './intake-decision.ts'

/** What the intake needs of the chain. */
export interface IntakeChain {
  /** The job that every run starts with. */
  first: NextJob
  /** Runs of one project that may wait to be trained; no bound where it is left out. */
  maxWaiting?: number
  /**
   * Ends a run that is already going. Called inside the intake's transaction: its own joins that one, so that the
   * newer run and the end of the older one are written together.
   */
  cancelRun(runId: number, to: 'superseded'): void
}

/** A request as it came in; `deliveryId` is what makes it known when it comes again. */
export type Received = Pick<Delivery, 'deliveryId' | 'event' | 'payload'>

export interface IntakeResult {
  delivery: Delivery
  /** The run that it made, or that was there already. */
  run: Run | null
}

interface RunRequest {
  ref: string
  sha: string
  trigger: Trigger
  author?: string | null
  message?: string | null
  /** The commit that a push moved the ref from. */
  beforeSha?: string | null
  overrides?: Partial<Settings>
  /** The run that it repeats. */
  rerun?: Run['rerun']
}

/** @throws HoneError `unavailable`, `queue-full`, when as many runs of the project wait as may */
export function requireQueueRoom(
  store: Store,
  project: Project,
  { maxWaiting }: Pick<IntakeChain, 'maxWaiting'>,
): void {
  const full = queueFull(store.runs.waiting(project.id).length, maxWaiting ?? Infinity)
  if (full !== null)
    throw unavailable('queue-full', full, 'Ask again later, cancel some of them, or raise HONE_QUEUE.')
}

/** A push may have been read while its project was deleted. @throws HoneError `no-project` */
function requireProject(store: Store, { id, name }: Project): void {
  if (store.projects.byId(id) !== null) return
  throw userError('no-project', `The project ${name} was deleted.`, 'Make it anew, or push elsewhere.')
}

/** Always makes a run, with its first job, in one transaction. @throws ZodError when a setting is wrong */
export function startRun(
  store: Store,
  project: Project,
  request: RunRequest,
  chain: Pick<IntakeChain, 'first'>,
): Run {
  const overrides = request.overrides ?? {}
  return store.transaction(() => {
    const run = store.runs.insert({
      projectId: project.id,
      ref: request.ref,
      sha: request.sha,
      trigger: request.trigger,
      author: request.author ?? null,
      message: request.message ?? null,
      beforeSha: request.beforeSha ?? null,
      rerun: request.rerun ?? null,
      overrides,
      settings: resolveSettings(project.settings, overrides),
    })
    store.jobs.enqueue(run.id, chain.first.name, chain.first.key, chain.first.input)
    return run
  })
}

const isPushed = ({ trigger }: Pick<Run, 'trigger'>) => trigger === 'push' || trigger === 'poll'

function endQueued(store: Store, run: Run): void {
  store.runs.transition(run.id, 'superseded')
  store.jobs.cancelOpen(run.id)
}

/**
 * What takes the place of older pushes of the same branch: of those that have not begun to train, or, when the project
 * says so, of all. A run that somebody asked for by hand stays.
 */
function supersede(store: Store, newer: Run, chain: IntakeChain): void {
  for (const run of store.runs.alive()) {
    if (run.projectId !== newer.projectId || run.ref !== newer.ref || run.id === newer.id) continue
    if (!isPushed(run)) continue
    if (run.state === 'queued') {
      endQueued(store, run)
    } else if (newer.settings.cancelRunning || store.attempts.ofRun(run.id).length === 0) {
      chain.cancelRun(run.id, 'superseded')
    }
  }
}

/** Records a delivery that makes no run; the same delivery id answers what was recorded. */
export function recordDelivery(
  store: Store,
  project: Project,
  received: Received,
  outcome: 'ignored' | 'ping',
  reason: string | null,
): Delivery {
  return store.transaction(
    () =>
      store.deliveries.byDeliveryId(project.id, received.deliveryId) ??
      store.deliveries.insert({ ...received, projectId: project.id, outcome, reason, runId: null }),
  )
}

/**
 * Records a push and the run that it makes, or why it makes none, in one transaction: on return both are durable.
 * A push that was made before one that is known makes a run that is superseded at once. The same delivery id gets the same answer; the same commit on the same ref is a `duplicate` of its run. One that was
 * `refused` because too many runs waited is looked at anew when it comes again.
 * @throws HoneError `no-project` when it was deleted meanwhile
 */
export function receivePush(
  store: Store,
  project: Project,
  push: Push,
  received: Received,
  chain: IntakeChain,
): IntakeResult {
  return store.transaction(() => {
    requireProject(store, project)
    const known = store.deliveries.byDeliveryId(project.id, received.deliveryId)
    if (known && known.outcome !== 'refused')
      return { delivery: known, run: known.runId === null ? null : store.runs.get(known.runId) }
    const record = (outcome: Delivery['outcome'], run: Run | null, reason: string | null): IntakeResult => {
      const runId = run?.id ?? null
      const became = { outcome, reason, runId }
      const delivery = known
        ? store.deliveries.settle(known.id, became)
        : store.deliveries.insert({ ...received, projectId: project.id, ...became })
      return { delivery, run }
    }
    const decision = decideIntake(push, resolveSettings(project.settings))
    if (!decision.run) return record('ignored', null, decision.reason)
    const there = store.runs.ofPush(project.id, push.ref, push.sha)
    if (there) return record('duplicate', there, `Run ${there.number} is of the same commit.`)
    const outdated = isOutdated(push, store.runs.pushedAfter(project.id, push.ref, push.sha))
    // Those of this branch make room for it; what is outdated takes none.
    const staying = store.runs.waiting(project.id).filter((run) => run.ref !== push.ref || !isPushed(run))
    const full = outdated ? null : queueFull(staying.length, chain.maxWaiting ?? Infinity)
    if (full !== null) return record('refused', null, full)
    const { ref, sha, before } = push
    const { author = null, message = null } = push.head ?? {}
    const run = startRun(
      store,
      project,
      { ref, sha, beforeSha: before, trigger: 'push', author, message },
      chain,
    )
    if (outdated) endQueued(store, run)
    else supersede(store, run, chain)
    const reason = outdated ? 'A newer push of the branch had arrived before this one.' : null
    const result = record('run', outdated ? store.runs.get(run.id) : run, reason)
    reached('webhook')
    return result
  })
}
