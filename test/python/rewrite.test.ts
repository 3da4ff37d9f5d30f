import { describe, expect, it } from 'vitest'
import type { Distribution, Hyperparameter, Patch, Tie } from '../../src/domain/detection.ts'
import type { ParameterValue } from '../../src/domain/trial.ts'
import { rewriteFiles } from '../../src/python/rewrite.ts'
import { openSource } from '../../src/python/source.ts'
import { failureOf } from './python.ts'

const float: Distribution = { type: 'float', low: 0, high: 1, log: false }
const int: Distribution = { type: 'int', low: 1, high: 512, log: false }
const choice: Distribution = { type: 'categorical', choices: [] }

function siteOf(path: string, bytes: Buffer, part: string, from = 0) {
  const source = openSource(path, bytes)
  const at = source.text.indexOf(part, from)
  expect(at).toBeGreaterThanOrEqual(0)
  return source.place(at, at + part.length)
}

const parameter = (
  site: ReturnType<typeof siteOf>,
  value: ParameterValue,
  distribution: Distribution,
  rest: Partial<Hyperparameter> = {},
): Hyperparameter => ({
  name: 'p',
  value,
  distribution,
  source: '',
  influence: 1,
  ties: [],
  condition: null,
  variants: null,
  ...site,
  ...rest,
})

/** `head` + the literal + `tail` with another value in the literal's place. */
function change(
  path: string,
  [head, literal, tail]: [string, string, string],
  from: ParameterValue,
  to: ParameterValue,
  distribution: Distribution,
): string {
  const bytes = Buffer.from(head + literal + tail)
  const site = siteOf(path, bytes, literal, head.length)
  const changed = rewriteFiles({ [path]: bytes }, [parameter(site, from, distribution)], { p: to })
  return (changed[path] ?? bytes).toString()
}

/** What stands in the literal's place. */
const written = (
  path: string,
  literal: string,
  from: ParameterValue,
  to: ParameterValue,
  distribution: Distribution,
) => {
  const [head, tail] = path.endsWith('.py')
    ? ['f(x=', ', y=2)  # 0.1\n']
    : path.endsWith('.json')
      ? ['{"a": ', '}']
      : path.endsWith('.toml')
        ? ['a = ', ' # c\n']
        : ['a: ', ' # c\n']
  const text = change(path, [head, literal, tail], from, to, distribution)
  expect(text.startsWith(head) && text.endsWith(tail)).toBe(true)
  return text.slice(head.length, text.length - tail.length)
}

