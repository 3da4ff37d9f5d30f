import { afterEach, expect, it } from 'vitest'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import { attemptMachine } from '../../src/domain/attempt.ts'
import type { Run } from '../../src/domain/run.ts'
import { runView } from '../../src/http/views.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'

const GIB = 1024 ** 3
/** The first restarts come after 1 and 2 s, with the slot held; the third after 4 s. */
const CRASHES = 3

let chain: TestChain
afterEach(() => chain.dispose())

it('a training that crashes again and again leaves its slot and its worker to others before a late restart, and has one again after it', async () => {
  let finish = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  let begins = () => {}
  const begun = new Promise<void>((resolve) => {
    begins = resolve
  })
  const program: FakeProgram = async function* ({ spec, attempt, exit }) {
    if (spec.labels['hone.run'] !== '1') {
      begins()
      await finished
    } else if (attempt <= CRASHES) exit(137)
    yield 'accuracy: 0.9'
  }
  chain = await testChain(program)
  const { store } = chain
  const settings = { trials: 1, target: 0.5, confirm: 0, memory: '5g' }
  const crashing = chain.push({ ...settings, restarts: 6 })
  const waits = (code: string) => () =>
    store.jobs.ofRun(crashing.id).some(({ state, failure }) => state === 'queued' && failure?.code === code)
  const last = () => store.attempts.ofRun(crashing.id).at(-1)

  await chain.until(waits('backing-off'))
  expect(last()).toMatchObject({ number: CRASHES + 1, state: 'starting', slot: { memoryBytes: 0, cpus: 0 } })
  expect(runView(store, store.runs.get(crashing.id), '').waits).toMatchObject({
    ...{ for: 'retry', until: last()?.notBefore },
    text: 'The training crashed, and waits before it is started again.',
  })
  const other = chain.push(settings)
  await begun
  chain.pass(10_000)
  chain.wake()
  finish()
  expect((await chain.ended(other)).state).toBe('succeeded')
  expect((await chain.ended(crashing)).state).toBe('succeeded')
  expect(last()).toMatchObject({ number: CRASHES + 1, slot: { memoryBytes: 5 * GIB } })
})

it.each([
  ['a restart', CRASHES],
  ['a new trial', 0],
])(
  '%s that waits for a slot until the time of its run is over leaves the run with what the others have brought',
  async (_, crashes) => {
    let begins = () => {}
    const begun = new Promise<void>((resolve) => {
      begins = resolve
    })
    let goOn = () => {}
    const pushed = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const program: FakeProgram = async function* ({ spec, attempt, exit, signal }) {
      if (spec.labels['hone.run'] !== '1') {
        begins()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      } else if (spec.labels['hone.trial'] !== '1' && attempt <= crashes) exit(137)
      else await pushed
      yield 'accuracy: 0.4'
    }
    chain = await testChain(program, { parallel: 2 })
    const { store } = chain
    const settings = { target: 0.9, confirm: 0, memory: '5g', timeLimit: 600, silentLimit: 600 }
    const run = chain.push({ ...settings, trials: 2, restarts: 6, runTimeLimit: 60 })
    const waits = (of: Run, code: string) =>
      chain.until(() =>
        store.jobs.ofRun(of.id).some(({ state, failure }) => state === 'queued' && failure?.code === code),
      )
    if (crashes > 0) {
      goOn()
      await waits(run, 'backing-off')
    } else await chain.until(() => store.attempts.ofRun(run.id).some(({ state }) => state === 'running'))
    const other = chain.push({ ...settings, trials: 1 })
    if (crashes === 0) await waits(other, 'slots-busy')
    goOn()
    await begun
    chain.pass(10_000)
    chain.wake()
    await waits(run, 'slots-busy')
    chain.pass(3_600_000)
    chain.wake()
    const ended = await chain.ended(run)
    expect(ended).toMatchObject({ state: 'exhausted', conclusion: { kind: 'budget' } })
    expect(ended.conclusion?.reason).toContain('best 0.4 in trial 0')
    expect(store.trials.ofRun(run.id).map(({ state }) => state)).toEqual(['completed', 'cancelled'])
    expect(store.attempts.ofRun(run.id).every(({ state }) => attemptMachine.isFinal(state))).toBe(true)
  },
)
