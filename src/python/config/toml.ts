import { type AST, parseTOML } from 'toml-eslint-parser'
import { parseNumber } from '../literal.ts'
import type { ConfigEntry, Scalar } from './entry.ts'

/** @throws ParseError of the parser */
export function readToml(text: string): ConfigEntry[] {
  const entries: ConfigEntry[] = []
  const content = (node: AST.TOMLContentNode, path: string[]): void => {
    if (node.type === 'TOMLArray') {
      for (const [index, element] of node.elements.entries()) content(element, [...path, String(index)])
    } else if (node.type === 'TOMLInlineTable') {
      for (const pair of node.body) keyValue(pair, path)
    } else {
      const [start, end] = node.range
      const written = text.slice(start, end)
      const scalar = scalarOf(node, written)
      if (scalar) entries.push({ path, ...scalar, text: written, start, end })
    }
  }
  const keyValue = ({ key, value }: AST.TOMLKeyValue, path: string[]): void =>
    content(value, [...path, ...key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value))])

  for (const node of parseTOML(text).body[0].body) {
    if (node.type === 'TOMLKeyValue') keyValue(node, [])
    else for (const pair of node.body) keyValue(pair, node.resolvedKey.map(String))
  }
  return entries
}

function scalarOf(node: AST.TOMLValue, written: string): Scalar | null {
  if (node.kind === 'string' || node.kind === 'boolean') return { value: node.value, float: false }
  return node.kind === 'integer' || node.kind === 'float' ? parseNumber(written) : null
}

/** Null for what is no text, finite number or boolean. */
export function readTomlScalar(text: string): Scalar | null {
  try {
    const [entry, more] = readToml(`x = ${text}\n`)
    return entry && !more && entry.text === text ? { value: entry.value, float: entry.float } : null
  } catch {
    return null
  }
}