describe('numbers in Python', () => {
  it.each<[string, number, number, Distribution, string]>([
    ['1e-3', 0.001, 3e-4, float, '3e-4'],
    ['1e-3', 0.001, 3.7e-4, float, '3.7e-4'],
    ['1E-3', 0.001, 3e-4, float, '3E-4'],
    ['1e-03', 0.001, 3e-12, float, '3e-12'],
    ['1e-03', 0.001, 3e-4, float, '3e-04'],
    ['1.0e-3', 0.001, 3e-4, float, '3.0e-4'],
    ['1.e-3', 0.001, 3e-4, float, '3.e-4'],
    ['1e-3', 0.001, 0.5, float, '5e-1'],
    ['1e-3', 0.001, 2.5, float, '2.5'],
    ['1e+3', 1000, 20000, int, '2e+4'],
    ['1e3', 1000, 1500, int, '1.5e3'],
    ['1e-3', 0.001, 0, float, '0.0'],
    ['0.001', 0.001, 0.00037, float, '0.00037'],
    ['0.001', 0.001, 3.7e-6, float, '0.0000037'],
    ['0.001', 0.001, 3.7e-9, float, '3.7e-9'],
    ['0.001', 0.001, 1e-9, float, '1e-9'],
    ['0.50', 0.5, 0.37, float, '0.37'],
    ['0.5', 0.5, 2, float, '2.0'],
    ['64.0', 64, 128, int, '128.0'],
    ['1.', 1, 2, float, '2.'],
    ['1.', 1, 0.5, float, '0.5'],
    ['.5', 0.5, 0.37, float, '.37'],
    ['.5', 0.5, 1.5, float, '1.5'],
    ['.5', 0.5, 1, float, '1.0'],
    ['1', 1, 0.1, float, '0.1'],
    ['1', 1, 2, float, '2.0'],
    ['1', 1, 1e-5, float, '0.00001'],
    ['10', 10, 12, int, '12'],
    ['10', 10, 0.5, choice, '0.5'],
    ['10', 10, 5, choice, '5'],
    ['1_000', 1000, 2048, int, '2_048'],
    ['1_000', 1000, 64, int, '64'],
    ['0x10', 16, 32, int, '32'],
    ['-1', -1, 5, int, '5'],
    ['- 0.5', -0.5, -0.25, float, '-0.25'],
    ['1_000.0', 1000, 123456, float, '123456.0'],
    ['0.1', 0.1, 1e16, float, '1e16'],
    ['0.1', 0.1, 0.1, float, '0.1'],
    ['1_0', 10, 10, int, '1_0'],
    ['1', 1, 1, float, '1'],
  ])('%s becomes %d -> %d, %j', (literal, from, to, distribution, expected) => {
    expect(written('a.py', literal, from, to, distribution)).toBe(expected)
  })

  it.each<[[string, string, string], number, number, Distribution, string]>([
    [['def f(): return', '.5', '\n'], 0.5, 1.5, float, 'def f(): return 1.5\n'],
    [['def f(): return', '.5', '\n'], 0.5, 0.25, float, 'def f(): return.25\n'],
    [['x = ', '1', 'or y\n'], 1, 0, int, 'x = 0 or y\n'],
    [['x = a-', '1', '\n'], 1, 2, int, 'x = a-2\n'],
    [["get('LR', '", '0.1', "')"], 0.1, 0.2, float, "get('LR', '0.2')"],
    [["get('LR', ", "'0.1'", ')'], 0.1, 0.2, float, "get('LR', '0.2')"],
    [['get("N", ', 'u"10"', ')'], 10, 12, int, 'get("N", u"12")'],
  ])('%j: %d -> %d', (text, from, to, distribution, expected) => {
    expect(change('a.py', text, from, to, distribution)).toBe(expected)
  })
})

describe('texts, names and truth in Python', () => {
  it.each<[string, ParameterValue, ParameterValue, string]>([
    ["'relu'", 'relu', 'tanh', "'tanh'"],
    ['"relu"', 'relu', "it's", '"it\'s"'],
    ["'relu'", 'relu', "it's", "'it\\'s'"],
    ['u"relu"', 'relu', 'é', 'u"é"'],
    ["R'relu'", 'relu', 'a\\b', "'a\\\\b'"],
    ["'''relu'''", 'relu', 'tanh', "'''tanh'''"],
    ["'re\\x6cu'", 'relu', 'relu', "'re\\x6cu'"],
    ['Adam', 'Adam', 'SGD', 'SGD'],
    ['nn.ReLU', 'nn.ReLU', 'nn.GELU', 'nn.GELU'],
    ['True', true, false, 'False'],
    ['False', false, true, 'True'],
    ["'scale'", 'scale', 0.1, '0.1'],
    ['0.1', 0.1, 'scale', "'scale'"],
    ["'auto'", 'auto', true, 'True'],
  ])('%s: %j -> %j', (literal, from, to, expected) => {
    expect(written('a.py', literal, from, to, choice)).toBe(expected)
  })

  it('changes a name behind its module', () => {
    expect(change('a.py', ['o = optim.', 'Adam', '(p)\n'], 'Adam', 'RMSprop', choice)).toBe(
      'o = optim.RMSprop(p)\n',
    )
  })

  it('writes in the encoding of the file', () => {
    const rewritten = (head: string, to: string) => {
      const bytes = Buffer.from(`${head}# \xe9\nx = 'relu'\r\n`, 'latin1')
      const site = siteOf('a.py', bytes, "'relu'")
      return rewriteFiles({ 'a.py': bytes }, [parameter(site, 'relu', choice)], { p: to })['a.py']?.toString(
        'latin1',
      )
    }
    expect(rewritten('# coding: latin-1\n', 'café')).toBe("# coding: latin-1\n# \xe9\nx = 'caf\xe9'\r\n")
    expect(rewritten('# coding: latin-1\n', '中')).toBe("# coding: latin-1\n# \xe9\nx = '\\u4e2d'\r\n")
  })
})

