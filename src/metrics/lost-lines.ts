export interface PrintedLine {
  /** As the engine writes it: RFC 3339 with nine digits of the second. */
  at: string
  text: string
}

/** What the runtime kept of the last lines that a script printed: `<time> <text>` each; a half-written last line is left out. Pure. */
export const readPrinted = (text: string): PrintedLine[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => ({ at: line.slice(0, line.indexOf(' ')), text: line.slice(line.indexOf(' ') + 1) }))

/** Lines before the last one that have to be the same, too: many a script prints the same line again and again. */
const COMPARED = 50

/**
 * Of what a script printed, what its log has not: all behind the last line that both have. Where several places of what was printed
 * read as the end of the log does, it is the latest of them. Where none does, since the end of the log is not of the script's
 * own process, what was printed after the log's last line. None is older than that one. Pure.
 * @param log the last lines of the log
 * @param lastAt the time of the last one; null where the log is empty
 * @param printed the last lines that the script's own process printed
 */
export function linesBehind(
  log: readonly string[],
  lastAt: string | null,
  printed: readonly PrintedLine[],
): PrintedLine[] {
  if (lastAt === null) return [...printed]
  const end = printed.findLastIndex((_, index) => readsAs(log, printed, index))
  const behind = end < 0 ? printed.filter(({ at }) => at > lastAt) : printed.slice(end + 1)
  return behind.map(({ at, text }) => ({ at: at > lastAt ? at : lastAt, text }))
}

/** Whether what was printed up to a line is what the log ends with, as far as both go back. */
function readsAs(log: readonly string[], printed: readonly PrintedLine[], end: number): boolean {
  const length = Math.min(log.length, end + 1, COMPARED)
  for (let back = 0; back < length; back++) {
    if (log[log.length - 1 - back] !== printed[end - back]?.text) return false
  }
  return true
}
