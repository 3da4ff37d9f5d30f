import { expect, test } from 'vitest'
import { changedLines } from '../../src/mail/compose/diff.ts'

const DIFF = `diff --git a/train.py b/train.py
index 1111111..2222222 100644
--- a/train.py
+++ b/train.py
@@ -10,6 +10,6 @@ def train():
 import a
 
-lr = 0.5
+lr = 0.04
 batch = 32
--- not a file: the user's own line
+++ not one either
 last
\\ No newline at end of file
diff --git a/model.py b/model.py
--- a/model.py
+++ b/model.py
@@ -3 +3 @@
-width = 8
+width = 64
`

test('shows changed lines alone, each group under its place before the change', () => {
  expect(changedLines(DIFF)).toEqual({
    text: [
      'train.py:12',
      '-lr = 0.5',
      '+lr = 0.04',
      'train.py:14',
      "--- not a file: the user's own line",
      '+++ not one either',
      'model.py:3',
      '-width = 8',
      '+width = 64',
    ].join('\n'),
    cut: false,
  })
})

test('is bounded in lines and in characters, and says so', () => {
  const long = `--- a/x\n+++ b/x\n@@ -0,0 +1,500 @@\n${'+line\n'.repeat(500)}`
  expect(changedLines(long).text.split('\n')).toHaveLength(60)
  expect(changedLines(long).cut).toBe(true)
  const wide = `--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+${'y'.repeat(90_000)}\n`
  expect(changedLines(wide).text.length).toBe(6000)
  expect(changedLines(wide).cut).toBe(true)
})

test('names a file that is new by its name after the change, and a binary one', () => {
  const diff = `--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+a = 1\nBinary files a/x.pt and b/x.pt differ\n`
  expect(changedLines(diff).text).toBe('new.py:0\n+a = 1\nBinary files a/x.pt and b/x.pt differ')
})

test('nothing of an empty diff', () => {
  expect(changedLines('')).toEqual({ text: '', cut: false })
})
