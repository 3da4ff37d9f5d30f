import { describe, expect, it } from 'vitest'
import { linesBehind, readPrinted } from '../../src/metrics/lost-lines.ts'

const at = (second: number) => `2026-05-04T10:00:${String(second).padStart(2, '0')}.000000000Z`
const printed = (...texts: string[]) => texts.map((text, second) => ({ at: at(second), text }))
const textsBehind = (...call: Parameters<typeof linesBehind>) => linesBehind(...call).map(({ text }) => text)

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

  it('are told by the time, where the log ends with what another process printed', () => {
    expect(textsBehind(['a', 'from a subprocess'], at(1), printed('a', 'b', 'c'))).toEqual(['c'])
  })

  it('are never older than what the log has', () => {
    expect(linesBehind(['a'], at(30), printed('a', 'b'))).toEqual([{ at: at(30), text: 'b' }])
  })
})
