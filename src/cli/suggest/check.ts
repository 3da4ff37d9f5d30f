import { nearestNames } from '../../domain/nearest.ts'
import type { ParameterValue } from '../../domain/trial.ts'
import { contains } from '../../search/levels.ts'
import type { Dimension, SearchSpace, Values } from '../../search/sampler.ts'
import { matters } from '../../search/space.ts'
import { type Problem, problemAt, shown } from './problem.ts'
import type { StudyLine, TrialLine } from './schema.ts'

type Path = readonly PropertyKey[]

/** Whatever in a study of the right form does not fit the rest of it, in order. */
export function* contradictions(study: StudyLine): Generator<Problem> {
  yield* inSpace(study.space, ['space'])
  yield* inTrials(study.space, study.trials, ['trials'])
  for (const [index, values] of (study.forbidden ?? []).entries()) {
    yield* inForbidden(study.space, values, ['forbidden', index])
  }
  for (const [index, { space, trials }] of (study.related ?? []).entries()) {
    yield* inSpace(space, ['related', index, 'space'])
    yield* inTrials(space, trials, ['related', index, 'trials'])
  }
}

const EXAMPLE = '{"lr": {"type": "float", "low": 1e-5, "high": 0.1, "log": true}}'

function* inSpace(space: SearchSpace, path: Path): Generator<Problem> {
  const all = Object.entries(space)
  if (all.length === 0) yield problemAt(path, 'has no hyperparameter', `Give it one, such as ${EXAMPLE}.`)
  for (const [name, dimension] of all) {
    yield* inDimension(dimension, [...path, name])
    yield* inCondition(space, name, [...path, name, 'condition'])
  }
}

function* inDimension(dimension: Dimension, path: Path): Generator<Problem> {
  if (dimension.type === 'categorical') {
    const { choices } = dimension
    const twice = choices.find((choice, index) => choices.indexOf(choice) < index)
    if (twice !== undefined)
      yield problemAt([...path, 'choices'], `holds ${shown(twice)} twice`, 'Leave one of them out.')
    return
  }
  const { low, high, log } = dimension
  if (low > high) yield problemAt([...path, 'low'], `is ${low}, above the high of ${high}`, 'Swap the two.')
  if (log && low <= 0) {
    const remedy = 'Give a low above 0, or leave `log` out.'
    yield problemAt([...path, 'low'], `is ${low}, but a logarithmic range begins above 0`, remedy)
  }
  if (!Number.isFinite(log && low > 0 ? high / low : high - low))
    yield problemAt(path, 'is too wide to count with', 'Give nearer bounds.')
}

function* inCondition(space: SearchSpace, name: string, path: Path): Generator<Problem> {
  const condition = space[name]?.condition
  if (!condition) return
  const other = Object.hasOwn(space, condition.name) ? space[condition.name] : undefined
  if (!other) return yield unknownName(space, condition.name, [...path, 'name'])
  const never = condition.values.find((value) => !contains(other, value))
  if (never !== undefined) {
    const remedy = 'Name values that it can have, in the same type.'
    yield problemAt([...path, 'values'], `holds ${shown(never)}, which ${condition.name} cannot be`, remedy)
  }
  const line = [name]
  for (const each of line) {
    const next = space[each]?.condition?.name
    if (next === name) {
      const remedy = 'Leave one of the conditions out.'
      return yield problemAt(path, `runs in a circle: ${[...line, name].join(' under ')}`, remedy)
    }
    if (next !== undefined && Object.hasOwn(space, next) && !line.includes(next)) line.push(next)
  }
}

function* inTrials(space: SearchSpace, trials: readonly TrialLine[], path: Path): Generator<Problem> {
  const numbers = new Map<number, number>()
  for (const [index, { number = index, values, state, metric = null }] of trials.entries()) {
    const at = [...path, index]
    const same = numbers.get(number)
    if (same !== undefined) {
      const remedy = 'Give each trial a number of its own, or none: then it is the place in the list.'
      yield problemAt(at, `has the number ${number}, as ${path.join('.')}[${same}] has`, remedy)
    }
    numbers.set(number, index)
    if ((state === 'completed' || state === 'pruned') && metric === null) {
      const remedy = 'Give the metric; for a training without one, say "failed".'
      yield problemAt(at, `is ${state}, but has no metric`, remedy)
    }
    yield* inValues(space, values, [...at, 'values'])
    const missing = Object.keys(space).find(
      (name) => !Object.hasOwn(values, name) && matters(space, values, name),
    )
    if (missing !== undefined) {
      const remedy =
        'Give the value that the trial was trained with; trials of another space belong into `related`.'
      yield problemAt([...at, 'values', missing], 'is missing', remedy)
    }
  }
}

/** Numbers may lie outside of the bounds, as the user's own sometimes do. */
function* inValues(space: SearchSpace, values: Readonly<Values>, path: Path): Generator<Problem> {
  for (const [name, value] of Object.entries(values)) {
    const dimension = Object.hasOwn(space, name) ? space[name] : undefined
    if (!dimension) yield unknownName(space, name, [...path, name])
    else if (dimension.type !== 'categorical') {
      const kind = dimension.type === 'int' ? 'a whole number' : 'a number'
      const fits = dimension.type === 'int' ? Number.isInteger(value) : typeof value === 'number'
      const remedy = `${name} is ${kind} in the space; give its value as one.`
      if (!fits) yield problemAt([...path, name], `is ${shown(value)}, but has to be ${kind}`, remedy)
    } else if (!contains(dimension, value)) yield noChoice(dimension.choices, value, [...path, name])
  }
}

function* inForbidden(space: SearchSpace, values: Readonly<Values>, path: Path): Generator<Problem> {
  if (Object.keys(values).length === 0) {
    yield problemAt(
      path,
      'is empty, which would forbid everything',
      'Name the values that exclude each other.',
    )
  }
  yield* inValues(space, values, path)
}

const noChoice = (choices: readonly ParameterValue[], value: ParameterValue, path: Path) =>
  problemAt(
    path,
    `is ${shown(value)}, which is none of its choices`,
    `The choices are ${choices.slice(0, 20).map(shown).join(', ')}.`,
  )

function unknownName(space: SearchSpace, name: string, path: Path): Problem {
  const names = Object.keys(space)
  const [near] = nearestNames(name, names, 1)
  const remedy = near
    ? `Did you mean \`${near}\`?`
    : `The hyperparameters are ${names.slice(0, 20).join(', ')}.`
  return problemAt(path, `speaks of ${shown(name)}, which the space does not have`, remedy)
}
