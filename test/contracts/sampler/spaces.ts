import fc from 'fast-check'
import type { ParameterValue } from '../../../src/domain/trial.ts'
import type { Dimension, SearchSpace, Values } from '../../../src/search/sampler.ts'

export const float = (low: number, high: number, log = false): Dimension => ({
  type: 'float',
  low,
  high,
  log,
})
export const int = (low: number, high: number, log = false): Dimension => ({ type: 'int', low, high, log })
export const choice = (...choices: ParameterValue[]): Dimension => ({ type: 'categorical', choices })
export const under = (name: string, values: ParameterValue[], dimension: Dimension): Dimension => ({
  ...dimension,
  condition: { name, values },
})

const count = (length: number, dimension: (index: number) => Dimension): SearchSpace =>
  Object.fromEntries(Array.from({ length }, (_, index) => [`x${index}`, dimension(index)]))

export const MIXED: SearchSpace = {
  lr: float(1e-5, 1e-1, true),
  n: int(16, 264, true),
  p: float(0, 0.5),
  kernel: choice('a', 'b'),
}

export const CONDITIONAL: SearchSpace = {
  // It stands before what it depends on.
  nesterov: under('momentum', [0.5, 0.9], choice(true, false)),
  optimiser: choice('sgd', 'adam', 'none'),
  momentum: under('optimiser', ['sgd'], { type: 'float', low: 0.1, high: 0.9, log: false, step: 0.1 }),
  beta: under('optimiser', ['adam'], float(0.8, 0.999)),
  lr: under('optimiser', ['sgd', 'adam'], float(1e-5, 1, true)),
}

/** Spaces with room for at least forty trials. */
export const SPACES: Record<string, SearchSpace> = {
  'one float': { lr: float(0, 1) },
  'one logarithmic float': { lr: float(1e-6, 1, true) },
  'a negative range': { x: float(-5, -1), n: int(-3, 3) },
  'one int': { n: int(1, 1000) },
  'one logarithmic int': { n: int(1, 4096, true) },
  'one choice': { kernel: choice('rbf', 'poly', 3, ...Array.from({ length: 60 }, (_, i) => `k${i}`)) },
  mixed: MIXED,
  steps: {
    share: { type: 'float', low: 0.1, high: 0.75, log: false, step: 0.05 },
    units: { type: 'int', low: 16, high: 250, log: true, step: 16 },
  },
  ordinals: {
    batch: choice(16, 32, 64, 128, 256),
    size: { type: 'categorical', choices: ['s', 'm', 'l'], ordered: true },
    rate: choice(0.001, 0.01, 0.1),
  },
  conditions: CONDITIONAL,
  'one value beside others': { fixed: int(3, 3), only: choice('a'), x: float(0, 1), same: float(0.5, 0.5) },
  'sixty hyperparameters': count(60, (index) =>
    index % 3 === 0 ? float(0, 1) : index % 3 === 1 ? int(1, 100, true) : choice('a', 'b', 'c'),
  ),
}

/** Spaces that end, with the number of their combinations. */
export const FINITE: [title: string, space: SearchSpace, size: number, forbidden?: Values[]][] = [
  ['ints and choices', { n: int(1, 5), k: choice('a', 'b', 'c') }, 15],
  ['one value', { n: int(3, 3), p: float(0.5, 0.5), k: choice('a') }, 1],
  ['a logarithmic int', { n: int(1, 32, true) }, 32],
  [
    'steps that do not meet the upper bound',
    {
      x: { type: 'float', low: 0, high: 1, log: false, step: 0.3 },
      n: { ...int(1, 10), step: 4 } as Dimension,
    },
    12,
  ],
  [
    'conditions',
    {
      kind: choice('a', 'b', 'c'),
      depth: under('kind', ['a', 'b'], int(1, 3)),
      leaf: under('depth', [1], choice(true, false)),
    },
    9,
  ],
  [
    'forbidden pairs',
    { a: int(0, 3), b: int(0, 3), c: choice('x', 'y') },
    25,
    [
      { a: 0, b: 0 },
      { a: 1, b: 1, c: 'x' },
      { b: 3 - 1, c: 'y' },
    ],
  ],
  [
    'forbidden values of what does not always matter',
    { kind: choice('a', 'b'), depth: under('kind', ['a'], int(1, 3)) },
    3,
    [{ kind: 'a', depth: 2 }, { depth: 7 }],
  ],
]

const dimension = fc.oneof(
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 100 }), fc.boolean())
    .map(([low, width, whole]) => (whole ? int(low, low + width) : float(low / 10, (low + width) / 10))),
  fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 4000 }), fc.boolean())
    .map(([low, width, whole]) =>
      whole ? int(low, low + width, true) : float(low / 1e4, low + width, true),
    ),
  fc
    .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 20 }))
    .map(([low, width, step]): Dimension => ({ type: 'int', low, high: low + width, log: false, step })),
  fc
    .uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 })
    .map((all) => choice(...all)),
  fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }).map((all) => choice(...all)),
)

/** Up to four hyperparameters; some matter only under the first one. */
export const anySpace: fc.Arbitrary<SearchSpace> = fc
  .array(fc.tuple(dimension, fc.boolean()), { minLength: 1, maxLength: 4 })
  .map((all) => {
    const first = all[0]?.[0]
    const some = first?.type === 'categorical' ? first.choices.slice(0, 1) : []
    return Object.fromEntries(
      all.map(([each, depends], index) => [
        `x${index}`,
        depends && index > 0 && some.length > 0 ? under('x0', some, each) : each,
      ]),
    )
  })
