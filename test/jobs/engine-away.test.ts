import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import { EVENTS_PATH, PRINTED_PATH } from '../../src/containers/runtime.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const trains: FakeProgram = function* () {
  yield 'Epoch 1/1'
  yield 'Test accuracy: 0.95'
}

describe('when the engine is away', () => {
  it('a run waits, the health says so, and all goes on when it is back', async () => {
    chain = await testChain(trains)
    chain.executor.away = true
    const run = chain.push({ target: 0.9 })
    await chain.until(() => chain.store.jobs.ofRun(run.id).at(-1)?.failure?.code === 'engine-away')
    await chain.sweep()
    expect(chain.health.problems()).toMatchObject([{ part: 'engine', remedy: expect.stringMatching(/\S/) }])
    expect(chain.store.runs.get(run.id).state).toBe('running')
    chain.executor.away = false
    await chain.sweep()
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(chain.health.problems()).toEqual([])
  })

  it('in the middle of a training: the same container is followed to its end', async () => {
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    chain = await testChain(async function* () {
      yield 'Epoch 1/2: val_accuracy=0.5'
      await gate
      yield 'Epoch 2/2: val_accuracy=0.9'
      yield 'Test accuracy: 0.95'
    })
    const run = chain.push({ target: 0.9 })
    await chain.until(() =>
      chain.store.events.after(0, { runId: run.id }).some(({ type }) => type === 'metric'),
    )
    chain.executor.away = true
    await chain.until(() => chain.store.jobs.ofRun(run.id).at(-1)?.failure?.code === 'engine-away')
    goOn()
    chain.executor.away = false
    chain.store.jobs.hurry()
    await chain.sweep()
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(chain.store.attempts.ofRun(run.id)).toHaveLength(1)
    expect(chain.store.metrics.ofAttempt(chain.store.attempts.ofRun(run.id)[0]?.id as number)).toHaveLength(3)
  })
})

describe('a training that came to its end while the engine was away', () => {
  it.each([
    { what: 'is trained again when the engine lost lines', printed: 3, attempts: ['failed', 'succeeded'] },
    { what: 'counts when the engine lost none', printed: 1, attempts: ['succeeded'] },
  ])('$what', async ({ printed, attempts }) => {
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    chain = await testChain(async function* ({ attempt, write }) {
      yield 'Epoch 1/2: val_accuracy=0.95'
      if (attempt > 1) return
      await gate
      write(EVENTS_PATH, `${JSON.stringify({ v: 1, at: 1, type: 'end', exit: 0, lines: printed })}\n`)
    })
    const { executor, store } = chain
    const run = chain.push({ target: 0.9, confirm: 0 })
    await chain.until(() => store.events.after(0, { runId: run.id }).some(({ type }) => type === 'metric'))
    executor.away = true
    await chain.until(() => store.jobs.ofRun(run.id).at(-1)?.failure?.code === 'engine-away')
    goOn()
    executor.away = false
    store.jobs.hurry()
    await chain.sweep()
    expect((await chain.ended(run)).state).toBe('succeeded')
    const made = store.attempts.ofRun(run.id)
    expect(made.map(({ state }) => state)).toEqual(attempts)
    expect(made[0]?.failure?.code).toBe(attempts.length > 1 ? 'log-lost' : undefined)
  })
})

describe('what a container printed while its engine was dead', () => {
  it.each([
    { what: 'that killed it when it was back', exitCode: 137, attempts: 2 },
    { what: 'and which ended by itself', exitCode: 0, attempts: 1 },
  ])('comes from what the runtime kept: $what', async ({ exitCode, attempts }) => {
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const second = 'Epoch 2/2: val_accuracy=0.95'
    chain = await testChain(async function* ({ attempt, exit, write }) {
      if (attempt > 1) return yield second
      yield 'Epoch 1/2: val_accuracy=0.5'
      await gate
      const printed = ['09:59:59.000000000Z Epoch 1/2: val_accuracy=0.5', `10:00:00.000000000Z ${second}`]
      write(PRINTED_PATH, printed.map((line) => `2026-05-04T${line}\n`).join(''))
      write(EVENTS_PATH, `${JSON.stringify({ v: 1, at: 1, type: 'end', exit: 0, lines: 2 })}\n`)
      exit(exitCode)
    })
    const { executor, paths, store } = chain
    const run = chain.push({ target: 0.9, confirm: 0, trials: 1 })
    await chain.until(() => store.events.after(0, { runId: run.id }).some(({ type }) => type === 'metric'))
    executor.away = true
    await chain.until(() => store.jobs.ofRun(run.id).at(-1)?.failure?.code === 'engine-away')
    goOn()
    executor.away = false
    store.jobs.hurry()
    await chain.sweep()
    await chain.ended(run)
    const made = store.attempts.ofRun(run.id)
    expect(made).toHaveLength(attempts)
    const { id } = made[0] as Attempt
    expect(await readFile(paths.attemptLog(run.id, id), 'utf8')).toMatch(new RegExp(`Z ${second}\\n$`))
    expect(store.metrics.ofAttempt(id).map(({ value }) => value)).toEqual([0.5, 0.95])
  })
})
