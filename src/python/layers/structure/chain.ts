import type { Module } from '../../names/module.ts'
import type { Scope } from '../../names/scope.ts'
import type { Call, Expr, Name, Statement } from '../../syntax/tree.ts'
import type { LayerSpec } from '../spec.ts'
import type { Range } from '../types.ts'
import { newName } from './text.ts'

export type OpKind =
  | 'conv'
  | 'dense'
  | 'norm'
  | 'activation'
  | 'dropout'
  | 'pool'
  /** A pool to a size that does not depend on the image. */
  | 'fixed-pool'
  | 'flatten'
  /** A layer with weights that is neither. */
  | 'weighted'
  /** Has no weights, and what it does is not known. */
  | 'other'

/** `self.conv1 = nn.Conv2d(...)` in `__init__`. */
export interface Declaration {
  name: string
  statement: Statement
  /** How often the attribute is read in its file. */
  reads: number
}

/** `self.features = nn.Sequential(...)`: the layers of a chain that stand in a container of their own. */
export interface Container {
  declaration: Declaration
  /** Where it is called. */
  op: Pick<Op, 'expr' | 'inner' | 'item'>
}

/** One step of a chain. */
export interface Op {
  kind: OpKind
  /** Canonical name of the layer or function. */
  callee: string
  spec: LayerSpec | null
  /** The call with its sizes: the layer's own, or the function's; null for a name in a list. */
  call: Call | null
  declaration: Declaration | null
  container: Container | null
  /** Where the layer is applied, and what to; null where it only stands in a list. */
  expr: Expr
  inner: Expr | null
  item: Item
}

/** A statement, or an element of a list. */
export interface Item {
  range: Range
  form: 'statement' | 'element' | 'return'
  /** The variable that it sets, and the one that goes in; null in a list. */
  target: string | null
  base: Name | null
  /** What is assigned or returned. */
  value: Expr | null
  /** All elements of its list. */
  siblings: readonly Range[] | null
}

/** Layers that are applied one after the other, each to the output of the one before. */
export interface Chain {
  module: Module
  scope: Scope
  ops: Op[]
  /** It takes sizes from its input by itself. */
  inferred: boolean
  /** Names that a new layer must not have. */
  taken: Set<string>
  /** The name of the last copy of a layer, by the layer's own. */
  copied: Map<string, string>
}

/** An op whose layer has weights. */
export const isWeighted = ({ kind }: Op) => kind === 'conv' || kind === 'dense' || kind === 'weighted'

/** A name for one more copy of what has a name. */
export function nameCopy(chain: Chain, name: string): string {
  const made = newName(chain.copied.get(name) ?? name, chain.taken)
  chain.taken.add(made)
  chain.copied.set(name, made)
  return made
}
