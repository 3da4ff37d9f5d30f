import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Failure } from '../../src/domain/failure.ts'
import { narrate } from '../../src/main/narrator.ts'
import { dataPaths } from '../../src/paths.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore, type Store } from '../../src/store/store.ts'
import { aProject, aQueuedRun } from '../helpers/factories.ts'

let store: Store
let lines: string[]
let end: () => void
beforeEach(() => {
  store = createStore(openDatabase(':memory:'))
  lines = []
  const push = (level: string) => (_: unknown, text: string) => void lines.push(`${level} ${text}`)
  end = narrate(store, { info: push('info'), warn: push('warn') } as never, () => 'http://hone')
})
afterEach(() => {
  end()
  store.close()
})

const world = () => ({ store, paths: dataPaths('unused'), pass: () => {} })
const told = async () => {
  await Promise.resolve()
  return lines
}
const FAILURE: Failure = {
  ...{ kind: 'user', code: 'exception', message: "No module named 'foo'.", remedy: 'Add foo.' },
  ...{ file: 'train.py', line: 3 },
}

it('says of a run how it began and how it ended, once each', async () => {
  const run = aQueuedRun(world(), aProject(world(), { name: 'digits' }))
  store.runs.transition(run.id, 'running')
  const reason = 'reached 0.95 ≥ 0.9 in trial 4'
  store.runs.transition(run.id, 'succeeded', { kind: 'target', reason })
  expect(await told()).toEqual([
    expect.stringMatching(/^info digits #1 begins: push of main [0-9a-f]{7} \(.+\) http:\/\/hone\/runs\/1$/),
    'info digits #1 target reached: 0.95 ≥ 0.9 in trial 4',
  ])
})

it('says how a run ended, however much happened on the way', async () => {
  const run = aQueuedRun(world(), aProject(world(), { name: 'digits' }))
  store.runs.transition(run.id, 'running')
  await told()
  store.transaction(() => {
    for (let step = 0; step < 1500; step++) store.events.append('progress', { runId: run.id }, { step })
  })
  store.runs.transition(run.id, 'cancelled')
  expect((await told()).slice(1)).toEqual(['info digits #1 cancelled'])
})

it('says all of many ends that come at once', async () => {
  const project = aProject(world(), { name: 'digits' })
  store.transaction(() => {
    for (let n = 0; n < 1100; n++) store.runs.transition(aQueuedRun(world(), project).id, 'cancelled')
  })
  expect(await told()).toHaveLength(1100)
})

it('says of a user’s mistake where it is and what to do', async () => {
  const run = aQueuedRun(world(), aProject(world(), { name: 'digits' }))
  store.runs.transition(run.id, 'failed', { kind: 'failed', reason: 'x', failure: FAILURE })
  expect(await told()).toEqual(["warn digits #1 failed: No module named 'foo'. (train.py:3) Add foo."])
})

it('says why a push made no run', async () => {
  const project = aProject(world(), { name: 'digits' })
  const delivery = { deliveryId: 'a', event: 'push', runId: null, payload: Buffer.from('{}') } as const
  store.deliveries.insert({
    ...delivery,
    ...{ projectId: project.id, outcome: 'ignored', reason: "The branch 'x' was deleted." },
  })
  expect(await told()).toEqual(["info digits push ignored: The branch 'x' was deleted."])
})

it('says that a project was deleted', async () => {
  const project = aProject(world(), { name: 'digits' })
  store.transaction(() => store.removals.begin(project))
  expect(await told()).toEqual(['info digits deleted, with its runs'])
})
