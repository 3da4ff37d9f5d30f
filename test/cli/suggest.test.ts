import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { suggest } from '../../src/cli/suggest.ts'
import { packageRoot } from '../../src/paths.ts'

const LR = { type: 'float', low: 1e-4, high: 1, log: true }
const KERNEL = { type: 'categorical', choices: ['rbf', 'poly'] }
const study = (change: object = {}) => ({ space: { lr: LR, kernel: KERNEL }, ...change })
const tried = (lr: number, kernel: string, more: object = {}) => ({ values: { lr, kernel }, ...more })

async function ask(input: readonly (string | Buffer)[], options: { sampler?: string } = {}) {
  const lines: string[] = []
  async function* chunks() {
    yield* input
  }
  const code = await suggest(options, { input: chunks(), print: (line) => lines.push(line) })
  return { code, answers: lines.map((line) => JSON.parse(line)) }
}
const answerTo = async (line: unknown, options = { sampler: 'random' }) => {
  const text = typeof line === 'string' ? line : JSON.stringify(line)
  return (await ask([`${text}\n`], options)).answers[0]
}

describe('hone suggest', () => {
  it('answers each line with values of its space, and goes on after a bad one', async () => {
    const lines = [study(), study({ seed: -1 }), study({ seed: 2 })].map((line) => JSON.stringify(line))
    const { code, answers } = await ask([`${lines.join('\n')}\n`])
    expect(code).toBe(1)
    expect(answers.map(Object.keys)).toEqual([['values'], ['error'], ['values']])
    expect(Object.keys(answers[0].values)).toEqual(['lr', 'kernel'])
    expect(answers[0].values.lr).toBeGreaterThanOrEqual(1e-4)
    expect(answers[0].values.lr).toBeLessThanOrEqual(1)
  })

  it('answers a line before the next one comes', async () => {
    const printed: string[] = []
    async function* patient() {
      for (let line = 1; line <= 3; line++) {
        yield `${JSON.stringify(study({ seed: line }))}\n`
        await setImmediate()
        expect(printed).toHaveLength(line)
      }
    }
    await suggest({ sampler: 'random' }, { input: patient(), print: (line) => printed.push(line) })
    expect(printed).toHaveLength(3)
  })

  it('puts lines together that come in pieces, passes over blank ones, and takes a last one without its end', async () => {
    const line = JSON.stringify({ space: { größe: { choices: ['ä', 'ö'] } } })
    const bytes = Buffer.from(`\ufeff${line}\r\n\n  \n${line}`)
    const pieces = Array.from({ length: bytes.length }, (_, index) => bytes.subarray(index, index + 1))
    const { code, answers } = await ask(pieces)
    expect(code).toBe(0)
    expect(answers).toHaveLength(2)
    expect(['ä', 'ö']).toContain(answers[1].values.größe)
  })

  it('says nothing to no input', async () => {
    expect(await ask([])).toEqual({ code: 0, answers: [] })
  })

  it('gives equal answers to equal lines, others for another seed', async () => {
    const [one, same, other] = await Promise.all([3, 3, 4].map((seed) => answerTo(study({ seed }))))
    expect(one).toEqual(same)
    expect(one).not.toEqual(other)
  })

  it('takes the sampler of the line before that of the command, which has to exist', async () => {
    const line = study({ space: { n: { type: 'int', low: 1, high: 9 } }, sampler: 'grid' })
    expect(await answerTo(line)).toEqual({ values: { n: 5 } })
    expect(await answerTo({ ...line, sampler: undefined }, { sampler: 'grid' })).toEqual({ values: { n: 5 } })
    await expect(ask([], { sampler: 'tpe' })).rejects.toMatchObject({
      failure: { code: 'sampler-unknown', remedy: expect.stringContaining('quasi-random') },
    })
  })

  it('understands the short forms: choices, states, numbers and what Python writes for no number', async () => {
    const line = `{"space": {"k": [1, 2, 3, 4, 5, 6]}, "trials": [
      {"values": {"k": 1}, "metric": NaN}, {"values": {"k": 2}, "metric": -Infinity},
      {"values": {"k": 3}, "metric": 0.5}, {"values": {"k": 4}}, {"values": {"k": 5}, "state": "failed"}]}`
    expect(await answerTo(line.replaceAll('\n', ' '))).toEqual({ values: { k: 6 } })
  })

  it('moves on from the best by the direction and the state of each', async () => {
    const space = { epochs: { type: 'int', low: 10, high: 40 } }
    const next = (second: object, direction?: string) =>
      answerTo({
        ...{ space, direction, sampler: 'plain' },
        trials: [
          { number: 1, values: { epochs: 20 }, ...second },
          { number: 0, values: { epochs: 10 }, metric: 0.5 },
        ],
      })
    const none = { values: null, reason: 'no single change is left to try' }
    expect(await next({ metric: 0.6 })).toEqual({ values: { epochs: 30 } })
    expect(await next({ metric: 0.6 }, 'minimize')).toEqual(none)
    expect(await next({ metric: 0.4 }, 'minimize')).toEqual({ values: { epochs: 30 } })
    expect(await next({ metric: 0.6, state: 'failed' })).toEqual(none)
  })

  it('says why there are no more values', async () => {
    const space = { kernel: KERNEL }
    const trials = [{ values: { kernel: 'rbf' } }]
    expect(await answerTo({ space, trials: [...trials, { values: { kernel: 'poly' } }] })).toEqual({
      values: null,
      reason: 'every combination has been tried',
    })
    expect(await answerTo({ space, trials, forbidden: [{ kernel: 'poly' }] })).toEqual({
      values: null,
      reason: 'every combination that is not forbidden has been tried',
    })
  })

  it('begins with the best of an earlier search, for the sampler that learns from it', async () => {
    const trials = [tried(0.5, 'rbf', { metric: 0.4 }), tried(0.01, 'poly', { metric: 0.9 })]
    const line = study({
      trials: [tried(0.3, 'rbf', { metric: 0.4 })],
      related: [{ space: { lr: LR, kernel: KERNEL }, trials }],
    })
    expect(await answerTo(line, {} as never)).toEqual({ values: { lr: 0.01, kernel: 'poly' } })
    const wider = { ...line, trials: [], space: { ...line.space, new: LR } }
    const { values } = await answerTo(wider, {} as never)
    expect(Object.keys(values)).toEqual(['lr', 'kernel', 'new'])
  })
})

