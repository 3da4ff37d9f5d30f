import type { RunView, TrialSummary } from '../../src/http/contract.ts'
import { hasEnded } from './stages.ts'

type Trials = Pick<RunView, 'state' | 'bestTrial'> & {
  trials: readonly Pick<TrialSummary, 'number' | 'state'>[]
}

/**
 * The trial that a visitor wants to see: the one that was chosen; else one that trains now, and the same for as long as it
 * trains, however many others do; else, until the next begins, the one that was shown; else the best, or the last. Pure.
 * @param chosen by the visitor
 * @param shown until now
 * @returns its number; null while there is none
 */
export function trialToShow(run: Trials, chosen: number | null, shown: number | null): number | null {
  const of = (number: number | null) => run.trials.find((trial) => trial.number === number)
  const before = of(shown)
  const running = before?.state === 'running' ? before : run.trials.find(({ state }) => state === 'running')
  const waiting = hasEnded(run.state) ? undefined : before
  const trial = of(chosen) ?? running ?? waiting ?? of(run.bestTrial) ?? run.trials.at(-1)
  return trial?.number ?? null
}

/** What a trial that is not shown has to do with the run, in words. Pure. */
export function nextWords(run: Pick<RunView, 'state' | 'bestTrial'>, next: number): string {
  if (!hasEnded(run.state)) return `Trial ${next} trains now.`
  return next === run.bestTrial ? `The run has ended; trial ${next} is the best.` : 'The run has ended.'
}
