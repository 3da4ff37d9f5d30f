/** Characters that would move the cursor or turn the reading direction of a terminal. */
const UNSAFE = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** Text from a file, safe to print on one line. */
export const printable = (text: string) => text.replaceAll('\t', ' ').replaceAll(UNSAFE, '·')

export const widthOf = (text: string) => [...text].length

/** At most so wide, with `…` for what is missing at the end. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  return `${[...text]
    .slice(0, Math.max(0, width - 1))
    .join('')
    .trimEnd()}…`
}

/** At most so wide, with `…` for what is missing at the start: of a path, the end tells more. */
export const cutStart = (text: string, width: number) =>
  widthOf(text) <= width ? text : `…${[...text].slice(1 - width).join('')}`

export const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - widthOf(text)))

/** Words on lines of at most so many characters; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/[ \t\r\n]+/).filter(Boolean)) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Items with ` · ` between them, none of them broken. */
export const wrapItems = (items: readonly string[], width: number): string[] =>
  wrap(items.map((item) => item.replaceAll(' ', '\u00a0')).join(' · '), width).map((line) =>
    line.replaceAll('\u00a0', ' '),
  )

/** A value as Python would write it, without quotes: `0.001`, `1e-5`, `True`, `adam`. */
export function valueText(value: number | string | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return value === '' ? "''" : printable(value)
  const plain = String(value)
  const power = value.toExponential().replace('e+', 'e')
  const small = Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6
  return value !== 0 && small && power.length < plain.length ? power : plain
}
