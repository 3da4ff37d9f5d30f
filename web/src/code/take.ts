import type { ProjectView, RunView, TrialSummary } from '../../../src/http/contract.ts'
import { formatNumber } from '../format.ts'

/** A word of a POSIX shell that stands for exactly this text. Pure. */
export const shellWord = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

export const patchName = (run: Pick<RunView, 'project' | 'number'>, trial: number) =>
  `${run.project}-run-${run.number}-trial-${trial}.patch`

type Run = Pick<RunView, 'project' | 'number' | 'sha' | 'metric' | 'state' | 'bestTrial'>
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

/** The name that the page which connects a project gives its remote. */
const REMOTE = 'hone'

/** Commands that fetch the branch which Hone's own remote has of the winner; null where it has none. Pure. */
export function fetchCommands(
  run: Run,
  trial: Trial,
  project: Pick<ProjectView, 'repoUrl'> | undefined,
): string | null {
  const isWinner = run.state === 'succeeded' && trial.number === run.bestTrial && trial.number !== 0
  if (!isWinner || project?.repoUrl !== null) return null
  const branch = `hone/run-${run.number}`
  return [`git fetch ${REMOTE} ${branch}`, `git switch --create ${branch} FETCH_HEAD`].join('\n')
}
