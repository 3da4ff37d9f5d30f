import type { LayerSpec } from './spec.ts'
import { HAIKU, KERAS, LINEN, SPEKTRAL, STAX } from './specs-inferred.ts'
import { EQUINOX, GEOMETRIC, NNX, TORCH } from './specs-torch.ts'

const TABLES: readonly [prefix: string, table: Readonly<Record<string, LayerSpec>>][] = [
  ['torch.nn.', TORCH],
  ['torch_geometric.nn.', { ...TORCH, ...GEOMETRIC }],
  ['keras.layers.', KERAS],
  ['keras.Input', { '': { kind: 'input', inferred: true, channels: 'last' } }],
  ['flax.linen.', LINEN],
  ['flax.nnx.', NNX],
  ['haiku.', HAIKU],
  ['equinox.', EQUINOX],
  ['spektral.layers.', SPEKTRAL],
  ['jax.example_libraries.stax.', STAX],
  ['jax.experimental.stax.', STAX],
]

/** The layer of a canonical name; null for what is none, or is not known. */
export function layerSpecOf(name: string): LayerSpec | null {
  for (const [prefix, table] of TABLES) {
    if (!name.startsWith(prefix)) continue
    const last = prefix.endsWith('.') ? name.slice(name.lastIndexOf('.') + 1) : name.slice(prefix.length)
    if (Object.hasOwn(table, last)) return table[last] ?? null
  }
  return null
}

/** Containers that hand their input through one layer after the other. */
export const isSequential = (name: string) =>
  /^(torch\.nn|keras|haiku|flax\.(linen|nnx)|torch_geometric\.nn|equinox(\.nn)?)\.Sequential$|(^|\.)stax\.serial$/.test(
    name,
  )
export const isModuleList = (name: string) =>
  /^(torch\.nn|flax\.nnx)\.(ModuleList|ModuleDict|List)$/.test(name)
/** The Keras model of an input and an output. */
export const isFunctionalModel = (name: string) => name === 'keras.Model' || name === 'keras.Functional'
