import { describe, expect, it } from 'vitest'
import { linesBehind, type PrintedLine, readPrinted } from '../../src/metrics/lost-lines.ts'

const at = (second: number) => `2026-05-04T10:00:${String(second).padStart(2, '0')}.000000000Z`
const printed = (...texts: string[]) => texts.map((text, second) => ({ at: at(second), text }))
const textsBehind = (tail: string[], lastAt: string | null, lines: PrintedLine[], isWhole = false) =>
  linesBehind({ tail, lastAt, isWhole }, lines).map(({ text }) => text)

describe('what the runtime kept of the last lines', () => {
  it('is read line by line, without one that is half written', () => {
    expect(readPrinted(`${at(1)} Epoch 1: loss 0.5\n${at(2)} \n${at(3)} Epo`)).toEqual([
      { at: at(1), text: 'Epoch 1: loss 0.5' },
      { at: at(2), text: '' },
    ])
    expect(readPrinted('')).toEqual([])
  })
})

describe('the lines that a log has not', () => {
  it('are those behind its last one', () => {
    expect(textsBehind(['a', 'b'], at(5), printed('a', 'b', 'c', 'd'))).toEqual(['c', 'd'])
    expect(textsBehind(['a', 'b'], at(5), printed('a', 'b'))).toEqual([])
  })

  it('are all, where the log has none', () => {
    expect(textsBehind([], null, printed('a', 'b'))).toEqual(['a', 'b'])
  })

  it('are found where only the last lines were kept, or the log goes back less far', () => {
    expect(textsBehind(['a', 'b', 'c'], at(5), printed('b', 'c', 'd'))).toEqual(['d'])
    expect(textsBehind(['c'], at(5), printed('a', 'b', 'c', 'd'))).toEqual(['d'])
  })

  it('are told by the lines before, where a line was printed more than once', () => {
    const lines = printed('start', 'same', 'one', 'same', 'two', 'same')
    expect(textsBehind(['start', 'same', 'one', 'same'], at(9), lines)).toEqual(['two', 'same'])
    expect(textsBehind(['same', 'same'], at(9), printed('same', 'same', 'same'))).toEqual([])
  })

  it('are found behind what other processes printed, and two streams in another order', () => {
    const lines = printed('epoch 1', 'warning', 'epoch 2', 'epoch 3', 'epoch 4')
    expect(textsBehind(['epoch 1', 'from C', 'warning', 'epoch 2', 'from C'], at(9), lines)).toEqual([
      'epoch 3',
      'epoch 4',
    ])
    expect(textsBehind(['epoch 1', 'epoch 2', 'warning'], at(9), lines)).toEqual(['epoch 3', 'epoch 4'])
    expect(textsBehind(['from C', 'epoch 4'], at(9), lines)).toEqual([])
    expect(
      textsBehind(['epoch 1', 'epoch 2', 'from C', 'epoch 3', 'warning', 'epoch 4'], at(0), lines),
    ).toEqual([])
  })

  it('are told by the time, where nothing is in common', () => {
    expect(textsBehind(['from a subprocess'], at(1), printed('a', 'b', 'c'))).toEqual(['c'])
  })

  it('are never older than what the log has', () => {
    expect(linesBehind({ tail: ['a'], lastAt: at(30), isWhole: true }, printed('a', 'b'))).toEqual([
      { at: at(30), text: 'b' },
    ])
  })

  it.each([0, 1, 7, 60, 200])('are those behind any place of a long log: %i lines', (kept) => {
    const lines = printed(
      ...Array.from({ length: 200 }, (_, index) => (index % 3 === 0 ? 'same' : `epoch ${index}`)),
    )
    const texts = lines.map(({ text }) => text)
    const log = texts.slice(0, kept).flatMap((text, index) => (index % 5 === 0 ? ['from C', text] : [text]))
    expect(textsBehind(log, kept === 0 ? null : at(0), lines, true)).toEqual(texts.slice(kept))
  })
})
