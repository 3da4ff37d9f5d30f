import { appendFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Attempt } from '../../src/domain/attempt.ts'
import type { Failure } from '../../src/domain/failure.ts'
import type { Job, JobName } from '../../src/domain/job.ts'
import type { Project } from '../../src/domain/project.ts'
import type { Conclusion, Run } from '../../src/domain/run.ts'
import { resolveSettings } from '../../src/domain/settings.ts'
import type { Trial } from '../../src/domain/trial.ts'
import type { DataPaths } from '../../src/paths.ts'
import type { Store } from '../../src/store/store.ts'
import { aDetection } from './detections.ts'

/** Where rows are made; `pass` lets time go by, where the store's clock can be moved. */
export interface World {
  store: Store
  paths: DataPaths
  pass(ms: number): void
}

const HOUR_MS = 3_600_000
const SHA = '3f9a1c07d2b84e6f5a9b0c1d2e3f405162738495'

export const aProject = (
  { store }: World,
  change: Partial<Omit<Project, 'id' | 'createdAt'>> = {},
): Project =>
  store.projects.insert({
    name: 'digits',
    repoUrl: null,
    secret: 'a-secret',
    pushTokenHash: '0'.repeat(64),
    settings: { target: 0.95, trials: 20 },
    ...change,
  })

type RunChange = Partial<Pick<Run, 'ref' | 'sha' | 'trigger' | 'author' | 'message' | 'overrides'>>

/** A push that was just taken in. */
export function aQueuedRun({ store }: World, project: Project, change: RunChange = {}): Run {
  return store.transaction(() => {
    const run = store.runs.insert({
      projectId: project.id,
      ref: 'refs/heads/main',
      sha: SHA.slice(0, 30) + String(store.events.lastId()).padStart(10, '0'),
      trigger: 'push',
      author: 'Ada Lovelace',
      message: 'Train a small network on the digits',
      overrides: {},
      settings: resolveSettings(project.settings, change.overrides),
      ...change,
    })
    store.jobs.enqueue(run.id, 'git-import', 'git-import', {})
    return run
  })
}

/** The job of this key, running. */
export function aRunningJob(
  { store }: World,
  run: Run,
  name: JobName,
  key: string = name,
  input: object = {},
): Job {
  store.jobs.enqueue(run.id, name, key, input)
  const job = store.jobs.claim({ names: [name], exclusive: [] }, 'factory', HOUR_MS)
  if (job?.runId !== run.id) throw new Error(`another run has a ${name} job that waits`)
  return job
}

export function aDoneJob(
  world: World,
  run: Run,
  name: JobName,
  key: string = name,
  ms = 900,
  output: object = {},
): Job {
  const job = aRunningJob(world, run, name, key)
  world.pass(ms)
  return world.store.jobs.complete(job, output)
}

/** Imported and looked at; its first training comes next. */
export function aDetectedRun(
  world: World,
  project: Project,
  change: RunChange = {},
  detection = aDetection(),
): Run {
  const { store } = world
  const run = aQueuedRun(world, project, change)
  world.pass(400)
  const job = aRunningJob(world, run, 'git-import')
  store.runs.transition(run.id, 'running')
  world.pass(1200)
  store.jobs.complete(job, {})
  aDoneJob(world, run, 'detect-model', 'detect-model', 700)
  store.runs.update(run.id, { detection })
  return store.runs.get(run.id)
}

export const VALUES = { learning_rate_init: 0.5, hidden: 4, activation: 'tanh' }

export const diffOf = (values: Record<string, unknown>) => `diff --git a/train.py b/train.py
index 5b1c7f1..9c3de02 100644
--- a/train.py
+++ b/train.py
@@ -10,9 +10,9 @@ x_train, x_test, y_train, y_test = train_test_split(x, y, random_state=0)
 
 model = MLPClassifier(
-    learning_rate_init=0.5,
-    hidden_layer_sizes=(4,),
+    learning_rate_init=${values.learning_rate_init},
+    hidden_layer_sizes=(${values.hidden},),
     activation='tanh',
     max_iter=40,
 )
`

