import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyHints } from '../../src/domain/apply-hints.ts'
import { parseHoneYaml } from '../../src/domain/hone-yaml.ts'
import { packageRoot } from '../../src/paths.ts'
import { analyse } from '../../src/python/analyse.ts'
import { rewriteFiles } from '../../src/python/rewrite.ts'
import { openSource } from '../../src/python/source.ts'
import { openFor } from '../../src/search/open.ts'
import { quasiRandom } from '../../src/search/samplers/quasi-random.ts'
import { python } from '../python/python.ts'

const folder = join(packageRoot, 'examples')
const sourceOf = (example: string) => readFileSync(join(folder, example, 'train.py'))
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
  {
    example: 'fashion-keras',
    framework: 'keras',
    family: 'cnn',
    names: ['conv_blocks', 'rate', 'learning_rate', 'batch_size', 'epochs'],
  },
  {
    example: 'fashion-pytorch',
    framework: 'pytorch',
    family: 'cnn',
    names: ['p', 'batch_size', 'epochs', 'lr', 'momentum'],
  },
  {
    example: 'cats-dogs-keras',
    framework: 'keras',
    family: 'cnn',
    names: ['batch_size', 'conv_blocks', 'filters', 'optimizer', 'epochs'],
  },
  {
    example: 'wine-xgboost',
    framework: 'xgboost',
    family: 'boosting',
    names: ['n_estimators', 'max_depth', 'learning_rate', 'subsample'],
  },
]

it('tests every example', () => {
  expect(readdirSync(folder).sort()).toEqual(EXAMPLES.map(({ example }) => example).sort())
})

describe.each(EXAMPLES)('examples/$example', ({ example, framework, family, names }) => {
  it('is a plain script that knows nothing of Hone', () => {
    expect(String(sourceOf(example))).not.toMatch(/hone/i)
  })

  it('is seen for what it is', () => {
    expect(detect(example)).toMatchObject({
      framework,
      family,
      task: 'classification',
      metric: { name: 'accuracy', direction: 'maximize' },
      entry: 'train.py',
    })
  })

  it('says in its README how it is run and, where it reads data, what it does without', () => {
    const readme = readFileSync(join(folder, example, 'README.md'), 'utf8')
    expect(readme).toContain('`python train.py`')
    const data = /"(\/data\/[^"]+)"/.exec(String(sourceOf(example)))?.[1]
    if (data) {
      expect(readme).toContain(`\`${data}\``)
      expect(readme).toMatch(/DATA_DIR[\s\S]*without a\s+folder/i)
    }
  })

  it('asks in hone.yaml for a target, and for no other hyperparameters', () => {
    const path = join(folder, example, 'hone.yaml')
    if (!existsSync(path)) return
    const { target, hyperparameters, ...others } = parseHoneYaml(readFileSync(path, 'utf8'))
    expect(target).toBeTypeOf('number')
    expect(others).toEqual({})
    const { hyperparameters: found, leftAlone } = detect(example)
    const hinted = applyHints(found, leftAlone, hyperparameters)
    const wanted = new Set(Object.keys(hyperparameters ?? {}))
    const namesOf = (opened: typeof found) => opened.map(({ name }) => name)
    expect(namesOf(openFor(hinted.hyperparameters, 20, wanted))).toEqual(namesOf(openFor(found, 20)))
  })

  it('has hyperparameters that Hone finds and searches in 20 trials, and no others', () => {
    const { hyperparameters: found } = detect(example)
    expect(
      openFor(found, 20)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...names].sort())
  })

  it('keeps its lines when values are rewritten, other than a number of layers', () => {
    const source = sourceOf(example).toString()
    const open = openFor(detect(example).hyperparameters, 20)
    const found = open.filter(({ variants }) => variants === null)
    const space = Object.fromEntries(found.map(({ name, distribution }) => [name, distribution]))
    const own = Object.fromEntries(found.map(({ name, value }) => [name, value]))
    const trials = [{ number: 0, values: own, state: 'completed', metric: 0.1 } as const]
    const values = quasiRandom.suggest({ space, direction: 'maximize', trials }, 0)
    const rewritten = rewriteFiles({ 'train.py': Buffer.from(source) }, found, values ?? {})
    const lines = String(rewritten['train.py']).split('\n')
    const changed = source.split('\n').flatMap((line, index) => (line === lines[index] ? [] : [index + 1]))
    expect(lines).toHaveLength(source.split('\n').length)
    const other = found.filter(({ name, value }) => values?.[name] !== value)
    expect(other.length).toBeGreaterThan(1)
    expect(new Set(changed)).toEqual(new Set(other.map(({ line }) => line)))
  })
})
