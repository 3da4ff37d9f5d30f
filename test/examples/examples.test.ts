import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../src/paths.ts'
import { analyse } from '../../src/python/analyse.ts'
import { rewriteFiles } from '../../src/python/rewrite.ts'
import { openSource } from '../../src/python/source.ts'
import { openFor } from '../../src/search/open.ts'
import { quasiRandom } from '../../src/search/samplers/quasi-random.ts'
import { python } from '../python/python.ts'

const sourceOf = (example: string) => readFileSync(join(packageRoot, 'examples', example, 'train.py'))
const detect = (example: string) => analyse(python, [openSource('train.py', sourceOf(example))], {})

const EXAMPLES = [
  {
    example: 'digits-sklearn',
    framework: 'scikit-learn',
    family: 'mlp',
    names: ['hidden_layer_sizes', 'learning_rate_init', 'batch_size', 'max_iter'],
  },
  {
    example: 'digits-pytorch',
    framework: 'pytorch',
    family: 'cnn',
    names: ['EPOCHS', 'BATCH_SIZE', 'LEARNING_RATE', 'MOMENTUM', 'HIDDEN_SIZE'],
  },
]

describe.each(EXAMPLES)('examples/$example', ({ example, framework, family, names }) => {
  it('is a plain script that knows nothing of Hone', () => {
    expect(String(sourceOf(example))).not.toMatch(/hone/i)
  })

  it('is seen for what it is', () => {
    expect(detect(example)).toMatchObject({ framework, family, task: 'classification', entry: 'train.py' })
  })

  it('has hyperparameters that Hone finds and searches in 20 trials, and no others', () => {
    const { hyperparameters: found } = detect(example)
    expect(
      openFor(found, 20)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...names].sort())
  })

  it('keeps its lines when values are rewritten', () => {
    const source = sourceOf(example).toString()
    const found = openFor(detect(example).hyperparameters, 20)
    const space = Object.fromEntries(found.map(({ name, distribution }) => [name, distribution]))
    const own = Object.fromEntries(found.map(({ name, value }) => [name, value]))
    const trials = [{ number: 0, values: own, state: 'completed', metric: 0.1 } as const]
    const values = quasiRandom.suggest({ space, direction: 'maximize', trials }, 0)
    const rewritten = rewriteFiles({ 'train.py': Buffer.from(source) }, found, values ?? {})
    const lines = String(rewritten['train.py']).split('\n')
    const changed = source.split('\n').flatMap((line, index) => (line === lines[index] ? [] : [index + 1]))
    expect(lines).toHaveLength(source.split('\n').length)
    expect(new Set(changed)).toEqual(new Set(found.map(({ line }) => line)))
  })
})
