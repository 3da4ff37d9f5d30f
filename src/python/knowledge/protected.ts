import { normaliseName } from '../../search/priors.ts'
import { ARGUMENTS, HELD_OUT_WORDS, NAMES } from './protected-names.ts'

const REASONS = new Map(
  NAMES.flatMap(([reason, names]) => names.split(/\s+/).map((name) => [name, reason] as const)),
)

/** A value in a name like `grad_clip_val`, which has nothing to do with validation. */
const A_VALUE = /(^|_)(clip|max|min|init|pad|fill|default|mask|null|std|return|abs)_(val|dev)$/
const PARTS: readonly [reason: string, words: ReadonlySet<string>][] = [
  ['it only concerns the held-out data', HELD_OUT_WORDS],
  ['a random seed', new Set(['seed', 'seeds', 'rng', 'prng'])],
  ['a threshold of the metric or of the decision', new Set(['threshold', 'thresholds', 'thresh', 'thres'])],
  ['how the data is split for cross-validation', new Set(['kfold', 'kfolds', 'folds'])],
]

/**
 * Why a value bound to such a name is never touched, whatever takes it, in plain words to end the sentence `left
 * alone: ...`.
 * @param name a constant, option, key or parameter, in any spelling
 * @returns null when the name speaks of nothing that must stay
 */
export function protectedName(name: string): string | null {
  const normal = normaliseName(name).replace(/\[\d+\]$/, '')
  const known = REASONS.get(normal)
  if (known) return known
  if (A_VALUE.test(normal)) return null
  const parts = normal.split('_')
  return PARTS.find(([, words]) => parts.some((part) => words.has(part)))?.[0] ?? null
}

/**
 * Why an argument of a call is never touched: because of what it is called, or of what takes it.
 * @param callee canonical dotted name, such as `sklearn.model_selection.train_test_split`
 * @param name the parameter; `#2` for the third positional argument of an unknown signature
 * @returns null when nothing speaks against a change
 */
export function protectedArgument(callee: string, name: string): string | null {
  const positional = name.startsWith('#')
  const normal = positional ? '' : normaliseName(name).replace(/\[\d+\]$/, '')
  const rule = ARGUMENTS.find(
    ({ takenBy, names, exceptFor }) =>
      takenBy.test(callee) && (names ? names.includes(normal) : !positional) && !exceptFor?.includes(normal),
  )
  return rule?.reason ?? (positional ? null : protectedName(name))
}

const TRAINING = new Set(['train', 'training', 'fit'])

/**
 * Whether a piece of source (the first argument of a loader, a variable) speaks of data that is held out: a test or
 * validation set. `test_dataset`, `valLoader`, `x_valid`, `MNIST(root, train=False)` do; `train_val_set` does not.
 */
export function isHeldOut(text: string): boolean {
  if (/\btrain(ing)?\s*=\s*False\b/.test(text)) return true
  if (/\btrain(ing)?\s*=\s*True\b/.test(text)) return false
  const spaced = text
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
  const words = spaced.split(/[^a-z]+/).filter((word) => word !== '')
  if (words.some((word) => TRAINING.has(word) || /^[xy]?train(val|set|data|loader|gen)?/.test(word)))
    return false
  return words.some(
    (word) =>
      HELD_OUT_WORDS.has(word) ||
      /^[xy]?(test|valid|validation|val|eval|dev|holdout)(s|set|data|dataset|loader|gen|generator|ing|dl|ds|x|y|batches)?$/.test(
        word,
      ),
  )
}
