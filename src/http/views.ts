import type { Attempt } from '../domain/attempt.ts'
import { changeInWords, changeOf } from '../domain/data.ts'
import type { Detection } from '../domain/detection.ts'
import type { StoredEvent } from '../domain/event.ts'
import { withoutPassword } from '../domain/git-url.ts'
import { giveUpRule } from '../domain/give-up.ts'
import { type Job, jobMachine } from '../domain/job.ts'
import type { Mail } from '../domain/mail.ts'
import { networkOf } from '../domain/network.ts'
import type { Delivery, Project } from '../domain/project.ts'
import { type Run, runMachine } from '../domain/run.ts'
import { SPENT_STATES, type Trial } from '../domain/trial.ts'
import { waitOf } from '../domain/waiting.ts'
import { winnerOf } from '../domain/winner.ts'
import type { ImageChoice } from '../images/plan.ts'
import type { Store } from '../store/store.ts'
import type { TrialResult } from '../store/trials.ts'
import { bestOf, metIn, metOf } from './best.ts'
import type {
  AttemptView,
  DataSetView,
  DeliveryView,
  DetectionView,
  EventView,
  JobView,
  MailView,
  ProjectView,
  RunSummary,
  RunView,
  TrialSummary,
} from './contract.ts'
import { leftOf, rerunView, trialOf } from './run-head.ts'

/** From the domain's words to those of the API, in this one place. */

export const runUrl = (base: string, runId: number) => `${base}/runs/${runId}`

export const projectView = (project: Project, base: string): ProjectView => ({
  id: project.id,
  name: project.name,
  repoUrl: project.repoUrl === null ? null : withoutPassword(project.repoUrl),
  settings: { ...project.settings },
  webhookUrl: `${base}/webhooks/${project.name}`,
  gitRemote: `${base}/git/${project.name}.git`,
  createdAt: project.createdAt,
})

export const deliveryView = ({ projectId: _, payload: __, ...view }: Delivery): DeliveryView => view

/** `digits #12` */
export const runName = (store: Store, { projectId, number }: Pick<Run, 'projectId' | 'number'>) =>
  `${store.projects.byId(projectId)?.name ?? 'a project'} #${number}`

export function waitOfRun(store: Store, run: Run) {
  const busy = ({ name }: Pick<Job, 'name'>) =>
    store.jobs.running(name).map(({ runId }) => runName(store, store.runs.get(runId)))
  return waitOf(store.jobs.ofRun(run.id), busy, store.now())
}

export function runSummary(
  store: Store,
  run: Run,
  base: string,
  trials: readonly TrialResult[] = store.trials.results(run.id),
): RunSummary {
  const best = bestOf(run, trials)
  const { metric, direction, target, trials: trialBudget } = run.settings
  return {
    id: run.id,
    project: store.projects.byId(run.projectId)?.name ?? '',
    number: run.number,
    ref: run.ref,
    sha: run.sha,
    trigger: run.trigger,
    state: run.state,
    author: run.author,
    message: run.message,
    metric,
    direction,
    target,
    best: best?.metric ?? null,
    bestTrial: best?.number ?? null,
    met: metOf(run, trials),
    trialCount: trials.filter(({ state, repeats }) => repeats === null && SPENT_STATES.has(state)).length,
    trialBudget,
    outlook: run.outlook,
    givesUp: giveUpRule(run.settings),
    conclusion: run.conclusion,
    waits: runMachine.isFinal(run.state) ? null : waitOfRun(store, run),
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    url: runUrl(base, run.id),
  }
}

export const jobView = (job: Job): JobView => ({
  id: job.id,
  name: job.name,
  key: job.key,
  state: job.state,
  failure: job.failure,
  trial: trialOf(job),
  tries: job.tries,
  runAfter: job.runAfter,
  createdAt: job.createdAt,
  startedAt: job.startedAt,
  endedAt: job.endedAt,
})

export const attemptView = ({ pulse, ...attempt }: Attempt): AttemptView => {
  const { deadline: _, createdAt: __, engineStartedAt: ___, engineEndedAt: ____, ...view } = attempt
  return { ...view, silentMs: pulse.silentMs }
}

