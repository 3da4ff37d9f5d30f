import type { Distribution } from '../domain/detection.ts'

const NUMBER =
  /^(?:([+-])[ \t]*)?(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/

/** A real, finite Python number literal; `float` as Python sees it. */
export interface NumberLiteral {
  value: number
  float: boolean
}

/** `1e-3`, `-1_000`, `0x10` -> number; null for all that is no plain number (`1j`, `x`, `1 + 1`). */
export function parseNumber(text: string): NumberLiteral | null {
  const match = NUMBER.exec(text.replaceAll(/(?<=[0-9a-fA-FxXoObB])_(?=[0-9a-fA-F])/g, ''))
  if (!match) return null
  const digits = match[2] ?? ''
  const float = !/^0[xXoObB]/.test(digits) && /[.eE]/.test(digits)
  const value = Number(digits) * (match[1] === '-' ? -1 : 1)
  if (!Number.isFinite(value) || (!float && !Number.isSafeInteger(value))) return null
  return { value: value === 0 ? 0 : value, float }
}

/** Up to six significant digits: what is written is what is stored. */
export const roundFloat = (value: number): number => Number(value.toPrecision(6))

/**
 * The Python literal of a value: an int for an int distribution, else a float that Python also reads as float.
 * @throws RangeError for NaN, an infinity, or a fraction where an int belongs
 */
export function formatValue(value: number | string | boolean, distribution: Distribution): string {
  if (typeof value === 'string') return formatString(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be written as a Python number`)
  if (distribution.type === 'float') return formatFloat(value)
  if (Number.isSafeInteger(value)) return String(value)
  if (distribution.type === 'int') throw new RangeError(`${value} is not an integer`)
  return formatFloat(value)
}

/** `0.5`, `35.0`, `1e-05`, `1e+21`: the spelling of Python's own repr(). */
function formatFloat(value: number): string {
  const rounded = roundFloat(value)
  const [digits = '', exponentText = '0'] = rounded.toExponential().split('e')
  const exponent = Number(exponentText)
  if (rounded === 0) return '0.0'
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? '-' : '+'
    return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  const plain = String(rounded)
  return plain.includes('.') ? plain : `${plain}.0`
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const formatString = (value: string) =>
  `'${value.replaceAll(/[\\'\n\r\t]/g, (character) => ESCAPES[character] ?? character)}'`

/** Whether source text is the literal of this value. */
export function isLiteralOf(text: string, value: number | string): boolean {
  if (typeof value === 'number') return parseNumber(text)?.value === value
  return text === formatString(value) || text === JSON.stringify(value)
}
