import type { Running } from '../../src/chain/contract.ts'
import { type Attempt, signalOf } from '../../src/domain/attempt.ts'
import type { Failure } from '../../src/domain/failure.ts'
import type { Metric } from '../../src/domain/metric.ts'
import type { Remedy } from '../../src/domain/remedy.ts'
import type { Conclusion } from '../../src/domain/run.ts'
import { isBetter, type Settings } from '../../src/domain/settings.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { decideObjective } from '../../src/metrics/decide.ts'
import { bestTrial, shouldStop } from '../../src/search/stop.ts'
import type { JobContext } from '../context.ts'
import type { AttemptResult } from './attempt.ts'
import { collectModels } from './collect.ts'

/** Writes how the attempt ended, with every metric it reported. Inside a transaction. */
export function endAttempt(
  { store, run }: JobContext & Running,
  attempt: Attempt,
  result: AttemptResult,
  failure: Failure | null,
): void {
  const { status } = result
  const about = { runId: run.id, trialId: attempt.trialId, attemptId: attempt.id }
  for (const metric of result.unstored) store.metrics.insert(about, metric)
  const state = status === null ? 'lost' : failure === null ? 'succeeded' : 'failed'
  store.attempts.transition(attempt.id, state, {
    exitCode: status?.exitCode ?? null,
    signal: status?.exitCode != null ? signalOf(status.exitCode) : null,
    outOfMemory: status?.outOfMemory ?? false,
    failure,
    startedAt: status?.startedAt ?? attempt.startedAt,
    endedAt: status?.endedAt ?? null,
  })
}

/** What a trial came to: its objective, or why it has none and whether the run can go on without it. */
export type Verdict = { metric: Metric } | { failure: Failure; endsRun: boolean }

/** Pure: from the last attempt's end and all that it reported. */
export function judge(
  remedy: Exclude<Remedy, { action: 'restart' }>,
  result: AttemptResult,
  settings: Settings,
): Verdict {
  if (remedy.action !== 'finish') return { failure: remedy.failure, endsRun: remedy.action === 'fail-run' }
  const outcome = decideObjective(result.metrics, settings)
  // Other values may mend a metric that is not finite, but not a script that reports none, or two that disagree.
  return 'metric' in outcome
    ? outcome
    : { failure: outcome.failure, endsRun: !MENDABLE.has(outcome.failure.code) }
}

const MENDABLE = new Set(['metric-not-finite'])

/** Copies the model out of the container when it is the best of the run so far. */
export async function keepModels(
  { executor, store, run, paths, signal }: JobContext & Running,
  trial: Trial,
  attempt: Attempt,
  result: AttemptResult,
  value: number,
): Promise<void> {
  const best = bestTrial(store.trials.ofRun(run.id), run.settings.direction)
  if (!isBetter(value, best?.metric ?? null, run.settings.direction)) return
  const folder = paths.trialArtifacts(run.id, trial.number)
  await collectModels(executor, attempt.container, result.changed, folder, signal)
}

/** Writes the trial's result, and says how the run ends if it ends here. Inside a transaction. */
export function concludeTrial(
  { store, run }: JobContext & Running,
  trial: Trial,
  attempt: Attempt,
  verdict: Verdict,
): Conclusion | null {
  if ('failure' in verdict) {
    const { failure, endsRun } = verdict
    store.trials.transition(trial.id, 'failed', { failure })
    if (endsRun) return { kind: 'failed', reason: failure.message, failure }
  } else {
    store.metrics.decide(attempt.id, verdict.metric)
    store.trials.transition(trial.id, 'completed', { metric: verdict.metric.value })
  }
  const trials = store.trials.ofRun(run.id)
  const best = bestTrial(trials, run.settings.direction)
  if (best) store.runs.update(run.id, { bestTrialId: best.id })
  return shouldStop(trials, run.settings, store.now(), run.deadline)
}
