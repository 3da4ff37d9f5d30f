import { type HoneError, userError } from '../domain/failure.ts'
import { JsonError } from './config/json.ts'
import { type Cells, cellText, type MappedText, readCells } from './notebook/cells.ts'
import { runLines } from './notebook/magics.ts'
import { lowerBound } from './source/positions.ts'
import { closed, type EditableFile, lineAt, nulBytes, openText, tooLarge, tooLong } from './source/text.ts'

/** A notebook carries its outputs, images too; only its code has to be short. */
const FILE_LIMITS = { bytes: 32 * 2 ** 20, lines: Number.POSITIVE_INFINITY }
const LIMITS = { bytes: 2 ** 20, lines: 50_000 }

/**
 * A notebook as one script: its code cells in their order, each ended by a newline, magics and shell commands taken
 * out. Places are those of the `.ipynb` file. Never throws.
 */
export function readNotebook(path: string, bytes: Buffer, limits = LIMITS): EditableFile {
  const file = openText(path, bytes, { cookie: false, limits: FILE_LIMITS })
  if (file.problem) return closed(path, file.problem)
  let cells: Cells | null
  const script = new Script()
  try {
    cells = readCells(file.text)
    for (const source of cells?.sources ?? []) {
      script.add(cellText(file.text, source))
      if (script.length > limits.bytes) return closed(path, tooLarge(path, script.length, limits.bytes))
    }
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    const why = file.text.trim() === '' ? 'the file is empty' : error.message
    return closed(path, broken(path, why, lineAt(file.text, error.offset)))
  }
  if (!cells) return closed(path, broken(path, 'it has no cells', 1))
  if (cells.language !== null && !/^i?python/.test(cells.language)) {
    return closed(path, otherLanguage(path, cells.language))
  }
  const { text, starts, ends } = script.end()
  const nul = text.indexOf('\0')
  if (nul >= 0) return closed(path, nulBytes(path, file.place(starts[nul] ?? 0, 0).line))
  if (text.split('\n').length > limits.lines + 1) return closed(path, tooLong(path, limits.lines))
  return {
    path,
    text,
    problem: null,
    place(start, end) {
      const from = starts[Math.max(0, Math.min(start, text.length))] ?? 0
      const to = end > start ? (ends[Math.min(end, text.length) - 1] ?? from) : from
      return file.place(from, to)
    },
    locate(start, end) {
      const range = file.locate(start, end)
      if (!range) return null
      let first = lowerBound(starts, range.start)
      // What the notebook does not hold has a place, and no width.
      while (first < text.length && starts[first] === range.start && ends[first] === range.start) first++
      const last = start === end ? first : lowerBound(ends, range.end) + 1
      const exact = starts[first] === range.start && (start === end || ends[last - 1] === range.end)
      return exact && last <= text.length ? { start: first, end: last } : null
    },
    encode: (piece) => Buffer.from(JSON.stringify(piece).slice(1, -1)),
  }
}

/**
 * The text of the script that a notebook is run as: the same text that is analysed.
 * @throws HoneError the notebook's problem: `notebook-broken`, `notebook-language`, `source-...`
 */
export function notebookScript(bytes: Buffer, path = 'notebook.ipynb'): string {
  const { text, problem } = readNotebook(path, bytes)
  if (problem) throw problem
  return text
}

/** Collects the lines that are run, with their places in the JSON text. */
class Script {
  private readonly parts: string[] = []
  private readonly starts: number[] = []
  private readonly ends: number[] = []
  length = 0

  add(cell: MappedText): void {
    const text = cell.text.replaceAll(/\r(?!\n)/g, '\n')
    const lines = text.split('\n')
    if (lines.at(-1) === '') lines.pop()
    const indent = /^[ \t]+(?=[^ \t\r])/.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0] ?? ''
    const cut = lines.map((line) => (indent !== '' && line.startsWith(indent) ? indent.length : 0))
    const run = runLines(lines.map((line, index) => line.slice(cut[index]).replace(/\r$/, '')))
    let at = 0
    for (const [index, line] of lines.entries()) {
      const { before, from } = run[index] ?? { before: '', from: 0 }
      const first = at + (cut[index] ?? 0) + from
      this.insert(before, cell.starts[first] ?? cell.ends[first - 1] ?? 0)
      at += line.length + 1
      this.copy(text, cell, first, Math.min(at, text.length))
      if (at > text.length) this.insert('\n', cell.ends.at(-1) ?? 0)
    }
  }

  end(): { text: string; starts: Uint32Array; ends: Uint32Array } {
    const last = this.ends.at(-1) ?? 0
    const text = this.parts.join('')
    return { text, starts: Uint32Array.from([...this.starts, last]), ends: Uint32Array.from(this.ends) }
  }

  private insert(text: string, place: number): void {
    if (text === '') return
    this.parts.push(text)
    this.length += text.length
    for (let unit = 0; unit < text.length; unit++) {
      this.starts.push(place)
      this.ends.push(place)
    }
  }

  private copy(text: string, cell: MappedText, start: number, end: number): void {
    this.parts.push(text.slice(start, end))
    this.length += Math.max(0, end - start)
    for (let at = start; at < end; at++) {
      this.starts.push(cell.starts[at] ?? 0)
      this.ends.push(cell.ends[at] ?? 0)
    }
  }
}

const broken = (path: string, why: string, line: number): HoneError =>
  userError(
    'notebook-broken',
    `${path} is no valid notebook (line ${line}): ${why}.`,
    'Open it in Jupyter, save it again and push again.',
    { file: path, line },
  )

const otherLanguage = (path: string, language: string): HoneError =>
  userError(
    'notebook-language',
    `${path} is a notebook in ${language}; Hone runs Python.`,
    'Point hone.yaml at a Python script or notebook.',
    { file: path },
  )
