import { expect, test } from 'vitest'
import { sourceOf } from '../../src/python/source.ts'
import type { Statement } from '../../src/python/syntax/tree.ts'
import { python } from './python.ts'

const parse = (text: string) => python.parse(sourceOf('a.py', text))

function only<K extends Statement['kind']>(text: string, kind: K): Extract<Statement, { kind: K }> {
  const { body, problem } = parse(text)
  expect(problem).toBeNull()
  const found = body.find((statement) => statement.kind === kind)
  if (!found) throw new Error(`no ${kind} in ${JSON.stringify(body)}`)
  return found as Extract<Statement, { kind: K }>
}

test('reads an assignment with the exact place of its literal', () => {
  const text = 'x = 1\nlr = -1e-3  # rate\n'
  const [, second] = parse(text).body
  expect(second).toMatchObject({
    kind: 'assign',
    targets: [{ kind: 'name', name: 'lr' }],
    value: { kind: 'number', value: -0.001, float: true, line: 2 },
  })
  if (second?.kind !== 'assign' || !second.value) throw new Error('no assignment')
  expect(text.slice(second.value.start, second.value.end)).toBe('-1e-3')
})

test('reads calls with positional, keyword and spread arguments', () => {
  const { value } = only('f(1, *a, k="v", **kw)\n', 'expression')
  expect(value).toMatchObject({
    kind: 'call',
    callee: { kind: 'name', name: 'f' },
    args: [
      { name: null, spread: '', value: { kind: 'number', value: 1 } },
      { name: null, spread: '*', value: { kind: 'name', name: 'a' } },
      { name: 'k', spread: '', value: { kind: 'string', value: 'v' } },
      { name: null, spread: '**', value: { kind: 'name', name: 'kw' } },
    ],
  })
})

test('reads parameters with their kinds and defaults', () => {
  const { parameters } = only('def f(self, a: int = 1, *rest, b=2, **kw): pass\n', 'function')
  expect(parameters.map(({ name, spread, keywordOnly }) => [name, spread, keywordOnly])).toEqual([
    ['self', '', false],
    ['a', '', false],
    ['rest', '*', false],
    ['b', '', true],
    ['kw', '**', true],
  ])
  expect(parameters[1]).toMatchObject({ default: { value: 1 }, annotation: { name: 'int' } })
})

test('keeps every branch of if, try, with, match and loops', () => {
  const text = [
    'if a:\n    x = 1\nelif b:\n    x = 2\nelse:\n    x = 3',
    'try:\n    import p\nexcept E:\n    import q\nelse:\n    y = 1\nfinally:\n    z = 1',
    'with open(f) as g:\n    w = 1',
    'match v:\n    case 1:\n        u = 1',
    'while c:\n    t = 1\nelse:\n    s = 1',
  ]
  const { body, problem } = parse(`${text.join('\n')}\n`)
  expect(problem).toBeNull()
  const numbers = JSON.stringify(body).match(/"kind":"assign"/g)
  expect(numbers).toHaveLength(9)
  expect(JSON.stringify(body).match(/"kind":"import"/g)).toHaveLength(2)
})

test('joins adjacent strings and decodes escapes; a text with holes is unknown', () => {
  const value = (text: string) => only(`x = ${text}\n`, 'assign').value
  expect(value('"a" \'b\'')).toMatchObject({ kind: 'string', value: 'ab' })
  expect(value('"a\\n\\"b"')).toMatchObject({ kind: 'string', value: 'a\n"b' })
  expect(value('f"{lr:.2f}"')).toMatchObject({ kind: 'string', value: null, parts: [{ name: 'lr' }] })
})

test('reads imports in all their forms', () => {
  const { body } = parse('import a.b, c as d\nfrom ..x import y as z, w\nfrom q import *\n')
  const imports = body.flatMap((statement) => (statement.kind === 'import' ? statement.imports : []))
  expect(imports.map(({ module, level, name, alias }) => [module, level, name, alias])).toEqual([
    ['a.b', 0, null, 'a'],
    ['c', 0, null, 'd'],
    ['x', 2, 'y', 'z'],
    ['x', 2, 'w', 'w'],
    ['q', 0, '*', '*'],
  ])
})

test('reads modern Python', () => {
  const text = [
    'match x:',
    '    case {"a": [1, *_]} if (n := 3) > 2:',
    "        print(f\"{n!r:>10} {'a' if n else 'b'}\")",
    'type Pair[T] = tuple[T, T]',
    'async def f(a, /, *, b: int = 1) -> None:',
    '    async with g() as h, i():',
    '        await h',
    'try:',
    '    pass',
    'except* ValueError:',
    '    pass',
    '@a.b[0]',
    'class C[T](B, metaclass=M): ...',
    'print("a", end="")',
    'x: "list[int]" = [*a, *b]',
  ]
  expect(parse(`${text.join('\n')}\n`).problem).toBeNull()
})

test.each([
  ['def f(:\n    pass\n', 1, 'def f(:'],
  ['x = 1\ny = = 2\n', 2, 'y = = 2'],
  ['import os\n\nfor x in y\n    pass\n', 3, 'for x in y'],
])('names line and text of the syntax error in %j', (text, line, shown) => {
  const failure = parse(text).problem?.failure
  expect(failure).toMatchObject({ kind: 'user', code: 'syntax-error', file: 'a.py', line, detail: shown })
  expect(failure?.message).toContain(shown)
  expect(failure?.remedy).not.toBe('')
})

test.each([
  ['import os\n!pip install x\n', 2, '!pip install x'],
  ['# In[1]:\n%matplotlib inline\nx = 1\n', 2, '%matplotlib inline'],
])('says that %j is an exported notebook', (text, line, shown) => {
  const failure = parse(text).problem?.failure
  expect(failure).toMatchObject({ kind: 'user', code: 'syntax-error', line, detail: shown })
  expect(failure?.message).toContain('exported notebook')
})

test.each([
  ['x = 1\r\nprint "hello"\r\n', 2],
  ['def f():\n    exec "x"\n', 2],
  ['try:\n    pass\nexcept E, e:\n    pass\n', 3],
  ['raise E, "text"\n', 1],
])('says that %j is Python 2', (text, line) => {
  expect(parse(text).problem?.failure).toMatchObject({ code: 'python-2', file: 'a.py', line })
})

test('keeps what a script in Python 2 does, for those who only want to know', () => {
  expect(parse('print "a"\nx = f(1)\n').body).toHaveLength(2)
})

test('survives deep nesting, an empty file, a byte order mark; not null characters, as Python', () => {
  expect(parse('').body).toEqual([])
  expect(parse('\uFEFFx = 1\n').body).toHaveLength(1)
  expect(parse(`x = ${'('.repeat(3000)}1${')'.repeat(3000)}\n`).problem).toBeNull()
  expect(parse(`x = ${'1 + '.repeat(3000)}1\n`).problem).toBeNull()
  expect(parse('x = "\0"\n').problem).not.toBeNull()
})

test('refuses a program that is too long, and says so', () => {
  const failure = parse('x = a.b(c, d)[e] + f\n'.repeat(40_000)).problem?.failure
  expect(failure).toMatchObject({ code: 'source-too-long', file: 'a.py' })
})

test('looks past tables of data', () => {
  const { body, problem } = parse(`table = [${'1, '.repeat(5000)}]\nlr = 0.1\n`)
  expect(problem).toBeNull()
  expect(body[0]).toMatchObject({ value: { kind: 'sequence', elements: [] } })
  expect(body[1]).toMatchObject({ value: { value: 0.1 } })
})
