import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfigFile } from '../../src/python/config/read.ts'
import { sourceOf } from '../../src/python/source.ts'

/** `a.b` -> [value, float] of every entry; its offsets have to be those of its text. */
function read(path: string, text: string): Record<string, [unknown, boolean]> {
  const source = sourceOf(path, text)
  return Object.fromEntries(
    readConfigFile(source).map(({ path: keys, value, float, start, end, text: written }) => {
      expect(source.text.slice(start, end)).toBe(written)
      return [keys.join('.'), [value, float]]
    }),
  )
}

describe('YAML', () => {
  it('reads scalars with their paths', () => {
    const text = [
      '# é settings',
      'optimizer: {name: adam, lr: 0.01}  # lr: 3',
      'layers:',
      '- 64',
      "- units: '12'",
      '  "act": "re\\u006cu"',
      'epochs: 1_0',
      'empty:',
      'none: ~',
    ]
    for (const newline of ['\n', '\r\n']) {
      expect(read('conf/train.yaml', text.join(newline))).toEqual({
        'optimizer.name': ['adam', false],
        'optimizer.lr': [0.01, true],
        'layers.0': [64, false],
        'layers.1.units': ['12', false],
        'layers.1.act': ['relu', false],
        epochs: [10, false],
      })
    }
  })

  it.each([
    ['1e-3', 0.001, true],
    ['1.0e-3', 0.001, true],
    ['1.0e5', 1e5, true],
    ['.5', 0.5, true],
    ['+5.', 5, true],
    ['-3', -3, false],
    ['0x1F', 31, false],
    ['017', 15, false],
    ['08', '08', false],
    ['0o17', '0o17', false],
    ['yes', true, false],
    ['Off', false, false],
    ['n', 'n', false],
    ['!!float 1e-3', 0.001, true],
    ['!!float 1', 1, true],
    ['!!str 0.1', '0.1', false],
    ["'0.1'", '0.1', false],
    ["'it''s'", "it's", false],
    ['adam w # c', 'adam w', false],
  ])('takes %s for what people and PyYAML mean', (text, value, float) => {
    expect(read('a.yml', `x: ${text}\n`)).toEqual({ x: [value, float] })
  })

  it.each([
    ['a null', 'x: null'],
    ['sexagesimal', 'x: 1:30'],
    ['an infinity', 'x: -.inf'],
    ['a date', 'x: 2020-01-01'],
    ['a tag of one program', 'x: !ENV LR'],
    ['several lines', 'x: a\n  b\ny: |\n  c\nz: "d\n  e"'],
    ['a broken file', 'x: [1\ny: 2'],
    ['tabs', 'x:\n\ty: 2'],
    ['a key that is a list', '? [1]\n: 2'],
    ['no map', ''],
    ['too many levels', `${'['.repeat(50_000)}1`],
    ['many levels that are closed', `${'['.repeat(3000)}1${']'.repeat(3000)}`],
  ])('leaves %s out', (_, text) => {
    expect(read('a.yaml', text)).toEqual({})
  })

  it('gives an anchor its own place only, of a key given twice the last, of documents the first', () => {
    const text = 'base: &b\n  lr: 0.1\nrun:\n  <<: *b\n  n: 1\nm: *b\nn: 2\nn: 3\n---\nn: 4\n'
    expect(read('a.yaml', text)).toEqual({ 'base.lr': [0.1, true], 'run.n': [1, false], n: [3, false] })
  })
})

describe('JSON', () => {
  it('reads scalars with their paths', () => {
    const text =
      '{"a": {"lr": 1e-3, "b\\n": [1, -2.0, "é\\"", true, null, NaN]},\r\n "n": 5, "n": 6, "big": 1e999}'
    expect(read('a.json', text)).toEqual({
      'a.lr': [0.001, true],
      'a.b\n.0': [1, false],
      'a.b\n.1': [-2, true],
      'a.b\n.2': ['é"', false],
      'a.b\n.3': [true, false],
      n: [6, false],
    })
  })

  it.each([
    '',
    '{',
    '{"a": 1,}',
    '{"a": 01}',
    '{"a": .5}',
    "{'a': 1}",
    '// c\n{"a": 1}',
    '{"a": "\n"}',
    '[1] 2',
  ])('finds nothing in the broken %j', (text) => {
    expect(read('a.json', text)).toEqual({})
  })

  it('reads what JSON.stringify writes, and has the same for it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), fc.integer())), (object) => {
        const source = sourceOf('a.json', JSON.stringify(object, null, 1))
        const entries = readConfigFile(source).map(({ path, value }) => [path[0], value])
        expect(Object.fromEntries(entries)).toEqual({ ...object })
        for (const { text, value } of readConfigFile(source)) expect(JSON.parse(text)).toBe(value)
      }),
    )
  })
})

describe('TOML', () => {
  it('reads scalars with their paths', () => {
    const text = [
      'title = "é"  # x = 1',
      "[train.'a b']",
      'lr = 1e-3',
      'steps = 1_000',
      'betas = [0.9, 0.999]',
      "opt = { name = 'adam', amsgrad = false }",
      '[[layers]]',
      'units = 0x10',
      '[[layers]]',
      'a.b = +1.5',
      'when = 1979-05-27',
      'inf = -inf',
    ]
    for (const newline of ['\n', '\r\n']) {
      expect(read('a.toml', text.join(newline))).toEqual({
        title: ['é', false],
        'train.a b.lr': [0.001, true],
        'train.a b.steps': [1000, false],
        'train.a b.betas.0': [0.9, true],
        'train.a b.betas.1': [0.999, true],
        'train.a b.opt.name': ['adam', false],
        'train.a b.opt.amsgrad': [false, false],
        'layers.0.units': [16, false],
        'layers.1.a.b': [1.5, true],
      })
    }
  })

  it.each(['x = ', 'x = .5', 'x = 1\nx = 2', '[a', 'x = "'])('finds nothing in the broken %j', (text) => {
    expect(read('a.toml', text)).toEqual({})
  })
})

it('looks at nothing that is too large, has a problem, or another ending', () => {
  expect(read('a.yaml', `x: 1\n# ${'c'.repeat(256 * 1024)}`)).toEqual({})
  expect(read('a.json', '{"x": 1, "y": "\0"}')).toEqual({})
  expect(read('a.ini', 'x: 1')).toEqual({})
})
