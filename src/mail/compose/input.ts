import type { CurvePoint } from '../../domain/curve.ts'
import type { DataChange } from '../../domain/data.ts'
import type { Failure } from '../../domain/failure.ts'
import type { Outlook } from '../../domain/outlook.ts'
import type { Project } from '../../domain/project.ts'
import type { Conclusion, Run } from '../../domain/run.ts'
import type { Trial } from '../../domain/trial.ts'

export type MailTrial = Pick<
  Trial,
  'number' | 'state' | 'values' | 'origin' | 'repeats' | 'seed' | 'metric' | 'diff' | 'failure' | 'pruning'
>

export interface MailInput {
  project: Pick<Project, 'name'>
  run: Pick<Run, 'number' | 'ref' | 'sha' | 'settings' | 'message' | 'author'>
  conclusion: Conclusion
  /** All trials of the run, by number; each with its own metric. */
  trials: readonly MailTrial[]
  /** With the metric that it counts with: the mean of its seeds. */
  best: MailTrial | null
  /** The metric of the best trial by epoch; empty where it reported none. */
  curve: readonly CurvePoint[]
  /** What the search knows at the end; null when it knows nothing. */
  outlook: Outlook | null
  /** The log line, event or file content that the best value was read from, with where it stood. */
  evidence: { text: string; source: string; line: number | null } | null
  /** The run's data sets, each with how it differs from what an earlier run saw. */
  data: readonly { path: string; files: number; bytes: number; change: DataChange | null }[]
  /** How often trainings of this run were started again after a crash. */
  restarts: number
  /** The end of the log of the last attempt, for a run that failed. */
  logTail: readonly string[]
  /** What the best trial wrote, the most wanted first; `path` is relative to the data folder, `size` in bytes. */
  artifacts: readonly { filename: string; path: string; size: number }[]
  /** What of it was not kept, each with why. */
  leftOut: readonly string[]
  /** The branch that holds the best trial's source, where one was pushed. */
  branch: string | null
  /** The image that the winner is kept as, and what trains it again; null where there is none. */
  image: { name: string; command: string } | null
  /** The run on the dashboard. */
  url: string
}

export const show = (value: number) => String(Number(value.toPrecision(6)))
export const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`
export const place = ({ file, line }: Failure) => (file ? ` (${file}${line ? `:${line}` : ''})` : '')
