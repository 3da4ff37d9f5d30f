/** A function's value and its gradient. */
export interface Evaluation {
  value: number
  gradient: readonly number[]
}

/** Steps that the estimate of the curvature is made of. */
const MEMORY = 8

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, at) => sum + value * (b[at] as number), 0)
const plus = (a: readonly number[], b: readonly number[], scale: number) =>
  a.map((value, at) => value + scale * (b[at] as number))

/**
 * Minimum of a smooth function by L-BFGS (Nocedal and Wright, Numerical Optimization, 2006, algorithms 7.4 and 7.5), with
 * halved steps until the decrease suffices.
 * @param evaluate an infinite value means: not there
 * @param iterations at most; ends earlier where a step gains less than `tolerance`
 */
export function minimise(
  evaluate: (point: readonly number[]) => Evaluation,
  start: readonly number[],
  iterations: number,
  tolerance = 1e-4,
): { point: readonly number[]; value: number } {
  let point = start
  let { value, gradient } = evaluate(point)
  const history: { step: number[]; change: number[]; curvature: number }[] = []
  for (let iteration = 0; iteration < iterations; iteration++) {
    let direction = descent(gradient, history)
    let slope = dot(direction, gradient)
    if (!(slope < 0)) {
      direction = gradient.map((g) => -g)
      slope = -dot(gradient, gradient)
    }
    // The first step has no scale of its own: one unit long at most.
    let length = history.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope || 1)) : 1
    let next = plus(point, direction, length)
    let found = evaluate(next)
    while (!(found.value <= value + 1e-4 * length * slope) && length > 1e-6) {
      length /= 2
      next = plus(point, direction, length)
      found = evaluate(next)
    }
    if (!(found.value < value)) break
    const gain = value - found.value
    const step = plus(next, point, -1)
    const change = plus(found.gradient, gradient, -1)
    const curvature = dot(step, change)
    if (curvature > 1e-12) history.push({ step, change, curvature })
    if (history.length > MEMORY) history.shift()
    point = next
    value = found.value
    gradient = found.gradient
    if (gain < tolerance) break
  }
  return { point, value }
}

/** Minus the inverse Hessian, as the history tells it, times the gradient. */
function descent(
  gradient: readonly number[],
  history: readonly { step: number[]; change: number[]; curvature: number }[],
): number[] {
  let direction = gradient.map((g) => -g)
  const factors: number[] = []
  for (const { step, change, curvature } of history.toReversed()) {
    const factor = dot(step, direction) / curvature
    factors.push(factor)
    direction = plus(direction, change, -factor)
  }
  const last = history.at(-1)
  if (last !== undefined) {
    const scale = last.curvature / dot(last.change, last.change)
    direction = direction.map((d) => d * scale)
  }
  for (const { step, change, curvature } of history) {
    const factor = (factors.pop() as number) - dot(change, direction) / curvature
    direction = plus(direction, step, factor)
  }
  return direction
}
