import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdits, type Edit, EditError } from '../../src/python/rewrite/edits.ts'

type Short = [start: number, end: number, ...pieces: (string | [number, number])[]]
const edit = ([start, end, ...pieces]: Short): Edit => ({
  start,
  end,
  pieces: pieces.map((piece) =>
    typeof piece === 'string' ? Buffer.from(piece) : { start: piece[0], end: piece[1] },
  ),
})
const apply = (source: string, ...edits: Short[]) =>
  applyEdits(Buffer.from(source), edits.map(edit)).toString()

describe('edits', () => {
  it.each<[string, Short[], string]>([
    ['nothing', [], '0123456789'],
    ['a replacement', [[2, 4, 'ab']], '01ab456789'],
    ['a deletion', [[2, 4]], '01456789'],
    [
      'neighbours',
      [
        [4, 6, 'b'],
        [2, 4, 'a'],
      ],
      '01ab6789',
    ],
    [
      'insertions at one place, in the order given',
      [
        [2, 2, 'a'],
        [2, 2, 'b'],
      ],
      '01ab23456789',
    ],
    [
      'an insertion before a replacement of the same start',
      [
        [2, 4, 'x'],
        [2, 2, 'a'],
      ],
      '01ax456789',
    ],
    [
      'an insertion after a range',
      [
        [2, 4],
        [4, 4, 'a'],
      ],
      '01a456789',
    ],
    [
      'at both ends',
      [
        [0, 0, 'a'],
        [10, 10, 'b'],
      ],
      'a0123456789b',
    ],
    ['a copy', [[6, 6, [2, 6]]], '01234523456789'],
    [
      'a copy with the edits in it',
      [
        [6, 6, '|', [2, 6]],
        [3, 4, 'x'],
      ],
      '012x45|2x456789',
    ],
    [
      'a range repeated with the edits in it',
      [
        [2, 6, [2, 6], '|', [2, 6]],
        [3, 4, 'x'],
      ],
      '012x45|2x456789',
    ],
    [
      'an edit in a deleted range',
      [
        [2, 6],
        [3, 4, 'x'],
      ],
      '016789',
    ],
    [
      'an edit in what is not copied',
      [
        [2, 6, [4, 6]],
        [3, 4, 'x'],
        [5, 6, 'y'],
      ],
      '014y6789',
    ],
    [
      'ranges in ranges',
      [
        [1, 9, [1, 9], [1, 9]],
        [2, 8, '(', [2, 8], ')'],
        [4, 5, 'x'],
      ],
      '01(23x567)81(23x567)89',
    ],
    [
      'a part of a range with a change of its own',
      [
        [2, 6, [2, 4]],
        [2, 4, 'ab'],
      ],
      '01ab6789',
    ],
    [
      'an insertion at the border of a copy',
      [
        [8, 8, [2, 4]],
        [2, 2, 'a'],
        [4, 4, 'b'],
      ],
      '01a23b456723' + '89',
    ],
    [
      'an insertion within a copy',
      [
        [8, 8, [2, 4]],
        [3, 3, 'a'],
      ],
      '012a345672a389',
    ],
    [
      'a copy of bytes that are deleted elsewhere',
      [
        [2, 6],
        [8, 8, [3, 5]],
      ],
      '01673489',
    ],
    ['an insertion in the range that it copies', [[4, 4, [2, 6]]], '01232345456789'],
  ])('%s', (_, edits, expected) => {
    expect(apply('0123456789', ...edits)).toBe(expected)
  })

  it.each<[string, Short[], number]>([
    [
      'the same bytes',
      [
        [2, 4, 'a'],
        [2, 4, 'b'],
      ],
      2,
    ],
    [
      'an overlap',
      [
        [2, 4, 'a'],
        [3, 5, 'b'],
      ],
      3,
    ],
    [
      'an overlap within a range',
      [
        [1, 9, [1, 9]],
        [2, 4, 'a'],
        [3, 5, 'b'],
      ],
      3,
    ],
    ['an end outside', [[8, 11, 'a']], 8],
    ['a start outside', [[-1, 2, 'a']], -1],
    ['a range that is reversed', [[4, 2, 'a']], 4],
    ['a fraction', [[1.5, 2, 'a']], 1.5],
    ['a copy from outside', [[2, 4, [8, 11]]], 2],
    [
      'a copy that cuts a change at its end',
      [
        [8, 8, [2, 4]],
        [3, 6, 'a'],
      ],
      3,
    ],
    [
      'a copy that cuts a change at its start',
      [
        [8, 8, [4, 7]],
        [3, 6, 'a'],
      ],
      3,
    ],
  ])('refuses %s', (_, edits, byte) => {
    const call = () => apply('0123456789', ...edits)
    expect(call).toThrow(EditError)
    expect(call).toThrow(expect.objectContaining({ byte }))
  })

  it('refuses ranges that multiply one another without end', () => {
    const all: [number, number] = [0, 200]
    const edits = Array.from({ length: 90 }, (_, at): Short => [at * 2 + 2, at * 2 + 2, all, all])
    expect(() => apply('x'.repeat(200), ...edits)).toThrow('multiply')
  })

  it('refuses copies of copies that come to nothing', () => {
    const edits = Array.from(
      { length: 45 },
      (_, at): Short => [at, 100 - at, [at + 1, 99 - at], [at + 1, 99 - at]],
    )
    expect(() => apply('x'.repeat(100), ...edits)).toThrow('multiply')
  })

  it('leaves every byte outside the edits', () => {
    const range = fc.tuple(fc.nat(60), fc.nat(6), fc.string({ maxLength: 5 }))
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 0, maxLength: 60 }),
        fc.array(range, { maxLength: 8 }),
        (bytes, ranges) => {
          const source = Buffer.from(bytes)
          let done = 0
          const edits: Short[] = []
          for (const [start, size, text] of ranges.sort((a, b) => a[0] - b[0])) {
            if (start < done || start + size > source.length) continue
            edits.push([start, start + size, text])
            done = start + size
          }
          let at = 0
          const expected = edits.flatMap(([start, end, text]) => {
            const part = [source.subarray(at, start), Buffer.from(text as string)]
            at = end
            return part
          })
          expect(applyEdits(source, edits.map(edit))).toEqual(
            Buffer.concat([...expected, source.subarray(at)]),
          )
        },
      ),
    )
  })
})
