import { z } from 'zod'
import type { JobModule, Running } from '../src/chain/contract.ts'
import { withoutIdle } from '../src/domain/conditions.ts'
import type { Hyperparameter } from '../src/domain/detection.ts'
import { systemError } from '../src/domain/failure.ts'
import type { ParameterValue, Trial } from '../src/domain/trial.ts'
import { isValidPython } from '../src/python/analyse.ts'
import { rewriteFiles } from '../src/python/rewrite.ts'
import type { PastTrial } from '../src/search/sampler.ts'
import { bestTrial, shouldStop } from '../src/search/stop.ts'
import type { JobContext } from './context.ts'
import { Conclusion, type RunDetection } from './schemas.ts'

const Input = z.object({ number: z.number().int().min(1) })
const Output = z.union([
  z.object({ trialId: z.number().int(), number: z.number().int() }),
  z.object({ conclusion: Conclusion }),
])
export type TweakOutput = z.infer<typeof Output>

/** Proposals that are passed over before the search counts as spent. */
const MAX_PASSED_OVER = 100
/** Of these, such as would break the source: more than some are a fault of Hone's own. */
const MAX_BROKEN = 10

/** Trials so far -> the next values -> rewritten source, one git commit a trial. */
export const tweak: JobModule<JobContext, z.infer<typeof Input>, TweakOutput> = {
  name: 'tweak',
  lane: 'light',
  input: Input,
  output: Output,
  async run(context, { number }) {
    const { store, git, paths, run } = context
    const { hyperparameters } = run.detection as RunDetection
    const trials = store.trials.ofRun(run.id).filter((trial) => trial.number < number)
    const workspace = paths.workspace(run.id)
    const sources = Object.fromEntries(await git.readFiles(workspace, run.sha, filesOf(hyperparameters)))
    const next = nextTrial(context, hyperparameters, trials, sources)
    if (next === null) return { commit: () => ({ conclusion: nothingLeft(context, hyperparameters) }) }
    const { values, rewritten } = next
    const message = commitMessage(number, hyperparameters, values)
    const { sha, diff } = await git.commitTrial(workspace, number, rewritten, message)
    return {
      commit: () => ({
        trialId: store.trials.insert({ runId: run.id, number, values, sha, diff }).id,
        number,
      }),
    }
  },
}

/** Every file that some value changes. */
function filesOf(hyperparameters: readonly Hyperparameter[]): string[] {
  const files = hyperparameters.flatMap(({ file, ties, variants }) => [
    file,
    ...ties.map((tie) => tie.file),
    ...Object.values(variants ?? {}).flatMap((patches) => patches.map((patch) => patch.file)),
  ])
  return [...new Set(files)]
}

/**
 * The next values, with the files that they change; null when the search has nothing new.
 * @throws HoneError `rewrite-broken` when whatever is proposed breaks the source
 */
function nextTrial(
  { python, run, sampler, logger }: JobContext & Running,
  hyperparameters: readonly Hyperparameter[],
  trials: readonly Trial[],
  sources: Record<string, Buffer>,
): { values: Record<string, ParameterValue>; rewritten: Record<string, Buffer> } | null {
  const space = Object.fromEntries(hyperparameters.map(({ name, distribution }) => [name, distribution]))
  const passedOver: PastTrial[] = []
  let broken = 0
  while (passedOver.length < MAX_PASSED_OVER) {
    const suggested = sampler.suggest(space, [...trials, ...passedOver], run.settings.seed)
    if (suggested === null) return null
    passedOver.push({ number: trials.length + passedOver.length, values: suggested, metric: null })
    const values = withoutIdle(hyperparameters, suggested)
    const isTried = trials.some((trial) =>
      hyperparameters.every(({ name }) => trial.values[name] === values[name]),
    )
    if (isTried) continue
    const rewritten = rewriteFiles(sources, hyperparameters, values)
    const invalid = Object.entries(rewritten).find(
      ([path, bytes]) => /\.(py|ipynb)$/.test(path) && !isValidPython(python, path, bytes),
    )
    if (!invalid) return { values, rewritten }
    const error = rewriteBroken(invalid[0], values)
    logger.error({ run: run.id, code: error.failure.code }, error.message)
    if (++broken >= MAX_BROKEN) throw error
  }
  return null
}

const rewriteBroken = (file: string, values: Record<string, ParameterValue>) =>
  systemError(
    'rewrite-broken',
    `${file} would no longer be Python with the values ${JSON.stringify(values)}; nothing was committed.`,
    'Please report it with the file. Until then, `exclude` the values in hone.yaml that change its lines.',
  )

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
