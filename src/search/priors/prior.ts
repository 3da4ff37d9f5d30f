import type { Distribution } from '../../domain/detection.ts'

export type Value = string | number | boolean

/** Inclusive bounds for a user's value; null when a value like this is none to search (a switch, `no limit`). */
export type Bounds = (value: number) => readonly [low: number, high: number] | null

/** What is known beforehand about one hyperparameter. */
export interface Prior {
  family: string
  /** Normalised names (see normaliseName). */
  names: readonly string[]
  /** Where the name alone says too little: what must take the value, as a canonical dotted name (`sklearn.svm.SVC`). */
  takenBy?: RegExp
  notTakenBy?: RegExp
  /** The row is only for such values; another row may be for others. `float` is as in Python: `1.0` is one, `1` none. */
  when?: (value: Value, float: boolean) => boolean
  /** `categorical` rows are for strings and booleans, all others for numbers. */
  type: 'float' | 'int' | 'categorical'
  log?: boolean
  bounds?: Bounds
  /** In order; the user's own value is put in. Null when a value like this is none to search. */
  choices?: (value: Value) => readonly Value[] | null
  step?: 'powers of two' | 'odd'
  /** The upper end of a linear scale for a user's 0 in a logarithmic row, where 0 switches the thing off. */
  fromZero?: number
  /** It matters only while another argument of the same call, by its normalised name, has one of these values. */
  condition?: { name: string; values: readonly Value[] }
  /** Where the range was published, or the rule that gives it. */
  source: string
  /** From 1 (tune first, such as a learning rate) to 5 (hardly matters). */
  influence: number
}

/** The words of a text, for long lists of names. */
export const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')

/** The range for values that make sense: those from `least` to `most`, both included. */
export const within =
  (least: number, most: number, low: number, high: number): Bounds =>
  (value) =>
    value >= least && value <= most ? [low, high] : null

export const positive = (low: number, high: number): Bounds => within(Number.MIN_VALUE, Infinity, low, high)

/** From a part of the user's value to a multiple of it, where no absolute range makes sense; `least` is sensible. */
export const around =
  (part: number, multiple: number, least = Number.MIN_VALUE): Bounds =>
  (value) =>
    value >= least ? [value * part, value * multiple] : null

/** The same for whole numbers. */
export const aroundWhole =
  (part: number, multiple: number, least = 1): Bounds =>
  (value) =>
    value >= least ? [Math.max(1, Math.round(value * part)), Math.round(value * multiple)] : null

/** Powers of two around a size: from a quarter to four times the user's own, between `least` and `most`. */
export const sizes =
  (least: number, most: number, quarter = 4): Bounds =>
  (value) =>
    value >= 4
      ? [Math.max(value / quarter, Math.min(least, value)), Math.min(value * quarter, Math.max(most, value))]
      : null

/** A string out of a known set; anything else is none to search. */
export const oneOf =
  (known: readonly string[], offered: readonly string[] = known) =>
  (value: Value): readonly Value[] | null =>
    typeof value === 'string' && known.includes(value) ? offered : null

export const switched = (value: Value): readonly Value[] | null =>
  typeof value === 'boolean' ? [false, true] : null

function stepped(step: NonNullable<Prior['step']>, low: number, high: number): number[] {
  const values: number[] = []
  if (step === 'odd') {
    for (let value = Math.ceil(low); value <= high; value++) if (value % 2 === 1) values.push(value)
  } else {
    for (let value = 1; value <= high; value *= 2) if (value >= low) values.push(value)
  }
  return values
}

function ordered(choices: readonly Value[], own: Value): Distribution | null {
  const all = [...new Set([...choices, own])]
  if (all.every((choice) => typeof choice === 'number')) all.sort((a, b) => a - b)
  return all.length > 1 ? { type: 'categorical', choices: all } : null
}

/** 1e-6 * 10 without its last bits. */
const rounded = (bound: number) => Number(bound.toPrecision(12))

/**
 * How a value may vary by a row; the value itself is always inside.
 * @returns null for a value that is none to search
 */
export function distributionOf(
  prior: Prior,
  { value, float }: { value: Value; float: boolean },
): Distribution | null {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null
    if (prior.type === 'int' && (float || !Number.isInteger(value))) return null
  }
  if (prior.choices) {
    const choices = prior.choices(value)
    return choices && ordered(choices, value)
  }
  const bounds = typeof value === 'number' ? prior.bounds?.(value) : null
  if (!bounds || typeof value !== 'number') return null
  const [low, high] = [Math.min(rounded(bounds[0]), value), Math.max(rounded(bounds[1]), value)]
  if (prior.step) return ordered(stepped(prior.step, low, high), value)
  const type = prior.type === 'int' ? 'int' : 'float'
  if (!prior.log) return low < high ? { type, low, high, log: false } : null
  if (low > 0) return low < high ? { type, low, high, log: true } : null
  if (value !== 0 || !prior.fromZero) return null
  return { type, low: 0, high: prior.fromZero, log: false }
}
