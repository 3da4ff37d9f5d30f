import type { RunView, TrialSummary } from '../../src/http/contract.ts'
import { formatDuration, formatNumber } from './format.ts'
import { pointsOf } from './points.ts'
import { type Compared, compared } from './trial-rows.ts'

/** As many as can be told apart. */
export const MOST_RUNS = 6

/** Ids of runs as an address has them: `1,2,3`; each once, as many as can be compared. Pure. */
export const runsOf = (text: string | null): number[] =>
  [
    ...new Set(
      (text ?? '')
        .split(',')
        .filter((one) => /^\d{1,15}$/.test(one))
        .map(Number),
    ),
  ].slice(0, MOST_RUNS)

export const compareAddress = (runs: readonly number[]) => `/compare?runs=${runs.join(',')}`

/** The trial with the run's best value; undefined where it has none. Pure. */
export const bestOf = (run: Pick<RunView, 'trials' | 'bestTrial'>): TrialSummary | undefined =>
  run.trials.find(({ number }) => number === run.bestTrial)

/** How many trials a run needed until one met the target for certain; repeats with other seeds count in none. Pure. */
export function trialsToTarget({ trials, met, metIn }: Pick<RunView, 'trials' | 'met' | 'metIn'>): string {
  if (metIn === null) return met === 'no' ? 'not met' : 'not confirmed'
  return String(trials.filter(({ number, repeats }) => repeats === null && number <= metIn).length)
}

export interface Row {
  name: string
  values: string[]
}

const spent = ({ startedAt, endedAt }: RunView, now: number) =>
  startedAt === null ? '–' : formatDuration((endedAt ?? now) - startedAt)

/** What the runs came to, side by side. Pure. */
export function outcomeRows(runs: readonly RunView[], now: number): Row[] {
  const row = (name: string, say: (run: RunView) => string): Row => ({ name, values: runs.map(say) })
  return [
    row('best', (run) => (run.best === null ? '–' : `${formatNumber(run.best)} (trial ${run.bestTrial})`)),
    row('target', (run) => `${run.direction === 'maximize' ? '≥' : '≤'} ${formatNumber(run.target)}`),
    row('trials to target', trialsToTarget),
    row('trials', (run) => `${run.trialCount} of ${run.trialBudget}`),
    row('time', (run) => spent(run, now)),
    row('sampler', (run) => String(run.settings.sampler ?? '–')),
    row('seed', (run) => String(run.settings.seed ?? '–')),
  ]
}

/** The hyperparameter values of the best trials, those that differ first. Pure. */
export function valueRows(runs: readonly RunView[]): { differing: Compared[]; same: Compared[] } {
  return compared(runs.map((run) => ({ values: bestOf(run)?.values ?? {} })))
}

/** The best so far after so many trials, a row for each number of trials: `{trials: 3, r7: 0.9}`. Pure. */
export function bestSoFar(runs: readonly RunView[]): Record<string, number>[] {
  const rows = new Map<number, Record<string, number>>()
  for (const run of runs) {
    for (const { trial, best } of pointsOf(run.trials, run.direction)) {
      if (best === null) continue
      const row = rows.get(trial + 1) ?? { trials: trial + 1 }
      row[`r${run.id}`] = best
      rows.set(trial + 1, row)
    }
  }
  return [...rows.values()].sort((a, b) => (a.trials ?? 0) - (b.trials ?? 0))
}
