import { expect, it } from 'vitest'
import { sourceOf } from '../../src/python/source.ts'
import { brokenSign } from '../../src/python/syntax/brackets.ts'
import { python } from './python.ts'

/** The line and the words of `compile()` in Python 3.11. */
const BROKEN: [text: string, line: number, words: string][] = [
  ['model = MLP(\n    hidden=4,\n\nmodel.fit(X, y)\nprint(1)\n', 1, "'(' was never closed"],
  ["x = 1\nmodel = fit(X_train, y_train\n\nmodel.score(X)\nprint('done')\n", 2, "'(' was never closed"],
  ['values = [1, 2, 3\nprint(values)\n', 1, "'[' was never closed"],
  ["d = {'a': 1,\n  'b': 2\nprint(d)\n", 1, "'{' was never closed"],
  ["print('hello)\nx = 1\n", 1, 'unterminated string literal (detected at line 1)'],
  ['x = 1\ns = "no end\ny = 2\n', 2, 'unterminated string literal (detected at line 2)'],
  ["x = 1\ns = '''never\nends\ny = 2\n", 2, 'unterminated triple-quoted string literal (detected at line 4)'],
  [
    'def f():\n    """A doc without end\n    return 1\n\nf()\n',
    2,
    'unterminated triple-quoted string literal (detected at line 5)',
  ],
  ['x = (1, 2]\n', 1, "closing parenthesis ']' does not match opening parenthesis '('"],
  [
    'a = 1\nx = foo(1,\n  2}\ny = 3\n',
    3,
    "closing parenthesis '}' does not match opening parenthesis '(' on line 2",
  ],
  ['x = 1)\ny = 2\n', 1, "unmatched ')'"],
  ['print(len([1, 2, 3))\n', 1, "closing parenthesis ')' does not match opening parenthesis '['"],
  ['# a ( in a comment\nx = \'(\' + "["\ny = foo(x\n# ) not this\nz = 1\n', 3, "'(' was never closed"],
  ['x = = 1\n', 1, 'invalid syntax'],
  ['def f(:\n    pass\n', 1, 'invalid syntax'],
  ['class A(\n    pass\n\nx = 1\n', 1, "'(' was never closed"],
  ['import os\nfrom sklearn import\nx = 1\n', 2, 'invalid syntax'],
  ['x = [\n  1,\n  2,\n\ndef f():\n    return 1\n', 1, "'[' was never closed"],
  [
    "x = {\n 'a': [1, 2,\n 'b': 3}\n",
    3,
    "closing parenthesis '}' does not match opening parenthesis '[' on line 2",
  ],
  ['foo(a b)\n', 1, 'invalid syntax. Perhaps you forgot a comma?'],
  ['x = 5 +\ny = 2\n', 1, 'invalid syntax'],
  ["r = r'\\'\nx = 1\n", 1, 'unterminated string literal (detected at line 1)'],
  ["s = 'it's'\nx = 1\n", 1, 'unterminated string literal (detected at line 1)'],
  ["x = foo(\n    'a' 'b\n)\n", 2, 'unterminated string literal (detected at line 2)'],
  ['x = 1\nwhile True print(1)\n', 2, 'invalid syntax'],
  [
    'model = Net()\nopt = SGD(model.parameters(), lr=0.1\nfor e in range(3):\n    opt.step()\n',
    2,
    "'(' was never closed",
  ],
  ["a = '''ok'''\nb = \"\"\"also ' ok\"\"\"\nc = (a +\n  b\n", 3, "'(' was never closed"],
  ['return_ = lambda x: (x +\nprint(return_)\n', 1, "'(' was never closed"],
  ["x = 'a\\\nb'\ny = 'c\nz = 1\n", 3, 'unterminated string literal (detected at line 3)'],
  ['x = 1 if y else\nz = 2\n', 1, 'invalid syntax'],
  ["with open('x') as f\n    pass\n", 1, "expected ':'"],
  ['x = y = (\n', 1, "'(' was never closed"],
  ['constructor = 1\nx = = 2\n', 2, 'invalid syntax'],
  ['f(toString=1, valueOf=2)\n__proto__ = hasOwnProperty\nx = = 2\n', 3, 'invalid syntax'],
  ['print(f"{x:\'>10}")\ny = = 1\n', 2, 'invalid syntax'],
  ["print(f'{x!r:\"^{width}}', f'{d[1:2]:\">8}')\ny = = 1\n", 2, 'invalid syntax'],
  ["s = f'{x:>8\ny = 1\n", 1, 'unterminated string literal (detected at line 1)'],
]