describe('configuration', () => {
  it.each<[string, string, ParameterValue, ParameterValue, Distribution, string]>([
    ['a.yaml', '1e-3', 0.001, 3e-4, float, '3.0e-4'],
    ['a.yaml', '1.5E+3', 1500, 2000, float, '2.0E+3'],
    ['a.yaml', '1.0e3', 1000, 25000, float, '2.5e+4'],
    ['a.yaml', '1.0e-03', 0.001, 0.00037, float, '3.7e-04'],
    ['a.yaml', '0.001', 0.001, 0.00037, float, '0.00037'],
    ['a.yaml', '0.001', 0.001, 1e-8, float, '1.0e-8'],
    ['a.yaml', '1', 1, 2, float, '2.0'],
    ['a.yml', '017', 15, 16, int, '16'],
    ['a.yaml', 'adam', 'adam', 'sgd', choice, 'sgd'],
    ['a.yaml', 'adam', 'adam', 'no', choice, "'no'"],
    ['a.yaml', 'adam', 'adam', '0.1', choice, "'0.1'"],
    ['a.yaml', 'adam', 'adam', 'a: b', choice, "'a: b'"],
    ['a.yaml', "'adam'", 'adam', "it's", choice, "'it''s'"],
    ['a.yaml', '"adam"', 'adam', 'a"\n', choice, '"a\\"\\n"'],
    ['a.yaml', 'Yes', true, false, choice, 'No'],
    ['a.yaml', 'false', false, true, choice, 'true'],
    ['a.yaml', 'ON', true, false, choice, 'OFF'],
    ['a.yaml', "'0.1'", 0.1, 0.2, float, "'0.2'"],
    ['a.json', '1e-3', 0.001, 3e-4, float, '3e-4'],
    ['a.json', '1', 1, 0.5, float, '0.5'],
    ['a.json', '0.5', 0.5, 1, float, '1.0'],
    ['a.json', '"re\\u006cu"', 'relu', 'a"b', choice, '"a\\"b"'],
    ['a.json', 'true', true, false, choice, 'false'],
    ['a.json', '0.1', 0.1, 'scale', choice, '"scale"'],
    ['a.toml', '1e-3', 0.001, 3e-5, float, '3e-5'],
    ['a.toml', '1_000', 1000, 2048, int, '2_048'],
    ['a.toml', '0.5', 0.5, 1, float, '1.0'],
    ['a.toml', "'adam'", 'adam', 'sgd', choice, "'sgd'"],
    ['a.toml', "'adam'", 'adam', "it's", choice, '"it\'s"'],
    ['a.toml', '"""adam"""', 'adam', 'a\0', choice, '"a\\u0000"'],
    ['a.toml', 'true', true, false, choice, 'false'],
  ])('%s: %s from %j to %j', (path, literal, from, to, distribution, expected) => {
    expect(written(path, literal, from, to, distribution)).toBe(expected)
  })
})

describe('notebooks', () => {
  const cell = 'act = "re\\u006cu"\nlr = 1e-3\n'
  const bytes = Buffer.from(
    JSON.stringify({ cells: [{ cell_type: 'code', source: [cell], outputs: ['é lr = 1e-3'] }] }),
  )

  it('changes the literal within the JSON', () => {
    const parameters = [
      parameter(siteOf('a.ipynb', bytes, '"re\\u006cu"'), 'relu', choice, { name: 'act' }),
      parameter(siteOf('a.ipynb', bytes, '1e-3'), 0.001, float, { name: 'lr' }),
    ]
    const changed = rewriteFiles({ 'a.ipynb': bytes }, parameters, { act: 'a"b\\', lr: 3e-4 })['a.ipynb']
    const expected = bytes
      .toString()
      .replace('\\"re\\\\u006cu\\"', '\\"a\\\\\\"b\\\\\\\\\\"')
      .replace('1e-3', '3e-4')
    expect(changed?.toString()).toBe(expected)
    expect(openSource('a.ipynb', changed as Buffer).text).toBe('act = "a\\"b\\\\"\nlr = 3e-4\n')
  })

  it('moves lines across the strings of the JSON', () => {
    const source = ['a = 1\n', 'b = 2\n', 'c = 3']
    const lines = Buffer.from(JSON.stringify({ cells: [{ cell_type: 'code', source }] }, null, 1))
    const range = siteOf('a.ipynb', lines, 'a = 1\nb = 2\n')
    const at = siteOf('a.ipynb', lines, 'c = 3')
    const patch: Patch = { file: 'a.ipynb', start: at.start, end: at.start, pieces: ['# "é"\n', range] }
    const found = parameter(at, 1, int, { variants: { 2: [patch] } })
    const changed = rewriteFiles({ 'a.ipynb': lines }, [found], { p: 2 })['a.ipynb'] as Buffer
    expect(openSource('a.ipynb', changed).text).toBe('a = 1\nb = 2\n# "é"\na = 1\nb = 2\nc = 3\n')
  })
})

