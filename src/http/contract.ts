import { z } from 'zod'
import { ATTEMPT_STATES } from '../domain/attempt.ts'
import { AttemptReport } from '../domain/attempt-report.ts'
import { MAIL_STATES } from '../domain/mail.ts'
import { METRIC_SOURCES, SPLITS } from '../domain/metric.ts'
import { TRIAL_STATES } from '../domain/trial.ts'
import { WAITS_FOR } from '../domain/waiting.ts'
import { DetectionView } from './contract/detection.ts'
import { LeftView, NeighboursView, RerunView } from './contract/run-head.ts'

export * from './contract/admin.ts'
export {
  DetectionView,
  DistributionView,
  EvidenceView,
  HyperparameterView,
  VersionHintView,
} from './contract/detection.ts'

export * from './contract/health.ts'
export * from './contract/log.ts'
export * from './contract/project.ts'
export * from './contract/run-head.ts'

/** What the REST API and the live stream say; the dashboard imports the types, the OpenAPI document is made from them. */

const time = z.number().int().describe('ms since the epoch')
const maybe = <T extends z.ZodType>(type: T) => type.nullable()

export const FailureView = z
  .object({
    kind: z.enum(['user', 'system', 'unavailable']),
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    file: z.string().optional(),
    line: z.number().int().optional(),
    detail: z.string().optional(),
  })
  .meta({ id: 'Failure' })