const problemOf = (text: string) => python.parse(sourceOf('train.py', text)).problem?.failure

it.each(BROKEN)('%j is broken in the line that Python names: %i', (text, line) => {
  const problem = problemOf(text)
  expect(problem).toMatchObject({ code: 'syntax-error', line })
  expect(problem?.message).toContain(`line ${line}`)
  expect(problem?.detail).toBe(text.split('\n')[line - 1]?.trim())
  // Lines end as on other systems, too.
  expect(problemOf(text.replaceAll('\n', '\r\n'))).toMatchObject({ line })
})

const KINDS: [words: RegExp, kind: string | undefined][] = [
  [/was never closed/, 'unclosed'],
  [/^unterminated/, 'string'],
  [/does not match/, 'mismatched'],
  [/^unmatched/, 'unmatched'],
  [/^(?:invalid syntax|expected)/, undefined],
]

it.each(BROKEN)('%j is broken by what Python says (line %i): %s', (text, line, words) => {
  const kind = KINDS.find(([pattern]) => pattern.test(words))?.[1]
  const broken = brokenSign(text)
  // `def f(:` is both: Python stops at the colon of the same line.
  if (text.startsWith('def f(:')) expect(broken).toMatchObject({ kind: 'unclosed', line })
  else expect(broken?.kind).toBe(kind)
})

it.each([
  ['x = foo(1,\n  2\n', 'the `(` in line 1 was never closed: x = foo(1,', 'Close it'],
  ['x = 1)\n', 'the `)` in line 1 closes nothing: x = 1)', 'Take it out'],
  ['x = (1,\n 2]\n', 'the `]` in line 2 does not close the `(` of line 1: 2]', 'Correct one of the two'],
  ["x = 'a\n", "the string that begins in line 1 has no end: x = 'a", 'End it with the quotes'],
  [
    'x = """a\n',
    'the triple-quoted string that begins in line 1 has no end: x = """a',
    'End it with the quotes',
  ],
  ['x = = (\n', 'the `(` in line 1 was never closed', 'Close it'],
  ['x = = 1\ny = (\n', 'the syntax is invalid in line 1: x = = 1', 'Correct the line'],
])('%j: %s', (text, message, remedy) => {
  expect(problemOf(text)?.message).toContain(message)
  expect(problemOf(text)?.remedy).toContain(remedy)
})

it.each([
  "x = f'{a['b']}' # (",
  'x = f"{a["b"]}"',
  "x = f'{{(}}'",
  'x = rb"\\\\" + Rb\'(\' + u"]"',
  "x = 'a\\\nb('",
  'x = f"""{y(\'a\')}\n\'(\n"""',
  'x = \'\' + "" + ',
  '# it\'s (\nx = {"a": [1, (2)]}',
  'constructor = 1\nf(toString=1)',
  'f"{x:\'>10}"',
  "f\"{x:'>{len('ab')}}\" + f\"{d['a':'b']}\" + f\"{({1: '('})[1]:'<4}\"",
])('in %j nothing is broken', (text) => {
  expect(brokenSign(text)).toBeNull()
})

it('takes a line of a million signs no longer than as many lines', () => {
  const SIGNS = 1_000_000
  const took = (text: string) => {
    const begun = process.cpuUsage()
    expect(brokenSign(text)).toBeNull()
    const { user, system } = process.cpuUsage(begun)
    return user + system
  }
  const leastOf = (text: string) => Math.min(...Array.from({ length: 3 }, () => took(text)))
  const strings = SIGNS / 4
  expect(leastOf('""  '.repeat(strings))).toBeLessThan(8 * leastOf('"" \n'.repeat(strings)))
})
