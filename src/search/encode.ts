import { axisOf } from './encode/axis.ts'
import { countOf } from './levels.ts'
import type { SearchSpace, Values } from './sampler.ts'
import { matters } from './space.ts'

/** A search space as the unit cube, for what computes with distances. */
export interface Encoding {
  /** The hyperparameters with more than one value; each is a column of the cube. */
  names: readonly string[]
  /** By column: whether it holds categories, of which only the equality counts. */
  nominal: readonly boolean[]
  /**
   * The point of some values. A number that does not matter under the others, or is not there, lies at 0.5; such a
   * category is unlike all others.
   */
  encode(values: Readonly<Values>): number[]
  /** The values at a point, one for each hyperparameter of the space; `decode(encode(decode(point)))` equals them. */
  decode(point: readonly number[]): Values
  /** The point of the values at a point. */
  snap(point: readonly number[]): number[]
}

/** @throws RangeError for a distribution that holds nothing, or a logarithmic one that reaches zero */
export function encodingOf(space: SearchSpace): Encoding {
  const axes = Object.entries(space).map(([name, dimension]) => ({ name, ...axisOf(dimension) }))
  const columns = axes.filter(({ name }) => countOf(space[name] as SearchSpace[string]) > 1)
  const start = Object.fromEntries(axes.map(({ name, valueAt, absent }) => [name, valueAt(absent)]))
  const isConditional = columns.some(({ name }) => space[name]?.condition)
  const isIdle = (name: string, values: Readonly<Values>) => isConditional && !matters(space, values, name)

  const encode = (values: Readonly<Values>) =>
    columns.map(({ name, pointOf, absent }) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined
      return value === undefined || isIdle(name, values) ? absent : pointOf(value)
    })
  const valuesAt = (point: readonly number[]) => {
    const values = { ...start }
    columns.forEach(({ name, valueAt }, column) => {
      values[name] = valueAt(point[column] as number)
    })
    return values
  }
  return {
    names: columns.map(({ name }) => name),
    nominal: columns.map(({ nominal }) => nominal),
    encode,
    decode(point) {
      const values = valuesAt(point)
      const idle = columns.filter(({ name }) => isIdle(name, values))
      return { ...values, ...Object.fromEntries(idle.map(({ name }) => [name, start[name] ?? 0])) }
    },
    snap: (point) => encode(valuesAt(point)),
  }
}
