import type { HyperparameterView, OutlookView, TrialSummary } from '../../../src/http/contract.ts'
import { formatParameter } from '../format.ts'
import { describeDistribution } from '../parameters.ts'

/** What the search knows of a hyperparameter, in words. */
export interface Known {
  name: string
  range: string
  /** `71 %`; null before it is told. */
  importance: string | null
  source: string
}

type Importance = OutlookView['importance']

const importanceOf = (name: string, importance: Importance): string | null => {
  const share = importance.find((one) => one.name === name)?.share
  return share === undefined ? null : share < 0.005 ? 'under 1 %' : `${Math.round(share * 100)} %`
}

export const knownOf = (parameter: HyperparameterView, importance: Importance): Known => ({
  name: parameter.name,
  range: describeDistribution(parameter.distribution),
  importance: importanceOf(parameter.name, importance),
  source: parameter.source,
})

/** In one sentence, for a hint. Pure. */
export const knownWords = ({ name, range, importance, source }: Known): string =>
  [
    `${name}: ${range}`,
    ...(importance === null ? [] : [`importance ${importance}`]),
    ...(source === '' ? [] : [source]),
  ].join(' · ')

/**
 * The hyperparameter that a changed part of a line is: the one at this place of the source, or one that changes this
 * place together with its own. Pure.
 * @param line of the source before the change
 * @param start of the part, from 0
 */
export function hyperparameterAt(
  all: readonly HyperparameterView[],
  place: { file: string; line: number | null; start: number; text: string },
): HyperparameterView | null {
  const own = all.filter(({ file, line }) => file === place.file && line === place.line)
  const tied = all.filter(({ ties }) =>
    ties.some(({ file, line }) => file === place.file && line === place.line),
  )
  if (own.length === 0) return tied.length === 1 ? (tied[0] as HyperparameterView) : null
  // A string begins with its quote, and a value may be a part of what has changed.
  const near = (one: HyperparameterView) => Math.abs(one.column - 1 - place.start)
  return [...own].sort((a, b) => near(a) - near(b))[0] as HyperparameterView
}

export interface Change {
  name: string
  before: string
  after: string
  known: Known | null
}

/** The values that differ between two trials, in the order of the source. Pure. */
export function changesOf(
  from: Pick<TrialSummary, 'values'>,
  to: Pick<TrialSummary, 'values'>,
  all: readonly HyperparameterView[],
  importance: Importance,
): Change[] {
  const names = [...new Set([...Object.keys(from.values), ...Object.keys(to.values)])]
  const say = (values: TrialSummary['values'], name: string) =>
    name in values ? formatParameter(values[name]) : '–'
  return names
    .filter((name) => from.values[name] !== to.values[name])
    .map((name) => {
      const parameter = all.find((one) => one.name === name)
      return {
        name,
        before: say(from.values, name),
        after: say(to.values, name),
        known: parameter === undefined ? null : knownOf(parameter, importance),
      }
    })
}
