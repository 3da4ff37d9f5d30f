import { expect, it } from 'vitest'
import type { Engine } from '../../src/containers/engine.ts'
import { systemError, unavailable } from '../../src/domain/failure.ts'
import { leaveBehind, removeLeftBehind } from '../../src/images/step-containers.ts'

const BEGUN = Date.parse('2026-05-04T10:00:00Z')
const step = { Created: '2026-05-04T10:00:07Z', State: { Running: false }, Config: { Labels: {} } }

function fakeEngine(containers: Record<string, object>) {
  const removed: string[] = []
  const trouble: { error: Error | null } = { error: null }
  const engine = {
    docker: {
      getContainer: (id: string) => ({
        inspect: async () => containers[id],
        remove: async () => removed.push(id),
      }),
    },
    async ask(_doing: string, call: (signal: AbortSignal) => Promise<unknown>) {
      if (trouble.error) throw trouble.error
      return (await call(new AbortController().signal)) ?? null
    },
  }
  return { engine: engine as unknown as Engine, removed, trouble }
}

it('what broken builds left is removed once, from the engine that it is on, when that is there', async () => {
  const { engine, removed, trouble } = fakeEngine({ a: step, b: step })
  const other = fakeEngine({ a: step })
  for (const id of ['a', 'b', 'a', 'gone']) leaveBehind(engine, id, BEGUN)
  await removeLeftBehind(other.engine)
  trouble.error = unavailable('engine-away', 'The engine is away.', 'Start it.')
  await expect(removeLeftBehind(engine)).rejects.toThrow('away')
  trouble.error = null
  await removeLeftBehind(engine)
  await removeLeftBehind(engine)
  expect([removed, other.removed]).toEqual([['a', 'b'], []])
})

it.each([
  ['runs', { ...step, State: { Running: true } }],
  ['was there before the build', { ...step, Created: '2026-05-04T08:00:00Z' }],
  ["is one of Hone's own", { ...step, Config: { Labels: { 'hone.instance': 'x' } } }],
])('a container that %s is left alone, whatever a build prints', async (_, container) => {
  const { engine, removed } = fakeEngine({ a: container })
  leaveBehind(engine, 'a', BEGUN)
  await removeLeftBehind(engine)
  expect(removed).toEqual([])
})

it('one that cannot be removed keeps no build waiting', async () => {
  const { engine, removed, trouble } = fakeEngine({ a: step })
  leaveBehind(engine, 'a', BEGUN)
  trouble.error = systemError('engine-refused', 'The engine refused it.', 'Look at its log.')
  await removeLeftBehind(engine)
  trouble.error = null
  await removeLeftBehind(engine)
  expect(removed).toEqual([])
})
