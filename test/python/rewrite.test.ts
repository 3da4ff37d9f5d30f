import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Distribution } from '../../src/domain/detection.ts'
import { findHyperparameters } from '../../src/python/hyperparameters.ts'
import { formatValue, parseNumber } from '../../src/python/literal.ts'
import { rewriteFiles, rewriteSource } from '../../src/python/rewrite.ts'
import { failureOf, python } from './python.ts'

const float: Distribution = { type: 'float', low: 0, high: 1e30, log: false }
const int: Distribution = { type: 'int', low: 0, high: 1000, log: false }

test.each([
  [0.1, float, '0.1'],
  [0.123456789, float, '0.123457'],
  [35, float, '35.0'],
  [0, float, '0.0'],
  [1e-5, float, '1e-05'],
  [0.0001, float, '0.0001'],
  [1.5e-7, float, '1.5e-07'],
  [123456789, float, '123457000.0'],
  [1e21, float, '1e+21'],
  [-0.5, float, '-0.5'],
  [12, int, '12'],
  ["it's", { type: 'categorical', choices: [] } as Distribution, "'it\\'s'"],
])('writes %j as Python', (value, distribution, text) => {
  expect(formatValue(value, distribution)).toBe(text)
})

test.each([
  ['1_000', { value: 1000, float: false }],
  ['1e-3', { value: 0.001, float: true }],
  ['-.5', { value: -0.5, float: true }],
  ['5.', { value: 5, float: true }],
  ['0x1F', { value: 31, float: false }],
  ['1j', null],
  ['1e999', null],
  ['99999999999999999999', null],
  ['0x', null],
  ['1__0', null],
  ['', null],
])('reads the literal %s', (text, expected) => {
  expect(parseNumber(text)).toEqual(expected)
})

test('what it writes it reads back', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true })
  fc.assert(
    fc.property(number, (value) => {
      const read = parseNumber(formatValue(value, float))
      expect(read?.float).toBe(true)
      expect(read?.value).toBeCloseTo(Number(value.toPrecision(6)), 10)
    }),
  )
  expect(() => formatValue(Number.NaN, float)).toThrow(RangeError)
  expect(() => formatValue(0.5, int)).toThrow(RangeError)
})

test('refuses what it did not expect', () => {
  const source = Buffer.from('lr = 0.1\n')
  const edit = { start: 5, end: 8, from: 0.1, value: 0.2, distribution: float }
  expect(rewriteSource(source, [edit]).toString()).toBe('lr = 0.2\n')
  for (const edits of [
    [{ ...edit, from: 0.3 }],
    [{ ...edit, start: 4 }],
    [{ ...edit, end: 7 }],
    [{ ...edit, start: 8, end: 8 }],
    [{ ...edit, start: 100, end: 103 }],
    [edit, { ...edit }],
  ]) {
    expect(failureOf(() => rewriteSource(source, edits)).code).toBe('rewrite-mismatch')
  }
})

test('a value that stays keeps its spelling', () => {
  const source = Buffer.from('lr = 1_000.0e-6\n')
  const edit = { start: 5, end: 15, from: 0.001, value: 0.001, distribution: float }
  expect(rewriteSource(source, [edit]).equals(source)).toBe(true)
})

test('gives only the files that change', () => {
  const text = { 'train.py': 'import net\nlr = 0.1\n', 'net.py': 'dropout = 0.5\n' }
  const files = Object.entries(text).map(([path, text]) => ({ path, text }))
  const found = findHyperparameters(python, files, 'train.py')
  const sources = Object.fromEntries(Object.entries(text).map(([path, text]) => [path, Buffer.from(text)]))
  const changed = rewriteFiles(sources, found, { lr: 0.01, dropout: 0.5 })
  expect(Object.entries(changed).map(([path, bytes]) => [path, bytes.toString()])).toEqual([
    ['train.py', 'import net\nlr = 0.01\n'],
  ])
  expect(failureOf(() => rewriteFiles({}, found, { lr: 1 })).code).toBe('rewrite-mismatch')
})

const filler = fc.constantFrom(
  '# é 😀 lr = 0.1',
  'x = "µ; lr = 3"',
  '',
  'seed = 42',
  'def f(a, b=1):\r\n    pass',
)
const place = fc.tuple(
  fc.constantFrom(
    'lr = #',
    'EPOCHS = #',
    'SGD(p, momentum=#)',
    'd = {"dropout": #}',
    'fit(batch_size=#)  # é',
  ),
  fc.constantFrom('1', '10', '16'),
)

test('changes exactly the literals, whatever stands around them', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(filler, place), { maxLength: 12 }), fc.integer(), (parts, seed) => {
      const lines = parts.map((part) => (typeof part === 'string' ? part : part[0].replace('#', part[1])))
      const text = lines.join('\n')
      const files = [{ path: 'train.py', text }]
      const found = findHyperparameters(python, files, 'train.py')
      expect(found).toHaveLength(parts.filter((part) => typeof part !== 'string').length)
      const values = Object.fromEntries(
        found.map(({ name, distribution }, index) => [
          name,
          distribution.type === 'int'
            ? 20 + ((index + Math.abs(seed)) % 40)
            : (1 + (Math.abs(seed) % 999)) / 7,
        ]),
      )
      const source = Buffer.from(text)
      const rewritten = rewriteFiles({ 'train.py': source }, found, values)['train.py'] ?? source
      const again = findHyperparameters(
        python,
        [{ path: 'train.py', text: rewritten.toString() }],
        'train.py',
      )
      expect(again.map(({ name }) => name)).toEqual(found.map(({ name }) => name))
      for (const { name, value } of again) expect(value).toBe(Number(Number(values[name]).toPrecision(6)))
      const cut = (bytes: Buffer, places: typeof found) => {
        let at = 0
        const kept = places.map(({ start, end }) => {
          const part = bytes.subarray(at, start).toString('latin1')
          at = end
          return part
        })
        return [...kept, bytes.subarray(at).toString('latin1')]
      }
      expect(cut(rewritten, again)).toEqual(cut(source, found))
    }),
  )
})
