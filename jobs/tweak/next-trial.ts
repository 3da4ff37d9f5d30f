import { withoutIdle } from '../../src/domain/conditions.ts'
import type { Hyperparameter } from '../../src/domain/detection.ts'
import { type Failure, systemError } from '../../src/domain/failure.ts'
import { isValidPython } from '../../src/python/analyse.ts'
import type { PythonParser } from '../../src/python/parser.ts'
import { rewriteFiles } from '../../src/python/rewrite.ts'
import type { Proposal } from '../../src/search/propose.ts'
import type { PastTrial, Study, Values } from '../../src/search/sampler.ts'
import { isTooBig } from '../../src/search/too-big.ts'

/** Proposals that are passed over before the search counts as spent. */
const MAX_PASSED_OVER = 100
/** Of these, such as would break the source: more than some are a fault of Hone's own. */
const MAX_BROKEN = 10
/** Of these, such as need no less memory than a trial that ran out of it; after that one is trained all the same. */
const MAX_TOO_BIG = 30

interface Search {
  python: PythonParser
  suggest(study: Study): Proposal | null
  /** Hears of values that would have broken the source. */
  refused(failure: Failure): void
}

/** Every file that some value changes. */
export function filesOf(hyperparameters: readonly Hyperparameter[]): string[] {
  const files = hyperparameters.flatMap(({ file, ties, variants }) => [
    file,
    ...ties.map((tie) => tie.file),
    ...Object.values(variants ?? {}).flatMap((patches) => patches.map((patch) => patch.file)),
  ])
  return [...new Set(files)]
}

/**
 * The next values, with the files that they change; null when the search has nothing new. What does not matter under the
 * others keeps the source's own value, so that a trial differs from every earlier one in what counts.
 * @param study of the run, in the space of these hyperparameters
 * @param sources the files of trial 0, by path
 * @throws HoneError `rewrite-broken` when whatever is proposed breaks the source
 */
export function nextTrial(
  { python, suggest, refused }: Search,
  hyperparameters: readonly Hyperparameter[],
  study: Study,
  sources: Record<string, Buffer>,
): (Proposal & { rewritten: Record<string, Buffer> }) | null {
  const { trials } = study
  const passedOver: PastTrial[] = []
  let broken = 0
  let tooBig = 0
  while (passedOver.length < MAX_PASSED_OVER) {
    const suggested = suggest({ ...study, trials: [...trials, ...passedOver] })
    if (suggested === null) return null
    const number = trials.length + passedOver.length
    passedOver.push({ number, values: suggested.values, state: 'failed', metric: null })
    const values = withoutIdle(hyperparameters, suggested.values)
    const isTried = (trial: PastTrial) =>
      hyperparameters.every(({ name }) => trial.values[name] === values[name])
    if (trials.some(isTried)) continue
    if (tooBig < MAX_TOO_BIG && isTooBig(study.space, trials, values)) {
      tooBig++
      continue
    }
    const rewritten = rewriteFiles(sources, hyperparameters, values)
    const invalid = Object.entries(rewritten).find(
      ([path, bytes]) => /\.(py|ipynb)$/.test(path) && !isValidPython(python, path, bytes),
    )
    if (!invalid) return { values, rewritten, origin: suggested.origin }
    const error = rewriteBroken(invalid[0], values)
    if (++broken >= MAX_BROKEN) throw error
    refused(error.failure)
  }
  return null
}

const rewriteBroken = (file: string, values: Values) =>
  systemError(
    'rewrite-broken',
    `${file} would no longer be Python with the values ${JSON.stringify(values)}; nothing was committed.`,
    'Please report it with the file. Until then, `exclude` the values in hone.yaml that change its lines.',
  )
