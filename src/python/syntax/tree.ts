/** Offsets are UTF-16, as the text's own; `end` is exclusive; `line` is counted from 1. */
export interface Span {
  start: number
  end: number
  line: number
}

export interface NumberLiteral extends Span {
  kind: 'number'
  /** A sign in front of the digits belongs to it. */
  value: number
  /** As Python sees it: `10` is none, `1e1` is one. */
  float: boolean
}

export interface StringLiteral extends Span {
  kind: 'string'
  /** Null where the text is not known: an f-string with interpolations. Escapes are decoded. */
  value: string | null
  /** Expressions inside an f-string. */
  parts: Expr[]
}

export interface Constant extends Span {
  kind: 'constant'
  value: boolean | null
}

export interface Name extends Span {
  kind: 'name'
  name: string
}

export interface Attribute extends Span {
  kind: 'attribute'
  object: Expr
  name: string
}

export interface Subscript extends Span {
  kind: 'subscript'
  object: Expr
  index: Expr[]
}

export interface Argument {
  /** The keyword; null for a positional argument. */
  name: string | null
  spread: '' | '*' | '**'
  value: Expr
}

export interface Call extends Span {
  kind: 'call'
  callee: Expr
  args: Argument[]
}

export interface Sequence extends Span {
  kind: 'sequence'
  type: 'tuple' | 'list' | 'set'
  elements: Expr[]
}

export interface Dict extends Span {
  kind: 'dict'
  /** A null key is a `**` spread. */
  entries: { key: Expr | null; value: Expr }[]
}

export interface Operation extends Span {
  kind: 'operation'
  /** `*`, `not`, `and`, `==`, ... */
  operator: string
  operands: Expr[]
}

export interface Conditional extends Span {
  kind: 'conditional'
  then: Expr
  condition: Expr
  otherwise: Expr
}

export interface Lambda extends Span {
  kind: 'lambda'
  parameters: Parameter[]
  body: Expr
}

export interface Comprehension extends Span {
  kind: 'comprehension'
  elements: Expr[]
  clauses: { target: Expr; iterable: Expr }[]
  conditions: Expr[]
}

/** Any other expression; what is inside it. */
export interface OtherExpr extends Span {
  kind: 'other'
  children: Expr[]
}

export type Expr =
  | NumberLiteral
  | StringLiteral
  | Constant
  | Name
  | Attribute
  | Subscript
  | Call
  | Sequence
  | Dict
  | Operation
  | Conditional
  | Lambda
  | Comprehension
  | OtherExpr

export interface Parameter {
  name: string
  spread: '' | '*' | '**'
  /** After a bare `*`: only by keyword. */
  keywordOnly: boolean
  annotation: Expr | null
  default: Expr | null
  line: number
}

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

export interface Assign extends Span {
  kind: 'assign'
  /** More than one for `a = b = 1`. */
  targets: Expr[]
  /** Null for a bare annotation. */
  value: Expr | null
  annotation: Expr | null
  /** `+` for `+=`; null for a plain assignment. */
  operator: string | null
}

export interface FunctionDef extends Span {
  kind: 'function'
  name: string
  parameters: Parameter[]
  decorators: Expr[]
  body: Statement[]
}

export interface ClassDef extends Span {
  kind: 'class'
  name: string
  bases: Argument[]
  decorators: Expr[]
  body: Statement[]
}

export interface For extends Span {
  kind: 'for'
  target: Expr
  iterable: Expr
  body: Statement[]
  otherwise: Statement[]
}

export type Statement =
  | Assign
  | FunctionDef
  | ClassDef
  | For
  | (Span & { kind: 'expression'; value: Expr })
  | (Span & { kind: 'import'; imports: Import[] })
  | (Span & { kind: 'while'; condition: Expr; body: Statement[]; otherwise: Statement[] })
  /** An `else` has no condition. */
  | (Span & { kind: 'if'; branches: { condition: Expr | null; body: Statement[] }[] })
  | (Span & { kind: 'with'; items: { value: Expr; target: Expr | null }[]; body: Statement[] })
  | (Span & { kind: 'try'; body: Statement[]; handlers: Statement[][]; otherwise: Statement[] })
  | (Span & { kind: 'match'; subject: Expr[]; cases: Statement[][] })
  | (Span & { kind: 'return'; value: Expr | null })
  | (Span & { kind: 'global'; names: string[] })
  /** assert, raise, del, pass, ...: the expressions in it. */
  | (Span & { kind: 'other'; values: Expr[] })
