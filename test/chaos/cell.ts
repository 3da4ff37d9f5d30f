import { setTimeout as delay } from 'node:timers/promises'
import type { FaultPoint } from '../../src/fault-points.ts'
import type { RunView } from '../../src/http/contract.ts'
import { losses } from './compare.ts'
import type { Fault } from './fault.ts'
import { type Counts, momentOf } from './moments.ts'
import { integrity, leftovers, type Outcome, outcomeOf } from './outcome.ts'
import type { Chance } from './random.ts'
import { World } from './world.ts'

/** What came of one fault. */
export interface Cell {
  /** Which moment it was. */
  what: string
  /** What was lost, in words; empty: the run ended as one that nothing disturbed. */
  lost: string[]
  restarts: number
  /** Mails that came once more under the same Message-ID, after their answer had been lost. */
  again: number
  /** Nothing was there for the fault to hit, or the run was over before its moment came: it does not count. */
  missed: boolean
  /** From the push to the end of all checks. */
  ms: number
}

/** Runs that nothing disturbed, of the same seed. */
export interface Calm {
  plain: Outcome
  /** With an image of its own; null where no cell needs one. */
  ownImage: Outcome | null
  counts: Counts
  /** The image that plain runs train in. */
  base: string
}

/** A run that has not ended by then is stuck. */
const STUCK_MS = 240_000
const LEFT_MS = 45_000
const LOOK_MS = 100
const AFTER_MS = 1000
const OPEN = new Set(['queued', 'running'])

export async function calmRuns(world: World, withImage: boolean): Promise<Calm> {
  const signal = AbortSignal.timeout(STUCK_MS)
  const plainRun = await ended(world, await world.push({}, signal), signal)
  const counts = new Map(world.server.reached)
  const base = world.store((store) => store.runs.get(plainRun.id).trainedIn) as string
  const plain = await calmOutcome(world, plainRun)
  if (!withImage) return { plain, ownImage: null, counts, base }
  const imageRun = await ended(world, await world.push(World.ownImage(base), signal), signal)
  counts.set('image-build', world.server.reached.get('image-build') ?? 1)
  return { plain, ownImage: await calmOutcome(world, imageRun), counts, base }
}

async function calmOutcome(world: World, run: RunView): Promise<Outcome> {
  const outcome = await outcomeOf(world, run)
  // Were it not as it should be, all others would be compared with something wrong.
  const { state } = outcome.end as { state: string }
  if (state !== 'exhausted' || outcome.trials.length !== world.settings.trials || outcome.mails.length !== 1)
    throw new Error(`a run that nothing disturbed went wrong: ${JSON.stringify(outcome)}`)
  return outcome
}

/** One run, disturbed once at a moment of the phase, and what was lost by it. */
export async function disturb(
  world: World,
  fault: Fault,
  phase: FaultPoint,
  calm: Calm,
  chance: Chance,
): Promise<Cell> {
  const began = Date.now()
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(STUCK_MS)])
  const cell: Cell = { what: phase, lost: [], restarts: 0, again: 0, missed: false, ms: 0 }
  const before = world.server.reached.get(phase) ?? 0
  try {
    await world.ready()
    const moment = await momentOf(world, phase, calm.counts, chance, signal)
    const pushed = world.push(phase === 'image-build' ? World.ownImage(calm.base) : {}, signal)
    pushed.catch(() => {})
    const { what, heard, go } = await Promise.race([moment.come, tooLate(world, pushed, signal)])
    cell.what = what
    try {
      cell.missed = (await fault.inject(world)) === false
    } finally {
      go()
      if ((await fault.heal(world)) === false) cell.missed = true
    }
    const run = await ended(world, await pushed, signal)
    const outcome = await outcomeOf(world, run, new Set(heard === null ? [] : [heard]))
    cell.restarts = outcome.restarts
    cell.again = outcome.mails.length - new Set(outcome.mails).size
    if (cell.again > 0 && !fault.repeatsMail) cell.lost.push(`the mail came ${cell.again + 1} times`)
    const expected = phase === 'image-build' ? (calm.ownImage as Outcome) : calm.plain
    cell.lost.push(...losses(expected, outcome, fault.restarts), ...(await leftFor(world)))
    const database = integrity(world)
    if (database !== 'ok') cell.lost.push(`database: ${database}`)
  } catch (error) {
    cell.missed = error instanceof TooLate
    if (cell.missed) {
      // The next try is for a moment that a run has been seen to come to.
      const came = (world.server.reached.get(phase) ?? 0) - before
      calm.counts.set(phase, Math.max(1, Math.min(came, calm.counts.get(phase) ?? 1)))
    } else {
      cell.lost.push(error instanceof Error ? error.message : String(error))
    }
  } finally {
    over.abort(new Error('the cell is over'))
    cell.ms = Date.now() - began
  }
  return cell
}

/** The run ended before the moment came, so that nothing was disturbed. */
class TooLate extends Error {}

/** Only ever throws: `TooLate` once the run is over. */
async function tooLate(world: World, pushed: Promise<number>, signal: AbortSignal): Promise<never> {
  const run = await ended(world, await pushed, signal)
  // The moment may be one after the last that the server stood still at.
  await delay(AFTER_MS)
  throw new TooLate(`the run was over (${run.state}) before the fault could come`)
}

/** The run once it has ended and its mails are out, however often the server dies meanwhile. */
async function ended(world: World, runId: number, signal: AbortSignal): Promise<RunView> {
  let last: RunView | null = null
  for (;;) {
    last = await world.server.run(runId).catch(() => last)
    if (last && !OPEN.has(last.state) && last.mails.every(({ state }) => state === 'sent')) return last
    if (world.server.isOver) throw new Error(`the server died: ${world.server.output.slice(-2000)}`)
    if (signal.aborted) throw new Error(`stuck: ${last ? inWords(last) : 'the server does not answer'}`)
    await delay(LOOK_MS)
  }
}

const inWords = ({ state, jobs, mails }: RunView) =>
  `the run is ${state}; ${jobs.map(({ key, state }) => `${key} ${state}`).join(', ')}; ${mails.length} mails`

/** What is still left after the time that cleaning up may take. */
async function leftFor(world: World): Promise<string[]> {
  const until = Date.now() + LEFT_MS
  for (;;) {
    const left = await leftovers(world).catch((error: Error) => [error.message])
    if (left.length === 0 || Date.now() > until) return left.map((what) => `left over: ${what}`)
    await delay(LOOK_MS)
  }
}
