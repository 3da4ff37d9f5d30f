import type { Distribution, Hyperparameter } from './detection.ts'
import { type HoneError, userError } from './failure.ts'
import { nearestNames } from './nearest.ts'
import type { ParameterValue } from './trial.ts'

/** A combination of values that hone.yaml forbids. */
export interface ForbiddenHint {
  values: Readonly<Record<string, ParameterValue>>
  /** Of hone.yaml; null when it did not come from there. */
  line: number | null
}

const FILE = 'hone.yaml'
const MAX_LISTED = 20

/**
 * The combinations that the search has to keep away from, in the hyperparameters that it opens: what is not searched has
 * the value it keeps, so a combination either loses that part or can never come about. Pure.
 * @param searched what the run searches
 * @param found all that the source has
 * @param fixed values that hone.yaml gives to those that are not searched
 * @throws HoneError `user`, `hone-yaml`, with the line, for a name that was not found and a value that it cannot have
 */
export function settleForbidden(
  said: readonly ForbiddenHint[],
  searched: readonly Hyperparameter[],
  found: readonly Hyperparameter[],
  fixed: Readonly<Record<string, ParameterValue>> = {},
): Record<string, ParameterValue>[] {
  const open = new Map(searched.map((parameter) => [parameter.name, parameter]))
  const known = new Map(found.map((parameter) => [parameter.name, parameter]))
  return said.flatMap(({ values, line }) => {
    const entries = Object.entries(values)
    if (entries.length === 0) {
      throw wrong(line, 'it names no value, which would forbid everything', 'Name two values or more.')
    }
    const left: [string, ParameterValue][] = []
    let isPossible = true
    for (const [name, value] of entries) {
      const parameter = open.get(name) ?? known.get(name)
      if (!parameter) throw unknown(name, [...known.keys()], line)
      if (open.has(name)) {
        check(parameter, value, line)
        left.push([name, value])
      } else if ((fixed[name] ?? parameter.value) !== value) isPossible = false
    }
    if (!isPossible) return []
    // What is fixed forbids the whole run: the user's own values are trained all the same, but nothing after them.
    if (left.length === 0)
      throw wrong(line, 'the values that are not searched are all of it', 'Search one of them.')
    return [Object.fromEntries(left)]
  })
}

function check({ name, distribution }: Hyperparameter, value: ParameterValue, line: number | null): void {
  const problem = misfit(distribution, value)
  if (problem) {
    const remedy = problem.remedy.replace('NAME', name)
    throw wrong(line, `${name} is ${JSON.stringify(value)} there, but ${problem.why}`, remedy)
  }
}

/** Why a value can never come about; null when it can. */
function misfit(distribution: Distribution, value: ParameterValue): { why: string; remedy: string } | null {
  if (distribution.type === 'categorical') {
    if (distribution.choices.includes(value)) return null
    const choices = distribution.choices.map((choice) => JSON.stringify(choice)).join(', ')
    return { why: `is searched among ${choices}`, remedy: 'Name one of these.' }
  }
  const { type, low, high, step } = distribution
  if (type === 'float' && step === undefined) {
    const why = 'is searched in a range, where hardly a value comes twice'
    return { why, remedy: 'Give it choices: `hyperparameters: { NAME: { choices: [...] } }`.' }
  }
  if (typeof value === 'number' && value >= low && value <= high) return null
  return { why: `is searched from ${low} to ${high}`, remedy: 'Name a number of these.' }
}

function unknown(name: string, names: readonly string[], line: number | null): HoneError {
  const near = nearestNames(name, names, 1)
  const remedy =
    near.length > 0
      ? `Did you mean ${near.map((one) => `\`${one}\``).join(' or ')}?`
      : `The names are ${names.slice(0, MAX_LISTED).join(', ')}${names.length > MAX_LISTED ? ', ...' : ''}.`
  return wrong(line, `there is no hyperparameter \`${name}\``, remedy)
}

const wrong = (line: number | null, what: string, remedy: string) =>
  userError(
    'hone-yaml',
    `${FILE} is not valid: ${line === null ? '' : `line ${line}, `}\`forbidden\`: ${what}.`,
    remedy,
    { file: FILE, ...(line === null ? {} : { line }) },
  )
