import { afterEach, expect, it } from 'vitest'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
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
