import { expect, test } from 'vitest'
import { failureOf, python } from './python.ts'

const names = (text: string) =>
  python.parse({ path: 'a.py', text }, (root) =>
    root.descendantsOfType('identifier').map((node) => node?.text),
  )

test('reads Python and gives back plain data', () => {
  expect(names('x = y\n')).toEqual(['x', 'y'])
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
  expect(() => names(`${text.join('\n')}\n`)).not.toThrow()
})

test.each([
  ['def f(:\n    pass\n', 1, 'def f(:'],
  ['x = 1\ny = = 2\n', 2, 'y = = 2'],
  ['x = 1\r\nprint "hello"\r\n', 2, 'print "hello"'],
  ['import os\n\nfor x in y\n    pass\n', 3, 'for x in y'],
])('names line and text of the syntax error in %j', (text, line, shown) => {
  const failure = failureOf(() => names(text))
  expect(failure).toMatchObject({ kind: 'user', code: 'syntax-error', file: 'a.py', line, detail: shown })
  expect(failure.message).toContain(shown)
  expect(failure.remedy).not.toBe('')
})

test('says that Python 2 is Python 2', () => {
  expect(failureOf(() => names('print "a"\n')).message).toContain('Python 2')
})

test('survives deep nesting, an empty file, a byte order mark; not null characters, as Python', () => {
  expect(names('')).toEqual([])
  expect(names('\uFEFFx = 1\n')).toContain('x')
  const deep = `x = ${'('.repeat(3000)}1${')'.repeat(3000)}\n`
  expect(() => names(deep)).not.toThrow()
  expect(failureOf(() => names('x = "\0"\n')).code).toBe('syntax-error')
})
