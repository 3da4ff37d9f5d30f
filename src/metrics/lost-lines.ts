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

/** Lines at the end of a log that are looked for in what was printed: many a script prints the same line again and again. */
const COMPARED = 50

/**
 * Of what a script's own process printed, what its log has not: all behind the place that reads as the log's end does. The log has
 * lines of other processes in between, and two streams may come in another order, so that it is the place with the most lines in
 * common. Of several it is the one with as many lines before it as the log has, where these are all of its lines; else the latest,
 * since no line may be there twice. Where nothing is in common the time decides. None is older than the log's last line. Pure.
 * @param log the last lines of the log, with the time of the last one; null where the log is empty
 * @param printed the last lines that the script's own process printed
 */
export function linesBehind(
  { tail, lastAt, isWhole }: { tail: readonly string[]; lastAt: string | null; isWhole: boolean },
  printed: readonly PrintedLine[],
): PrintedLine[] {
  if (lastAt === null) return [...printed]
  const texts = printed.map(({ text }) => text)
  const known = new Set(texts)
  const wanted = tail.filter((text) => known.has(text))
  const behind =
    wanted.length === 0
      ? printed.filter(({ at }) => at > lastAt)
      : printed.slice(endOf(wanted.slice(-COMPARED), texts, isWhole ? wanted.length - 1 : texts.length) + 1)
  return behind.map(({ at, text }) => ({ at: at > lastAt ? at : lastAt, text }))
}

/**
 * Index of the last line of the piece, as long as what is wanted, that has the most lines in common with it.
 * @param likely of several, it is the one that is nearest to this
 */
function endOf(wanted: readonly string[], printed: readonly string[], likely: number): number {
  const missing = new Map<string, number>()
  for (const text of wanted) missing.set(text, (missing.get(text) ?? 0) + 1)
  /** @returns by how many more lines are in common */
  const count = (text: string, by: 1 | -1): number => {
    const before = missing.get(text) ?? 0
    missing.set(text, before - by)
    return by > 0 ? Number(before > 0) : -Number(before >= 0)
  }
  let [common, most, end] = [0, 0, -1]
  for (const [index, text] of printed.entries()) {
    common += count(text, 1)
    const gone = printed[index - wanted.length]
    if (gone !== undefined) common += count(gone, -1)
    const isNearer = Math.abs(index - likely) <= Math.abs(end - likely)
    if (common > most || (common === most && isNearer)) [most, end] = [common, index]
  }
  return end
}
