import type { RunView, TrialSummary } from '../../../src/http/contract.ts'
import { formatNumber } from '../format.ts'

/** A word of a POSIX shell that stands for exactly this text. Pure. */
export const shellWord = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

export const patchName = (run: Pick<RunView, 'project' | 'number'>, trial: number) =>
  `${run.project}-run-${run.number}-trial-${trial}.patch`

type Run = Pick<RunView, 'project' | 'number' | 'sha' | 'metric'>
type Trial = Pick<TrialSummary, 'number' | 'metric'>

/** Commands that make a branch of the commit that was pushed, with the downloaded patch on it. Pure. */
export function branchCommands(run: Run, { number, metric }: Trial): string {
  const value = metric === null ? '' : `${run.metric} ${formatNumber(metric)}, `
  const message = `Take trial ${number} of run ${run.number}: ${value}found by Hone`
  return [
    `git switch --create hone/run-${run.number}-trial-${number} ${run.sha}`,
    `git apply --index ${patchName(run, number)}`,
    `git commit --message ${shellWord(message)}`,
  ].join('\n')
}