describe('ties', () => {
  const bytes = Buffer.from('a = Linear(9, 64)\nb = Linear(64, 1)\nc = Linear(1600, 1)\n')
  const tie = (part: string, times: number): Tie => ({ ...siteOf('a.py', bytes, part, 18), times, why: '' })
  const found = parameter(siteOf('a.py', bytes, '64'), 64, int, { ties: [tie('64', 1), tie('1600', 25)] })

  it('change together with their hyperparameter', () => {
    const changed = rewriteFiles({ 'a.py': bytes }, [found], { p: 128 })
    expect(changed['a.py']?.toString()).toBe('a = Linear(9, 128)\nb = Linear(128, 1)\nc = Linear(3200, 1)\n')
    expect(rewriteFiles({ 'a.py': bytes }, [found], { p: 64 })).toEqual({})
    expect(rewriteFiles({ 'a.py': bytes }, [found], {})).toEqual({})
  })

  it('are found in other files, and only files that change are given', () => {
    const other = Buffer.from('SIZE = 64\n')
    const site = siteOf('b.py', other, '64')
    const both = { ...found, ties: [{ ...site, times: 1, why: '' }] }
    const files = { 'a.py': bytes, 'b.py': other, 'c.py': bytes }
    const changed = rewriteFiles(
      files,
      [both, parameter(site, 64, int, { name: 'same', file: 'c.py', start: 14, end: 16 })],
      {
        p: 8,
        same: 64,
      },
    )
    expect(Object.keys(changed)).toEqual(['a.py', 'b.py'])
    expect(changed['b.py']?.toString()).toBe('SIZE = 8\n')
  })

  it('have to hold the multiple', () => {
    const wrong = { ...found, ties: [tie('1600', 24)] }
    expect(failureOf(() => rewriteFiles({ 'a.py': bytes }, [wrong], { p: 64 })).code).toBe('rewrite-mismatch')
  })
})

describe('variants', () => {
  const text = 'm = [\r\n  Conv(8),\r\n  ReLU(),\r\n  Dense(1),\r\n]\r\n'
  const bytes = Buffer.from(text)
  const block = { start: text.indexOf('  Conv'), end: text.indexOf('  Dense') }
  const at = { file: 'a.py', line: 2, column: 3 }
  const depth = parameter({ ...at, ...block }, 1, int, {
    name: 'depth',
    variants: {
      0: [{ file: 'a.py', ...block, pieces: [] }],
      2: [{ file: 'a.py', start: block.end, end: block.end, pieces: ['  Pool(),\n', block] }],
    },
  })
  const filters = parameter(siteOf('a.py', bytes, '8'), 8, int, { name: 'filters' })
  const run = (values: Record<string, ParameterValue>) =>
    rewriteFiles({ 'a.py': bytes }, [depth, filters], values)['a.py']?.toString()

  it('repeat and remove lines with the other changes in them, in the line ends of the file', () => {
    expect(run({ depth: 2, filters: 16 })).toBe(
      'm = [\r\n  Conv(16),\r\n  ReLU(),\r\n  Pool(),\r\n  Conv(16),\r\n  ReLU(),\r\n  Dense(1),\r\n]\r\n',
    )
    expect(run({ depth: 0, filters: 16 })).toBe('m = [\r\n  Dense(1),\r\n]\r\n')
    expect(run({ depth: 1, filters: 16 })).toBe(text.replace('8', '16'))
    expect(run({ depth: 1, filters: 8 })).toBeUndefined()
  })

  it('give a literal that is tied elsewhere its new origin', () => {
    const chain = Buffer.from('a = L(8, 4)\nb = L(4, 2)\nc = L(2, 1)\n')
    const place = (part: string, from: number) => siteOf('a.py', chain, part, from)
    const last = { ...place('2', 24), times: 1, why: '' }
    const sizes = [
      parameter(place('4', 0), 4, int, { name: 'first', ties: [{ ...place('4', 12), times: 1, why: '' }] }),
      parameter(place('2', 12), 2, int, { name: 'second', ties: [last] }),
    ]
    const fewer = [
      { file: 'a.py', start: 12, end: 24, pieces: [] },
      { file: 'a.py', start: last.start, end: last.end, pieces: [place('4', 0)] },
    ]
    const layers = parameter(place('a', 0), 2, int, { name: 'layers', variants: { 1: fewer } })
    const changed = rewriteFiles({ 'a.py': chain }, [...sizes, layers], { first: 6, second: 3, layers: 1 })
    expect(changed['a.py']?.toString()).toBe('a = L(8, 6)\nc = L(6, 1)\n')
  })

  it('are known for each value', () => {
    expect(failureOf(() => run({ depth: 3 })).message).toContain('depth cannot be 3')
  })
})

