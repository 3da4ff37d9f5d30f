import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../src/paths.ts'
import { detectModel } from '../../src/python/detect.ts'
import { findHyperparameters } from '../../src/python/hyperparameters.ts'
import { rewriteFiles } from '../../src/python/rewrite.ts'
import { quasiRandom } from '../../src/search/samplers/quasi-random.ts'
import { python } from '../python/python.ts'

const sourceOf = (example: string) => readFileSync(join(packageRoot, 'examples', example, 'train.py'), 'utf8')

const EXAMPLES = [
  {
    example: 'digits-sklearn',
    framework: 'sklearn',
    names: ['hidden_layer_sizes', 'learning_rate_init', 'batch_size', 'max_iter'],
  },
  {
    example: 'digits-pytorch',
    framework: 'pytorch',
    names: ['EPOCHS', 'BATCH_SIZE', 'LEARNING_RATE', 'MOMENTUM', 'HIDDEN_SIZE'],
  },
]

describe.each(EXAMPLES)('examples/$example', ({ example, framework, names }) => {
  it('is a plain script that knows nothing of Hone', () => {
    expect(sourceOf(example)).not.toMatch(/hone/i)
  })

  it('is seen for what it is', () => {
    const detection = detectModel(python, [{ path: 'train.py', text: sourceOf(example) }], {})
    expect(detection).toMatchObject({ framework, entry: 'train.py' })
  })

  it('has hyperparameters that Hone finds, and no others', () => {
    const found = findHyperparameters(python, [{ path: 'train.py', text: sourceOf(example) }], 'train.py')
    expect(found.map(({ name }) => name).sort()).toEqual([...names].sort())
  })

  it('keeps its lines when values are rewritten', () => {
    const source = sourceOf(example)
    const found = findHyperparameters(python, [{ path: 'train.py', text: source }], 'train.py')
    const space = Object.fromEntries(found.map(({ name, distribution }) => [name, distribution]))
    const own = Object.fromEntries(found.map(({ name, value }) => [name, value]))
    const values = quasiRandom.suggest(space, [{ number: 0, values: own, metric: 0.1 }], 0)
    const rewritten = rewriteFiles({ 'train.py': Buffer.from(source) }, found, values ?? {})
    const lines = String(rewritten['train.py']).split('\n')
    const changed = source.split('\n').flatMap((line, index) => (line === lines[index] ? [] : [index + 1]))
    expect(lines).toHaveLength(source.split('\n').length)
    expect(new Set(changed)).toEqual(new Set(found.map(({ line }) => line)))
  })
})
