/** Ways of writing the same package, the longest first. */
const ALIASES: readonly [from: string, to: string][] = [
  ['tensorflow.python.keras', 'keras'],
  ['tensorflow.compat.v1.keras', 'keras'],
  ['tensorflow.compat.v2.keras', 'keras'],
  ['tensorflow.contrib.keras', 'keras'],
  ['tensorflow.keras', 'keras'],
  ['tensorflow.compat.v1', 'tensorflow'],
  ['tensorflow.compat.v2', 'tensorflow'],
  ['tf_keras', 'keras'],
  ['keras_core', 'keras'],
  ['pytorch_lightning', 'lightning'],
  ['lightning.pytorch', 'lightning'],
  ['lightning_fabric', 'lightning.fabric'],
  ['sklearn.cross_validation', 'sklearn.model_selection'],
  ['sklearn.grid_search', 'sklearn.model_selection'],
  ['sklearnex', 'sklearn'],
  ['cuml', 'sklearn'],
  ['jax.example_libraries.optimizers', 'jax.optimizers'],
  ['jax.experimental.optimizers', 'jax.optimizers'],
  ['flax.nn', 'flax.linen'],
]

/** Packages that define their public names in private modules: only the first part and the name count. */
const FLAT = new Set([
  'xgboost',
  'lightgbm',
  'catboost',
  'transformers',
  'lightning',
  'haiku',
  'optax',
  'equinox',
])
const CLASS = /^_*[A-Z]/

/**
 * One spelling for each public name, whatever module it was imported from: `tensorflow.keras.layers.core.Dense` and
 * `keras.layers.Dense` -> `keras.layers.Dense`; `keras.models.Sequential` -> `keras.Sequential`;
 * `sklearn.ensemble.forest.RandomForestClassifier` -> `sklearn.ensemble.RandomForestClassifier`.
 */
export function canonical(dotted: string): string {
  const alias = ALIASES.find(([from]) => dotted === from || dotted.startsWith(`${from}.`))
  const name = alias ? alias[1] + dotted.slice(alias[0].length) : dotted
  const parts = name.split('.')
  const [top = '', section = ''] = parts
  if (parts.length < 3) return name
  const at = parts.findIndex((part, index) => index > 0 && CLASS.test(part))
  const from = at === -1 ? parts.length - 1 : at
  const rest = parts.slice(from)
  if (FLAT.has(top)) return [top, ...rest].join('.')
  if (top === 'statsmodels') return [top, ...rest].join('.')
  if (top === 'keras') return kerasName(section, parts, rest)
  if (top === 'sklearn' && from > 1) return [top, section, ...rest].join('.')
  if (top === 'torch' && section === 'nn' && parts[2] === 'modules') return ['torch.nn', ...rest].join('.')
  if (top === 'torch' && section === 'optim' && parts[2] !== 'lr_scheduler' && at > 2) {
    return ['torch.optim', ...rest].join('.')
  }
  return name
}

function kerasName(section: string, parts: string[], rest: string[]): string {
  const [first = ''] = rest
  if (first === 'Sequential' || first === 'Model' || first === 'Input') return ['keras', ...rest].join('.')
  if (/^optimizer/.test(section)) return ['keras.optimizers', ...rest].join('.')
  if (section === 'layers' || section === 'applications' || section === 'callbacks') {
    return ['keras', section, ...rest].join('.')
  }
  return parts.join('.')
}
