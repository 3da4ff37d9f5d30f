import type { Running } from '../../src/chain/contract.ts'
import { type Attempt, signalOf } from '../../src/domain/attempt.ts'
import type { Failure } from '../../src/domain/failure.ts'
import type { Metric } from '../../src/domain/metric.ts'
import type { Remedy } from '../../src/domain/remedy.ts'
import { isBeingConfirmed } from '../../src/domain/repeats.ts'
import type { Conclusion } from '../../src/domain/run.ts'
import { isBetter, type Settings } from '../../src/domain/settings.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { decideObjective } from '../../src/metrics/decide.ts'
import { bestTrial, shouldStop } from '../../src/search/stop.ts'
import type { JobContext } from '../context.ts'
import { progressOf } from '../progress.ts'
import type { RunDetection } from '../schemas.ts'
import { studyOf } from '../study.ts'
import type { AttemptResult } from './attempt.ts'
import { collectArtifacts } from './collect.ts'
import { changedFiles } from './workspace.ts'

/** Writes how the attempt ended, with every metric it reported. Inside a transaction. */
export function endAttempt(
  { store, run }: JobContext & Running,
  attempt: Attempt,
  result: AttemptResult,
  state: 'succeeded' | 'stopped' | 'failed',
  failure: Failure | null,
): void {
  const { status, trainedMs } = result
  // It may have been moved along with the clock since the attempt was read.
  const { startedAt } = store.attempts.get(attempt.id)
  const about = { runId: run.id, trialId: attempt.trialId, attemptId: attempt.id }
  for (const metric of result.unstored) store.metrics.insert(about, metric)
  store.attempts.transition(attempt.id, status === null ? 'lost' : state, {
    exitCode: status?.exitCode ?? null,
    signal: status?.exitCode != null ? signalOf(status.exitCode) : null,
    outOfMemory: status?.outOfMemory ?? false,
    failure,
    report: result.report ?? attempt.report,
    endedAt: startedAt === null || trainedMs === null ? null : startedAt + trainedMs,
    engineStartedAt: status?.startedAt ?? null,
    engineEndedAt: status?.endedAt ?? null,
  })
}

/** What a training came to: its objective, why it has none and whether the run can go on without it, or why it was given up. */
export type Verdict = { metric: Metric } | { failure: Failure; endsRun: boolean } | { pruning: string }

/**
 * Pure: from the last attempt's end and all that was reported.
 * @param remedy null for a training that the search ended
 * @param earlier what other attempts of the trial reported: all that there is, where a training goes on from a checkpoint
 *   of its very end
 */
export function judge(
  remedy: Exclude<Remedy, { action: 'restart' }> | null,
  { halt, metrics }: AttemptResult,
  earlier: readonly Metric[],
  settings: Settings,
): Verdict {
  if (halt?.kind === 'pruned') return { pruning: halt.reason }
  if (halt?.kind === 'diverged') return { failure: halt.failure, endsRun: false }
  if (halt?.kind === 'target') return { metric: halt.metric }
  if (remedy && remedy.action !== 'finish')
    return { failure: remedy.failure, endsRun: remedy.action === 'fail-run' }
  const own = decideObjective(metrics, settings)
  const isSilent = 'failure' in own && own.failure.code === 'no-metric'
  const outcome = isSilent && earlier.length > 0 ? decideObjective(earlier, settings) : own
  // Other values may mend a metric that is not finite, but not a script that reports none, or two that disagree.
  return 'metric' in outcome
    ? outcome
    : { failure: outcome.failure, endsRun: !MENDABLE.has(outcome.failure.code) }
}

const MENDABLE = new Set(['metric-not-finite'])

/** Copies what the training wrote out of the container when it is the best of the run so far. */
export async function keepModels(
  context: JobContext & Running,
  trial: Trial,
  attempt: Attempt,
  { status }: AttemptResult,
  value: number,
): Promise<void> {
  const { executor, store, run, paths, signal, progress } = context
  if (trial.repeats !== null) return
  const trials = store.trials.ofRun(run.id)
  // One that still has to be confirmed may fall behind.
  const settled = trials.filter((other) => !isBeingConfirmed(other, trials, run.settings))
  const best = bestTrial(settled, run.settings)
  if (!isBetter(value, best?.metric ?? null, run.settings.direction)) return
  const folder = paths.trialArtifacts(run.id, trial.number)
  const { artifacts: patterns = [] } = run.detection as RunDetection
  const changed = await changedFiles(context, trial, attempt, status?.startedAt ?? attempt.createdAt)
  const artifacts = await collectArtifacts(
    executor,
    { container: attempt.container, changed, patterns, folder },
    signal,
  )
  store.trials.keep(trial.id, artifacts)
  for (const what of artifacts.leftOut) progress(`trial ${trial.number}: not kept: ${what}`)
}

/** Writes the trial's result, and says how the run ends if it ends here. Inside a transaction. */
export function concludeTrial(
  context: JobContext & Running,
  trial: Trial,
  attempt: Attempt,
  result: AttemptResult,
  verdict: Verdict,
): Conclusion | null {
  const { store, run } = context
  const { settings } = run
  if ('failure' in verdict) {
    const { failure, endsRun } = verdict
    endAttempt(context, attempt, result, 'failed', result.end.exitCode === 0 ? null : failure)
    store.trials.transition(trial.id, 'failed', { failure })
    if (endsRun) return { kind: 'failed', reason: failure.message, failure }
  } else if ('pruning' in verdict) {
    endAttempt(context, attempt, result, 'stopped', null)
    store.trials.transition(trial.id, 'pruned', { pruning: verdict.pruning })
  } else {
    endAttempt(context, attempt, result, result.halt ? 'stopped' : 'succeeded', null)
    store.metrics.decide(attemptOf(verdict.metric) ?? attempt.id, verdict.metric)
    store.trials.transition(trial.id, 'completed', { metric: verdict.metric.value })
  }
  const state = studyOf(store, run)
  const best = bestTrial(state.trials, settings)
  if (best) store.runs.update(run.id, { bestTrialId: best.id })
  // The run's outlook is older than this trial; the tweak that follows asks the model anew.
  return shouldStop(state.trials, settings, progressOf(context, state, null))
}

/** Of a stored metric, the attempt that reported it. */
const attemptOf = (metric: Metric): number | null =>
  'attemptId' in metric && typeof metric.attemptId === 'number' ? metric.attemptId : null
