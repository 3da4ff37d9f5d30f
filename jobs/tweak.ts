import { z } from 'zod'
import type { JobModule, Running } from '../src/chain/contract.ts'
import type { Hyperparameter } from '../src/domain/detection.ts'
import type { Failure } from '../src/domain/failure.ts'
import type { Outlook } from '../src/domain/outlook.ts'
import { defaultSettings } from '../src/domain/settings.ts'
import type { ParameterValue, Trial } from '../src/domain/trial.ts'
import { reached } from '../src/fault-points.ts'
import { epochsOf } from '../src/search/epochs.ts'
import { propose } from '../src/search/propose.ts'
import { prunerFor } from '../src/search/pruners/index.ts'
import type { Study } from '../src/search/sampler.ts'
import { samplerNamed } from '../src/search/samplers/index.ts'
import { bestTrial, nextToConfirm, shouldStop, spentBudget } from '../src/search/stop.ts'
import { outcomeOf } from '../src/search/stop-reasons.ts'
import type { JobContext } from './context.ts'
import { outlookNow, progressOf } from './progress.ts'
import { relatedRuns } from './related.ts'
import { Conclusion, type RunDetection } from './schemas.ts'
import { type RunStudy, studyOf } from './study.ts'
import { filesOf, nextTrial } from './tweak/next-trial.ts'

/** Counts the tweaks of a run, from 1. */
const Input = z.object({ number: z.number().int().min(1) })
const Output = z.union([
  z.object({ trialId: z.number().int(), number: z.number().int(), attempt: z.number().int() }),
  z.object({ conclusion: Conclusion }),
  /** Nothing to train now; what is still in flight brings the run to its end. */
  z.object({ waits: z.literal(true) }),
])
export type TweakOutput = z.infer<typeof Output>

/**
 * Trials so far -> the next training: a confirmation of what met the target, a trial that was given up and has risen, or
 * new values as rewritten source in a git commit of its own.
 */
export const tweak: JobModule<JobContext, z.infer<typeof Input>, TweakOutput> = {
  name: 'tweak',
  lane: 'light',
  exclusive: 'run',
  input: Input,
  output: Output,
  async run(context) {
    const { store, run } = context
    const { settings } = run
    const state = studyOf(store, run)
    const { trials, curves } = state
    const outlook = outlookNow(store, run, state)
    store.transaction(() => store.runs.update(run.id, { outlook }))
    if (spentBudget(trials, settings, progressOf(context, state, outlook)) !== null) {
      return rest(context, outlook)
    }
    const toConfirm = nextToConfirm(trials, settings)
    if (toConfirm !== null) return { commit: () => repeat(context, trials, toConfirm) }
    const pruner = prunerFor(settings.pruner, settings.trials)
    const toResume = pruner.nextToResume(curves, settings.direction)
    if (toResume !== null) return { commit: () => resume(context, trials, toResume) }
    const own = trials.filter(({ repeats }) => repeats === null)
    if (own.length >= settings.trials) return rest(context, outlook)
    return change(context, state, outlook)
  },
}

/** The same values once more, with the next seed. */
function repeat({ store }: JobContext, trials: readonly Trial[], number: number): TweakOutput {
  const original = trialOf(trials, number)
  const nth = trials.filter(({ repeats }) => repeats === number).length + 1
  const trial = store.trials.insert({
    ...original,
    number: trials.length,
    origin: `trial ${number} with another seed`,
    repeats: number,
    seed: original.seed + nth,
  })
  return { trialId: trial.id, number: trial.number, attempt: 1 }
}

/** A trial that was given up goes on, from its checkpoint where it has one. */
function resume({ store }: JobContext, trials: readonly Trial[], number: number): TweakOutput {
  const { id } = store.trials.transition(trialOf(trials, number).id, 'queued')
  return { trialId: id, number, attempt: store.attempts.ofTrial(id).length + 1 }
}

const trialOf = (trials: readonly Trial[], number: number): Trial => {
  const trial = trials.find((candidate) => candidate.number === number)
  if (!trial) throw new RangeError(`the search speaks of trial ${number}, which the run does not have`)
  return trial
}

/** New values, rewritten into the source. */
async function change(context: JobContext & Running, state: RunStudy, outlook: Outlook) {
  const { store, git, paths, run, python, logger } = context
  const { hyperparameters } = run.detection as RunDetection
  const workspace = paths.workspace(run.id)
  const sources = Object.fromEntries(await git.readFiles(workspace, run.sha, filesOf(hyperparameters)))
  const refused = ({ code, message }: Failure) => logger.error({ run: run.id, code }, message)
  const { seed, sampler: name, target } = run.settings
  const sampler = samplerNamed(name)
  // Who names another sampler wants that one alone.
  const related = name === defaultSettings.sampler ? relatedRuns(store, run) : []
  const study = { ...state.study, related: related.map((one) => one.study) }
  const parent = related[0] && `#${related[0].run.number}`
  const epochs = epochsOf(Object.keys(study.space))
  const extras = name === defaultSettings.sampler ? { curves: state.curves, epochs, target, parent } : {}
  const suggest = (given: Study) => propose(given, sampler, seed, extras)
  const next = nextTrial({ python, suggest, refused }, hyperparameters, study, sources)
  if (next === null) return rest(context, outlook, true)
  const { values, rewritten, origin } = next
  const number = state.trials.length
  const message = commitMessage(number, hyperparameters, values)
  const { sha, diff } = await git.commitTrial(workspace, number, rewritten, message)
  reached('tweak-commit')
  const trial = { runId: run.id, number, values, origin, repeats: null, seed, sha, diff }
  return {
    commit: (): TweakOutput => ({ trialId: store.trials.insert(trial).id, number, attempt: 1 }),
  }
}

/** Ends the run when nothing is in flight any more. */
const rest = (context: JobContext & Running, outlook: Outlook, exhausted = false) => ({
  commit(): TweakOutput {
    const { store, run } = context
    const state = studyOf(store, run)
    const progress = { ...progressOf(context, state, outlook), exhausted }
    const stop = shouldStop(state.trials, run.settings, progress)
    if (!stop) return { waits: true }
    const { hyperparameters } = run.detection as RunDetection
    if (hyperparameters.length > 0) return { conclusion: stop }
    const outcome = outcomeOf(bestTrial(state.trials, run.settings), state.trials, run.settings)
    const reason = `no hyperparameter was found in the source that Hone could change; ${outcome}`
    return { conclusion: { kind: 'budget', reason } }
  },
})

/** As Python spells it, texts without quotes. */
const word = (value: ParameterValue | undefined) =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value)

/** `Trial 3: lr 0.5 -> 0.012, batch_size 4 -> 32` in the subject, or in the body when it is long. */
export function commitMessage(
  number: number,
  hyperparameters: readonly Hyperparameter[],
  values: Record<string, ParameterValue>,
): string {
  const changes = hyperparameters
    .filter(({ name, value }) => values[name] !== undefined && values[name] !== value)
    .map(({ name, value }) => `${name} ${word(value)} -> ${word(values[name])}`)
  const subject = `Trial ${number}: ${changes.join(', ')}`
  return subject.length <= 72 ? subject : `Trial ${number}\n\n${changes.join('\n')}\n`
}
