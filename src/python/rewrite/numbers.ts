/** What a format asks of the spelling of its floats. */
export interface NumberRules {
  /** `.5` and `1.` are allowed. */
  bareDot: boolean
  /** YAML 1.1: an exponent needs a point before it and a sign: `1.0e-05`, `1.0e+3`. */
  fullExponent: boolean
}

const DECIMAL = /^[+-]?[ \t]*(\d[\d_]*)?(\.?)(\d[\d_]*)?(?:([eE])([+-]?)(\d+))?$/
const GROUPED = /^[+-]?[ \t]*\d{1,3}(?:_\d{3})+$/

/** How a number is spelled, as far as another value can be spelled alike. */
interface Style {
  /** `e`, `E`, or empty without an exponent. */
  letter: string
  /** Of a positive exponent. */
  plus: boolean
  /** Digits of the exponent at least. */
  width: number
  /** In front of the exponent. */
  point: boolean
  leading: boolean
  trailing: boolean
}

const PLAIN: Style = { letter: '', plus: false, width: 1, point: false, leading: true, trailing: true }

function styleOf(text: string): Style {
  const match = DECIMAL.exec(text)
  if (!match) return PLAIN
  const [, whole, point, fraction, letter = '', sign, exponent = ''] = match
  return {
    letter,
    plus: sign === '+',
    width: /^0\d/.test(exponent) ? exponent.length : 1,
    point: point === '.' && letter !== '',
    leading: whole !== undefined,
    trailing: point === '' || fraction !== undefined,
  }
}

/**
 * A finite number in the style of `like`: with or without an exponent (`1e-3` -> `3e-4`, `0.001` -> `0.0003`), `e` or
 * `E`, a missing zero stays missing (`.5` -> `.37`). It reads back as exactly `value`.
 * @param like the literal that it takes the place of; of an int, an exponent is not taken over
 * @param float whether a float has to come out; without, `value` is a safe integer
 */
export function writeNumber(value: number, like: string, float: boolean, rules: NumberRules): string {
  const sign = value < 0 ? '-' : ''
  const size = Math.abs(value)
  if (!float) return sign + (GROUPED.test(like) ? grouped(String(size)) : String(size))
  const style = styleOf(like)
  const [mantissa = '', power = '0'] = size.toExponential().split('e')
  const exponent = Number(power)
  const far = size !== 0 && (exponent < -6 || exponent >= 16)
  // Nobody writes 2.5e0.
  if (far || (style.letter !== '' && exponent !== 0 && size !== 0)) {
    return sign + withExponent(mantissa, exponent, { ...style, letter: style.letter || 'e' }, rules)
  }
  return sign + withPoint(String(size), style, rules)
}

function withExponent(mantissa: string, exponent: number, style: Style, rules: NumberRules): string {
  const zero = style.trailing || !rules.bareDot ? '.0' : '.'
  const whole = !mantissa.includes('.') && (style.point || rules.fullExponent)
  const digits = whole ? mantissa + zero : mantissa
  const plus = style.plus || rules.fullExponent ? '+' : ''
  const power = String(Math.abs(exponent)).padStart(style.width, '0')
  return `${digits}${style.letter}${exponent < 0 ? '-' : plus}${power}`
}

function withPoint(digits: string, style: Style, rules: NumberRules): string {
  if (!digits.includes('.')) return `${digits}.${style.trailing || !rules.bareDot ? '0' : ''}`
  return !style.leading && rules.bareDot ? digits.replace(/^0/, '') : digits
}

const grouped = (digits: string) => digits.replaceAll(/\B(?=(?:\d{3})+$)/g, '_')
