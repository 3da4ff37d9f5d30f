import type { Node } from 'web-tree-sitter'
import { parseNumber } from './literal.ts'

/** What an expression is, as far as it matters here. Offsets are UTF-16, as the text's own. */
export type Value =
  | { kind: 'number'; value: number; float: boolean; start: number; end: number; line: number }
  | { kind: 'tuple'; elements: Value[] }
  | { kind: 'name'; name: string }
  | { kind: 'string'; text: string }
  /** `callee` as in Call. */
  | { kind: 'call'; callee: string }
  | { kind: 'other' }

/** Counted from 1. */
export const lineOf = (node: Node) => node.startPosition.row + 1

/** The dotted name that a call calls; see Call. */
export function calleeOf(call: Node): string {
  const parts: string[] = []
  let node: Node | null = call.childForFieldName('function')
  while (node?.type === 'attribute') {
    parts.unshift(node.childForFieldName('attribute')?.text ?? '')
    node = node.childForFieldName('object')
  }
  if (node?.type === 'call') {
    const name = node.childForFieldName('function')
    parts.unshift(`${name && /^[\w.]{1,200}$/.test(name.text) ? name.text : ''}()`)
  } else {
    parts.unshift(node?.type === 'identifier' ? node.text : '')
  }
  return parts.join('.')
}

/** The last part of a target: a name, an attribute, a constant key. */
export function nameOf(node: Node): string | null {
  if (node.type === 'identifier') return node.text
  if (node.type === 'attribute') return node.childForFieldName('attribute')?.text ?? null
  if (node.type === 'subscript') {
    const key = node.childForFieldName('subscript')
    return key ? stringOf(key) : null
  }
  return stringOf(node)
}

/** The text of a plain string; null for all else, f-strings with interpolations included. */
function stringOf(node: Node): string | null {
  if (node.type !== 'string' || node.namedChildren.some((child) => child?.type === 'interpolation'))
    return null
  return node.namedChildren.flatMap((child) => (child?.type === 'string_content' ? child.text : [])).join('')
}

export function readValue(node: Node): Value {
  switch (node.type) {
    case 'integer':
    case 'float':
    case 'unary_operator': {
      const number = parseNumber(node.text)
      if (!number) return { kind: 'other' }
      return { kind: 'number', ...number, start: node.startIndex, end: node.endIndex, line: lineOf(node) }
    }
    case 'parenthesized_expression': {
      const [inner, more] = node.namedChildren
      return inner && !more ? readValue(inner) : { kind: 'other' }
    }
    case 'tuple':
    case 'list':
    case 'expression_list': {
      const elements = node.namedChildren.flatMap((child) =>
        child && child.type !== 'comment' ? readValue(child) : [],
      )
      return { kind: 'tuple', elements }
    }
    case 'identifier':
    case 'attribute':
      return /^[\w.]+$/.test(node.text) ? { kind: 'name', name: node.text } : { kind: 'other' }
    case 'string': {
      const text = stringOf(node)
      return text === null ? { kind: 'other' } : { kind: 'string', text }
    }
    case 'call':
      return { kind: 'call', callee: calleeOf(node) }
    default:
      return { kind: 'other' }
  }
}
