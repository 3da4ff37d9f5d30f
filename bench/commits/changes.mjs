/**
 * What a developer does between two commits. Each change makes of a problem the commit before and the one after: a space, the
 * user's own values, and how the values of that source are those of the problem.
 */

const without = (object, names) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))

const isNumeric = ({ type }) => type !== 'categorical'
const isFree = (space, name) =>
  !space[name].condition && !Object.values(space).some(({ condition }) => condition?.name === name)

/** A commit whose source has the whole space of the problem. */
const whole = ({ space, start }) => ({ space, own: start, inProblem: (values) => values })

/** A commit that has these hyperparameters as constants that are not searched. */
const fixing = ({ space, start }, constants) => ({
  space: without(space, Object.keys(constants)),
  own: without(start, Object.keys(constants)),
  inProblem: (values) => ({ ...values, ...constants }),
})

/** The value at a share of a range. */
function at({ type, low, high, log }, share) {
  const value = log ? low * (high / low) ** share : low + (high - low) * share
  return type === 'int' ? Math.round(value) : Number(value.toPrecision(6))
}

const shareOf = ({ low, high, log }, value) =>
  log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)

/** Numeric hyperparameters that no condition speaks of; by turns, so that each change takes others. */
const pick = ({ space }, count, turn) => {
  const names = Object.keys(space).filter((name) => isNumeric(space[name]) && isFree(space, name))
  return Array.from(
    { length: Math.min(count, names.length - 1) },
    (_, index) => names[(turn + index) % names.length],
  )
}

const constantsAt = ({ space }, names, share) =>
  Object.fromEntries(names.map((name) => [name, at(space[name], share)]))

const narrowed = (space, from, to) =>
  Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => [
      name,
      isNumeric(dimension) && isFree(space, name)
        ? { ...dimension, low: at(dimension, from), high: at(dimension, to) }
        : dimension,
    ]),
  )

const within = (space, values) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const { low, high } = space[name]
      return [
        name,
        typeof value === 'number' && low !== undefined ? Math.min(Math.max(value, low), high) : value,
      ]
    }),
  )

/** Values with each number at the other end of its range: what was good is bad, and the reverse. */
const mirrored =
  ({ space }) =>
  (values) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const dimension = space[name]
        return [name, isNumeric(dimension) ? at(dimension, 1 - shareOf(dimension, value)) : value]
      }),
    )

/** @returns `alike`: whether what was learned still holds; `before` and `after`: the two commits */
export const CHANGES = {
  'nothing that matters': {
    alike: true,
    make: (problem) => ({ before: whole(problem), after: whole(problem) }),
  },
  'two hyperparameters more': {
    alike: true,
    make: (problem, turn) => {
      const names = pick(problem, 2, turn)
      const constants = Object.fromEntries(names.map((name) => [name, problem.start[name]]))
      return { before: fixing(problem, constants), after: whole(problem) }
    },
  },
  'two hyperparameters fewer': {
    alike: true,
    make: (problem, turn) => ({
      before: whole(problem),
      after: fixing(problem, constantsAt(problem, pick(problem, 2, turn), 0.4)),
    }),
  },
  'other ranges': {
    alike: true,
    make: (problem) => {
      const space = narrowed(problem.space, 0, 0.8)
      const after = narrowed(problem.space, 0.1, 1)
      return {
        before: { ...whole(problem), space, own: within(space, problem.start) },
        after: { ...whole(problem), space: after, own: within(after, problem.start) },
      }
    },
  },
  'another constant': {
    alike: true,
    make: (problem, turn) => {
      const names = pick(problem, 1, turn + 1)
      return {
        before: fixing(problem, constantsAt(problem, names, 0.25)),
        after: fixing(problem, constantsAt(problem, names, 0.6)),
      }
    },
  },
  'twice the epochs': {
    alike: true,
    needs: 'curve',
    make: (problem) => ({ before: { ...whole(problem), epochs: 0.5 }, after: whole(problem) }),
  },
  'other data': {
    alike: false,
    needs: 'other',
    make: (problem) => ({ before: { ...whole(problem), problem: problem.other }, after: whole(problem) }),
  },
  'what was good is bad': {
    alike: false,
    make: (problem) => ({
      before: { ...whole(problem), inProblem: mirrored(problem) },
      after: whole(problem),
    }),
  },
}
