import { expect, it } from 'vitest'
import type { Engine } from '../../src/containers/engine.ts'
import { leaveBehind, removeLeftBehind } from '../../src/images/step-containers.ts'

function fakeEngine() {
  const removed: string[] = []
  let away = false
  const engine = {
    docker: { getContainer: (id: string) => ({ remove: async () => removed.push(id) }) },
    async ask(_doing: string, call: (signal: AbortSignal) => Promise<unknown>) {
      if (away) throw new Error('away')
      return call(new AbortController().signal)
    },
  }
  return { engine: engine as unknown as Engine, removed, away: (is: boolean) => (away = is) }
}

it('what broken builds left is removed once, from the engine that it is on', async () => {
  const [one, other] = [fakeEngine(), fakeEngine()]
  leaveBehind(one.engine, 'a')
  leaveBehind(one.engine, 'b')
  leaveBehind(one.engine, 'a')
  await removeLeftBehind(other.engine)
  one.away(true)
  await expect(removeLeftBehind(one.engine)).rejects.toThrow('away')
  one.away(false)
  await removeLeftBehind(one.engine)
  await removeLeftBehind(one.engine)
  expect([one.removed, other.removed]).toEqual([['a', 'b'], []])
})
