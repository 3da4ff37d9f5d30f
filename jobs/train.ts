import { z } from 'zod'
import type { AbortReason, JobModule, Running, Settlement } from '../src/chain/contract.ts'
import { TRAINING_USER } from '../src/containers/executor.ts'
import { type Attempt, attemptMachine, STOP_GRACE_SECONDS } from '../src/domain/attempt.ts'
import { networkOf } from '../src/domain/network.ts'
import { decideRemedy } from '../src/domain/remedy.ts'
import type { Trial } from '../src/domain/trial.ts'
import { imageFor } from '../src/images/plan.ts'
import type { JobContext } from './context.ts'
import { progressOf } from './progress.ts'
import { Conclusion, type RunDetection } from './schemas.ts'
import { studyOf } from './study.ts'
import { runAttempt } from './train/attempt.ts'
import { requireTurn, slotDuring, withSlot } from './train/back-off.ts'
import { containerName, volumesOf } from './train/container.ts'
import { fingerprintData } from './train/data.ts'
import { deadlineFromNow } from './train/deadline.ts'
import { concludeTrial, endAttempt, judge, keepModels } from './train/settle.ts'
import { askForSlots, takeSlot } from './train/slots.ts'
import { giveUpForTime, isTimeOver } from './train/time-over.ts'

const Input = z.object({ trialId: z.number().int(), number: z.number().int() })
const Output = z.object({
  conclusion: Conclusion.nullable(),
  /** Numbers of the tweaks that follow where the run goes on: one for each training that may begin. */
  next: z.array(z.number().int()),
})
export type TrainOutput = z.infer<typeof Output>

/** trial -> attempts in containers -> metrics; the container is removed only once its result is committed. */
export const train: JobModule<JobContext, z.infer<typeof Input>, TrainOutput> = {
  name: 'train',
  lane: 'train',
  input: Input,
  output: Output,
  async run(context, input) {
    try {
      return await training(context, input)
    } catch (error) {
      if (!isTimeOver(context, error)) throw error
      return {
        commit: () => settled(context, giveUpForTime(context, input.trialId)),
      }
    }
  },
}

/** What follows a trial that has ended. Inside a transaction. */
function settled(context: JobContext & Running, conclusion: Conclusion | null): TrainOutput {
  if (conclusion) context.store.cancelTrials(context.run.id)
  return { conclusion, next: conclusion ? [] : nextTweaks(context) }
}

async function training(
  context: JobContext & Running,
  { trialId, number }: z.infer<typeof Input>,
): Promise<Settlement<TrainOutput>> {
  const { store, executor, monitor, images, git, paths, run, signal, progress } = context
  const detection = run.detection as RunDetection
  requireTurn(context, store.attempts.ofTrial(trialId).at(-1))
  // One that trains already needs no more than it has.
  if (store.attempts.ofTrial(trialId).at(-1)?.state !== 'running') monitor.requireRoom()
  // Before the image is looked at, which may have to be built; taken once that is there.
  if (store.trials.get(trialId).state === 'queued') takeSlot(context, await askForSlots(context))
  const image = await images.prepare(
    detection.image ?? imageFor(detection),
    () => git.archive(paths.workspace(run.id), run.sha, TRAINING_USER),
    progress,
    signal,
  )
  if (image !== run.trainedIn) store.runs.update(run.id, { trainedIn: image })
  if (number === 0) await fingerprintData(context, image)
  const trial = await openTrial(context, trialId)
  for (;;) {
    const attempts = store.attempts.ofTrial(trial.id)
    const last = attempts.at(-1) as Attempt
    requireTurn(context, last)
    const attempt = await withSlot(context, last)
    const earlier = attempts.slice(0, -1)
    const result = await stoppable(context, attempt, () => runAttempt(context, trial, attempt, image))
    const remedy = result.halt
      ? null
      : decideRemedy(result.end, earlier, trial.number === 0, {
          ...run.settings,
          network: networkOf(run.settings, detection),
        })
    if (remedy?.action === 'restart') {
      const { failure, delayMs } = remedy
      store.transaction(() => {
        endAttempt(context, attempt, result, 'failed', failure)
        openAttempt(context, trial, attempt.number + 1, {
          slot: slotDuring(delayMs, attempt.slot),
          notBefore: store.now() + delayMs,
          shmBytes: remedy.shmBytes ?? attempt.shmBytes,
        })
      })
      await executor.remove(attempt.container)
      progress(`trial ${trial.number}: ${failure.message} ${failure.remedy}`)
      continue
    }
    const reported = store.metrics.ofTrial(trial.id).filter(({ attemptId }) => attemptId !== attempt.id)
    const verdict = judge(remedy, result, reported, run.settings)
    if ('metric' in verdict) await keepModels(context, trial, attempt, result, verdict.metric.value)
    return {
      commit: () => settled(context, concludeTrial(context, trial, attempt, result, verdict)),
      after: async () => {
        await executor.remove(attempt.container)
        // What was given up may go on from its checkpoint.
        if ('pruning' in verdict) return
        for (const { name } of volumesOf(context.instance, trial.id)) await executor.removeVolume(name)
      },
    }
  }
}

