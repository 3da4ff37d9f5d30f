import { ExpressionReader, fieldOf, fieldsOf } from './expressions.ts'
import type { Lite } from './lite.ts'
import type { Expr, Import, Span, Statement } from './tree.ts'

/** Statements of a whole file. */
export function readStatements(root: Lite, text: string): Statement[] {
  return new StatementReader(new ExpressionReader(text)).block(root)
}

class StatementReader {
  private readonly expressions: ExpressionReader

  constructor(expressions: ExpressionReader) {
    this.expressions = expressions
  }

  block(node: Lite | null): Statement[] {
    if (!node) return []
    const children = node.type === 'block' || node.type === 'module' ? node.children : [node]
    return children.flatMap((child) => this.statement(child, []))
  }

  private read(node: Lite): Expr {
    return this.expressions.read(node)
  }

  private inner(node: Lite | null, field = 'body'): Statement[] {
    return node
      ? this.block(fieldOf(node, field) ?? node.children.find(({ type }) => type === 'block') ?? null)
      : []
  }

  private clause(node: Lite, type: string): Statement[] {
    return this.inner(node.children.find((child) => child.type === type) ?? null)
  }

  private statement(node: Lite, decorators: Expr[]): Statement[] {
    const span: Span = { start: node.start, end: node.end, line: node.line }
    const field = (name: string) => fieldOf(node, name)
    const value = (name: string) => {
      const child = field(name)
      return child ? this.read(child) : null
    }
    switch (node.type) {
      case 'expression_statement': {
        const [only, more] = node.children
        if (!only || more)
          return [{ kind: 'other', values: node.children.map((child) => this.read(child)), ...span }]
        if (only.type === 'assignment') return [this.assignment(only, span)]
        if (only.type === 'augmented_assignment') return [this.augmented(only, span)]
        return [{ kind: 'expression', value: this.read(only), ...span }]
      }
      case 'import_statement':
      case 'import_from_statement':
      case 'future_import_statement':
        return [{ kind: 'import', imports: this.imports(node), ...span }]
      case 'decorated_definition': {
        const found = node.children.filter(({ type }) => type === 'decorator')
        const values = found.flatMap((child) => child.children.map((inner) => this.read(inner)))
        const definition = field('definition')
        return definition ? this.statement(definition, values) : []
      }
      case 'function_definition': {
        const list = field('parameters')
        const parameters = list ? this.expressions.parameters(list) : []
        const name = this.nameOf(node)
        return [{ kind: 'function', name, parameters, decorators, body: this.inner(node), ...span }]
      }
      case 'class_definition': {
        const list = field('superclasses')
        const bases = list ? this.expressions.arguments(list) : []
        return [
          { kind: 'class', name: this.nameOf(node), bases, decorators, body: this.inner(node), ...span },
        ]
      }
      case 'for_statement': {
        const [target, iterable] = [value('left'), value('right')]
        if (!target || !iterable) break
        const otherwise = this.clause(node, 'else_clause')
        return [{ kind: 'for', target, iterable, body: this.inner(node), otherwise, ...span }]
      }
      case 'while_statement': {
        const condition = value('condition')
        if (!condition) break
        const otherwise = this.clause(node, 'else_clause')
        return [{ kind: 'while', condition, body: this.inner(node), otherwise, ...span }]
      }
      case 'if_statement': {
        const branches = [{ condition: value('condition'), body: this.inner(node, 'consequence') }]
        for (const branch of fieldsOf(node, 'alternative')) {
          const condition = fieldOf(branch, 'condition')
          const body = condition ? this.inner(branch, 'consequence') : this.inner(branch)
          branches.push({ condition: condition ? this.read(condition) : null, body })
        }
        return [{ kind: 'if', branches, ...span }]
      }
      case 'with_statement': {
        const clause = node.children.find(({ type }) => type === 'with_clause')
        const items = (clause?.children ?? []).flatMap((item): { value: Expr; target: Expr | null }[] => {
          const held = fieldOf(item, 'value')
          if (!held) return []
          const [subject] = held.children
          const alias = fieldOf(held, 'alias')
          if (held.type === 'as_pattern' && subject && alias) {
            return [{ value: this.read(subject), target: this.read(alias) }]
          }
          return [{ value: this.read(held), target: null }]
        })
        return [{ kind: 'with', items, body: this.inner(node), ...span }]
      }
      case 'try_statement': {
        const handlers = node.children.filter(({ type }) => /^except|^finally/.test(type))
        return [
          {
            kind: 'try',
            body: this.inner(node),
            handlers: handlers.map((handler) => this.inner(handler)),
            otherwise: this.clause(node, 'else_clause'),
            ...span,
          },
        ]
      }
      case 'match_statement': {
        const subject = fieldsOf(node, 'subject').map((child) => this.read(child))
        const cases = field('body')?.children ?? []
        return [
          { kind: 'match', subject, cases: cases.map((one) => this.inner(one, 'consequence')), ...span },
        ]
      }
      case 'return_statement': {
        const [given] = node.children
        return [{ kind: 'return', value: given ? this.read(given) : null, ...span }]
      }
      case 'global_statement':
      case 'nonlocal_statement':
        return [
          { kind: 'global', names: node.children.map((child) => this.expressions.textOf(child)), ...span },
        ]
    }
    return [{ kind: 'other', values: node.children.map((child) => this.read(child)), ...span }]
  }

