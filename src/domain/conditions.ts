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
  const matters = ({ condition }: Hyperparameter, seen: readonly string[] = []): boolean => {
    if (!condition || seen.includes(condition.name)) return true
    const value = valueUnder(condition.name)
    const on = known.get(condition.name)
    return (
      value === undefined ||
      (condition.values.includes(value) && (!on || matters(on, [...seen, condition.name])))
    )
  }
  const own = hyperparameters.filter((parameter) => parameter.name in values && !matters(parameter))
  return { ...values, ...Object.fromEntries(own.map(({ name, value }) => [name, value])) }
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
