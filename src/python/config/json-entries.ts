import { parseNumber } from '../literal.ts'
import type { ConfigEntry, Scalar } from './entry.ts'
import { JsonCursor, stringValue } from './json.ts'

const DEPTH_LIMIT = 100

/** @throws JsonError */
export function readJson(text: string): ConfigEntry[] {
  const cursor = new JsonCursor(text, DEPTH_LIMIT)
  const entries: ConfigEntry[] = []
  const read = (path: string[]): void => {
    const first = cursor.peek()
    if (first === '{') cursor.object((key) => read([...path, key]))
    else if (first === '[') cursor.array((index) => read([...path, String(index)]))
    else {
      const { start, end } = cursor.scalar()
      const written = text.slice(start, end)
      const scalar = readJsonScalar(written)
      if (scalar) entries.push({ path, ...scalar, text: written, start, end })
    }
  }
  read([])
  cursor.finish()
  return entries
}

/** Null for what is no text, finite number or boolean. */
export function readJsonScalar(text: string): Scalar | null {
  if (text === 'true' || text === 'false') return { value: text === 'true', float: false }
  if (!/^["-\d]/.test(text)) return null
  try {
    const cursor = new JsonCursor(text, 1)
    const token = cursor.scalar()
    cursor.finish()
    if (token.kind === 'string') return { value: stringValue(text, token), float: false }
    return token.kind === 'number' ? parseNumber(text) : null
  } catch {
    return null
  }
}
