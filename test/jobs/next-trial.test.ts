import { expect, test } from 'vitest'
import { spaceOf } from '../../jobs/study.ts'
import { filesOf, nextTrial } from '../../jobs/tweak/next-trial.ts'
import type { Hyperparameter } from '../../src/domain/detection.ts'
import type { Failure } from '../../src/domain/failure.ts'
import type { PastTrial, Sampler, Study } from '../../src/search/sampler.ts'
import { quasiRandom } from '../../src/search/samplers/quasi-random.ts'
import { aHyperparameter } from '../helpers/detections.ts'
import { python } from '../python/python.ts'

const source = "lr = 0.5\nkind = 'a'\n"
const at = (text: string) => ({ start: source.indexOf(text), end: source.indexOf(text) + text.length })
const lr = aHyperparameter('lr', 0.5, { type: 'float', low: 0.1, high: 1, log: false }, at('0.5'))
const kind = aHyperparameter('kind', 'a', { type: 'categorical', choices: ['a', 'b'] }, at("'a'"))
const sources = { 'train.py': Buffer.from(source) }
const own: PastTrial = { number: 0, values: { lr: 0.5, kind: 'a' }, state: 'completed', metric: 0.1 }

function search(all: Hyperparameter[], sampler: Sampler = quasiRandom, trials = [own]) {
  const refused: Failure[] = []
  const study: Study = { space: spaceOf(all), direction: 'maximize', trials }
  const suggest = (given: Study) => {
    const values = sampler.suggest(given, 0)
    return values && { values, origin: 'the sampler' }
  }
  const next = () =>
    nextTrial({ python, suggest, refused: (failure) => refused.push(failure) }, all, study, sources)
  return { next, refused }
}

test('proposes values and the files that they change', () => {
  const next = search([lr, kind]).next()
  expect(String(next?.rewritten['train.py'])).toBe(`lr = ${next?.values.lr}\nkind = '${next?.values.kind}'\n`)
})

test('has no values for what does not matter, and no trial twice for it', () => {
  const idle = { ...lr, condition: { name: 'kind', values: ['c'] } }
  const first = search([idle, kind]).next()
  expect(first?.values).toEqual({ lr: 0.5, kind: 'b' })
  const second: PastTrial = { ...own, number: 1, values: first?.values ?? {} }
  expect(search([idle, kind], quasiRandom, [own, second]).next()).toBeNull()
})

/** What a wrong structure could do: an indented line that belongs to nothing. */
const blocks = aHyperparameter(
  'blocks',
  1,
  { type: 'int', low: 1, high: 3, log: false },
  {
    ...at('0.5'),
    variants: {
      2: [{ file: 'train.py', start: source.length, end: source.length, pieces: ['x = 1\n'] }],
      3: [{ file: 'train.py', start: source.length, end: source.length, pieces: ['  x = (\n'] }],
    },
  },
)
const suggesting = (...values: number[]): Sampler => ({
  name: 'listed',
  suggest: ({ trials }) => ({ blocks: values[trials.length - 1] ?? 3 }),
})
const plain: PastTrial = { ...own, values: { blocks: 1 } }

test('passes over values that would break the source, and says so', () => {
  const { next, refused } = search([blocks], suggesting(3, 2), [plain])
  expect(next()?.values).toEqual({ blocks: 2 })
  expect(refused).toMatchObject([{ kind: 'system', code: 'rewrite-broken' }])
  expect(refused[0]?.message).toContain('train.py would no longer be Python with the values {"blocks":3}')
})

test('passes over values as big as those that ran out of memory', () => {
  const layers = aHyperparameter('layers', 0.5, { type: 'int', low: 1, high: 9, log: false }, at('0.5'))
  const past: PastTrial[] = [
    { ...own, values: { layers: 1 } },
    { number: 1, values: { layers: 4 }, state: 'failed', metric: null, outOfMemory: true },
  ]
  const listed: Sampler = {
    name: 'listed',
    suggest: ({ trials }) => ({ layers: [5, 4, 3][trials.length - past.length] ?? 9 }),
  }
  expect(search([layers], listed, past).next()?.values).toEqual({ layers: 3 })
  // Not for ever: names may be wrong.
  const large: Sampler = { ...listed, suggest: ({ trials }) => ({ layers: 4 + trials.length }) }
  expect(search([layers], large, past).next()?.values.layers).toBeGreaterThan(9)
})

test('fails when nothing else is proposed', () => {
  const { next, refused } = search([blocks], suggesting(), [plain])
  expect(next).toThrow(/would no longer be Python/)
  expect(refused.length).toBeGreaterThan(1)
})

test('needs the files of sites, ties and patches, each once', () => {
  const site = { file: 'model.py', line: 1, column: 1, start: 0, end: 1, times: 1, why: '' }
  const tied = { ...lr, ties: [site, site] }
  const layered = {
    ...blocks,
    variants: { 2: [{ file: 'layers.py', start: 0, end: 0, pieces: [] }] },
  }
  expect(filesOf([tied, layered])).toEqual(['train.py', 'model.py', 'layers.py'])
})