/** This training's place is free, and so are those that had nothing to train before. Inside a transaction. */
function nextTweaks(context: JobContext & Running): number[] {
  const { store, run, config } = context
  const { inFlight } = progressOf(context, studyOf(store, run), null)
  const free = Math.max(1, Math.min(run.settings.parallel, config.parallel) - inFlight)
  const first = store.jobs.ofRun(run.id).filter(({ name }) => name === 'tweak').length + 1
  return Array.from({ length: free }, (_, index) => first + index)
}

/** A running trial always has exactly one open attempt, the last, and that holds its slot, but for a wait before a restart. @throws HoneError `slots-busy` */
async function openTrial(context: JobContext & Running, trialId: number): Promise<Trial> {
  const { store, signal } = context
  const there = store.trials.get(trialId)
  if (there.state !== 'queued') return there
  const engine = await askForSlots(context)
  signal.throwIfAborted()
  return store.transaction(() => {
    const slot = takeSlot(context, engine)
    const running = store.trials.transition(trialId, 'running')
    openAttempt(context, running, store.attempts.ofTrial(trialId).length + 1, {
      slot,
      shmBytes: shmNeeded(store.attempts.ofRun(running.runId)),
    })
    return running
  })
}

function openAttempt(
  context: JobContext & Running,
  { id: trialId }: Trial,
  number: number,
  more: Partial<Pick<Attempt, 'slot' | 'notBefore' | 'shmBytes'>>,
): void {
  const container = containerName(context.instance, trialId, number)
  const deadline = deadlineFromNow(context, { trialId, number })
  context.store.attempts.insert({ trialId, number, container, deadline, ...more })
}

/** What one training of the run turned out to need, the next ones have from the beginning; null: as set. */
function shmNeeded(attempts: readonly Attempt[]): number | null {
  return attempts.reduce<number | null>(
    (most, { shmBytes }) => (shmBytes !== null && shmBytes > (most ?? 0) ? shmBytes : most),
    null,
  )
}

/** Reasons that end the run, and its trainings with it. */
const ENDS: ReadonlySet<AbortReason> = new Set(['cancelled', 'superseded', 'concluded'])

/** When the run is cancelled the container goes with it; when only the server stops, the training goes on. */
async function stoppable<T>(
  context: JobContext & Running,
  attempt: Attempt,
  work: () => Promise<T>,
): Promise<T> {
  const { executor, signal, store } = context
  try {
    return await work()
  } catch (error) {
    const reason = signal.reason as AbortReason
    if (signal.aborted && ENDS.has(reason)) {
      await executor.stop(attempt.container, STOP_GRACE_SECONDS)
      if (attemptMachine.isFinal(store.attempts.get(attempt.id).state))
        await executor.remove(attempt.container)
    }
    throw error
  }
}
