import type { Project } from './project.ts'
import type { Run } from './run.ts'
import type { ParameterValue } from './trial.ts'

/** How a trial's source is taken: the names that mail, dashboard and API have in common. All of it is pure. */

interface TakenTrial {
  number: number
  /** As it was measured, not the mean of its seeds: the commit is to stay the same. */
  metric: number | null
  values: Readonly<Record<string, ParameterValue>>
}

export interface Taken {
  run: Pick<Run, 'number'> & { settings: Pick<Run['settings'], 'metric'> }
  trial: TakenTrial
  /** The user's own values. */
  first: Pick<TakenTrial, 'values'> | undefined
}

/** `hone/run-1-trial-6`. */
export const branchName = (run: Pick<Run, 'number'>, trial: { number: number }) =>
  `hone/run-${run.number}-trial-${trial.number}`

/** `digits-run-12-trial-4.patch`; what the difference is against is named unless it is trial 0. */
export const patchName = (project: string, run: number, trial: number, against = 0) =>
  `${project}-run-${run}-trial-${trial}${against === 0 ? '' : `-from-${against}`}.patch`

export function takeTitle({ run, trial }: Taken): string {
  const value = trial.metric === null ? '' : `: ${run.settings.metric} ${trial.metric}`
  return `Take trial ${trial.number} of run ${run.number}${value}`
}

export interface ChangedValue {
  name: string
  /** The user's own; `?` where their source says none. */
  before: string
  after: string
}

/** What a trial has otherwise than the user's own source. */
export const changedValues = (
  first: Pick<TakenTrial, 'values'> | undefined,
  trial: Pick<TakenTrial, 'values'>,
): ChangedValue[] =>
  Object.entries(trial.values)
    .filter(([name, value]) => first?.values[name] !== value)
    .map(([name, value]) => ({ name, before: String(first?.values[name] ?? '?'), after: String(value) }))

/** What changed, a line for each value. */
export const takenChanges = ({ trial, first }: Taken): string =>
  changedValues(first, trial)
    .map(({ name, before, after }) => `- ${name}: ${before} -> ${after}`)
    .join('\n')

/** Of the one commit that the branch has; equal words make an equal commit. */
export const takeMessage = (taken: Taken) => `${takeTitle(taken)}, found by Hone\n\n${takenChanges(taken)}\n`

/** The name that the page which connects a project gives its remote. */
const REMOTE = 'hone'

/**
 * What a person types to get a branch. Hone's own remote asks for a password, so it is fetched from by the name that it
 * was connected with.
 * @param repoUrl without a password
 */
export function fetchCommands(repoUrl: Project['repoUrl'], branch: string): string {
  const from = repoUrl === null ? REMOTE : `'${repoUrl.replaceAll("'", `'\\''`)}'`
  return [`git fetch ${from} ${branch}`, `git switch --create ${branch} FETCH_HEAD`].join('\n')
}
