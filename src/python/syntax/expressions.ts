import { parseNumber } from '../literal.ts'
import type { Lite } from './lite.ts'
import type { Argument, Comprehension, Dict, Expr, Parameter, Sequence, Span, StringLiteral } from './tree.ts'

const spanOf = ({ start, end, line }: Lite): Span => ({ start, end, line })

export const fieldOf = (node: Lite, field: string): Lite | null =>
  node.children.find((child) => child.field === field) ?? null

export const fieldsOf = (node: Lite, field: string): Lite[] =>
  node.children.filter((child) => child.field === field)

const isPattern = (node: Lite) => node.type.endsWith('_pattern') || node.type === 'pattern_list'

/** Reads expressions of one text. */
export class ExpressionReader {
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  textOf(node: Lite): string {
    return this.text.slice(node.start, node.end)
  }

  read(node: Lite): Expr {
    const span = spanOf(node)
    switch (node.type) {
      case 'integer':
      case 'float':
        return this.number(node) ?? this.other(node)
      case 'unary_operator':
        return this.number(node) ?? this.operation(node)
      case 'string':
      case 'concatenated_string':
        return this.string(node)
      case 'true':
      case 'false':
        return { kind: 'constant', value: node.type === 'true', ...span }
      case 'none':
        return { kind: 'constant', value: null, ...span }
      case 'identifier':
        return { kind: 'name', name: this.textOf(node), ...span }
      case 'attribute': {
        const [object, name] = [fieldOf(node, 'object'), fieldOf(node, 'attribute')]
        if (!object || !name) return this.other(node)
        return { kind: 'attribute', object: this.read(object), name: this.textOf(name), ...span }
      }
      case 'subscript': {
        const object = fieldOf(node, 'value')
        if (!object) return this.other(node)
        const index = fieldsOf(node, 'subscript').map((child) => this.read(child))
        return { kind: 'subscript', object: this.read(object), index, ...span }
      }
      case 'call': {
        const callee = fieldOf(node, 'function')
        if (!callee) return this.other(node)
        const list = fieldOf(node, 'arguments')
        return { kind: 'call', callee: this.read(callee), args: list ? this.arguments(list) : [], ...span }
      }
      case 'parenthesized_expression':
      case 'expression_statement':
      case 'type':
      case 'as_pattern_target': {
        const [inner, more] = node.children
        return inner && !more ? this.read(inner) : this.other(node)
      }
      case 'tuple':
      case 'expression_list':
      case 'pattern_list':
      case 'tuple_pattern':
        return this.sequence(node, 'tuple')
      case 'list':
      case 'list_pattern':
        return this.sequence(node, 'list')
      case 'set':
        return this.sequence(node, 'set')
      case 'dictionary':
        return this.dict(node)
      case 'binary_operator':
      case 'boolean_operator':
      case 'comparison_operator':
      case 'not_operator':
        return this.operation(node)
      case 'conditional_expression': {
        const [then, condition, otherwise] = node.children.map((child) => this.read(child))
        if (!then || !condition || !otherwise) return this.other(node)
        return { kind: 'conditional', then, condition, otherwise, ...span }
      }
      case 'lambda': {
        const list = fieldOf(node, 'parameters')
        const body = fieldOf(node, 'body')
        if (!body) return this.other(node)
        return {
          kind: 'lambda',
          parameters: list ? this.parameters(list) : [],
          body: this.read(body),
          ...span,
        }
      }
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        return this.comprehension(node)
      default:
        return this.other(node)
    }
  }

  arguments(list: Lite): Argument[] {
    if (list.type === 'generator_expression') return [{ name: null, spread: '', value: this.read(list) }]
    return list.children.map((child): Argument => {
      const [first] = child.children
      if (child.type === 'keyword_argument') {
        const [name, value] = [fieldOf(child, 'name'), fieldOf(child, 'value')]
        if (name && value) return { name: this.textOf(name), spread: '', value: this.read(value) }
      }
      if (child.type === 'list_splat' && first) return { name: null, spread: '*', value: this.read(first) }
      if (child.type === 'dictionary_splat' && first)
        return { name: null, spread: '**', value: this.read(first) }
      return { name: null, spread: '', value: this.read(child) }
    })
  }

