import type { Node } from 'web-tree-sitter'
import { calleeOf, lineOf, nameOf, readValue, type Value } from './expressions.ts'
import type { PythonParser, SourceFile } from './parser.ts'

export interface Import {
  /** Absolute dotted name; for a relative import what follows the dots. */
  module: string
  /** Number of leading dots. */
  level: number
  /** Null for `import module`; `*` for all. */
  name: string | null
  /** The name it has in this file; for `import a.b` it is `a`. */
  alias: string
  line: number
}

export interface Call {
  /** Dotted, as written: `xgb.train`, `model.fit`; the receiver of a call on a call is `()`: `SVC().fit`. */
  callee: string
  positional: Value[]
  keywords: { name: string; value: Value }[]
  /** Functions and classes around it, the outermost first. */
  scope: string[]
  line: number
  /** Source text of the first argument, cut. */
  firstArgument: string
}

/** A value given to a name. */
export interface Binding {
  kind: 'assign' | 'default' | 'pair' | 'range'
  /** The last part of the name: `lr` of `self.lr`, `params['lr']`, `{'lr': ...}`. */
  name: string
  /** A bare name that others may refer to. */
  plain: boolean
  value: Value
  scope: string[]
  line: number
}

/** The facts of one Python file: plain data, so that no tree outlives its parse. */
export interface Module {
  path: string
  lines: string[]
  imports: Import[]
  calls: Call[]
  bindings: Binding[]
  /** Line of `if __name__ == '__main__'`. */
  mainGuard: number | null
}

/** @throws HoneError `syntax-error` */
export function readModule(python: PythonParser, file: SourceFile): Module {
  return python.parse(file, (root) => {
    const module: Module = {
      path: file.path,
      lines: file.text.split(/\r\n|\r|\n/),
      imports: [],
      calls: [],
      bindings: [],
      mainGuard: null,
    }
    // A stack of our own: deeply nested source must not exhaust the one of the runtime.
    const stack: { node: Node; scope: string[] }[] = [{ node: root, scope: [] }]
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { node } = next
      if (isTypeChecking(node)) continue
      readNode(module, node, next.scope)
      const named = node.type === 'function_definition' || node.type === 'class_definition'
      const scope = named ? [...next.scope, node.childForFieldName('name')?.text ?? ''] : next.scope
      for (const child of node.namedChildren.toReversed()) if (child) stack.push({ node: child, scope })
    }
    return module
  })
}

/** `if TYPE_CHECKING:` never runs. */
const isTypeChecking = (node: Node) =>
  node.type === 'if_statement' && /(^|\.)TYPE_CHECKING$/.test(node.childForFieldName('condition')?.text ?? '')

const MAIN_GUARD = /^\(?\s*(__name__\s*==\s*['"]__main__['"]|['"]__main__['"]\s*==\s*__name__)\s*\)?$/

function readNode(module: Module, node: Node, scope: string[]): void {
  switch (node.type) {
    case 'import_statement':
    case 'import_from_statement':
      module.imports.push(...readImports(node))
      break
    case 'if_statement':
      if (MAIN_GUARD.test(node.childForFieldName('condition')?.text ?? '')) module.mainGuard ??= lineOf(node)
      break
    case 'call':
      module.calls.push(readCall(node, scope))
      break
    case 'assignment':
      module.bindings.push(...readAssignment(node, scope))
      break
    case 'default_parameter':
    case 'typed_default_parameter':
      bind(module, 'default', node.childForFieldName('name'), node.childForFieldName('value'), scope)
      break
    case 'pair':
      bind(module, 'pair', node.childForFieldName('key'), node.childForFieldName('value'), scope)
      break
    case 'for_statement':
      readLoop(module, node, scope)
      break
  }
}

function bind(module: Module, kind: Binding['kind'], key: Node | null, value: Node | null, scope: string[]) {
  const name = key && nameOf(key)
  if (!key || !name || !value) return
  module.bindings.push({
    kind,
    name,
    plain: kind === 'default',
    value: readValue(value),
    scope,
    line: lineOf(key),
  })
}

/** `for epoch in range(10)` binds the number of epochs. */
function readLoop(module: Module, node: Node, scope: string[]): void {
  const right = node.childForFieldName('right')
  if (right?.type !== 'call' || right.childForFieldName('function')?.text !== 'range') return
  const call = readCall(right, scope)
  const [end] = call.positional
  const name = node.childForFieldName('left')?.text.replace(/^_+/, '')
  if (call.positional.length === 1 && end && (name === 'epoch' || name === 'ep')) {
    module.bindings.push({
      kind: 'range',
      name: 'epochs',
      plain: false,
      value: end,
      scope,
      line: lineOf(right),
    })
  }
}

function readImports(node: Node): Import[] {
  const line = lineOf(node)
  const from = node.childForFieldName('module_name')
  const names = node.childrenForFieldName('name').filter((name) => name !== null)
  if (node.type === 'import_statement') {
    return names.map((name) => {
      const module = (name.childForFieldName('name') ?? name).text
      const alias = name.childForFieldName('alias')?.text
      return { module, level: 0, name: null, alias: alias ?? module.split('.')[0] ?? module, line }
    })
  }
  const dotted = from?.text.replaceAll(/\s/g, '') ?? ''
  const module = dotted.replace(/^\.+/, '')
  const level = dotted.length - module.length
  if (node.namedChildren.some((child) => child?.type === 'wildcard_import')) {
    return [{ module, level, name: '*', alias: '*', line }]
  }
  return names.map((node) => {
    const name = (node.childForFieldName('name') ?? node).text
    return { module, level, name, alias: node.childForFieldName('alias')?.text ?? name, line }
  })
}

function readCall(node: Node, scope: string[]): Call {
  const call: Call = {
    callee: calleeOf(node),
    positional: [],
    keywords: [],
    scope,
    line: lineOf(node),
    firstArgument: '',
  }
  const list = node.childForFieldName('arguments')
  const given = list?.type === 'argument_list' ? list.namedChildren : []
  for (const argument of given) {
    if (!argument || argument.type === 'comment') continue
    const name = argument.childForFieldName('name')?.text
    const value = argument.childForFieldName('value')
    if (argument.type === 'keyword_argument' && name && value) {
      call.keywords.push({ name, value: readValue(value) })
    } else {
      if (call.positional.length === 0) call.firstArgument = argument.text.slice(0, 60)
      call.positional.push(readValue(argument))
    }
  }
  return call
}

function readAssignment(node: Node, scope: string[]): Binding[] {
  const left = node.childForFieldName('left')
  let right = node.childForFieldName('right')
  // In a = b = 1 each name has the value of the last.
  while (right?.type === 'assignment') right = right.childForFieldName('right')
  if (!left || !right) return []
  const values = right.type === 'expression_list' || right.type === 'tuple' ? right.namedChildren : null
  const pattern = left.type === 'pattern_list' || left.type === 'tuple_pattern'
  const targets = pattern ? left.namedChildren : [left]
  if (pattern && values?.length !== targets.length) return []
  return targets.flatMap((target, index): Binding[] => {
    const value = pattern ? values?.[index] : right
    const name = target && nameOf(target)
    if (!name || !value) return []
    const plain = target.type === 'identifier'
    return [{ kind: 'assign', name, plain, value: readValue(value), scope, line: lineOf(target) }]
  })
}
