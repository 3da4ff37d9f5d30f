import { alone, settleConditions, show } from './conditions.ts'
import type { Distribution, Hyperparameter, LeftAlone } from './detection.ts'
import { type HoneError, userError } from './failure.ts'
import type { Hint, Hints } from './hints.ts'
import { nearestNames } from './nearest.ts'
import type { ParameterValue } from './trial.ts'

export interface Hinted {
  hyperparameters: Hyperparameter[]
  leftAlone: LeftAlone[]
  /** Values that hone.yaml fixes, by name; trial 0 keeps the source's own all the same. */
  fixed: Record<string, ParameterValue>
}

const FILE = 'hone.yaml'
const MAX_LISTED = 20

/**
 * What is left to search once hone.yaml has had its say. What it excludes or fixes at the source's own value is left
 * alone; fixed at another one it stays, with that value as its only choice, so that it is written from trial 1 on. Pure.
 * @throws HoneError `user`, `hone-yaml`, with the line, for a name that was not found and for values that cannot stand
 *   in its place
 */
export function applyHints(
  hyperparameters: readonly Hyperparameter[],
  leftAlone: readonly LeftAlone[],
  hints: Hints = {},
): Hinted {
  const known = new Map(hyperparameters.map((parameter) => [parameter.name, parameter]))
  const said = new Map(Object.entries(hints).filter(([name, hint]) => isFound(name, hint, known, leftAlone)))
  const { merged, values, renamed } = mergeTies(known, said)
  const result: Hinted = { hyperparameters: [], leftAlone: [...leftAlone], fixed: {} }
  for (const parameter of merged) {
    const hint = said.get(parameter.name)
    const condition = parameter.condition && {
      ...parameter.condition,
      name: renamed.get(parameter.condition.name) ?? parameter.condition.name,
    }
    const own = { ...parameter, condition }
    if (hint?.kind === 'exclude') {
      result.leftAlone.push(alone(own, `${FILE} excludes it`))
    } else if (hint?.kind === 'fix') {
      const value = checked(own, hint, hint.value)
      result.fixed[own.name] = value
      const same = (values.get(own.name) ?? []).every((present) => present === value)
      if (same) result.leftAlone.push(alone(own, `${FILE} fixes it to ${show(value)}`))
      else result.hyperparameters.push(limited(own, hint, { type: 'categorical', choices: [value] }))
    } else if (hint?.kind === 'choices') {
      const choices = hint.choices.map((choice) => checked(own, hint, choice))
      result.hyperparameters.push(limited(own, hint, { type: 'categorical', choices }))
    } else if (hint?.kind === 'range') {
      result.hyperparameters.push(limited(own, hint, rangeOf(own, hint)))
    } else {
      result.hyperparameters.push(own)
    }
  }
  return { ...result, ...settleConditions(result.hyperparameters, result.leftAlone, known) }
}

/** @returns false for what is left alone anyway */
function isFound(
  name: string,
  hint: Hint,
  known: ReadonlyMap<string, Hyperparameter>,
  leftAlone: readonly LeftAlone[],
): boolean {
  if (known.has(name)) return true
  const kept = leftAlone.find((value) => value.name === name)
  if (kept && hint.kind === 'exclude') return false
  if (kept) {
    throw wrong(hint, `\`${name}\` cannot be changed: ${kept.reason} (${kept.file}:${kept.line})`)
  }
  throw unknown(hint, name, [...known.keys()])
}

/** Ties join the literals of one hyperparameter to another's. */
function mergeTies(known: ReadonlyMap<string, Hyperparameter>, said: ReadonlyMap<string, Hint>) {
  const renamed = new Map<string, string>()
  for (const [name, hint] of said) if (hint.kind === 'tie') renamed.set(name, rootOf(name, hint, known, said))
  const merged: Hyperparameter[] = []
  const values = new Map<string, ParameterValue[]>()
  for (const parameter of known.values()) {
    if (renamed.has(parameter.name)) continue
    const ties = [...parameter.ties]
    values.set(parameter.name, [parameter.value])
    for (const [name, root] of renamed) {
      const hint = said.get(name) as Hint
      const tied = known.get(name) as Hyperparameter
      if (root !== parameter.name) continue
      if (tied.variants ?? parameter.variants) {
        throw wrong(hint, `\`${name}\` cannot be tied to \`${root}\`: a number of layers stands for itself`)
      }
      if (tied.value !== parameter.value) {
        throw wrong(
          hint,
          `\`${name}\` is ${show(tied.value)} and \`${root}\` is ${show(parameter.value)}, but what is tied has to be equal in the source`,
        )
      }
      const { file, line, column, start, end } = tied
      const why = `${FILE}, line ${hint.line}, ties ${name} to it`
      ties.push({ file, line, column, start, end, times: 1, why }, ...tied.ties)
    }
    merged.push({ ...parameter, ties })
  }
  return { merged, values, renamed }
}

