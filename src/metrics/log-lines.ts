import type { Metric, Split } from '../domain/metric.ts'
import { statesOf } from './clean.ts'
import { normaliseValue, readName, spellingsOf, splitOfWord } from './names.ts'
import { readNumber } from './numbers.ts'

export interface LogReader {
  /**
   * The metrics that one line reports. Remembers the epoch and the section that earlier lines announced, so lines
   * have to come in order.
   * @param lineNumber counted from 1
   */
  read(text: string, lineNumber: number): Metric[]
}

/** What earlier lines announced for those that follow. */
interface Section {
  /** Of a header such as `Epoch 3/10` that stands on a line without the metric. */
  epoch: number | null
  /** Keras's bar of that epoch has come to its end: a bar that follows is an evaluation. */
  barEnded: boolean
  /** Of a header such as `Test Error:`, for the next lines. */
  split: Split | null
}

const EVIDENCE_LIMIT = 300
const EPOCH = /(?<![A-Za-z])(?:epoch|ep)["']?\]?[ :=#[]{0,4}(\d{1,9})(?!\d|\.\d*[1-9])/i
const ROUND =
  /(?<![A-Za-z/])(?:iter|iteration|round|step)["']?[ :=#[]{0,4}(\d{1,9})(?![\d.])|^\s{0,8}\[(\d{1,9})(?:[/,]\s{0,8}\d{1,9})?\]/i
/** A bar of Keras or of a like: how far it is, then the bar, then the metrics. */
const BAR = /^\s*(\d{1,9})\/(\d{1,9}|Unknown)\s{0,4}(?:\[[=>.]|[━╸╺]|- )/
const SECTION =
  /^[\s#=*-]{0,20}(\w{3,12})(?:ing)?(?:\s(?:set|error|results?|metrics|performance|data))?\s*:?[\s=*-]{0,40}$/i
const NO_RESULT = /Namespace\(/
/** `best` values of a line about an epoch repeat what an earlier line said. */
const BEST = /best\W{0,3}(?:\w{1,12}\W){0,2}$/i
/** Words before the name that make it a wish, a setting, or another metric. */
const NOT_BEFORE =
  /(?:target|goal|threshold|required|minimum|min|desired|expected|wanted|baseline|chance|random|previous|prev|balanced|top[ _-]?[2-9]\d?|per[ -]class|class|std|delta)[\s_:=-]{1,3}$|(?:[<>]=?|--[\w-]{0,40})$/i
/** Between name and value: a separator or nothing at all. */
const JOINED =
  /^["'`\])]{0,2}\s{0,4}(?:\([^()\d]{0,20}\)|\[%\])?\s{0,4}(?::|=|->|=>|→|≈|~|is\b|was\b|\|)\s{0,40}/i
const SPACED = /^["']?(?:\s{1,60}|\s?\|\s{0,20})/
/** Between name and value: words that say what it was measured on, ended by a separator. */
const WORDED =
  /^[\s(]{1,3}((?:[\w\d/-]{1,20}[\s)]{1,3}){0,8}[\w\d/-]{1,20})\)?\s{0,3}(?::|=|\bis|\bwas)\s{0,8}/i
const WORD =
  /^(?:score|of|on|for|over|in|after|the|a|our|my|this|final|full|whole|overall|average|mean|network|net|model|classifier|test|testing|val|valid|validation|train|training|dev|holdout|held|out|held-out|unseen|set|data|dataset|images|image|samples|examples|digits|rows|points|epochs?|iterations|\d{1,9}|is|was)$/i
const SENTENCE_END = /[.!?]\s/
const REPORT = /^\s*(?:macro avg|accuracy)\s/

/**
 * Reads one metric from the lines of a training's log.
 * @param metricName the metric's name in the settings, such as `accuracy`, `val_accuracy` or `rmse`
 */
export function createLogReader(metricName: string): LogReader {
  const { name } = readName(metricName)
  const names = spellingsOf(name).map((spelling) =>
    spelling
      .split('_')
      .map((part) => part.replaceAll(/[^\w]/g, '\\$&'))
      .join('[ _./-]?'),
  )
  const pattern = `(?<![A-Za-z\\d])(?:${names.join('|')})(?![A-Za-z\\d])`
  const isNamed = new RegExp(pattern, 'i')
  const everyName = new RegExp(pattern, 'gi')
  const find = (text: string) => (isNamed.test(text) ? matches(text, name, everyName) : [])
  const section: Section = { epoch: null, barEnded: false, split: null }
  return {
    read(text, lineNumber) {
      let metrics: Metric[] = []
      for (const state of statesOf(text)) {
        const found = readState(state, name, find, section)
        // Only the last state of a line that overwrites itself stays on the screen.
        if (found.length > 0) metrics = found.map((metric) => ({ ...metric, line: lineNumber }))
      }
      return metrics
    },
  }
}

function readState(text: string, name: string, find: (text: string) => Match[], section: Section): Metric[] {
  if (NO_RESULT.test(text)) return []
  const row = readReport(text, name)
  if (row !== undefined) return row
  const bar = BAR.exec(text)
  const epoch = stepOf(text, EPOCH) ?? stepOf(text, ROUND)
  if (bar && bar[2] !== 'Unknown' && bar[1] !== bar[2]) return []
  const evaluating = bar !== null && section.barEnded
  const found = find(text)
  if (bar) section.barEnded = section.epoch !== null
  if (found.length === 0) {
    announce(text, epoch, section)
    return []
  }
  if (epoch !== null) section.epoch = null
  const evidence = text.trim().slice(0, EVIDENCE_LIMIT)
  return found.map(({ value, split, summary }) => {
    const inEpoch = bar ? !evaluating : !section.barEnded
    const step = summary ? null : (epoch ?? (inEpoch ? section.epoch : null))
    const barSplit = bar && !evaluating && section.epoch !== null ? 'train' : null
    const known = split ?? barSplit ?? section.split ?? 'unknown'
    return { name, split: known, value, step, source: 'log', evidence, line: null }
  })
}

function announce(text: string, epoch: number | null, section: Section): void {
  if (epoch !== null) {
    section.epoch = epoch
    section.barEnded = false
    section.split = null
    return
  }
  const word = SECTION.exec(text)?.[1]
  section.split = word === undefined ? (/^\s/.test(text) ? section.split : null) : splitOfWord(word)
}

function stepOf(text: string, pattern: RegExp): number | null {
  const match = pattern.exec(text.slice(0, 2000))
  const digits = match?.[1] ?? match?.[2]
  return digits === undefined ? null : Number(digits)
}

interface Match {
  value: number
  /** Null when neither the words around nor the name say it. */
  split: Split | null
  /** A best or final value, of the whole training. */
  summary: boolean
}

function matches(text: string, name: string, pattern: RegExp): Match[] {
  const found: Match[] = []
  const epochAt = EPOCH.exec(text.slice(0, 2000))?.index ?? Number.POSITIVE_INFINITY
  let from = 0
  for (const { 0: spelling, index } of text.matchAll(pattern)) {
    if (index < from) continue
    const before = text.slice(Math.max(from, index - 200), index)
    const rest = text.slice(index + spelling.length, index + spelling.length + 160)
    if (NOT_BEFORE.test(before.slice(-60))) continue
    const best = BEST.test(before.slice(-60))
    if (best && epochAt < index) continue
    const given = valueAfter(rest)
    const value = given && normaliseValue(name, given.value, given.percent)
    if (!given || value === null) continue
    const carried = SENTENCE_END.test(before) ? null : (found.at(-1)?.split ?? null)
    const split = splitIn(given.gap) ?? splitIn(before) ?? carried
    found.push({ value, split, summary: best || /\bfinal\W/i.test(before.slice(-30)) })
    from = index + spelling.length + given.length
  }
  return found
}

/** The value that follows a name, with the words between that say what it is about. */
function valueAfter(rest: string) {
  const joined = JOINED.exec(rest)?.[0]
  if (joined !== undefined) {
    const number = readNumber(rest.slice(joined.length))
    if (number) return { ...number, gap: joined, length: joined.length + number.length }
  }
  const worded = WORDED.exec(rest)
  if (worded) {
    const words = (worded[1] ?? '').split(/[\s()]+/).filter((word) => word !== '')
    const number = words.every((word) => WORD.test(word)) ? readNumber(rest.slice(worded[0].length)) : null
    if (number) return { ...number, gap: worded[0], length: worded[0].length + number.length }
  }
  const spaced = SPACED.exec(rest)?.[0]
  if (spaced !== undefined) {
    const number = readNumber(rest.slice(spaced.length))
    // Without a separator only a number that looks like a result: `accuracy 3` may count anything.
    if (number?.exact) return { ...number, gap: spaced, length: spaced.length + number.length }
  }
  return null
}

/** The split named nearest to the end of a text, within its last sentence. */
function splitIn(text: string): Split | null {
  const sentence = text.split(SENTENCE_END).at(-1) ?? ''
  const words = sentence.split(/[^A-Za-z\d]+/)
  for (let at = words.length - 1; at >= 0; at--) {
    const split = splitOfWord(words[at] ?? '')
    const over = /^(?:complete|completed|finished|done|took|time|ended|over)$/i.test(words[at + 1] ?? '')
    if (split && !over) return split
  }
  return null
}

/** Columns of scikit-learn's classification_report. */
const COLUMNS: Record<string, number> = { precision: 0, recall: 1, f1: 2 }

/** The rows of a classification_report that sum it up; undefined for any other line. */
function readReport(text: string, name: string): Metric[] | undefined {
  if (!REPORT.test(text)) return undefined
  const cells = text.trim().split(/\s{2,}/)
  const [label = '', ...numbers] = cells
  if (numbers.length < 2 || !numbers.every((cell) => /^\d+(?:\.\d+)?$/.test(cell))) return undefined
  const column = COLUMNS[name] ?? -1
  const cell =
    label === 'accuracy' && name === 'accuracy'
      ? numbers[0]
      : label === 'macro avg'
        ? numbers[column]
        : undefined
  if (cell === undefined) return []
  const evidence = text.trim().slice(0, EVIDENCE_LIMIT)
  return [{ name, split: 'unknown', value: Number(cell), step: null, source: 'log', evidence, line: null }]
}