export const ProjectView = z
  .object({
    id: z.number().int(),
    name: z.string(),
    repoUrl: maybe(z.string()),
    settings: z.record(z.string(), z.unknown()),
    webhookUrl: z.string(),
    gitRemote: z.string(),
    createdAt: time,
    /** Settings that this machine cannot give, with what it can; left out of lists. */
    warnings: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Project' })

/** Shown once, in the answer to the request that made the project. */
export const NewProjectView = ProjectView.extend({ secret: z.string(), pushToken: z.string() }).meta({
  id: 'NewProject',
})

export const NewProject = z
  .strictObject({
    name: z.string(),
    repoUrl: z.string().nullish(),
    settings: z.record(z.string(), z.unknown()).default({}),
  })
  .meta({ id: 'NewProjectRequest' })

export const ConclusionView = z
  .object({
    kind: z.enum(['target', 'budget', 'failed']),
    reason: z.string(),
    failure: FailureView.optional(),
    /** A person ended the search: the best so far is what it came to. */
    stopped: z.literal(true).optional(),
  })
  .meta({ id: 'Conclusion' })

export const OutlookView = z
  .object({
    /** Trials with a metric that it is based on. */
    trials: z.number().int(),
    /** To meet the target within the trials that were left, 0 .. 1; null before there are enough to say. */
    chance: maybe(z.number()),
    /** The best trial's metric by a model of all trials, which evens out the luck of single ones, with its standard deviation. */
    best: maybe(z.object({ trial: z.number().int(), mean: z.number(), sd: z.number() })),
    /** The most important first; interactions included, so that the sum may exceed 1. */
    importance: z.array(z.object({ name: z.string(), share: z.number() })),
    /** What to try outside of the search space, in words. */
    advice: z.array(z.string()),
  })
  .meta({ id: 'Outlook' })

export const RunState = z.enum([
  'queued',
  'running',
  'succeeded',
  'exhausted',
  'failed',
  'cancelled',
  'superseded',
])

/** `unconfirmed`: other seeds have not said so. `refuted`: the mean of all seeds meets it, one of them does not. */
export const Met = z.enum(['no', 'unconfirmed', 'refuted', 'yes'])

export const WaitView = z
  .object({
    for: z.enum(WAITS_FOR),
    /** In words, with the runs that it waits for. */
    text: z.string(),
    since: time,
    /** When it is tried again; null where it begins by itself as soon as it may. */
    until: maybe(time),
  })
  .meta({ id: 'Wait' })

export const RunSummary = z
  .object({
    id: z.number().int(),
    project: z.string(),
    number: z.number().int(),
    ref: z.string(),
    sha: z.string(),
    trigger: z.string(),
    state: RunState,
    author: maybe(z.string()),
    message: maybe(z.string()),
    metric: z.string(),
    direction: z.enum(['maximize', 'minimize']),
    target: z.number(),
    /** Best value of the metric so far; of a trial that was repeated with other seeds, the mean of them all. */
    best: maybe(z.number()),
    bestTrial: maybe(z.number().int()),
    /** Whether the target is met; `yes` is for certain. */
    met: Met,
    /** Trials that are done, given up ones included, and the budget; repeats with other seeds count in neither. */
    trialCount: z.number().int(),
    trialBudget: z.number().int(),
    /** What the search knows; null until it knows something. */
    outlook: maybe(OutlookView),
    /** It ends once the chance is below this, after so many trials with a metric; null: it spends its budget whatever the chance. */
    givesUp: maybe(z.object({ below: z.number(), after: z.number().int() })),
    conclusion: maybe(ConclusionView),
    /** What it waits for, while none of its jobs runs; null else. */
    waits: maybe(WaitView),
    createdAt: time,
    startedAt: maybe(time),
    endedAt: maybe(time),
    url: z.string(),
  })
  .meta({ id: 'RunSummary' })

export const JobView = z
  .object({
    id: z.number().int(),
    name: z.enum(['git-import', 'detect-model', 'train', 'tweak', 'notify']),
    key: z.string(),
    state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    failure: maybe(FailureView),
    /** Number of the trial that it trains, or that it proposed; null for any other. */
    trial: maybe(z.number().int()),
    /** How often it failed for reasons that may pass. */
    tries: z.number().int(),
    runAfter: time,
    createdAt: time,
    startedAt: maybe(time),
    endedAt: maybe(time),
  })
  .meta({ id: 'Job' })

export const AttemptView = z
  .object({
    id: z.number().int(),
    trialId: z.number().int(),
    number: z.number().int(),
    state: z.enum(ATTEMPT_STATES),
    container: z.string(),
    exitCode: maybe(z.number().int()),
    signal: maybe(z.string()),
    outOfMemory: z.boolean(),
    failure: maybe(FailureView),
    /** Null where the runtime has told nothing. */
    report: maybe(AttemptReport.meta({ id: 'AttemptReport' })),
    /** What it holds of the engine while it runs; null for one of an earlier Hone. */
    slot: maybe(z.object({ memoryBytes: z.number(), cpus: z.number(), gpus: z.number().int() })),
    /** When a restart may begin, after its back-off; null for one that did not have to wait. */
    notBefore: maybe(time),
    /** Bytes of its /dev/shm, where an earlier attempt needed more than the setting gives. */
    shmBytes: maybe(z.number().int()),
    /** Without any sign of life, ms; at `silentLimit` it is stopped. */
    silentMs: z.number().int(),
    startedAt: maybe(time),
    endedAt: maybe(time),
  })
  .meta({ id: 'Attempt' })

export const MetricView = z
  .object({
    attemptId: z.number().int(),
    name: z.string(),
    split: z.enum(SPLITS),
    value: z.number(),
    step: maybe(z.number().int()),
    source: z.enum(METRIC_SOURCES),
    evidence: z.string(),
    line: maybe(z.number().int()),
    decisive: z.boolean(),
  })
  .meta({ id: 'Metric' })

export const TrialSummary = z
  .object({
    id: z.number().int(),
    number: z.number().int(),
    state: z.enum(TRIAL_STATES),
    values: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    /** Where the values come from, in words. */
    origin: z.string(),
    /** Number of the trial whose values it trains again with another seed. */
    repeats: maybe(z.number().int()),
    seed: z.number().int(),
    /** Why the search gave it up, while it is pruned. */
    pruning: maybe(z.string()),
    sha: z.string(),
    metric: maybe(z.number()),
    failure: maybe(FailureView),
    attempts: z.array(AttemptView),
    startedAt: maybe(time),
    endedAt: maybe(time),
  })
  .meta({ id: 'TrialSummary' })

export const TrialView = TrialSummary.extend({
  runId: z.number().int(),
  diff: z.string(),
  metrics: z.array(MetricView),
  artifacts: z.array(z.object({ name: z.string(), size: z.number().int(), url: z.string() })),
  /** Files that the training wrote and Hone did not keep, each with why. */
  leftOut: z.array(z.string()),
}).meta({ id: 'Trial' })

/** The metric of one trial, epoch by epoch. */
export const CurveView = z
  .object({
    trial: z.number().int(),
    /** By step; of a long training an even selection, the last one always among them. */
    points: z.array(z.object({ step: z.number().int(), value: z.number() })),
  })
  .meta({ id: 'Curve' })

export const DataSetView = z
  .object({
    source: z.string(),
    path: z.string(),
    files: z.number().int(),
    bytes: z.number().int(),
    /** Files that the training may not read. */
    unreadable: z.number().int(),
    /** SHA-256 over each file's path, size and beginning. */
    content: z.string(),
    /** Against the last run before this one that had data under this path; null where there is none. */
    change: maybe(z.object({ run: z.number().int(), kind: z.enum(['same', 'rewritten', 'changed']) })),
    /** The change in words; empty where there is none. */
    said: z.string(),
  })
  .meta({ id: 'DataSet' })

export const MailView = z
  .object({
    id: z.number().int(),
    runId: z.number().int(),
    kind: z.string(),
    to: z.string(),
    subject: z.string(),
    text: z.string(),
    /** Names of its files; pictures that stand in the HTML are none. */
    attachments: z.array(z.string()),
    /** `written`: into the mailbox folder, since no mail server is set. */
    state: z.enum(MAIL_STATES),
    error: maybe(z.string()),
    createdAt: time,
    sentAt: maybe(time),
  })
  .meta({ id: 'Mail' })

export const RunView = RunSummary.extend({
  /** The first trial that met the target for certain; null while none has. */
  metIn: maybe(z.number().int()),
  settings: z.record(z.string(), z.unknown()),
  detection: maybe(DetectionView),
  /** The project's data sets as they were when the run began to train. */
  data: z.array(DataSetView),
  /** The image that the winner is kept as, and what trains it again; null where there is none. */
  image: maybe(z.object({ name: z.string(), command: z.string(), hasFiles: z.boolean() })),
  jobs: z.array(JobView),
  trials: z.array(TrialSummary),
  /** Of all trials, in their order. */
  attempts: z.array(AttemptView),
  mails: z.array(MailView),
  /** The run that it repeats; null for one of its own. */
  rerun: maybe(RerunView),
  neighbours: NeighboursView,
  /** What it has left of its budgets; null once it comes to its end. */
  left: maybe(LeftView),
  /** Since when the run waits for its engine; null where it does not. */
  engineAway: maybe(z.object({ since: time })),
  /** Cursor of the live stream that this answer is true at. */
  lastEventId: z.number().int(),
}).meta({ id: 'Run' })

/** A trial's source as a branch where the project's code is. */
export const BranchView = z
  .object({
    branch: z.string(),
    sha: z.string(),
    /** What fetches it. */
    commands: z.string(),
    /** GitHub's page that opens the pull request; null for repositories elsewhere. */
    pullRequest: maybe(z.string()),
  })
  .meta({ id: 'Branch' })

export const DeliveryView = z
  .object({
    id: z.number().int(),
    deliveryId: z.string(),
    event: z.string(),
    outcome: z.enum(['run', 'duplicate', 'ignored', 'refused', 'ping']),
    reason: maybe(z.string()),
    runId: maybe(z.number().int()),
    receivedAt: time,
  })
  .meta({ id: 'Delivery' })

export const EventView = z
  .object({
    id: z.number().int(),
    runId: maybe(z.number().int()),
    type: z.enum(['project', 'delivery', 'run', 'job', 'trial', 'attempt', 'metric', 'mail', 'progress']),
    data: z.record(z.string(), z.unknown()),
    at: time,
  })
  .meta({ id: 'Event' })

export const ErrorView = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      remedy: z.string().optional(),
      /** Of settings that are refused: what is wrong with each; `mail.0` is the first of the mails. */
      fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    }),
  })
  .meta({ id: 'Error' })

export type FailureView = z.infer<typeof FailureView>
export type ProjectView = z.infer<typeof ProjectView>
export type NewProjectView = z.infer<typeof NewProjectView>
export type ConclusionView = z.infer<typeof ConclusionView>
export type WaitView = z.infer<typeof WaitView>
export type RunState = z.infer<typeof RunState>
export type Met = z.infer<typeof Met>
export type RunSummary = z.infer<typeof RunSummary>
export type RunView = z.infer<typeof RunView>
export type JobView = z.infer<typeof JobView>
export type AttemptView = z.infer<typeof AttemptView>
export type AttemptReportView = z.infer<typeof AttemptReport>
export type MetricView = z.infer<typeof MetricView>
export type OutlookView = z.infer<typeof OutlookView>
export type CurveView = z.infer<typeof CurveView>
export type TrialSummary = z.infer<typeof TrialSummary>
export type TrialView = z.infer<typeof TrialView>
export type DataSetView = z.infer<typeof DataSetView>
export type MailView = z.infer<typeof MailView>
export type BranchView = z.infer<typeof BranchView>
export type DeliveryView = z.infer<typeof DeliveryView>
export type EventView = z.infer<typeof EventView>
export type ErrorView = z.infer<typeof ErrorView>