function rootOf(
  name: string,
  first: Hint & { kind: 'tie' },
  known: ReadonlyMap<string, Hyperparameter>,
  said: ReadonlyMap<string, Hint>,
): string {
  const seen = new Set([name])
  let to = first.to
  for (;;) {
    if (!known.has(to)) throw unknown(first, to, [...known.keys()])
    if (seen.has(to)) throw wrong(first, `\`${name}\` is tied to itself`)
    seen.add(to)
    const next = said.get(to)
    if (next?.kind === 'exclude') throw wrong(first, `\`${name}\` is tied to \`${to}\`, which is excluded`)
    if (next?.kind !== 'tie') return to
    to = next.to
  }
}

/** With another distribution; the source's own value may lie outside of it, for trial 0 keeps it. */
function limited(parameter: Hyperparameter, hint: Hint, distribution: Distribution): Hyperparameter {
  const where = `${FILE}, line ${hint.line}`
  const inside = contains(distribution, parameter.value)
  const source = inside ? where : `${where}; your own ${show(parameter.value)} is tried in trial 0 only`
  return { ...parameter, distribution, source }
}

const contains = (distribution: Distribution, value: ParameterValue): boolean =>
  distribution.type === 'categorical'
    ? distribution.choices.includes(value)
    : typeof value === 'number' && value >= distribution.low && value <= distribution.high

function rangeOf(parameter: Hyperparameter, hint: Hint & { kind: 'range' }): Distribution {
  const { low, high } = hint
  const { name, value, distribution, variants, ties } = parameter
  if (typeof value !== 'number') {
    throw wrong(hint, `\`${name}\` is ${show(value)}, which has no range`, 'Give its `choices`.')
  }
  const whole = distribution.type === 'categorical' ? Number.isInteger(value) : distribution.type === 'int'
  const fits = Number.isSafeInteger(low) && Number.isSafeInteger(high)
  const fraction = hint.type === 'float' || (hint.type === null && !fits)
  if (whole && fraction && (hint.type !== 'float' || variants || ties.length > 0)) {
    throw wrong(
      hint,
      `\`${name}\` is a whole number in the source, and ${low} to ${high} is no range of those`,
    )
  }
  const type = hint.type ?? (whole ? 'int' : 'float')
  if (type === 'int') for (let at = low; variants && at <= high; at++) checked(parameter, hint, at)
  for (const bound of [low, high]) sensible(parameter, hint, bound)
  const log = hint.log ?? (low > 0 && distribution.type !== 'categorical' && distribution.log)
  return { type, low, high, log }
}

/** @throws HoneError when the value cannot stand where the hyperparameter's own does */
function checked(parameter: Hyperparameter, hint: Hint, value: ParameterValue): ParameterValue {
  const { name, value: own, distribution, variants } = parameter
  if (typeof value !== typeof own) {
    throw wrong(hint, `\`${name}\` is ${show(own)} in the source, and ${show(value)} cannot take its place`)
  }
  const whole =
    distribution.type === 'int' ||
    (distribution.type === 'categorical' && distribution.choices.every((choice) => Number.isInteger(choice)))
  if (whole && !Number.isSafeInteger(value)) {
    throw wrong(hint, `\`${name}\` is a whole number in the source, and ${show(value)} is none`)
  }
  if (variants && value !== own && !Object.hasOwn(variants, String(value))) {
    const possible = [String(own), ...Object.keys(variants)].sort((a, b) => Number(a) - Number(b))
    throw wrong(hint, `\`${name}\` cannot become ${show(value)}; possible are ${possible.join(', ')}`)
  }
  sensible(parameter, hint, value)
  return value
}

/** Refuses what no training can take: a batch of none, a dropout of all. */
function sensible({ name, value: own, distribution }: Hyperparameter, hint: Hint, value: ParameterValue) {
  if (typeof value !== 'number' || value === own) return
  const numbers =
    distribution.type === 'categorical'
      ? distribution.choices.filter((choice) => typeof choice === 'number')
      : [distribution.low, distribution.high]
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  const isShare = distribution.type === 'float' && !distribution.log && least >= 0 && most < 1
  if (value <= 0 && least > 0) throw wrong(hint, `\`${name}\` cannot be ${value}: it has to be more than 0`)
  if (value < 0 && least >= 0) throw wrong(hint, `\`${name}\` cannot be ${value}: it has to be 0 at least`)
  if (value >= 1 && isShare) throw wrong(hint, `\`${name}\` cannot be ${value}: it has to be less than 1`)
}

function wrong(hint: Hint, what: string, remedy = 'Correct the line and push again.'): HoneError {
  const line = hint.line ?? undefined
  return userError('hone-yaml', `${FILE}${line ? `, line ${line}` : ''}: ${what}.`, remedy, {
    file: FILE,
    line,
  })
}

function unknown(hint: Hint, name: string, known: readonly string[]): HoneError {
  const near = nearestNames(name, known, 3)
  const list = (names: readonly string[]) => names.map((known) => `\`${known}\``).join(', ')
  const remedy =
    near.length > 0
      ? `Did you mean ${list(near)}?`
      : known.length === 0
        ? 'Hone found no hyperparameter in the source.'
        : `Those found are ${list(known.slice(0, MAX_LISTED))}${known.length > MAX_LISTED ? ', ...' : ''}.`
  return wrong(hint, `no hyperparameter is called \`${name}\``, remedy)
}
