import type { Origin } from '../flow/flow.ts'
import type { Module } from '../names/module.ts'
import type { Span } from '../syntax/tree.ts'

/** Normalised names by which the range of a size is looked up. */
export type Role = 'units' | 'filters' | 'kernel_size' | 'embedding_dim' | 'num_layers' | 'num_heads'

/** A literal that changes together with another: it is `times` the other's value. */
export interface Tied {
  origin: Origin
  times: number
  why: string
}

/** A literal that sets the size of a layer and may change. */
export interface LayerSize {
  /** The main literal; a number. */
  origin: Origin
  role: Role
  /** Canonical callee, such as `torch.nn.Linear`. */
  callee: string
  ties: Tied[]
  /** Where only some values keep the shapes valid, else null. */
  choices: readonly number[] | null
}

/** A literal that must stay. */
export interface Frozen {
  origin: Origin
  /** The parameter or variable that it is bound to. */
  name: string
  /** In words. */
  reason: string
}

/** Offsets of a module's text. */
export interface Range {
  start: number
  end: number
}

/** Replaces a range of a module's text (empty for an insertion) with new text and ranges of the same text. */
export interface TextPatch extends Range {
  module: Module
  pieces: (string | Range)[]
}

/** A number of layers that may change. */
export interface Structure {
  name: 'conv_blocks' | 'dense_layers'
  /** How many there are. */
  value: number
  module: Module
  /** The first layer of the kind. */
  span: Span
  low: number
  high: number
  /** What changes for each number other than the present one, by `String(number)`. */
  variants: Record<string, TextPatch[]>
}

export interface Layers {
  sizes: LayerSize[]
  frozen: Frozen[]
  structures: Structure[]
}