export const logOf = (metric: number, epochs = 12) =>
  `${Array.from({ length: epochs }, (_, epoch) => {
    const part = metric * (1 - 0.6 ** (epoch + 1))
    return `Epoch ${epoch + 1}/${epochs} - loss: ${(1.6 - part).toFixed(4)} - val_accuracy: ${part.toFixed(4)}\n`
  }).join('')}Test accuracy: ${metric}\n`

/** Adds whole lines to an attempt's log, as they are stored: each after its time. @returns its size in bytes */
export function writeLog({ store, paths }: World, run: Run, attempt: Attempt, text: string): number {
  const path = paths.attemptLog(run.id, attempt.id)
  mkdirSync(dirname(path), { recursive: true })
  const at = new Date(store.now()).toISOString().replace('Z', '000000Z')
  const lines = text.replace(/\n$/, '').split('\n')
  appendFileSync(path, lines.map((line) => `${at} ${line}\n`).join(''))
  return statSync(path).size
}

interface TrialChange
  extends Partial<Pick<Trial, 'values' | 'diff' | 'origin' | 'repeats' | 'seed' | 'sha'>> {}

/** In training, with its first container running; the train job of the trial is running too. */
export function aRunningTrial(world: World, run: Run, number: number, change: TrialChange = {}) {
  const { store } = world
  const job = aRunningJob(world, run, 'train', `train:${number}`, { number })
  const values = change.values ?? VALUES
  const diff = change.diff ?? (number === 0 ? '' : diffOf(values))
  const sha = change.sha ?? `${number}b7e0d4c1a95f3826`.padEnd(40, '0').slice(0, 40)
  const { id } = store.trials.insert({
    runId: run.id,
    number,
    values,
    origin: change.origin ?? (number === 0 ? 'your own values' : 'the sampler'),
    repeats: change.repeats ?? null,
    seed: change.seed ?? 0,
    sha,
    diff,
  })
  const trial = store.trials.transition(id, 'running')
  const attempt = anAttempt(world, trial, 1)
  return { job, trial, attempt }
}

export function anAttempt({ store }: World, trial: Trial, number: number): Attempt {
  const container = `hone-trial-${trial.id}-attempt-${number}`
  const { id } = store.attempts.insert({
    trialId: trial.id,
    number,
    container,
    deadline: store.now() + HOUR_MS,
  })
  return store.attempts.transition(id, 'running')
}

export const KILLED: Failure = {
  kind: 'system',
  code: 'killed',
  message: 'The training was killed (SIGKILL).',
  remedy: 'It was started again from its last checkpoint.',
}

/** The container was killed and the trial goes on in the next attempt. */
export function aRestart(world: World, trial: Trial, attempt: Attempt): Attempt {
  world.store.attempts.transition(attempt.id, 'failed', { exitCode: 137, signal: 'SIGKILL', failure: KILLED })
  world.pass(1000)
  return anAttempt(world, trial, attempt.number + 1)
}

/** Stores the metric of each epoch that a log tells of, as far as it goes. */
export function readEpochs({ store }: World, run: Run, attempt: Attempt, log: string): void {
  const about = { runId: run.id, trialId: attempt.trialId, attemptId: attempt.id }
  for (const [index, evidence] of log.trimEnd().split('\n').entries()) {
    const value = /val_accuracy: (\S+)/.exec(evidence)?.[1]
    if (value === undefined) continue
    const at = { step: index + 1, source: 'log', line: index + 1 } as const
    store.metrics.insert(about, {
      ...{ name: 'accuracy', split: 'validation', value: Number(value), evidence },
      ...at,
    })
  }
}