export const trialSummary = (trial: Trial, attempts: Attempt[]): TrialSummary => ({
  id: trial.id,
  number: trial.number,
  state: trial.state,
  values: trial.values,
  origin: trial.origin,
  repeats: trial.repeats,
  seed: trial.seed,
  pruning: trial.pruning,
  sha: trial.sha,
  metric: trial.metric,
  failure: trial.failure,
  attempts: attempts.filter(({ trialId }) => trialId === trial.id).map(attemptView),
  startedAt: trial.startedAt,
  endedAt: trial.endedAt,
})

export const mailView = (mail: Mail): MailView => ({
  id: mail.id,
  runId: mail.runId,
  kind: mail.kind,
  to: mail.to,
  subject: mail.subject,
  text: mail.text,
  attachments: mail.attachments.flatMap(({ filename, cid }) => (cid === undefined ? [filename] : [])),
  state: mail.state,
  error: mail.error,
  createdAt: mail.createdAt,
  sentAt: mail.sentAt,
})

type RunDetection = Detection & { image: ImageChoice | null; gpus?: number | undefined }

/** Without what only the rewriting needs: byte ranges and patches. */
function detectionView(run: Pick<Run, 'detection' | 'settings'>): DetectionView | null {
  const detection = run.detection as RunDetection | null
  if (detection === null) return null
  const { framework, family, task, metric, versions, image, entry, args, evidence, leftAlone } = detection
  const { network } = detection
  return {
    ...{ framework, family, task, metric, versions, entry, args, evidence, leftAlone },
    image: image && { name: image.name, reason: image.reason, packages: image.layer?.packages ?? [] },
    gpus: detection.gpus ?? 0,
    network: network
      ? {
          on: networkOf(run.settings, detection),
          set: run.settings.network !== 'auto',
          evidence: network.evidence,
        }
      : null,
    hyperparameters: detection.hyperparameters.map((parameter) => ({
      name: parameter.name,
      file: parameter.file,
      line: parameter.line,
      column: parameter.column,
      value: parameter.value,
      distribution: parameter.distribution,
      source: parameter.source,
      ties: parameter.ties.map(({ file, line, times, why }) => ({ file, line, times, why })),
      condition: parameter.condition,
      structure: parameter.variants !== null,
    })),
  }
}

function dataViews(store: Store, run: Run): DataSetView[] {
  const before = run.data?.length ? store.runs.dataBefore(run) : null
  const earlier = before && { run: before.number, data: before.data ?? [] }
  return (run.data ?? []).map((data) => {
    const { source, path, files, bytes, unreadable, content } = data
    const change = changeOf(data, earlier)
    return { source, path, files, bytes, unreadable, content, change, said: changeInWords(path, change) }
  })
}

/** Only of a run that cannot go on without its engine. */
function engineAwayFrom(store: Store, run: Run, jobs: readonly Job[]): RunView['engineAway'] {
  const away = runMachine.isFinal(run.state) ? null : store.engineAway.get()
  const waits = jobs.some(
    ({ name, state, failure }) =>
      !jobMachine.isFinal(state) && (name === 'train' || failure?.code === 'engine-away'),
  )
  return away && waits ? { since: away.since } : null
}

/**
 * All of a run, as of one moment.
 * @param most trainings at a time, of all runs together
 */
export function runView(store: Store, run: Run, base: string, most = Number.POSITIVE_INFINITY): RunView {
  const trials = store.trials.ofRun(run.id)
  const attempts = store.attempts.ofRun(run.id)
  const jobs = store.jobs.ofRun(run.id)
  return {
    ...runSummary(store, run, base, trials),
    metIn: metIn(run, trials),
    settings: { ...run.settings },
    detection: detectionView(run),
    data: dataViews(store, run),
    image: imageOf(run, trials),
    jobs: jobs.map(jobView),
    trials: trials.map((trial) => trialSummary(trial, attempts)),
    attempts: attempts.map(attemptView),
    mails: store.mails.list({ runId: run.id }).map(mailView),
    rerun: rerunView(store, run),
    neighbours: store.runs.neighbours(run),
    left: leftOf(run, { trials, attempts, jobs }, store.now(), most),
    engineAway: engineAwayFrom(store, run, jobs),
    lastEventId: store.events.lastId(),
  }
}

function imageOf(run: Run, trials: readonly Trial[]): RunView['image'] {
  const image = winnerOf(run.image, run)
  const best = trials.find(({ id }) => id === run.bestTrialId)
  return image && { ...image, hasFiles: (best?.artifacts?.kept.length ?? 0) > 0 }
}

export const eventView = ({ projectId: _, ...view }: StoredEvent): EventView => view
