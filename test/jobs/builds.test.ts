import { afterEach, expect, it } from 'vitest'
import { type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

/** Of the lane that imports, in the chain of tests. */
const WORKERS = 2

it('runs whose images are being built hold up neither the import nor the training of another', async () => {
  let built = () => {}
  const ready = new Promise<void>((resolve) => {
    built = resolve
  })
  let builds = 0
  const prepare = async () => {
    if (++builds <= WORKERS) await ready
    return 'image'
  }
  chain = await testChain(() => ['Test accuracy: 0.95'], { images: { prepare } })
  const settings = { target: 0.9, trials: 1, confirm: 0 }
  const slow = Array.from({ length: WORKERS }, () => chain.push(settings))
  await expect.poll(() => builds).toBe(WORKERS)
  const quick = await chain.ended(chain.push(settings))
  expect(quick.state).toBe('succeeded')
  expect(slow.map(({ id }) => chain.store.runs.get(id).state)).toEqual(['running', 'running'])
  built()
  for (const run of slow) expect((await chain.ended(run)).state).toBe('succeeded')
})