  private nameOf(node: Lite): string {
    const name = fieldOf(node, 'name')
    return name ? this.expressions.textOf(name) : ''
  }

  private assignment(node: Lite, span: Span): Statement {
    const targets: Expr[] = []
    let annotation: Expr | null = null
    let next: Lite | null = node
    while (next?.type === 'assignment') {
      const [left, type]: (Lite | null)[] = [fieldOf(next, 'left'), fieldOf(next, 'type')]
      if (left) targets.push(this.read(left))
      if (type) annotation = this.read(type)
      next = fieldOf(next, 'right')
    }
    return { kind: 'assign', targets, value: next && this.read(next), annotation, operator: null, ...span }
  }

  private augmented(node: Lite, span: Span): Statement {
    const [left, right] = [fieldOf(node, 'left'), fieldOf(node, 'right')]
    const targets = left ? [this.read(left)] : []
    const operator = node.operator?.replace('=', '') ?? '?'
    return { kind: 'assign', targets, value: right && this.read(right), annotation: null, operator, ...span }
  }

  private imports(node: Lite): Import[] {
    const { line } = node
    const text = (child: Lite) => this.expressions.textOf(child).replaceAll(/\s/g, '')
    const named = fieldsOf(node, 'name').map((child) => {
      const name = fieldOf(child, 'name')
      const alias = fieldOf(child, 'alias')
      return { name: text(name ?? child), alias: alias ? text(alias) : null }
    })
    if (node.type === 'import_statement') {
      return named.map(({ name, alias }) => {
        const [top = name] = name.split('.')
        const at = name.lastIndexOf('.')
        // `import a.b as a` is not `import a.b`: what it names is `b`.
        if (alias === top && at !== -1) {
          return { module: name.slice(0, at), level: 0, name: name.slice(at + 1), alias, line }
        }
        return { module: name, level: 0, name: null, alias: alias ?? top, line }
      })
    }
    const from = fieldOf(node, 'module_name')
    const dotted = from ? text(from) : '__future__'
    const module = dotted.replace(/^\.+/, '')
    const level = dotted.length - module.length
    if (node.children.some(({ type }) => type === 'wildcard_import')) {
      return [{ module, level, name: '*', alias: '*', line }]
    }
    return named.map(({ name, alias }) => ({ module, level, name, alias: alias ?? name, line }))
  }
}
