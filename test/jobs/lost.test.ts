import { afterEach, describe, expect, it } from 'vitest'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

describe('a training whose container is gone', () => {
  it('begins anew when its checkpoints went with it', async () => {
    const program: FakeProgram = async function* ({ attempt, hang }) {
      yield 'Epoch 1/2: val_accuracy=0.5'
      if (attempt === 1) await hang()
      yield 'Test accuracy: 0.95'
    }
    chain = await testChain(program)
    const { executor, store } = chain
    const run = chain.push({ target: 0.9, confirm: 0 })
    await chain.until(() => store.events.after(0, { runId: run.id }).some(({ type }) => type === 'metric'))
    for (const name of chain.trialVolumes()) executor.volumes.delete(name)
    executor.lose(store.attempts.ofRun(run.id)[0]?.container as string)
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(store.attempts.ofRun(run.id)[0]).toMatchObject({
      state: 'lost',
      failure: { code: 'checkpoints-lost' },
    })
  })
})
