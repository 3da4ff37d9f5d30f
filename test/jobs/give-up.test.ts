import { afterEach, expect, it } from 'vitest'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import { giveUpRule, isHopeless } from '../../src/domain/give-up.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const trains: FakeProgram = function* () {
  yield 'Test accuracy: 0.4'
}
/** As an earlier look might have left it. */
const HOPELESS = { trials: 12, chance: 0, best: null, importance: [], advice: [] }

it('asks by an outlook that is fitted to the trials so far, whatever was stored before', async () => {
  chain = await testChain(trains)
  let written = 0
  const stop = chain.store.events.subscribe((types) => {
    if (!types.has('trial')) return
    for (const { id } of chain.store.runs.alive()) chain.store.runs.update(id, { outlook: HOPELESS })
    written++
  })
  const run = await chain.ended(chain.push({ target: 0.9, trials: 3 }))
  stop()
  expect(written).toBeGreaterThan(3)
  expect(isHopeless(HOPELESS, giveUpRule(run.settings))).toBe(true)
  expect(run.conclusion?.reason).toContain('3 of 3 trials spent')
  // What the last look found, not what was put there.
  expect(run.outlook?.trials).toBe(3)
})
