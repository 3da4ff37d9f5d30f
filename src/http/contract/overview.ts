import { z } from 'zod'
import { FailureView, JobView, Met, ProjectView, RunState, RunSummary } from '../contract.ts'

/** What the first page of the dashboard shows, in one answer. */

const time = z.number().int().describe('ms since the epoch')

/** A run with as much as its chain is drawn from. */
export const RunInShort = RunSummary.extend({
  /** Of each job those that run, the next and the last. */
  jobs: z.array(JobView),
  /** The trial whose failure ended the run, where one did. */
  trials: z.array(z.object({ failure: FailureView.nullable() })),
  /** Numbers of the trials that train now. */
  training: z.array(z.number().int()),
}).meta({ id: 'RunInShort' })

export const RunPointView = z
  .object({
    id: z.number().int(),
    number: z.number().int(),
    sha: z.string(),
    state: RunState,
    best: z.number().nullable(),
    met: Met,
    /** That run's own. */
    target: z.number(),
    createdAt: time,
  })
  .meta({ id: 'RunPoint' })

export const ProjectOverview = ProjectView.omit({ settings: true })
  .extend({
    last: RunInShort.nullable(),
    /** The last runs that have the metric of the last one, oldest first. */
    history: z.array(RunPointView),
    /** The newest webhook request or push; a test counts. */
    delivery: z
      .object({ event: z.string(), outcome: z.string(), reason: z.string().nullable(), receivedAt: time })
      .nullable(),
  })
  .meta({ id: 'ProjectOverview' })

export const OverviewView = z
  .object({
    projects: z.array(ProjectOverview),
    /** Runs that are at work, or take their next job in a moment; then those that wait. */
    now: z.array(RunInShort),
    waits: z.array(RunInShort),
    /** Further runs that have not ended, beyond those that are listed. */
    more: z.number().int(),
  })
  .meta({ id: 'Overview' })

export const WebhookTestView = z
  .object({
    /** `reached`: this server took the ping. `refused`: something answered, but did not take it. `unreachable`: nothing answered. */
    outcome: z.enum(['reached', 'refused', 'unreachable']),
    /** Where the ping was sent to. */
    url: z.string(),
    message: z.string(),
    /** What to do; null where there is nothing to do. */
    remedy: z.string().nullable(),
    /** Whether GitHub cannot reach the address, whatever came back: it is of this machine or network only. */
    local: z.boolean(),
  })
  .meta({ id: 'WebhookTest' })

export type RunInShort = z.infer<typeof RunInShort>
export type RunPointView = z.infer<typeof RunPointView>
export type ProjectOverview = z.infer<typeof ProjectOverview>
export type OverviewView = z.infer<typeof OverviewView>
export type WebhookTestView = z.infer<typeof WebhookTestView>
