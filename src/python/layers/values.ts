import type { Scope } from '../names/scope.ts'
import type { Call, Expr } from '../syntax/tree.ts'
import type { Dim, Size } from './sizes.ts'
import type { Space } from './space.ts'
import type { LayerSpec } from './spec.ts'
import type { Work } from './work.ts'

/** What flows through a model. */
export interface Tensor {
  kind: 'tensor'
  /** Its features or channels; null where they are not known, as those of the input. */
  dim: Dim | null
  /** Where they stand: the last dimension, or the second, before height and width; null where that is not known. */
  layout: 'last' | 'first' | null
  /** Number of dimensions. */
  rank: number | null
  /** Null for one without height and width. */
  space: Space | null
  /** It is a state of a recurrent layer, which goes back into it. */
  state: boolean
  /** Expressions of its shape, for one that is made of zeros or at random. */
  shape: readonly Expr[]
}

/** A value that a call is given, or a layer is made with. */
export interface Given {
  name: string | null
  value: Value
  expr: Expr
}

/** A layer of a library. */
export interface Layer {
  kind: 'layer'
  callee: string
  spec: LayerSpec
  call: Call | null
  scope: Scope
  given: readonly Given[]
  /** `f(*sizes)`: what is given is not known. */
  spread: boolean
  applied: boolean
  /** The layer that it wraps. */
  inner: Value | null
}

/** `Sequential`, and lists of layers. */
export interface Chain {
  kind: 'chain'
  /** Canonical name of what made it. */
  callee: string
  items: Value[]
  /** It hands its input through; a list does not. */
  callable: boolean
  applied: boolean
}

/** An object of a class of the repository. */
export interface Instance {
  kind: 'instance'
  owner: Scope
  attributes: Map<string, Value>
  /** Layers given to `add`, for a class that extends Sequential. */
  items: Value[]
  /** A model or a layer. */
  module: boolean
  /** A layer of Keras, which is no model by itself. */
  layer: boolean
  applied: boolean
  runs: number
  result: Value | null
}

export type Value =
  | Tensor
  | Layer
  | Chain
  | Instance
  | { kind: 'size'; size: Size }
  | { kind: 'text'; value: string }
  | { kind: 'constant'; value: boolean | null }
  | { kind: 'list'; values: Value[] }
  /** A functional model of Keras. */
  | { kind: 'model'; output: Value }
  | { kind: 'function'; scope: Scope; self: Instance | null; frame: Frame | null }
  | { kind: 'class'; scope: Scope }
  | { kind: 'external'; name: string }
  /** A method of a tensor, a chain or an instance. */
  | { kind: 'method'; of: Value; name: string }
  | { kind: 'unknown' }

/** The names of a function that is run. */
export interface Frame {
  scope: Scope
  vars: Map<string, Value>
  self: Instance | null
  /** Of the function around. */
  parent: Frame | null
  returns: Value[]
  /** It has returned. */
  done: boolean
  /** Inside a condition whose outcome is not known. */
  uncertain: number
}

export const UNKNOWN: Value = { kind: 'unknown' }

export const tensor = (parts: Partial<Omit<Tensor, 'kind'>> = {}): Tensor => ({
  kind: 'tensor',
  dim: null,
  layout: null,
  rank: null,
  space: null,
  state: false,
  shape: [],
  ...parts,
})

/** Values in a list and in the lists in it that are looked at. */
const NODES = 16_384

/** The tensors in a value, those in its lists too. */
export function tensorsIn(value: Value, work: Work): Tensor[] {
  if (value.kind === 'tensor') return [value]
  if (value.kind !== 'list') return []
  const found: Tensor[] = []
  let nodes = 0
  const collect = (values: readonly Value[], depth: number) => {
    nodes += values.length
    if (nodes > NODES) work.stop()
    if (!work.look(values.length)) return
    for (const one of values) {
      if (one.kind === 'tensor') found.push(one)
      else if (one.kind === 'list' && depth < 4) collect(one.values, depth + 1)
    }
  }
  collect(value.values, 1)
  return found
}
