import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LogTail } from '../../src/store/log-tail.ts'

const BLOCK = 256 * 1024
const push = (tail: LogTail, line: string) => tail.push(line, Buffer.byteLength(line))
const held = (tail: LogTail) => Buffer.concat([...tail.pieces()]).toString()

it('holds the last lines, and counts what it drops', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.constant('ü'.repeat(90_000)))
  const stored = fc.array(text.map((value) => value.replaceAll('\n', ' ')))
  fc.assert(
    fc.property(stored, stored, fc.integer({ min: 0, max: 400_000 }), (before, after, limit) => {
      const lines = [...before, ...after].map((value, at) => `t${at} ${value}\n`)
      const tail = new LogTail(limit, lines.slice(0, before.length), { bytes: 7, lines: 2, at: 'before' })
      for (const line of lines.slice(before.length)) push(tail, line)
      const kept = [...lines]
      const dropped: string[] = []
      const bytes = () => Buffer.byteLength(kept.join(''))
      while (after.length > 0 && bytes() > limit) dropped.push(kept.shift() as string)
      const texts = dropped.map((line) => line.slice(line.indexOf(' ') + 1))
      expect(held(tail)).toBe(kept.join(''))
      expect(tail.cut).toEqual({ bytes: 7 + Buffer.byteLength(texts.join('')), lines: 2 + dropped.length })
      expect(tail.cutAt).toBe(dropped.at(-1)?.split(' ', 1)[0] ?? 'before')
    }),
    { numRuns: 50 },
  )
})

it('takes no more memory than its limit and three blocks, however much comes', () => {
  const LIMIT = 4 * BLOCK
  const tail = new LogTail(LIMIT, [], null)
  for (let number = 0; number < 100_000; number++) {
    push(tail, `2026-01-01T00:00:00.000000000Z line ${number}\n`)
    if (number % 1000 === 0) expect(tail.allocated).toBeLessThanOrEqual(LIMIT + 3 * BLOCK)
  }
  expect(held(tail)).toMatch(/line 99999\n$/)
})
