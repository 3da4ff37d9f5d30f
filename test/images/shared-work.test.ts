import { expect, it } from 'vitest'
import { SharedWork } from '../../src/images/shared-work.ts'

function controlled() {
  const started: { signal: AbortSignal; say: (line: string) => void; finish: (value: string) => void }[] = []
  const start = (say: (line: string) => void, signal: AbortSignal) =>
    new Promise<string>((finish, reject) => {
      started.push({ signal, say, finish })
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  return { started, start }
}
const quiet = () => {}

it('is done once for all who want it at the same time', async () => {
  const { started, start } = controlled()
  const work = new SharedWork()
  const lines: string[][] = [[], []]
  const both = lines.map((list) => work.run('a', start, (line) => list.push(line)))
  const other = work.run('b', start, quiet)
  expect(started).toHaveLength(2)
  started[0]?.say('step')
  started[0]?.finish('done')
  started[1]?.finish('other')
  expect(await Promise.all([...both, other])).toEqual(['done', 'done', 'other'])
  expect(lines).toEqual([['step'], ['step']])
})

it('goes on, and tells the others, when one cannot take a line', async () => {
  const { started, start } = controlled()
  const work = new SharedWork()
  const lines: string[] = []
  const deaf = () => {
    throw new Error('database or disk is full')
  }
  const both = [work.run('a', start, deaf), work.run('a', start, (line) => lines.push(line))]
  started[0]?.say('step')
  started[0]?.finish('done')
  expect(await Promise.all(both)).toEqual(['done', 'done'])
  expect(lines).toEqual(['step'])
})

it('starts anew after its end, well or not', async () => {
  const { started, start } = controlled()
  const work = new SharedWork()
  const first = work.run('a', start, quiet)
  started[0]?.finish('1')
  await first
  const second = work.run('a', start, quiet)
  started[1]?.finish('2')
  expect(await second).toBe('2')
  await expect(work.run('b', () => Promise.reject(new Error('no')), quiet)).rejects.toThrow('no')
  expect(await work.run('b', () => Promise.resolve('yes'), quiet)).toBe('yes')
})

it('goes on while one is left, and is given up with the last', async () => {
  const { started, start } = controlled()
  const work = new SharedWork()
  const leave = [new AbortController(), new AbortController()]
  const waiting = leave.map(({ signal }) => work.run('a', start, quiet, signal))
  leave[0]?.abort(new Error('first'))
  await expect(waiting[0]).rejects.toThrow('first')
  expect(started[0]?.signal.aborted).toBe(false)
  leave[1]?.abort(new Error('second'))
  await expect(waiting[1]).rejects.toThrow('second')
  expect(started[0]?.signal.aborted).toBe(true)
  const again = work.run('a', start, quiet)
  started[1]?.finish('again')
  expect(await again).toBe('again')
})
