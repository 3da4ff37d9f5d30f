import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNumber, parseString, writeString } from '../../src/python/literal.ts'

describe('numbers', () => {
  it.each([
    ['1_000', { value: 1000, float: false }],
    ['1e-3', { value: 0.001, float: true }],
    ['-.5', { value: -0.5, float: true }],
    ['- 5.', { value: -5, float: true }],
    ['5.', { value: 5, float: true }],
    ['0x1F', { value: 31, float: false }],
    ['1j', null],
    ['1e999', null],
    ['99999999999999999999', null],
    ['0x', null],
    ['1__0', null],
    ['', null],
  ])('reads %s', (text, expected) => {
    expect(parseNumber(text)).toEqual(expected)
  })
})

describe('strings', () => {
  it.each([
    ["'relu'", 'relu'],
    ['u"it\'s"', "it's"],
    [`'it\\'s \\x41\\u00e9\\U0001F600\\101\\n\\d'`, "it's Aé😀A\n\\d"],
    ["R'\\d\\''", "\\d\\'"],
    ["'''a\n'b'\\\nc'''", "a\n'b'c"],
    ['""""a"""', '"a'],
    ["f'x'", 'x'],
    ["''", ''],
    ["''''''", ''],
  ])('reads %j', (text, expected) => {
    expect(parseString(text)?.value).toBe(expected)
  })

  it.each([
    "b'x'",
    "f'{x}'",
    "f'{{'",
    "'a' 'b'",
    "'a",
    '\'a"',
    "'a\nb'",
    "'\\N{DASH}'",
    "'\\xg'",
    "'\\'",
    "'a''''",
    'x',
  ])('does not read %j', (text) => {
    expect(parseString(text)).toBeNull()
  })

  it.each([
    ["it's", '', "'", "'it\\'s'"],
    ["it's", 'u', '"', 'u"it\'s"'],
    ['a"b', 'r', "'''", "r'''a\"b'''"],
    ["it's", 'r', "'", "'it\\'s'"],
    ['a\\b', 'rf', '"', 'f"a\\\\b"'],
    ['{x}', 'f', '"', '"{x}"'],
    ['a\r\n\t\0\x7f', '', '"', '"a\\r\\n\\t\\x00\\x7f"'],
  ])('writes %j with %s%s', (value, prefix, quote, expected) => {
    expect(writeString(value, { prefix, quote })).toBe(expected)
  })

  it('reads what it writes', () => {
    const like = fc.record({
      prefix: fc.constantFrom('', 'r', 'u', 'f', 'Rf', 'fr'),
      quote: fc.constantFrom("'", '"', "'''", '"""'),
    })
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(...'a\'"\\{}\n\r\0é😀x1') }),
    )
    fc.assert(
      fc.property(value, like, (value, like) => {
        const text = writeString(value, like)
        expect(parseString(text)).toMatchObject({ value, quote: like.quote })
      }),
      { numRuns: 500 },
    )
  })
})
