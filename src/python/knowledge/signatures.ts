import { EQUINOX, FLAX, FLAX_NNX, HAIKU, JAX, OPTAX } from './signatures/jax.ts'
import { KERAS, TENSORFLOW, TENSORFLOW_ADDONS } from './signatures/keras.ts'
import * as others from './signatures/others.ts'
import { SKLEARN } from './signatures/sklearn.ts'
import { TORCH, TORCH_GEOMETRIC, TORCHVISION } from './signatures/torch.ts'

/** Packages and their tables; of two that fit, the first. */
const PACKAGES: readonly (readonly [name: string, table: string])[] = [
  ['flax.nnx', FLAX_NNX],
  ['flax', FLAX],
  ['optax', OPTAX],
  ['haiku', HAIKU],
  ['equinox', EQUINOX],
  ['jax', JAX],
  ['keras', KERAS],
  ['tensorflow_addons', TENSORFLOW_ADDONS],
  ['tensorflow', TENSORFLOW],
  ['torch', TORCH],
  ['torchvision', TORCHVISION],
  ['torch_geometric', TORCH_GEOMETRIC],
  ['sklearn', SKLEARN],
  ['xgboost', others.XGBOOST],
  ['lightgbm', others.LIGHTGBM],
  ['catboost', others.CATBOOST],
  ['transformers', others.TRANSFORMERS],
  ['peft', others.PEFT],
  ['lightning', others.LIGHTNING],
  ['statsmodels', others.STATSMODELS],
  ['stable_baselines3', others.STABLE_BASELINES3],
  ['numpy.random', others.RANDOM],
  ['random', others.RANDOM],
  ['*', others.UNKNOWN],
]

const LINE = /^\s*([\w. ]+)\(([\w, ]*)\)$/

/** `Conv1d Conv2d(in_channels, out_channels)`, a line of a table, as the two names with their parameters. */
function parse(table: string): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const line of table.split('\n')) {
    const [, callables = '', parameters = ''] = LINE.exec(line) ?? []
    const names = parameters.split(',').flatMap((name) => name.trim() || [])
    for (const callable of callables.split(' ')) if (callable !== '') found.set(callable, names)
  }
  return found
}

const TABLES = PACKAGES.map(([name, table]) => ({ name, prefix: `${name}.`, signatures: parse(table) }))

/**
 * The names of a callable's positional parameters, in order.
 * @param callee canonical dotted name, such as `torch.nn.Linear` or `keras.Model.fit`; `*.fit` for a method whose
 *   receiver is unknown. Only the package and the name (or class and method) count, not the modules between.
 * @returns null for a callable that is not known; an empty list for one that takes none
 */
export function positionalNames(callee: string): readonly string[] | null {
  const table = TABLES.find(({ prefix }) => callee.startsWith(prefix))
  if (!table) return null
  const parts = callee.slice(table.prefix.length).split('.')
  const last = parts.at(-1) ?? ''
  const owner = parts.at(-2)
  const method = owner === undefined ? undefined : table.signatures.get(`${owner}.${last}`)
  // What follows a class is a method; one without an own line is not known, whatever else has its name.
  if (method === undefined && owner !== undefined && /^_*[A-Z]/.test(owner)) return null
  return method ?? table.signatures.get(last) ?? null
}

/** Every callable that has a signature, as `package.Name`. */
export const KNOWN_CALLABLES: readonly string[] = TABLES.flatMap(({ prefix, signatures }) =>
  [...signatures.keys()].map((name) => prefix + name),
)
