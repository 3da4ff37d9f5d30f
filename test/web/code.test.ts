import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HyperparameterView } from '../../src/http/contract.ts'
import { changesOf, hyperparameterAt, knownOf, knownWords } from '../../web/src/code/known.ts'
import { blocksOf, filesOf, piecesOf } from '../../web/src/code/lines.ts'
import { branchCommands, shellWord } from '../../web/src/code/take.ts'
import { tokensOf } from '../../web/src/code/tokens.ts'
import { diffOf } from '../helpers/factories.ts'

const kindsOf = (line: string, open = '') =>
  tokensOf(line, open)
    .tokens.filter(({ kind }) => kind !== 'space' && kind !== 'sign')
    .map(({ kind, text }) => `${kind} ${text}`)

test('Python is told apart by token', () => {
  expect(kindsOf('if lr > 1e-3 and f"{x}" != \'a\\\'b\':  # why "not"')).toEqual([
    'keyword if',
    'name lr',
    'number 1e-3',
    'keyword and',
    'string f"{x}"',
    "string 'a\\'b'",
    'comment # why "not"',
  ])
  expect(kindsOf('x1 = 0xFF + 1_000.5 + .5 + 3j')).toEqual([
    'name x1',
    'number 0xFF',
    'number 1_000.5',
    'number .5',
    'number 3j',
  ])
})

test('a string goes on over lines up to its quotes', () => {
  const first = tokensOf('text = """one 1')
  expect(first.open).toBe('"""')
  const second = tokensOf("two ''' # no comment", first.open)
  expect(second).toEqual({ tokens: [{ kind: 'string', text: "two ''' # no comment" }], open: '"""' })
  expect(kindsOf('end""" + 1', '"""')).toEqual(['string end"""', 'number 1'])
  expect(tokensOf('x = """a""" + 1').open).toBe('')
})

test('tokens and pieces are the line again, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '"""', "'''"), (line, open) => {
      const { tokens } = tokensOf(line, open)
      expect(tokens.map(({ text }) => text).join('')).toBe(line)
      const marks = [[1, Math.max(1, line.length - 1)] as const]
      expect(
        piecesOf({ tokens, marks })
          .map(({ text }) => text)
          .join(''),
      ).toBe(line)
    }),
  )
})

test('a diff is read by file, with numbers, and each changed token alone', () => {
  const [file, ...others] = filesOf(diffOf({ learning_rate_init: 0.01, hidden: 96 }))
  expect(others).toEqual([])
  expect(file?.path).toBe('train.py')
  const lines = file?.hunks[0]?.lines ?? []
  expect(lines.map(({ kind, before, after }) => `${kind} ${before} ${after}`).slice(0, 6)).toEqual([
    'same 10 10',
    'same 11 11',
    'del 12 null',
    'del 13 null',
    'add null 12',
    'add null 13',
  ])
  expect(lines[5]?.from).toBe(13)
  expect(lines.flatMap(({ text, marks }) => marks.map(([a, b]) => text.slice(a, b)))).toEqual([
    '0.5',
    '4',
    '0.01',
    '96',
  ])
  const several = filesOf('@@ -1 +1 @@\n-Dense(64, rate=0.1, act="relu")\n+Dense(8, rate=0.1, act="tanh")\n')
  const marked = several[0]?.hunks[0]?.lines.map(({ text, marks }) => marks.map(([a, b]) => text.slice(a, b)))
  expect(marked).toEqual([
    ['64', '"relu"'],
    ['8', '"tanh"'],
  ])
})

test('what was removed stands beside what came in its place, and what git says is no line', () => {
  const diff = `diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,3 +1,2 @@
 x = 1
-y = 2
-z = 3
+y = 5
\\ No newline at end of file
diff --git a/my data.bin b/my data.bin
new file mode 100644
Binary files /dev/null and b/my data.bin differ
`
  const [code, binary] = filesOf(diff)
  expect(
    blocksOf(code?.hunks[0]?.lines ?? []).map(({ same, removed, added }) => [
      same?.text ?? null,
      removed.map(({ text }) => text),
      added.map(({ text }) => text),
    ]),
  ).toEqual([
    ['x = 1', [], []],
    [null, ['y = 2', 'z = 3'], ['y = 5']],
  ])
  expect(binary?.notes).toEqual(['new file mode 100644', 'Binary files /dev/null and b/my data.bin differ'])
  expect(filesOf('')).toEqual([])
})

const aParameter = (name: string, line: number, column: number): HyperparameterView => ({
  ...{ name, file: 'train.py', line, column, value: 1, source: 'LCBench', ties: [], condition: null },
  ...{ structure: false, distribution: { type: 'float', low: 1e-4, high: 0.5, log: true } },
})

test('a changed number is known by its place, or by the place that it changes with', () => {
  const units = { ...aParameter('units', 3, 7), ties: [{ file: 'model.py', line: 9, times: 1, why: '' }] }
  const all = [units, aParameter('rate', 3, 16), aParameter('lr', 8, 5)]
  const at = (file: string, line: number | null, start: number) =>
    hyperparameterAt(all, { file, line, start, text: '' })?.name ?? null
  expect([at('train.py', 3, 6), at('train.py', 3, 15), at('train.py', 8, 0)]).toEqual(['units', 'rate', 'lr'])
  expect([at('model.py', 9, 4), at('model.py', 8, 4), at('train.py', null, 4)]).toEqual(['units', null, null])
  const known = knownOf(units, [{ name: 'units', share: 0.714 }])
  expect(knownWords(known)).toBe('units: 0.0001 – 0.5, log · importance 71 % · LCBench')
  expect(knownOf(units, [{ name: 'units', share: 0.001 }]).importance).toBe('under 1 %')
  expect(knownOf(units, []).importance).toBeNull()
})

test('changes are told with all their digits, and what is not there as such', () => {
  const [lr, extra] = changesOf(
    { values: { lr: 0.5, same: 1 } },
    { values: { lr: 0.00157, same: 1, extra: true } },
    [],
    [],
  )
  expect(lr).toEqual({ name: 'lr', before: '0.5', after: '0.00157', known: null })
  expect(extra).toMatchObject({ before: '–', after: 'True' })
})

test('commands quote what a repository named', () => {
  expect(shellWord("it's $(x)")).toBe("'it'\\''s $(x)'")
  const run = {
    project: 'digits',
    number: 7,
    sha: 'a'.repeat(40),
    metric: "a'b",
  } as const
  const trial = { number: 3, metric: 0.95 }
  expect(branchCommands(run, trial)).toBe(
    `git switch --create hone/run-7-trial-3 ${'a'.repeat(40)}\ngit apply --index digits-run-7-trial-3.patch\ngit commit --message 'Take trial 3 of run 7: a'\\''b 0.95, found by Hone'`,
  )
})
