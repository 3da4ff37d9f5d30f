import { expect, test } from 'vitest'
import { HoneError } from '../../src/domain/failure.ts'
import { parseHoneYaml } from '../../src/domain/hone-yaml.ts'

const failure = (text: string) => {
  try {
    parseHoneYaml(text)
  } catch (error) {
    if (error instanceof HoneError) return error.failure
  }
  throw new Error('expected a HoneError')
}

test('reads settings', () => {
  const text = 'target: 0.9\nentry: src/train.py\nargs: [--lr, 0.1]\nenv:\n  SEED: 3\n'
  expect(parseHoneYaml(text)).toEqual({
    target: 0.9,
    entry: 'src/train.py',
    args: ['--lr', '0.1'],
    env: { SEED: '3' },
  })
})

test.each(['', '# nothing\n', '---\n', 'null\n', '{}'])('%j sets nothing', (text) => {
  expect(parseHoneYaml(text)).toEqual({})
})

test.each([
  ['target: 0.9\ntrails: 10\n', 2, /`trails`/, /`trials`/],
  ['time-limit: 3\n', 1, /`time-limit`/, /`timeLimit`/],
  ['colour: red\n', 1, /`colour`/, /The keys are .*target/],
  ['target: 0.9\n\ntrials: many\n', 3, /`trials` is "many", but has to be a number/, /./],
  ['trials: 0\n', 1, /`trials` is 0, but has to be at least 1/, /./],
  ['direction: up\n', 1, /`direction` is "up", but has to be one of maximize, minimize/, /./],
  ['target:\n', 1, /`target`/, /./],
  ['memory: lots\n', 1, /`memory` is "lots".*'4g'/, /./],
  ['env:\n  A: 1\n  B: [1]\n', 3, /`env\.B`/, /./],
  ['env:\n  A: 1\n  1 B: 2\n', 3, /`env\.1 B`/, /./],
  ['args:\n  - a\n  - b: c\n', 3, /`args\.1`/, /./],
  ['target: 0.9\ntarget: 0.8\n', 2, /\(target: 0.8\).*unique/, /./],
  ['target: 0.9\nargs: [a, b\ntrials: 3\n', 3, /line 3 \(trials: 3\)/, /./],
  ['target: "hi\n', 1, /line 1 \(target: "hi\): Missing closing/, /./],
  ['network: yes\n', 1, /`network` is "yes", but has to be true or false/, /./],
  ['- a\n- b\n', 1, /key: value/, /./],
  ['just text', 1, /key: value/, /./],
  ['a: 1\n---\nb: 2\n', 2, /./, /./],
])('%j names line %i, the key and what to do', (text, line, message, remedy) => {
  const found = failure(text)
  expect(found).toMatchObject({ kind: 'user', code: 'hone-yaml', file: 'hone.yaml', line })
  expect(found.message).toMatch(message)
  expect(found.remedy).toMatch(remedy)
})

test('a bomb of aliases is refused', () => {
  const rows = Array.from({ length: 20 }, (_, index) =>
    index === 0 ? 'a0: &a0 [x, x]' : `a${index}: &a${index} [*a${index - 1}, *a${index - 1}]`,
  )
  expect(failure(rows.join('\n')).code).toBe('hone-yaml')
})
