import { decodeString, JsonCursor, type JsonScalar, stringValue } from '../config/json.ts'

/** The source of a code cell: one text, or its lines. Offsets into the JSON text. */
export type CellSource = JsonScalar[]

export interface Cells {
  /** Of the code cells, in their order. */
  sources: CellSource[]
  /** As the kernel names it, in lower case; null when nothing tells it. */
  language: string | null
}

/** Deeper than any output that a library writes. */
const DEPTH_LIMIT = 200

/**
 * The code cells of a notebook, nbformat 3 and 4 (https://nbformat.readthedocs.io/en/latest/format_description.html).
 * @returns null when it is JSON, but has no list of cells
 * @throws JsonError
 */
export function readCells(json: string): Cells | null {
  const cursor = new JsonCursor(json, DEPTH_LIMIT)
  const found: Cells = { sources: [], language: null }
  const languages: Record<string, string> = {}
  let listed = false

  const text = (keep: (value: string) => void) => {
    if (cursor.peek() === '"') keep(stringValue(json, cursor.string()))
    else cursor.skip()
  }
  const members = (handlers: Record<string, () => void>) => {
    if (cursor.peek() !== '{') cursor.skip()
    else cursor.object((key) => (Object.hasOwn(handlers, key) ? handlers[key]?.() : cursor.skip()))
  }
  const items = (item: () => void) => {
    if (cursor.peek() === '[') cursor.array(item)
    else cursor.skip()
  }
  const source = (): CellSource => {
    if (cursor.peek() === '"') return [cursor.string()]
    const lines: CellSource = []
    items(() => {
      if (cursor.peek() === '"') lines.push(cursor.string())
      else cursor.skip()
    })
    return lines
  }
  const cell = () => {
    let type = ''
    let language = 'python'
    let lines: CellSource = []
    members({
      cell_type: () => text((value) => (type = value)),
      language: () => text((value) => (language = value.toLowerCase())),
      source: () => (lines = source()),
      input: () => (lines = source()),
    })
    if (type === 'code' && language === 'python') found.sources.push(lines)
  }
  const cells = () => {
    listed = true
    items(cell)
  }
  const languageIn = (holder: string, key: string) => () =>
    members({ [key]: () => text((value) => (languages[holder] = value.toLowerCase())) })
  members({
    cells,
    worksheets: () => items(() => members({ cells })),
    metadata: () =>
      members({
        kernelspec: languageIn('kernelspec', 'language'),
        language_info: languageIn('language_info', 'name'),
      }),
  })
  cursor.finish()
  found.language = languages.kernelspec || languages.language_info || null
  return listed ? found : null
}

/** The text of a cell, and the place of each UTF-16 unit in the JSON text: its first character and the one after. */
export interface MappedText {
  text: string
  starts: number[]
  ends: number[]
}

export function cellText(json: string, source: CellSource): MappedText {
  const cell: MappedText = { text: '', starts: [], ends: [] }
  for (const { start, end } of source) {
    const { value, starts } = decodeString(json, start, end)
    cell.text += value
    for (const [index, at] of starts.entries()) {
      cell.starts.push(at)
      cell.ends.push(starts[index + 1] ?? end - 1)
    }
  }
  return cell
}
