import { expect, it, vi } from 'vitest'
import { Turns } from '../../src/images/turns.ts'

const never = new AbortController().signal

/** Work that goes on until it is finished by hand. */
function works() {
  const begun: string[] = []
  const finishers = new Map<string, () => void>()
  const work = (name: string) => () => {
    begun.push(name)
    return new Promise<void>((resolve) => finishers.set(name, resolve))
  }
  return { begun, work, finish: (name: string) => finishers.get(name)?.() }
}

it('lets so many work at a time, the others in their order, and says so to those who wait', async () => {
  const { begun, work, finish } = works()
  const turns = new Turns(2)
  const waits = vi.fn()
  const all = ['a', 'b', 'c', 'd'].map((name) => turns.run(work(name), never, () => waits(name)))
  expect([begun, waits.mock.calls]).toEqual([
    ['a', 'b'],
    [['c'], ['d']],
  ])
  finish('b')
  await all[1]
  await vi.waitFor(() => expect(begun).toEqual(['a', 'b', 'c']))
  finish('a')
  await vi.waitFor(() => expect(begun).toEqual(['a', 'b', 'c', 'd']))
  finish('c')
  finish('d')
  await Promise.all(all)
})

it('passes the turn on when work fails, and when somebody leaves the queue', async () => {
  const { begun, work, finish } = works()
  const turns = new Turns(1)
  const leaves = new AbortController()
  const first = turns.run(
    () => Promise.reject(new Error('broken')),
    never,
    () => {},
  )
  const second = turns.run(work('second'), leaves.signal, () => {})
  const third = turns.run(work('third'), never, () => {})
  leaves.abort(new Error('cancelled'))
  await expect(first).rejects.toThrow('broken')
  await expect(second).rejects.toThrow('cancelled')
  await vi.waitFor(() => expect(begun).toEqual(['third']))
  finish('third')
  await third
  const after = turns.run(work('after'), never, () => {})
  expect(begun).toEqual(['third', 'after'])
  finish('after')
  await after
})
