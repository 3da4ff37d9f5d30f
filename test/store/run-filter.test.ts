import { beforeEach, expect, it } from 'vitest'
import { resolveSettings } from '../../src/domain/settings.ts'
import type { RunFilter } from '../../src/store/run-filter.ts'
import { testStore } from './support.ts'

const { store, project } = testStore()
let projectId: number
let names = 0

const aRun = (change: { ref?: string; author?: string | null; message?: string; sha?: string } = {}) =>
  store.runs.insert({
    projectId,
    ref: 'refs/heads/main',
    sha: 'ab'.repeat(20),
    trigger: 'api',
    author: 'Ada',
    message: 'Train',
    overrides: {},
    settings: resolveSettings(),
    ...change,
  })
const found = (filter: RunFilter) => store.runs.list({ projectId, ...filter }).map(({ number }) => number)

beforeEach(() => {
  projectId = project(`p${++names}`).id
})

it('one condition or several, the newest first', () => {
  const first = aRun({ ref: 'refs/heads/wide' })
  aRun({ author: 'Grace' })
  aRun({ ref: 'refs/heads/wide', author: null })
  store.runs.transition(first.id, 'cancelled')
  expect(found({})).toEqual([3, 2, 1])
  expect(found({ ref: 'refs/heads/wide' })).toEqual([3, 1])
  expect(found({ author: 'Grace' })).toEqual([2])
  expect(found({ state: 'queued' })).toEqual([3, 2])
  expect(found({ ref: 'refs/heads/wide', state: 'cancelled', author: 'Ada', text: 'train' })).toEqual([1])
  expect(found({ ref: 'refs/heads/wide', limit: 1 })).toEqual([3])
  expect(found({ before: first.id + 2 })).toEqual([2, 1])
})

it('those that a person stopped at their best, or the others', () => {
  const [spent, stopped] = [aRun(), aRun()]
  aRun()
  for (const { id } of [spent, stopped]) store.runs.transition(id, 'running')
  store.runs.transition(spent.id, 'exhausted', { kind: 'budget', reason: 'over' })
  store.runs.transition(stopped.id, 'exhausted', { kind: 'budget', reason: 'x', stopped: true })
  expect(found({ state: 'exhausted', stopped: true })).toEqual([2])
  expect(found({ state: 'exhausted', stopped: false })).toEqual([1])
  expect(found({ stopped: false })).toEqual([3, 1])
})

it('a text is looked for in the message and at the beginning of the commit, and means itself', () => {
  aRun({ message: 'Half the rate: 50 %', sha: 'c0ffee'.padEnd(40, '0') })
  aRun({ message: 'half_the_rate' })
  expect(found({ text: 'HALF' })).toEqual([2, 1])
  expect(found({ text: 'c0ff' })).toEqual([1])
  expect(found({ text: '0ffe' })).toEqual([])
  expect(found({ text: '50 %' })).toEqual([1])
  expect(found({ text: '%' })).toEqual([1])
  expect(found({ text: 'f_t' })).toEqual([2])
  expect(found({ text: "' OR 1=1 --" })).toEqual([])
})

it('branches and authors of one project, by name', () => {
  aRun({ ref: 'refs/heads/wide', author: 'Grace' })
  aRun()
  aRun({ author: null })
  expect(store.runs.refsOf(projectId, 10)).toEqual(['refs/heads/main', 'refs/heads/wide'])
  expect(store.runs.authorsOf(projectId, 10)).toEqual(['Ada', 'Grace'])
  expect(store.runs.authorsOf(projectId, 1)).toEqual(['Ada'])
})
