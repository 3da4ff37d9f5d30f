import type { Flow } from '../flow/flow.ts'
import type { Names } from '../names/names.ts'
import type { Layers } from './types.ts'

export type { Frozen, Layers, LayerSize, Range, Role, Structure, TextPatch, Tied } from './types.ts'

/** Which layer sizes of a program may change, what changes with them, and which numbers of layers may change. */
export function layersOf(_names: Names, _flow: Flow): Layers {
  return { sizes: [], frozen: [], structures: [] }
}