/** Trained to its end, with a log, metrics and, from trial 1 on, a tweak job before it. */
export function aCompletedTrial(
  world: World,
  run: Run,
  number: number,
  metric: number,
  change: TrialChange & { restarts?: number } = {},
): Trial {
  const { store, paths } = world
  if (number > 0) aDoneJob(world, run, 'tweak', `tweak:${number}`, 350, { number })
  const { job, trial, attempt: first } = aRunningTrial(world, run, number, change)
  let attempt = first
  for (let restart = 0; restart < (change.restarts ?? 0); restart++) {
    world.pass(4000)
    writeLog(world, run, attempt, logOf(metric).slice(0, 300))
    attempt = aRestart(world, trial, attempt)
  }
  world.pass(11_000 + number * 700)
  const log = logOf(metric)
  writeLog(world, run, attempt, log)
  const about = { runId: run.id, trialId: trial.id, attemptId: attempt.id }
  const lines = log.trimEnd().split('\n')
  readEpochs(world, run, attempt, log)
  const evidence = lines.at(-1) as string
  const final = {
    name: 'accuracy',
    split: 'test',
    value: metric,
    step: null,
    source: 'log',
    evidence,
    line: lines.length,
  } as const
  store.metrics.insert(about, final)
  store.metrics.decide(attempt.id, final)
  store.attempts.transition(attempt.id, 'succeeded', { exitCode: 0 })
  const folder = paths.trialArtifacts(run.id, number)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'model.joblib'), Buffer.alloc(184_320))
  const done = store.trials.transition(trial.id, 'completed', { metric })
  store.jobs.complete(job, {})
  return done
}

/** Ended in every trial's state that a run can have met; the mail is sent. */
export function anEndedRun(
  world: World,
  run: Run,
  state: 'succeeded' | 'exhausted' | 'failed',
  { reason, ...more }: Omit<Conclusion, 'kind'>,
): Run {
  const { store } = world
  const kind = ({ succeeded: 'target', exhausted: 'budget', failed: 'failed' } as const)[state]
  store.runs.transition(run.id, state, { kind, reason, ...more })
  aDoneJob(world, run, 'notify', 'notify', 300)
  const { name } = store.projects.byId(run.projectId) as Project
  store.mails.insert({
    runId: run.id,
    kind,
    messageId: `<run-${run.id}-${kind}@hone>`,
    to: 'ada@example.org',
    subject: `[hone] ${name} #${run.number}: ${reason}`,
    text: `${reason}\n\nThe diff and the log of the best trial are attached.\n`,
    html: `<h1>${name} #${run.number}</h1><p>${reason}</p><p>The diff of the best trial is attached.</p>`,
    attachments: [{ filename: 'best.diff', contentType: 'text/x-diff', content: diffOf(VALUES) }],
  })
  for (const mail of store.mails.due()) store.mails.markSent(mail)
  return store.runs.get(run.id)
}

export const MISSING_MODULE: Failure = {
  kind: 'user',
  code: 'exception',
  message: "The training ended with ModuleNotFoundError: No module named 'seaborn'.",
  remedy: 'Add the package to requirements.txt, or take the import out.',
  file: 'train.py',
  line: 4,
  detail: `Traceback (most recent call last):
  File "/workspace/train.py", line 4, in <module>
    import seaborn as sns
ModuleNotFoundError: No module named 'seaborn'`,
}

/** Trial 0 ended with an exception that only the user can mend; to the chain that is a result, so its job is done. */
export function aFailedRun(world: World, project: Project, failure: Failure, change: RunChange = {}): Run {
  const { store } = world
  const run = aDetectedRun(world, project, change)
  const { job, trial, attempt } = aRunningTrial(world, run, 0)
  world.pass(2500)
  writeLog(world, run, attempt, `${failure.detail ?? failure.message}\n`)
  store.attempts.transition(attempt.id, 'failed', { exitCode: 1, failure })
  store.trials.transition(trial.id, 'failed', { failure })
  store.jobs.complete(job, {})
  return anEndedRun(world, run, 'failed', { reason: failure.message, failure })
}

/** Git cannot be reached, and the import is tried again later. */
export function aWaitingRun(world: World, project: Project, waitMs: number): Run {
  const { store } = world
  const run = aQueuedRun(world, project)
  const job = aRunningJob(world, run, 'git-import')
  store.runs.transition(run.id, 'running')
  const failure: Failure = {
    kind: 'unavailable',
    code: 'engine-away',
    message: 'The Docker engine does not answer.',
    remedy: 'Start it; Hone goes on by itself.',
  }
  store.jobs.retry(job, failure, store.now() + waitMs, false)
  return store.runs.get(run.id)
}
