import { describe, expect, it } from 'vitest'
import type { ProjectOverview, RunInShort, RunPointView } from '../../src/http/contract/overview.ts'
import { isChunkError, mayReload } from '../../web/src/chunks.ts'
import { formatRelative } from '../../web/src/format.ts'
import {
  doneOf,
  goalWords,
  shownValues,
  sparkOf,
  startingOf,
  stateOfPart,
  workWords,
} from '../../web/src/home.ts'

const up = { target: 0.9, direction: 'maximize', metric: 'accuracy' } as const
const down = { target: 0.3, direction: 'minimize', metric: 'loss' } as const

describe('the best value against the target', () => {
  it.each([
    [{ ...up, met: 'no', best: null }, 'target 0.9'],
    [{ ...up, met: 'no', best: 0.85 }, '0.05 short of 0.9'],
    [{ ...up, met: 'yes', best: 0.9 }, 'target 0.9 met'],
    [{ ...up, met: 'unconfirmed', best: 0.91 }, 'target 0.9 met, not confirmed by another seed'],
    [{ ...up, met: 'refuted', best: 0.91 }, 'target 0.9 met, but not with every seed'],
    [{ ...down, met: 'no', best: 0.42 }, '0.12 above 0.3'],
    [{ ...down, met: 'yes', best: 0.29 }, 'target 0.3 met'],
  ] as const)('%j: %s', (run, words) => {
    expect(goalWords(run)).toBe(words)
  })
})

const point = (number: number, best: number | null, met: RunPointView['met'] = 'no'): RunPointView => ({
  ...{ id: number * 10, number, sha: 'a'.repeat(40), state: 'exhausted', best, met, createdAt: number },
  target: 0.9,
})

describe('a sparkline', () => {
  it('is none without a value', () => {
    expect(sparkOf([point(1, null)], up)).toBeNull()
    expect(sparkOf([], up)).toBeNull()
  })

  it('goes from the left to the right, higher values above, the target among them', () => {
    const spark = sparkOf([point(1, 0.7), point(2, null), point(3, 0.92, 'refuted'), point(4, 1, 'yes')], up)
    expect(spark?.points.map(({ id, x, met }) => [id, x, met])).toEqual([
      [10, 2, false],
      [30, 50, false],
      [40, 98, true],
    ])
    expect(spark?.points.map(({ y }) => Math.round(y))).toEqual([90, 31, 10])
    expect(Math.round(spark?.targetY ?? 0)).toBe(37)
    expect(spark?.label).toBe(
      'best accuracy of the last 3 runs: 0.7 to 1; the last 1; target 0.9, met by 1; 1 more run without a value',
    )
  })

  it('has one value, on its target, in the middle', () => {
    const spark = sparkOf([point(1, 0.3, 'yes')], down)
    expect(spark?.points).toEqual([{ id: 10, x: 50, y: 50, met: true, title: '#1: 0.3' }])
    expect(spark?.targetY).toBe(50)
    expect(spark?.label).toBe('best loss of the last 1 run: 0.3; the last 0.3; target 0.3, met by 1')
  })
})

const run = (change: Partial<RunInShort>) =>
  ({ id: 50, number: 5, state: 'running', best: null, jobs: [], training: [], ...change }) as RunInShort
const job = (name: string, state: string) => ({ name, state }) as RunInShort['jobs'][number]

describe('what a run is at', () => {
  it.each([
    [[], [], 'queued', 'queued'],
    [[job('git-import', 'queued')], [], 'queued', 'git-import is next'],
    [[job('detect-model', 'running')], [], 'running', 'detect-model'],
    [[job('train', 'running')], [], 'running', 'train'],
    [[job('train', 'running')], [4], 'running', 'train: trial 4'],
    [[job('train', 'running'), job('train', 'running')], [4, 5, 6], 'running', 'train: trials 4, 5 and 6'],
    [[job('tweak', 'running'), job('train', 'running')], [4], 'running', 'tweak, train: trial 4'],
  ] as const)('%#: %s', (jobs, training, state, words) => {
    expect(workWords({ jobs: [...jobs], training: [...training], state })).toBe(words)
  })
})

const project = (change: Partial<ProjectOverview>) =>
  ({
    id: 1,
    name: 'digits',
    createdAt: 1,
    last: null,
    history: [],
    delivery: null,
    ...change,
  }) as ProjectOverview
const delivery = { event: 'ping', outcome: 'ping', reason: null, receivedAt: 1 }

describe('the start', () => {
  it.each([
    [undefined, [false, false, false]],
    [project({}), [true, false, false]],
    [project({ delivery }), [true, true, false]],
    [project({ last: run({}) }), [true, true, true]],
  ] as const)('%#: is done so far as it has happened', (found, steps) => {
    const { made, connected, ran } = doneOf(found)
    expect([made, connected, ran]).toEqual(steps)
  })

  it('is about the newest project, while none has a run', () => {
    const [old, newer] = [project({}), project({ id: 2, createdAt: 2 })]
    expect(startingOf([])).toBeUndefined()
    expect(startingOf([newer, old])?.id).toBe(2)
    expect(startingOf([newer, project({ last: run({}) })])).toBeUndefined()
  })
})

describe('the values of a card', () => {
  const history = [point(2, 0.95, 'yes'), point(3, 0.8), point(4, null), point(5, null)]
  it('are those of the last run, else of the newest before it that has one', () => {
    expect(shownValues({ last: null, history: [] })).toEqual([])
    expect(shownValues({ last: run({}), history: [point(5, null)] })).toEqual([])
    expect(shownValues({ last: run({}), history: history.slice(1) })).toEqual([
      { best: 0.8, met: 'no', target: 0.9, number: 3 },
    ])
    expect(shownValues({ last: run({ best: 0.95, met: 'yes' }), history })).toMatchObject([{ number: null }])
  })

  it('have that of the newest run that reached its target, with that target, where the last has not', () => {
    const reached = { best: 0.95, met: 'yes', target: 0.9, number: 2 }
    expect(shownValues({ last: run({}), history })).toEqual([reached])
    expect(shownValues({ last: run({ best: 0.7, target: 0.99 }), history })).toMatchObject([
      { best: 0.7, target: 0.99, number: null },
      reached,
    ])
  })
})

it.each([
  ['Unable to preload CSS for /assets/a-1.css', true],
  ['Failed to fetch dynamically imported module: http://x/a.js', true],
  ['error loading dynamically imported module: http://x/a.js', true],
  ['Importing a module script failed.', true],
  ["Cannot read properties of undefined (reading 'x')", false],
])('%s is a part that could not be loaded: %s', (message, expected) => {
  expect(isChunkError(new Error(message))).toBe(expected)
})

it('a page is loaded anew by itself only once in a while', () => {
  expect(mayReload(null, 1_000_000)).toBe(true)
  expect(mayReload('990000', 1_000_000)).toBe(false)
  expect(mayReload('960000', 1_000_000)).toBe(true)
  expect(mayReload('nonsense', 1_000_000)).toBe(true)
})

it('what came a moment after the clock was read is just now', () => {
  expect(formatRelative(1000, 500)).toBe('just now')
  expect(formatRelative(3000, 500)).toBe('in 3 s')
})

it('a part without news says so', () => {
  expect(stateOfPart({ part: 'mail', state: 'idle' })).toBe('not set up')
  expect(stateOfPart({ part: 'webhook', state: 'idle' })).toBe('nothing yet')
  expect(stateOfPart({ part: 'engine', state: 'bad' })).toBe('wrong')
})
