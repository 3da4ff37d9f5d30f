import type { HoneError } from '../../domain/failure.ts'
import type { PythonParser } from '../parser.ts'
import type { SourceFile } from '../source.ts'
import type { Call, Dict, Expr, For, Import, Statement } from '../syntax/tree.ts'
import { Collector } from './collect.ts'
import type { Scope } from './scope.ts'

/** Where an expression stands. */
export interface Place {
  scope: Scope
  /** Number of loops around it in its function. */
  loops: number
  /** Inside `if __name__ == '__main__'`. */
  main: boolean
}

export interface CallSite extends Place {
  call: Call
}

/** `params['lr'] = 0.1`, `cfg.lr = 0.1`. */
export interface Store extends Place {
  object: Expr
  name: string
  value: Expr
  line: number
}

/** One Python file: its syntax and what stands where. */
export interface Module {
  path: string
  file: SourceFile
  /** Why it cannot be run; its syntax is then empty, except for Python 2. */
  problem: HoneError | null
  lines: string[]
  body: Statement[]
  scope: Scope
  /** The module's own first. */
  scopes: Scope[]
  imports: (Import & { scope: Scope })[]
  calls: CallSite[]
  dicts: (Place & { dict: Dict })[]
  loops: (Place & { loop: For })[]
  stores: Store[]
  /** Expressions that a function returns, by its scope. */
  returns: Map<Scope, Expr[]>
  /** Strings that stand anywhere, in order. */
  strings: { value: string; line: number }[]
  /** What values are bound to: names that are assigned, keys of dicts. */
  spans: { name: string; start: number; end: number }[]
  /** Names of attributes that are read anywhere. */
  attributes: Set<string>
  /** Line of `if __name__ == '__main__'`. */
  mainGuard: number | null
}

export function readModule(python: PythonParser, file: SourceFile): Module {
  const { body, problem } = python.parse(file)
  const lines = file.text.split(/\r\n|\r|\n/)
  return new Collector(file, body, lines, problem).collect()
}
