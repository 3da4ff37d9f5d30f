import { describe, expect, it } from 'vitest'
import type { PastTrial, SearchSpace, Values } from '../../src/search/sampler.ts'
import { isTooBig } from '../../src/search/too-big.ts'

const int = { type: 'int', low: 1, high: 4096, log: true } as const
const SPACE: SearchSpace = {
  batch_size: { type: 'categorical', choices: [32, 64, 128, 256] },
  'hidden@12': int,
  lr: { type: 'float', low: 1e-4, high: 1, log: true },
  optimizer: { type: 'categorical', choices: ['sgd', 'adam'] },
}
const trial = (values: Values, outcome: 'out-of-memory' | 'completed'): PastTrial => ({
  ...{ number: 1, values },
  ...(outcome === 'completed'
    ? { state: 'completed', metric: 0.5 }
    : { state: 'failed', metric: null, outOfMemory: true }),
})
const base = { batch_size: 128, 'hidden@12': 512, lr: 0.1, optimizer: 'sgd' }
const ranOut = trial(base, 'out-of-memory')

describe('values that are too big for the memory', () => {
  it.each([
    ['the same sizes with another learning rate', { ...base, lr: 0.5 }, true],
    ['a larger batch', { ...base, batch_size: 256 }, true],
    ['a larger network', { ...base, 'hidden@12': 1024 }, true],
    ['a smaller batch', { ...base, batch_size: 64 }, false],
    ['a smaller network with a larger batch', { ...base, 'hidden@12': 256, batch_size: 256 }, false],
    ['another optimizer, whose needs are not known', { ...base, optimizer: 'adam' }, false],
  ])('%s: %#', (_, values, expected) => {
    expect(isTooBig(SPACE, [ranOut], values)).toBe(expected)
  })

  it('are none where a bigger training came to its end', () => {
    const bigger = trial({ ...base, batch_size: 256 }, 'completed')
    expect(isTooBig(SPACE, [ranOut, bigger], base)).toBe(false)
  })

  it('are not known where nothing in the space is a size, or nothing ran out of memory', () => {
    expect(isTooBig({ lr: SPACE.lr as never }, [trial({ lr: 0.1 }, 'out-of-memory')], { lr: 0.1 })).toBe(
      false,
    )
    expect(isTooBig(SPACE, [{ ...ranOut, outOfMemory: false }], base)).toBe(false)
  })

  it.each([
    'n_layers',
    'num_leaves',
    'units2',
    'hidden_size',
    'embedding_dim',
    'd_model',
    'conv_blocks',
    'max_depth',
  ])('%s is a size', (name) => {
    expect(isTooBig({ [name]: int }, [trial({ [name]: 8 }, 'out-of-memory')], { [name]: 9 })).toBe(true)
  })

  it.each(['lr', 'weight_decay', 'dropout', 'momentum', 'epochs'])('%s is none', (name) => {
    expect(isTooBig({ [name]: int }, [trial({ [name]: 8 }, 'out-of-memory')], { [name]: 9 })).toBe(false)
  })
})
