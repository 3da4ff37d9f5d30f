/** Longer lines are cut to their last characters: a progress bar's newest state stands at its end. */
const LINE_LIMIT = 64 * 1024

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
const ESCAPE_SEQUENCE = /\x1b\[[0-?]{0,32}[ -/]{0,8}[@-~]/g

// biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor of a terminal
const CONTROL = /[\x1b\r\b]/

/**
 * What a terminal would have shown of one log line, in order: the states that carriage returns or backspaces
 * overwrote, without colours.
 */
export function statesOf(line: string): string[] {
  const cut = line.length > LINE_LIMIT ? line.slice(-LINE_LIMIT) : line
  // Nearly every line, and some trainings print very many.
  if (!CONTROL.test(cut)) return states([cut])
  return states(cut.replaceAll(ESCAPE_SEQUENCE, '').split(/[\r\b]+/))
}

const states = (parts: string[]) => parts.map((part) => part.trimEnd()).filter((part) => part.trim() !== '')
