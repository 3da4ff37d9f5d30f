import type { DataSet } from './data.ts'
import type { Failure } from './failure.ts'
import { machine } from './machine.ts'
import type { Outlook } from './outlook.ts'
import type { Settings } from './settings.ts'

export type RunState =
  | 'queued'
  | 'running'
  | 'succeeded'
  | 'exhausted'
  | 'failed'
  | 'cancelled'
  | 'superseded'

/** `succeeded`: target met. `exhausted`: budget spent below the target. `superseded`: a newer push took its place. */
export const runMachine = machine<RunState>('A run', {
  queued: ['running', 'failed', 'cancelled', 'superseded'],
  running: ['succeeded', 'exhausted', 'failed', 'cancelled', 'superseded'],
  succeeded: [],
  exhausted: [],
  failed: [],
  cancelled: [],
  superseded: [],
})

export type Trigger = 'push' | 'poll' | 'manual' | 'api'

/** How and why a run ended. */
export interface Conclusion {
  kind: 'target' | 'budget' | 'failed'
  reason: string
  failure?: Failure | undefined
  /** A person ended the search: the best so far is what it came to. */
  stopped?: true | undefined
}

/** What a further run of a commit may begin with; what came before is taken over. */
export const RERUN_FROM = ['git-import', 'detect-model', 'train'] as const
export type RerunFrom = (typeof RERUN_FROM)[number]

export interface Run {
  id: number
  projectId: number
  /** Counts from 1 within the project. */
  number: number
  /** `refs/heads/main` */
  ref: string
  sha: string
  trigger: Trigger
  /** The run, by its id, that it repeats from one of its jobs on; null for one of its own. */
  rerun: { run: number; from: RerunFrom } | null
  state: RunState
  author: string | null
  message: string | null
  /** What this run alone sets, over the project's settings and hone.yaml. */
  overrides: Partial<Settings>
  /** In force once hone.yaml has been read; until then the project's with the overrides. */
  settings: Settings
  detection: unknown
  /** What its data sets are; null until that is known, empty where it could not be read. */
  data: DataSet[] | null
  /** The image that its winner is kept as. */
  image: string | null
  /** The image that its trainings run in; null until the first begins. */
  trainedIn: string | null
  bestTrialId: number | null
  /** Null until a trial has ended. */
  outlook: Outlook | null
  conclusion: Conclusion | null
  createdAt: number
  startedAt: number | null
  endedAt: number | null
  /** Time after which the run is ended, ms since the epoch. */
  deadline: number | null
}

export const branchOf = (ref: string) => ref.replace(/^refs\/heads\//, '')
