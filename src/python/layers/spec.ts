import type { Role } from './types.ts'

/** A parameter of a layer: its names, old ones too, and its place (null: only by name). */
export type Slot = readonly [names: string, index: number | null]

/** What a layer does with what goes in. */
export type LayerKind =
  | 'dense'
  | 'conv'
  | 'transposed'
  | 'depthwise'
  | 'norm'
  | 'group-norm'
  | 'recurrent'
  | 'cell'
  | 'embedding'
  | 'attention'
  | 'encoder'
  | 'stack'
  | 'graph'
  /** A row of dense layers, by a list of their sizes. */
  | 'mlp'
  | 'same'
  | 'pool'
  | 'adaptive-pool'
  | 'global-pool'
  | 'flatten'
  | 'opaque'
  | 'elementwise'
  | 'concat'
  | 'wrapper'
  | 'repeat'
  | 'input'

export interface LayerSpec {
  kind: LayerKind
  /** Whether it takes the size of its input from the input, as layers of Keras and Flax do. */
  inferred: boolean
  /** Where images have their channels: in front of (`first`) or behind (`last`) their height and width. */
  channels: 'first' | 'last'
  input?: Slot
  output?: Slot
  role?: Role
  kernel?: Slot
  stride?: Slot
  padding?: Slot
  /** Padding that is not given. */
  pads?: 'same' | 'valid'
  /** Number of spatial dimensions. */
  rank?: number
  /** Further sizes that nothing outside depends on. */
  free?: readonly (readonly [slot: Slot, role: Role])[]
  /** A number of heads: it has to divide the size of the input. */
  heads?: Slot
  /** Parameters that must stay, with the reason. */
  stays?: readonly (readonly [slot: Slot, reason: string])[]
}
