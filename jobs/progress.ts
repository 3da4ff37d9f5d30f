import type { Running } from '../src/chain/contract.ts'
import { jobMachine } from '../src/domain/job.ts'
import type { Outlook } from '../src/domain/outlook.ts'
import type { Run } from '../src/domain/run.ts'
import { epochsOf } from '../src/search/epochs.ts'
import { outlookOf } from '../src/search/outlook.ts'
import { prunerFor } from '../src/search/pruners/index.ts'
import type { Progress } from '../src/search/stop.ts'
import type { Store } from '../src/store/store.ts'
import type { RunDetection } from './schemas.ts'
import { curvesOf, type RunStudy } from './study.ts'

/**
 * What the stop rules have to know besides the trials; `inFlight` counts the run's other trainings and tweaks.
 * @param outlook fitted to these trials; null where there is none, so that the chance ends nothing
 */
export function progressOf(
  { store, run, job }: { store: Store } & Running,
  { curves }: RunStudy,
  outlook: Outlook | null,
): Progress {
  const { settings } = run
  const pruner = prunerFor(settings.pruner, settings.trials)
  const others = store.jobs
    .ofRun(run.id)
    .filter(
      ({ id, name, state }) =>
        id !== job.id && (name === 'train' || name === 'tweak') && !jobMachine.isFinal(state),
    )
  return {
    nowMs: store.now(),
    // Not that of `run`: it is moved along when the clock is set.
    deadlineMs: store.runs.get(run.id).deadline,
    trainingMs: trainingTime(store, run),
    inFlight: others.length,
    outlook,
    resumable: pruner.nextToResume(curves, settings.direction) !== null,
  }
}

/** Training so far, summed over all attempts, ms. */
export function trainingTime(store: Store, run: Run): number {
  const now = store.now()
  return store.attempts
    .ofRun(run.id)
    .reduce((sum, { startedAt, endedAt }) => sum + (startedAt === null ? 0 : (endedAt ?? now) - startedAt), 0)
}

/** What the search knows now. Takes up to some hundred milliseconds, so not inside a transaction. */
export function outlookNow(store: Store, run: Run, { trials, study, curves }: RunStudy): Outlook {
  const { target, metric, trials: budget } = run.settings
  const { closed = [] } = run.detection as RunDetection
  const ended = trials.filter(
    ({ repeats, state }) => repeats === null && state !== 'queued' && state !== 'running',
  )
  const epochs = epochsOf(Object.keys(study.space))
  const goal = { target, metric, left: Math.max(0, budget - ended.length), epochs }
  const train = curvesOf(store, run, trials, 'train')
  const outlook = outlookOf(study, goal, { objective: curves, train })
  return { ...outlook, advice: [...outlook.advice, ...moreTrials(closed, Object.keys(study.space).length)] }
}

const NAMED = 5

/** What a larger budget would open. */
function moreTrials(closed: readonly string[], open: number): string[] {
  if (closed.length === 0) return []
  const names = closed.slice(0, NAMED).join(', ') + (closed.length > NAMED ? ', ...' : '')
  const kept = closed.length === 1 ? `${names} kept your value` : `${names} kept your values`
  return [
    `${kept}: \`trials: ${4 * (open + closed.length)}\` would search ${closed.length === 1 ? 'it' : 'them'} too`,
  ]
}