describe('docs/suggest.md', () => {
  const page = readFileSync(join(packageRoot, 'docs', 'suggest.md'), 'utf8')
  const examples = [...page.matchAll(/^\$ echo '(.*)' \| npx hone suggest\n(.*)$/gm)]

  it.each(examples.map(([, line, given]) => [line, given] as const))('%s', async (line, given) => {
    const { answers } = await ask([`${line}\n`])
    expect(answers).toEqual([JSON.parse(String(given))])
  })

  it('has an example of a search, and one of a mistake', () => {
    expect(examples).toHaveLength(2)
  })
})

const depth = (condition: object) => ({ type: 'int', low: 1, high: 3, condition })
const trialsOf = (...trials: object[]) => study({ trials })

describe('hone suggest says what is wrong with a line, where, and what to do', () => {
  it.each<[title: string, line: unknown, path: string, message: RegExp, remedy: RegExp]>([
    ['no JSON', '{"space": ', '', /not JSON/, /one JSON object/],
    ['a list', [1], '', /the study is \[1\], but has to be an object/, /./],
    ['no space', {}, 'space', /space is missing; it has to be an object/, /./],
    ['an empty space', { space: {} }, 'space', /no hyperparameter/, /such as/],
    ['an unknown key', study({ trails: [] }), 'trails', /no key/, /mean `trials`/],
    ['a key like no other', study({ zzz: 1 }), 'zzz', /no key/, /space, direction/],
    ['an unknown type', { space: { x: { type: 'log' } } }, 'space.x.type', /"log"/, /./],
    ['no type', { space: { x: { low: 1, high: 2 } } }, 'space.x.type', /missing; .*"float", "int"/, /./],
    ['a key of a range', { space: { x: { ...LR, lo: 1 } } }, 'space.x.lo', /no key/, /mean `low`/],
    ['no bound', { space: { x: { type: 'int', low: 1 } } }, 'space.x.high', /missing/, /./],
    ['turned bounds', { space: { x: { ...LR, low: 2 } } }, 'space.x.low', /above the high of 1/, /Swap/],
    ['a scale from zero', { space: { x: { ...LR, low: 0 } } }, 'space.x.low', /above 0/, /leave `log` out/],
    [
      'endless bounds',
      '{"space":{"x":{"type":"float","low":0,"high":1e999}}}',
      'space.x.high',
      /number/,
      /./,
    ],
    [
      'too wide bounds',
      { space: { x: { type: 'float', low: -1.7e308, high: 1.7e308 } } },
      'space.x',
      /wide/,
      /nearer/,
    ],
    [
      'too wide a scale',
      { space: { x: { type: 'float', low: 1e-300, high: 1e300, log: true } } },
      'space.x',
      /wide/,
      /nearer/,
    ],
    ['half an int', { space: { x: { type: 'int', low: 0.5, high: 2 } } }, 'space.x.low', /whole/, /./],
    ['no step', { space: { x: { ...LR, step: 0 } } }, 'space.x.step', /more than 0/, /./],
    ['no choices', { space: { x: [] } }, 'space.x.choices', /hold something/, /./],
    ['a choice twice', { space: { x: ['a', 'a'] } }, 'space.x.choices', /"a" twice/, /Leave one/],
    ['a choice of no kind', { space: { x: [null] } }, 'space.x.choices[0]', /a number, a text/, /./],
    [
      'a condition on nothing',
      study({ space: { kernel: KERNEL, d: depth({ name: 'kernl', values: ['rbf'] }) } }),
      'space.d.condition.name',
      /"kernl", which the space does not have/,
      /mean `kernel`/,
    ],
    [
      'a condition that never holds',
      study({ space: { kernel: KERNEL, d: depth({ name: 'kernel', values: ['linear'] }) } }),
      'space.d.condition.values',
      /"linear", which kernel cannot be/,
      /./,
    ],
    [
      'conditions in a circle',
      { space: { a: depth({ name: 'b', values: [1] }), b: depth({ name: 'a', values: [1] }) } },
      'space.a.condition',
      /circle: a under b under a/,
      /./,
    ],
    [
      'a number twice',
      trialsOf(tried(1, 'rbf', { number: 4 }), tried(1, 'poly', { number: 4 })),
      'trials[1]',
      /number 4, as trials\[0\]/,
      /of its own/,
    ],
    [
      'a number that is a place',
      trialsOf(tried(1, 'rbf', { number: 1 }), tried(1, 'poly')),
      'trials[1]',
      /number 1/,
      /./,
    ],
    ['no values', trialsOf({ metric: 1 }), 'trials[0].values', /missing/, /./],
    [
      'a name that is none',
      trialsOf({ values: { rl: 1 } }),
      'trials[0].values.rl',
      /"rl", which the space/,
      /mean `lr`/,
    ],
    [
      'a value that is missing',
      trialsOf({ values: { lr: 1 } }),
      'trials[0].values.kernel',
      /missing/,
      /related/,
    ],
    [
      'no choice',
      trialsOf(tried(1, 'linear')),
      'trials[0].values.kernel',
      /none of its choices/,
      /"rbf", "poly"/,
    ],
    [
      'a text for a number',
      trialsOf(tried('1' as never, 'rbf')),
      'trials[0].values.lr',
      /"1", but/,
      /a number/,
    ],
    ['a metric in words', trialsOf(tried(1, 'rbf', { metric: 'good' })), 'trials[0].metric', /"good"/, /./],
    [
      'no metric',
      trialsOf(tried(1, 'rbf', { state: 'completed' })),
      'trials[0]',
      /completed, but has no metric/,
      /failed/,
    ],
    ['an unknown state', trialsOf(tried(1, 'rbf', { state: 'done' })), 'trials[0].state', /"completed"/, /./],
    [
      'a state mistyped',
      trialsOf(tried(1, 'rbf', { stat: 'failed' })),
      'trials[0].stat',
      /no key/,
      /`state`/,
    ],
    ['an unknown sampler', study({ sampler: 'tpe' }), 'sampler', /"gaussian-process", /, /./],
    ['another direction', study({ direction: 'up' }), 'direction', /"maximize", "minimize"/, /./],
    ['half a seed', study({ seed: 0.5 }), 'seed', /whole number/, /./],
    ['forbidding everything', study({ forbidden: [{}] }), 'forbidden[0]', /everything/, /./],
    [
      'forbidding what is not there',
      study({ forbidden: [{ kernel: 'rbf' }, { kernel: 1 }] }),
      'forbidden[1].kernel',
      /none of its choices/,
      /./,
    ],
    [
      'an earlier search with a fault',
      study({ related: [{ space: { 'my x': LR }, trials: [{ values: {}, metric: 1 }] }] }),
      'related[0].trials[0].values["my x"]',
      /missing/,
      /./,
    ],
    ['a key of an earlier search', study({ related: [{ spaces: {} }] }), 'related[0].space', /missing/, /./],
  ])('%s', async (_, line, path, message, remedy) => {
    const { error, ...rest } = await answerTo(line)
    expect(rest).toEqual({})
    expect(error.path).toBe(path)
    expect(error.message).toMatch(message)
    expect(error.message).toMatch(/[^.]\.$/)
    expect(error.remedy).toMatch(remedy)
  })

  it('takes own values outside of the bounds, and leaves out what does not matter', async () => {
    const space = {
      kernel: KERNEL,
      d: depth({ name: 'kernel', values: ['poly'] }),
      n: { type: 'int', low: 1, high: 2 },
    }
    const { values } = await answerTo({ space, trials: [{ values: { kernel: 'rbf', n: 99 }, metric: 1 }] })
    expect(Object.keys(values)).toEqual(['kernel', 'd', 'n'])
  })
})

