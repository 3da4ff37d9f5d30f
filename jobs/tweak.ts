import { z } from 'zod'
import type { JobModule, Running } from '../src/chain/contract.ts'
import type { Hyperparameter } from '../src/domain/detection.ts'
import type { Failure } from '../src/domain/failure.ts'
import type { ParameterValue } from '../src/domain/trial.ts'
import type { Study } from '../src/search/sampler.ts'
import { bestTrial, shouldStop } from '../src/search/stop.ts'
import type { JobContext } from './context.ts'
import { Conclusion, type RunDetection } from './schemas.ts'
import { filesOf, nextTrial, spaceOf } from './tweak/next-trial.ts'
import { pastTrials } from './tweak/study.ts'

const Input = z.object({ number: z.number().int().min(1) })
const Output = z.union([
  z.object({ trialId: z.number().int(), number: z.number().int() }),
  z.object({ conclusion: Conclusion }),
])
export type TweakOutput = z.infer<typeof Output>

/** Trials so far -> the next values -> rewritten source, one git commit a trial. */
export const tweak: JobModule<JobContext, z.infer<typeof Input>, TweakOutput> = {
  name: 'tweak',
  lane: 'light',
  input: Input,
  output: Output,
  async run(context, { number }) {
    const { store, git, paths, run, python, sampler, logger } = context
    const { hyperparameters } = run.detection as RunDetection
    const trials = store.trials.ofRun(run.id).filter((trial) => trial.number < number)
    const workspace = paths.workspace(run.id)
    const sources = Object.fromEntries(await git.readFiles(workspace, run.sha, filesOf(hyperparameters)))
    const refused = ({ code, message }: Failure) => logger.error({ run: run.id, code }, message)
    const study: Study = {
      space: spaceOf(hyperparameters),
      direction: run.settings.direction,
      trials: pastTrials(trials),
    }
    const suggest = (given: Study) => {
      const values = sampler.suggest(given, run.settings.seed)
      return values && { values, origin: 'the sampler' }
    }
    const next = nextTrial({ python, suggest, refused }, hyperparameters, study, sources)
    if (next === null) return { commit: () => ({ conclusion: nothingLeft(context, hyperparameters) }) }
    const { values, rewritten, origin } = next
    const { seed } = run.settings
    const message = commitMessage(number, hyperparameters, values)
    const { sha, diff } = await git.commitTrial(workspace, number, rewritten, message)
    return {
      commit: () => ({
        trialId: store.trials.insert({
          runId: run.id,
          number,
          values,
          origin,
          repeats: null,
          seed,
          sha,
          diff,
        }).id,
        number,
      }),
    }
  },
}

function nothingLeft({ store, run }: JobContext & Running, hyperparameters: Hyperparameter[]): Conclusion {
  const trials = store.trials.ofRun(run.id)
  if (hyperparameters.length > 0) {
    return shouldStop(trials, run.settings, store.now(), run.deadline, true) as Conclusion
  }
  const best = bestTrial(trials, run.settings.direction)
  const sofar = best ? `; best ${best.metric} in trial ${best.number}` : ''
  return {
    kind: 'budget',
    reason: `no hyperparameter was found in the source that Hone could change${sofar}`,
  }
}

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