  parameters(list: Lite): Parameter[] {
    let keywordOnly = false
    return list.children.flatMap((child): Parameter[] => {
      if (child.type === 'keyword_separator') keywordOnly = true
      const found = this.parameter(child, keywordOnly)
      if (found?.spread === '*') keywordOnly = true
      return found ? [found] : []
    })
  }

  private parameter(node: Lite, keywordOnly: boolean): Parameter | null {
    const base = { keywordOnly, annotation: null, default: null, line: node.line }
    const type = fieldOf(node, 'type')
    const annotation = type ? this.read(type) : null
    switch (node.type) {
      case 'identifier':
        return { ...base, name: this.textOf(node), spread: '' }
      case 'default_parameter':
      case 'typed_default_parameter': {
        const [name, value] = [fieldOf(node, 'name'), fieldOf(node, 'value')]
        if (!name || !value) return null
        return { ...base, name: this.textOf(name), spread: '', annotation, default: this.read(value) }
      }
      case 'typed_parameter': {
        const inner = node.children[0] ? this.parameter(node.children[0], keywordOnly) : null
        return inner && { ...inner, annotation }
      }
      case 'list_splat_pattern':
      case 'dictionary_splat_pattern': {
        const name = node.children[0] ? this.textOf(node.children[0]) : ''
        return { ...base, name, spread: node.type === 'list_splat_pattern' ? '*' : '**' }
      }
      default:
        return null
    }
  }

  private number(node: Lite): Expr | null {
    const number = parseNumber(this.textOf(node))
    return number && { kind: 'number', ...number, ...spanOf(node) }
  }

  private string(node: Lite): StringLiteral {
    const pieces = node.type === 'concatenated_string' ? node.children : [node]
    const parts: Expr[] = []
    let value: string | null = ''
    for (const piece of pieces) {
      for (const child of piece.children) {
        if (child.type === 'string_content') value = value === null ? null : value + this.decoded(child)
        else if (child.type === 'interpolation') {
          value = null
          const inner = fieldOf(child, 'expression')
          if (inner) parts.push(this.read(inner))
        }
      }
    }
    return { kind: 'string', value, parts, ...spanOf(node) }
  }

  private decoded(content: Lite): string {
    const text = this.textOf(content)
    if (content.children.length === 0) return text
    return text.replaceAll(
      /\\(\r?\n|[\s\S])/g,
      (_, code: string) => ESCAPES[code] ?? (/\n/.test(code) ? '' : code),
    )
  }

  private sequence(node: Lite, type: Sequence['type']): Sequence {
    return {
      kind: 'sequence',
      type,
      elements: node.children.map((child) => this.read(child)),
      ...spanOf(node),
    }
  }

  private dict(node: Lite): Dict {
    const entries = node.children.flatMap((child): Dict['entries'] => {
      const [key, value] = [fieldOf(child, 'key'), fieldOf(child, 'value')]
      if (child.type === 'pair' && key && value) return [{ key: this.read(key), value: this.read(value) }]
      const [spread] = child.children
      return child.type === 'dictionary_splat' && spread ? [{ key: null, value: this.read(spread) }] : []
    })
    return { kind: 'dict', entries, ...spanOf(node) }
  }

  private operation(node: Lite): Expr {
    const operands = node.children.map((child) => this.read(child))
    return { kind: 'operation', operator: node.operator ?? '', operands, ...spanOf(node) }
  }

  private comprehension(node: Lite): Comprehension {
    const body = fieldOf(node, 'body')
    const elements = body ? (body.type === 'pair' ? body.children : [body]) : []
    const clauses = node.children.flatMap((child) => {
      const [target, iterable] = [fieldOf(child, 'left'), fieldOf(child, 'right')]
      if (child.type !== 'for_in_clause' || !target || !iterable) return []
      return [{ target: this.read(target), iterable: this.read(iterable) }]
    })
    const conditions = node.children
      .filter((child) => child.type === 'if_clause')
      .flatMap((child) => child.children.map((inner) => this.read(inner)))
    return {
      kind: 'comprehension',
      elements: elements.map((child) => this.read(child)),
      clauses,
      conditions,
      ...spanOf(node),
    }
  }

  private other(node: Lite): Expr {
    if (isPattern(node)) return this.sequence(node, 'tuple')
    return { kind: 'other', children: node.children.map((child) => this.read(child)), ...spanOf(node) }
  }
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0' }
