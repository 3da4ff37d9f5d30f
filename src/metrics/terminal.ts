/* biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what is read here */

/** Control sequences, strings such as titles and links, and the short ones, as ECMA-48 writes them. */
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)|[ -/]*[0-~])/g
/** Colours and weights. */
const STYLE = /^\x1b\[[\d;]*m$/
const STYLES = /\x1b\[[\d;]*m/g
const SPECIAL = /[\r\b\x1b]/

/**
 * A line as a terminal leaves it: of what carriage returns and backspaces overwrote, the last state; of escape sequences
 * only colours and weights. Pure.
 */
export function shownText(line: string): string {
  if (!SPECIAL.test(line)) return line
  const styled = line.replaceAll(ESCAPES, (sequence) => (STYLE.test(sequence) ? sequence : ''))
  const states = styled.split('\r')
  return rubOut(states.findLast((state) => state.replaceAll(STYLES, '').trim() !== '') ?? '')
}

/** What is shown of a line, without colours. Pure. */
export const plainText = (line: string): string => shownText(line).replaceAll(STYLES, '')

/** Whether some lines together may show a text; never says no wrongly. Pure. @param lowered in lower case */
export const mayShow = (lines: string, lowered: string): boolean =>
  lines.includes('\b') || lines.replaceAll(ESCAPES, '').toLowerCase().includes(lowered)

/**
 * At most `limit` characters of a text, neither in the middle of a colour nor of a character. Pure.
 * @param text as `shownText` gives it
 */
export function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text
  return text.slice(0, limit).replace(/(?:\x1b(?:\[[\d;]*)?|[\ud800-\udbff])$/, '')
}

/** Takes back what stands before backspaces. */
function rubOut(text: string): string {
  if (!text.includes('\b')) return text
  const kept: string[] = []
  for (const character of text) {
    if (character === '\b') kept.pop()
    else kept.push(character)
  }
  return kept.join('')
}
