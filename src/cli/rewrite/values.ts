import type { Hyperparameter } from '../../domain/detection.ts'
import { type HoneError, userError } from '../../domain/failure.ts'
import { nearestNames } from '../../domain/nearest.ts'
import type { ParameterValue } from '../../domain/trial.ts'
import { meansTheSame } from '../../search/priors/index.ts'
import { rangeText } from '../inspect/table.ts'
import { valueText } from '../inspect/text.ts'

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const NAMES_SHOWN = 12
const MOST_MEANT = 3

/** `NAME=VALUE` taken apart; a name holds no `=`. @throws HoneError `set-spelling`, `set-twice` */
export function readAssignments(texts: readonly string[]): Map<string, string> {
  const wanted = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
    if (at < 1 || name === '' || value === '') {
      throw userError('set-spelling', `--set ${text} is no NAME=VALUE.`, 'Write it as in `--set lr=0.003`.')
    }
    if (wanted.has(name)) {
      throw userError('set-twice', `--set gives ${name} two values.`, 'Give each name one value.')
    }
    wanted.set(name, value)
  }
  return wanted
}

/**
 * The values, each of the type and within the bounds of its hyperparameter.
 * @throws HoneError `name-unknown`, `value-type`, `value-outside`
 */
export function valuesFor(
  parameters: readonly Hyperparameter[],
  wanted: ReadonlyMap<string, string>,
): Record<string, ParameterValue> {
  const known = new Map(parameters.map((parameter) => [parameter.name, parameter]))
  return Object.fromEntries(
    [...wanted].map(([name, text]) => {
      const parameter = known.get(name)
      if (!parameter) throw unknownName(name, [...known.keys()])
      return [name, parsedValue(parameter, text)]
    }),
  )
}

function parsedValue(parameter: Hyperparameter, text: string): ParameterValue {
  const { name, value: present, distribution } = parameter
  if (text === valueText(present) || text === String(present)) return present
  if (distribution.type === 'categorical') {
    const choice = distribution.choices.find((choice) => isSpelled(text, choice))
    if (choice === undefined) throw outside(parameter, text)
    return choice
  }
  const value = NUMBER.test(text) ? Number(text) : Number.NaN
  const whole = distribution.type === 'int'
  if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) {
    throw wrongType(parameter, text, whole ? 'a whole number' : 'a number')
  }
  if (value === present) return present
  if (value < distribution.low || value > distribution.high) throw outside(parameter, text)
  if (parameter.variants && !Object.hasOwn(parameter.variants, String(value))) {
    const possible = [...Object.keys(parameter.variants), String(present)].sort(
      (a, b) => Number(a) - Number(b),
    )
    throw userError(
      'value-outside',
      `${name} cannot become ${text}: the source allows ${possible.join(', ')}.`,
      'Choose one of these.',
      parameter,
    )
  }
  return value
}

const isSpelled = (text: string, choice: ParameterValue) =>
  text === valueText(choice) ||
  text === String(choice) ||
  (typeof choice === 'number' && NUMBER.test(text) && Number(text) === choice)

function unknownName(name: string, known: readonly string[]): HoneError {
  const same = known.filter((one) => meansTheSame(name, one.replace(/@.*$/, '')))
  const near = [...new Set([...same, ...nearestNames(name, known, MOST_MEANT)])].slice(0, MOST_MEANT)
  const more = known.length > NAMES_SHOWN ? ` and ${known.length - NAMES_SHOWN} more` : ''
  const remedy =
    near.length > 0
      ? `Did you mean ${near.map((one) => `\`${one}\``).join(' or ')}?`
      : known.length > 0
        ? `There are ${known.slice(0, NAMES_SHOWN).join(', ')}${more}: \`hone inspect\` shows them.`
        : 'Nothing was found there that Hone could change.'
  return userError('name-unknown', `There is no hyperparameter ${name}.`, remedy)
}

const wrongType = (parameter: Hyperparameter, text: string, type: string) =>
  userError(
    'value-type',
    `${parameter.name} has to be ${type} in ${rangeText(parameter.distribution)}, but ${text} is not.`,
    `It is ${valueText(parameter.value)} now.`,
    { file: parameter.file, line: parameter.line },
  )

function outside(parameter: Hyperparameter, text: string): HoneError {
  const { name, file, line, distribution } = parameter
  const numbers = distribution.type !== 'categorical'
  const widened = numbers
    ? `{low: ${valueText(distribution.low)}, high: ${valueText(distribution.high)}}`
    : `{choices: [${distribution.choices.map(valueText).join(', ')}]}`
  return userError(
    'value-outside',
    `${name} may become ${numbers ? rangeText(distribution) : `one of ${rangeText(distribution)}`}; ${text} is outside.`,
    `If you mean it, widen \`${name}: ${widened}\` under \`hyperparameters:\` in hone.yaml.`,
    { file, line },
  )
}
