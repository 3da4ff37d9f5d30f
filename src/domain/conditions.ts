import type { Hyperparameter, LeftAlone } from './detection.ts'
import type { ParameterValue } from './trial.ts'

/** As Python spells it. */
export const show = (value: ParameterValue): string =>
  typeof value === 'boolean'
    ? value
      ? 'True'
      : 'False'
    : typeof value === 'string'
      ? `'${value}'`
      : String(value)

/** A hyperparameter that is not searched. */
export const alone = ({ name, file, line, value }: Hyperparameter, reason: string): LeftAlone => ({
  name,
  file,
  line,
  text: show(value),
  reason,
})

interface Condition {
  name: string
  values: readonly ParameterValue[]
}

/**
 * Whether a hyperparameter matters: its condition holds, and that of the one it depends on. A condition on what has no
 * value holds; conditions in a circle are each looked at once.
 * @param valueUnder the value of any hyperparameter, undefined where it has none
 */
export function isMattering(
  name: string,
  conditionOf: (name: string) => Condition | null | undefined,
  valueUnder: (name: string) => ParameterValue | undefined,
): boolean {
  const seen = new Set<string>()
  for (let condition = conditionOf(name); condition; condition = conditionOf(condition.name)) {
    const value = valueUnder(condition.name)
    if (seen.has(condition.name) || value === undefined) return true
    if (!condition.values.includes(value)) return false
    seen.add(condition.name)
  }
  return true
}

/**
 * The values of a trial, with the source's own for what does not matter under the others: a momentum, while the
 * optimiser has none. Pure.
 */
export function withoutIdle(
  hyperparameters: readonly Hyperparameter[],
  values: Readonly<Record<string, ParameterValue>>,
): Record<string, ParameterValue> {
  const known = new Map(hyperparameters.map((parameter) => [parameter.name, parameter]))
  const valueUnder = (name: string) => values[name] ?? known.get(name)?.value
  const matters = (name: string) => isMattering(name, (other) => known.get(other)?.condition, valueUnder)
  const idle = hyperparameters.filter(({ name }) => name in values && !matters(name))
  return { ...values, ...Object.fromEntries(idle.map(({ name, value }) => [name, value])) }
}

/**
 * A condition on what does not vary either always holds, and is dropped, or never does, and its hyperparameter is left
 * alone. Pure.
 * @param known all hyperparameters of the source, by name
 */
export function settleConditions(
  hyperparameters: readonly Hyperparameter[],
  leftAlone: readonly LeftAlone[],
  known: ReadonlyMap<string, Hyperparameter>,
): { hyperparameters: Hyperparameter[]; leftAlone: LeftAlone[] } {
  const varying = new Map(hyperparameters.map((parameter) => [parameter.name, parameter]))
  const kept: Hyperparameter[] = []
  const dropped: LeftAlone[] = []
  for (const parameter of hyperparameters) {
    const { condition } = parameter
    const possible = condition && possibleValues(varying.get(condition.name), known.get(condition.name))
    const holding = possible?.filter((value) => condition?.values.includes(value)).length ?? 0
    if (!condition || !possible || (holding > 0 && holding < possible.length)) kept.push(parameter)
    else if (holding > 0) kept.push({ ...parameter, condition: null })
    else {
      const values = condition.values.map(show).join(' or ')
      dropped.push(alone(parameter, `it matters only while ${condition.name} is ${values}`))
    }
  }
  const settled = { hyperparameters: kept, leftAlone: [...leftAlone, ...dropped] }
  return dropped.length === 0 ? settled : settleConditions(kept, settled.leftAlone, known)
}

/** Null where they are not to be counted. */
function possibleValues(
  varying: Hyperparameter | undefined,
  source: Hyperparameter | undefined,
): ParameterValue[] | null {
  if (varying) return varying.distribution.type === 'categorical' ? varying.distribution.choices : null
  return source ? [source.value] : null
}
