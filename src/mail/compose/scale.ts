const STEPS = [1, 2, 2.5, 5, 10]

/** Round numbers, about five, from under the smallest to over the greatest of these. Pure. */
export function ticksOf(values: readonly number[]): number[] {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const rough = (high - low || Math.abs(high) || 1) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (STEPS.find((times) => times * power >= rough) ?? 10)
  const first = Math.floor(low / step)
  const last = Math.max(Math.ceil(high / step), first + 1)
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  )
}

const MOST_MARKS = 8

/** Whole numbers from the first to the last, at most nine, evenly apart. Pure. */
export function countsOf(first: number, last: number): number[] {
  const rough = Math.max(1, (last - first) / MOST_MARKS)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, power * (STEPS.find((times) => times * power >= rough) ?? 10))
  const whole = Math.ceil(step)
  const start = Math.ceil(first / whole) * whole
  return Array.from({ length: Math.floor((last - start) / whole) + 1 }, (_, index) => start + index * whole)
}

const FAR = 10

/**
 * The values that a picture has to show, so that one hopeless trial does not flatten all others. Pure.
 * @returns those no further from the better half than ten times what that half spans
 */
export function withoutOutliers(values: readonly number[], target: number, maximize: boolean): number[] {
  const sign = maximize ? 1 : -1
  const sorted = [...values].sort((a, b) => sign * (b - a))
  const half = [target, ...sorted.slice(0, Math.ceil(sorted.length / 2))]
  const span = Math.max(...half) - Math.min(...half)
  const worst = Math.min(...half.map((value) => sign * value))
  return values.filter((value) => sign * value >= worst - FAR * span)
}
