/** Classes or functions of one module that can stand in for one another as they are called. */
export interface Exchangeable {
  name: 'activation' | 'optimizer'
  /** The module that holds them, canonical. */
  module: string
  /** Ordered, the plainest first. */
  choices: readonly string[]
  /** Keywords that every choice takes. */
  keywords: readonly string[]
  /** Positional arguments that every choice takes in the same order. */
  positional: number
  source: string
}

const ACTIVATIONS =
  'Rectifiers that the GELU and Swish papers compare (Hendrycks and Gimpel 2016, arXiv:1606.08415; Ramachandran et al. 2017, arXiv:1710.05941)'
const OPTIMIZERS =
  'Adam and its variants of the same step size (Choi et al. 2019, arXiv:1910.05446: tuned, the more general ones are never worse)'

/** Only such as keep the scale of what passes through, or of the step. */
const TABLE: readonly Exchangeable[] = [
  {
    name: 'activation',
    module: 'torch.nn',
    choices: ['ReLU', 'LeakyReLU', 'ELU', 'SiLU'],
    keywords: ['inplace'],
    positional: 0,
    source: ACTIVATIONS,
  },
  {
    name: 'activation',
    module: 'torch.nn.functional',
    choices: ['relu', 'leaky_relu', 'elu', 'silu'],
    keywords: ['inplace'],
    positional: 1,
    source: ACTIVATIONS,
  },
  {
    name: 'activation',
    module: 'flax.linen',
    choices: ['relu', 'leaky_relu', 'elu', 'silu', 'gelu'],
    keywords: [],
    positional: 1,
    source: ACTIVATIONS,
  },
  {
    name: 'activation',
    module: 'jax.nn',
    choices: ['relu', 'leaky_relu', 'elu', 'silu', 'gelu'],
    keywords: [],
    positional: 1,
    source: ACTIVATIONS,
  },
  {
    name: 'optimizer',
    module: 'torch.optim',
    choices: ['Adam', 'AdamW', 'NAdam', 'RAdam'],
    keywords: ['lr', 'betas', 'eps', 'weight_decay'],
    positional: 2,
    source: OPTIMIZERS,
  },
  {
    name: 'optimizer',
    module: 'keras.optimizers',
    choices: ['Adam', 'Nadam', 'Adamax'],
    keywords: ['learning_rate', 'lr', 'beta_1', 'beta_2'],
    positional: 1,
    source: OPTIMIZERS,
  },
]

/**
 * What may be called in place of a canonical name, with these arguments.
 * @returns null for a name that none can replace, or with an argument that not all of them take
 */
export function exchangeableFor(
  callee: string,
  positional: number,
  keywords: readonly string[],
): Exchangeable | null {
  const at = callee.lastIndexOf('.')
  const [module, name] = [callee.slice(0, at), callee.slice(at + 1)]
  const row = TABLE.find((row) => row.module === module && row.choices.includes(name))
  if (!row || positional > row.positional) return null
  return keywords.every((keyword) => row.keywords.includes(keyword)) ? row : null
}
