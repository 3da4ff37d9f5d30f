/** A number as a person writes it, without an exponent as far as that can be read: 0.00001. */
export function plain(value: number): string {
  const short = Number(value.toPrecision(6))
  const size = Math.abs(short)
  if (size === 0 || (size >= 1e-4 && size < 1e15)) return String(short)
  if (size >= 1e-10 && size < 1) return short.toFixed(16).replace(/0+$/, '')
  return String(short)
}

/** One significant digit: 0.0003. */
export const rough = (value: number): number => Number(value.toPrecision(1))
