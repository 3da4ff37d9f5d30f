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

test('reads what is said of hyperparameters, with its lines', () => {
  const text = `hyperparameters:
  lr: 1e-2
  batch_size: { low: 16, high: 64 }
  kernel: { choices: [rbf, linear] }
  momentum: exclude
  hidden2: { tie: hidden1 }
  12: false
`
  expect(parseHoneYaml(text).hyperparameters).toEqual({
    lr: { kind: 'fix', value: 0.01, line: 2 },
    batch_size: { kind: 'range', low: 16, high: 64, log: null, type: null, line: 3 },
    kernel: { kind: 'choices', choices: ['rbf', 'linear'], line: 4 },
    momentum: { kind: 'exclude', line: 5 },
    hidden2: { kind: 'tie', to: 'hidden1', line: 6 },
    '12': { kind: 'fix', value: false, line: 7 },
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
  ['network: yes\n', 1, /`network` is "yes", but has to be true, false or auto/, /./],
  ['- a\n- b\n', 1, /key: value/, /./],
  ['hyperparameters: 3\n', 1, /`hyperparameters` is 3/, /./],
  ['hyperparameters:\n  lr:\n', 2, /`hyperparameters.lr` is null, .*`exclude`/, /./],
  ['hyperparameters:\n  lr: [1]\n', 2, /`hyperparameters.lr` is \[1\]/, /./],
  ['hyperparameters:\n  lr:\n    low: 1\n    higj: 2\n', 4, /`higj` of `hyperparameters.lr`/, /`high`/],
  ['hyperparameters:\n  lr: { low: 1 }\n', 2, /`hyperparameters.lr.high` is empty/, /./],
  ['hyperparameters:\n  lr: { low: 3, high: 2 }\n', 2, /high` is 2, but has to be at least `low`, 3/, /./],
  ['hyperparameters:\n  lr: { low: 0, high: 2, log: true }\n', 2, /low` is 0.* more than 0/, /./],
  ['hyperparameters:\n  lr: { low: 0.5, high: 2, type: int }\n', 2, /whole number/, /./],
  ['hyperparameters:\n  lr: { choices: [] }\n', 2, /has to hold something/, /./],
  ['hyperparameters:\n  lr: { choices: [1, [2]] }\n', 2, /choices\.1` is \[2\]/, /./],
  ['hyperparameters:\n  lr: { tie: 3 }\n', 2, /tie` is 3, but has to be a text/, /./],
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

test('tells all mistakes at once, by their lines', () => {
  const { message, remedy, line } = failure('trials: -1\nmemroy: 4g\ntarget: high\nfoo: 1\n')
  expect(message).toBe(
    'hone.yaml is not valid: line 1: `trials` is -1, but has to be at least 1; line 2 sets `memroy`, which is no setting; ' +
      'line 3: `target` is "high", but has to be a number; line 4 sets `foo`, which is no setting.',
  )
  expect(remedy).toMatch(/^Correct the line and push again\. Did you mean `memory`\? The keys are /)
  expect(line).toBe(1)
})