describe('whatever comes', () => {
  const isAnswer = (line: object) => /^(values|values,reason|error)$/.test(Object.keys(line).join())

  it('has one line of JSON for an answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string({ minLength: 1 })), async (text) => {
        const line = text.replaceAll('\n', ' ')
        fc.pre(line.trim() !== '')
        const { answers, code } = await ask([line], { sampler: 'random' })
        expect(answers).toHaveLength(1)
        expect(Object.keys(answers[0])).toEqual(['error'])
        expect(code).toBe(1)
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('is no fault of Hone, whatever stands somewhere in a study', async () => {
    const sound = study({
      space: { lr: LR, kernel: KERNEL, d: depth({ name: 'kernel', values: ['poly'] }) },
      trials: [{ ...tried(0.1, 'rbf', { metric: 1, number: 0 }) }, { ...tried(0.2, 'rbf') }],
      forbidden: [{ kernel: 'rbf', lr: 1 }],
      related: [{ space: { lr: LR }, trials: [{ values: { lr: 1 }, metric: 2, repeats: [1] }] }],
      ...{ seed: 3, direction: 'minimize' },
    })
    const paths = pathsOf(sound)
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.double(),
      fc.constantFrom(0, -1, 1e300, 1e-300, 5e-324, '', 'NaN', [], {}),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        odd,
        fc.constantFrom('random', 'grid', 'plain', 'quasi-random'),
        async (path, value, sampler) => {
          const answer = await answerTo(withValue(sound, path, value), { sampler })
          expect(isAnswer(answer)).toBe(true)
          expect(answer.error?.code).not.toBe('internal')
        },
      ),
      { numRuns: 1000, seed: 1 },
    )
  })
})

/** Of everything in a value, down to its leaves. */
function pathsOf(value: unknown): PropertyKey[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => [
    [key],
    ...pathsOf(part).map((path) => [key, ...path]),
  ])
}

function withValue(whole: unknown, [key, ...rest]: readonly PropertyKey[], value: unknown): unknown {
  if (key === undefined) return value
  const copy = structuredClone(whole) as Record<PropertyKey, unknown>
  copy[key] = withValue(copy[key], rest, value)
  return copy
}