describe('a source that is not the one that was analysed', () => {
  const source = Buffer.from('lr = 0.1 + x10 + 1e-3\ns = b"a"\n')
  const at = (start: number, end: number) => ({ file: 'a.py', line: 1, column: 1, start, end })
  it.each<[string, ReturnType<typeof at>, ParameterValue]>([
    ['another value', at(5, 8), 0.2],
    ['a text for a number', at(5, 8), '0.1'],
    ['a space too much', at(4, 8), 0.1],
    ['the start of a number', at(5, 7), 0],
    ['the end of a number', at(6, 8), 0.1],
    ['a digit of a number', at(7, 8), 1],
    ['the end of a name', at(12, 14), 10],
    ['the exponent', at(20, 21), 3],
    ['the signed exponent', at(19, 21), -3],
    ['the mantissa', at(17, 18), 1],
    ['bytes without their prefix', at(27, 30), 'a'],
    ['nothing', at(5, 5), 0.1],
    ['a place after the end', at(100, 103), 0.1],
    ['a place before the start', at(-1, 3), 0.1],
    ['a file that is missing', { ...at(5, 8), file: 'b.py' }, 0.1],
  ])('is refused: %s', (_, site, value) => {
    const call = () => rewriteFiles({ 'a.py': source }, [parameter(site, value, choice)], { p: 0.3 })
    const failure = failureOf(call)
    expect(failure).toMatchObject({ code: 'rewrite-mismatch', kind: 'system', file: site.file })
    expect(failure.message).toContain(`at byte ${site.start}`)
  })

  it('is refused when two changes meet', () => {
    const found = [parameter(at(5, 8), 0.1, float), parameter(at(5, 8), 0.1, float, { name: 'q' })]
    expect(failureOf(() => rewriteFiles({ 'a.py': source }, found, { p: 0.2, q: 0.2 })).message).toContain(
      'overlap',
    )
  })

  it.each<[ParameterValue, Distribution]>([
    [Number.NaN, float],
    [Number.POSITIVE_INFINITY, float],
  ])('is not given %d', (value, distribution) => {
    const call = () =>
      rewriteFiles({ 'a.py': source }, [parameter(at(5, 8), 0.1, distribution)], { p: value })
    expect(failureOf(call).code).toBe('rewrite-mismatch')
  })

  it('does not put a word that is no name in the place of a name', () => {
    for (const value of ['a b', 'class', 'None', '1']) {
      expect(failureOf(() => change('a.py', ['f(', 'Adam', ')'], 'Adam', value, choice)).code).toBe(
        'rewrite-mismatch',
      )
    }
  })

  it('is refused when it cannot be read', () => {
    const bytes = Buffer.from('lr = 0.1\0')
    const call = () => rewriteFiles({ 'a.py': bytes }, [parameter(at(5, 8), 0.1, float)], { p: 0.2 })
    expect(failureOf(call).code).toBe('rewrite-mismatch')
  })
})
