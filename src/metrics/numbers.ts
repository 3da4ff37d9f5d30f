/** A printed value at the start of a text. */
export interface PrintedNumber {
  value: number
  percent: boolean
  /** Characters it takes. */
  length: number
  /** It has a decimal point, a percent sign or is a ratio: more likely a result than a count. */
  exact: boolean
}

/** What libraries put around a number: quotes, brackets, `tensor(0.81)`, `np.float64(0.81)`. */
const WRAPPER =
  /^(?:["'[(]|(?:torch\.)?tensor\(|(?:np\.|numpy\.)?(?:float(?:16|32|64)|array)\(|tf\.Tensor\(){0,3}/
const NUMBER = /^[-+]?(?:\d{1,15}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][-+]?\d{1,3})?/
const NOT_FINITE = /^[-+]?(?:nan|inf|infinity)(?![A-Za-z\d_])/i
const RATIO = /^\s?\/\s?(\d{1,15})(?![\d.])/
/** What makes of digits a date, a time, a version, a count of something or a unit, and no value. */
const NO_VALUE_AFTER = /^(?:[A-Za-z_]|[-:/.]\d|,\d{3}(?!\d))/

/** Reads a value; null when the text does not start with one. Looks at no more than the first 80 characters. */
export function readNumber(text: string): PrintedNumber | null {
  const head = text.slice(0, 80)
  const wrapper = WRAPPER.exec(head)?.[0] ?? ''
  const rest = head.slice(wrapper.length)
  const special = NOT_FINITE.exec(rest)?.[0]
  if (special !== undefined) {
    const value = /nan/i.test(special) ? Number.NaN : special.startsWith('-') ? -Infinity : Infinity
    return { value, percent: false, length: wrapper.length + special.length, exact: false }
  }
  let digits = NUMBER.exec(rest)?.[0]
  if (digits === undefined) return null
  // The full stop of a sentence is none of the number's.
  if (digits.endsWith('.') && !/^\s*%/.test(rest.slice(digits.length))) digits = digits.slice(0, -1)
  let length = wrapper.length + digits.length
  let after = head.slice(length)
  const ratio = RATIO.exec(after)
  if (ratio) {
    const [of, whole] = [Number(digits), Number(ratio[1])]
    if (whole === 0 || of > whole || of < 0) return null
    return { value: of / whole, percent: false, length: length + ratio[0].length, exact: true }
  }
  const percent = /^\s{0,2}%/.exec(after)?.[0]
  if (percent !== undefined) {
    length += percent.length
    after = head.slice(length)
  }
  if (NO_VALUE_AFTER.test(after)) return null
  // A list of several values is not one.
  if (/[[(]["']?$/.test(wrapper) && /^["']?(?:,\s*|\s+)["']?[-+]?\.?\d/.test(after)) return null
  const value = Number(digits)
  return {
    value,
    percent: percent !== undefined,
    length,
    exact: percent !== undefined || digits.includes('.'),
  }
}
