import { describe, expect, it } from 'vitest'
import { page } from '../../src/cli/inspect/page.ts'
import type { Report } from '../../src/cli/inspect/report.ts'
import { cut, cutStart, printable, valueText, wrap } from '../../src/cli/inspect/text.ts'
import type { Sources } from '../../src/cli/sources.ts'
import type { Detection } from '../../src/domain/detection.ts'
import type { Failure } from '../../src/domain/failure.ts'
import { detection, parameter } from './detection.ts'

const sources = (files: Record<string, string> = {}): Sources => ({
  root: process.cwd(),
  files: [],
  hints: {},
  script: null,
  bytes: (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
})
const show = (more: Partial<Detection>, columns = 100) =>
  page(
    { path: 'train.py', sources: sources(), detection: detection(more), milliseconds: 1, lines: 1 },
    columns,
    20,
  )

describe('the page', () => {
  it('says what is trained, why, what may change and what comes next', () => {
    expect(show({ args: ['--epochs', '3'] })).toBe(
      `train.py
  pytorch · cnn · classification   judged by accuracy, higher is better
  runs train.py --epochs 3
  in the image pytorch: it trains with pytorch

Why
  train.py:1  imports torch  import torch

What Hone would tune  1
  name   now    may become             where
  lr     0.01   1e-5 … 0.1 (log) [1]   train.py:7

  [1] LCBench (Zimmer et al. 2021)

Next
  hone run .                             trains it here and tunes these
  hone rewrite train.py --set lr=0.001   shows the diff
  hone.yaml                              bounds, fixes, ties or excludes them
`,
    )
  })

  it('says what changes together, under which condition, and what adds or removes layers', () => {
    const tie = {
      file: 'train.py',
      column: 1,
      start: 60,
      end: 62,
      times: 1,
      why: 'the next layer takes as many inputs',
    }
    const text = show({
      hyperparameters: [
        parameter({
          ties: [
            { ...tie, line: 9 },
            { ...tie, line: 12 },
            { ...tie, line: 3, file: 'net.py' },
          ],
        }),
        parameter({ name: 'momentum', condition: { name: 'optimizer', values: ['SGD', 'RMSprop'] } }),
        parameter({
          name: 'conv_blocks',
          value: 2,
          distribution: { type: 'int', low: 1, high: 5, log: false },
          variants: { 1: [], 3: [] },
        }),
      ],
    })
    expect(text).toContain('and lines 9, 12, net.py:3: the next layer takes as many inputs')
    expect(text).toContain('only while optimizer is SGD or RMSprop')
    expect(text).toMatch(/conv_blocks +2 +1 … 5 \[1\] +train\.py:7\n +adds or removes whole layers/)
  })

  it('names the published source of a range once', () => {
    const text = show({
      hyperparameters: [
        parameter(),
        parameter({ name: 'rate' }),
        parameter({ name: 'x', source: 'hone.yaml' }),
      ],
    })
    expect(text.match(/LCBench/g)).toHaveLength(1)
    expect(text).toMatch(/rate .* \[1\]/)
    expect(text).toContain('[2] hone.yaml')
  })

  it('marks what a budget can search, where it cannot search all', () => {
    const many = Array.from({ length: 8 }, (_, index) =>
      parameter({ name: `p${index}`, influence: 1 + (index % 4) }),
    )
    const text = show({ hyperparameters: many })
    expect(text.match(/^• p\d/gm)).toEqual(['• p0', '• p1', '• p2', '• p4', '• p5'])
    expect(text).toContain('these 5: what matters most, as far as 20 trials can search')
  })

  it('groups what is left alone by its reason, and counts what it does not show', () => {
    const left = (name: string, line: number, reason: string) => ({
      name,
      file: 'train.py',
      line,
      text: '42',
      reason,
    })
    const text = show({
      leftAlone: [
        left('test_size', 3, 'the share that is held out for the test'),
        ...Array.from({ length: 6 }, (_, index) => left('seed', 10 + index, 'a seed')),
      ],
    })
    expect(text).toContain(`Left alone  7
  a seed
      seed 42 train.py:10 · seed 42 train.py:11 · seed 42 train.py:12 · seed 42 train.py:13 · 2 more
  the share that is held out for the test
      test_size 42 train.py:3
`)
  })

  it('says what is written for an older version, and what to write instead', () => {
    const hint = {
      file: 'train.py',
      text: 'Convolution2D(8, 3, 3)',
      why: 'Keras 1',
      change: 'Conv2D(8, (3, 3))',
    }
    const text = show({ framework: 'keras', versions: [{ ...hint, line: 4, runsOn: 'keras 1' }] })
    expect(text).toContain('no image of Hone runs it as it stands')
    expect(text).toContain('Conv2D(8, (3, 3))\n      train.py:4 · runs on keras 1 as it stands')
  })

  it('fits the terminal, however long names, paths and lists are', () => {
    const long = 'a_rather_long_name_of_a_hyperparameter_in_a_script'
    const text = show(
      {
        evidence: [
          { file: `${'folder/'.repeat(9)}x.py`, line: 1, text: 'x'.repeat(200), why: 'imports torch' },
        ],
        hyperparameters: [
          parameter({ name: long, file: `${'folder/'.repeat(9)}x.py` }),
          parameter({
            distribution: {
              type: 'categorical',
              choices: Array.from({ length: 20 }, (_, n) => `choice${n}`),
            },
          }),
        ],
      },
      80,
    )
    const lines = text.slice(0, text.indexOf('Next')).split('\n')
    expect(lines.filter((line) => [...line].length > 80)).toEqual([])
  })

  it('prints nothing that could steer a terminal', () => {
    const text = show({
      evidence: [{ file: 'a\u001b[2J.py', line: 1, text: 'x = "\u001b]0;t\u0007\u202e"', why: 'calls' }],
    })
    expect([...text].filter((character) => /[^\P{C}\n]/u.test(character))).toEqual([])
  })

  it('says it when nothing was found', () => {
    expect(show({ hyperparameters: [] })).toContain('Nothing was found that could be changed safely.')
  })
})

describe('the page of a failure', () => {
  const failed = (failure: Partial<Failure>, files: Record<string, string> = {}): Report => ({
    path: 'train.py',
    sources: sources(files),
    failure: {
      kind: 'user',
      code: 'syntax-error',
      message: 'It cannot be read.',
      remedy: 'Correct it.',
      ...failure,
    },
  })

  it('shows the line itself with those before it, and what to do', () => {
    const report = failed(
      { file: 'train.py', line: 4 },
      { 'train.py': 'import a\r\nb = 1\r\n\r\ndef f(:\r\n' },
    )
    expect(page(report, 80, 20)).toBe(`train.py
  It cannot be read.

  train.py:4
    2 │ b = 1
    3 │ ${''}
  > 4 │ def f(:

  Correct it.
`)
  })

  it('goes without the line where the file is not there', () => {
    expect(page(failed({ file: 'gone.py', line: 4 }), 80, 20)).toContain('\n  gone.py:4\n')
    expect(page(failed({}), 80, 20)).toBe('train.py\n  It cannot be read.\n\n  Correct it.\n')
  })
})

describe('text', () => {
  it.each([
    [0.001, '0.001'],
    [0.00001, '1e-5'],
    [2.5e-4, '2.5e-4'],
    [100_000, '100000'],
    [5_000_000, '5e6'],
    [1_234_567, '1234567'],
    [0, '0'],
    [-0.5, '-0.5'],
    [true, 'True'],
    ['', "''"],
    ['adam', 'adam'],
  ])('shows %s as %s', (value, text) => {
    expect(valueText(value)).toBe(text)
  })

  it('is cut and wrapped by characters, not by halves of them', () => {
    expect(cut('🙂🙂🙂', 2)).toBe('🙂…')
    expect(cutStart('models/net.py:12', 9)).toBe('…et.py:12')
    expect(wrap('one two  three', 7)).toEqual(['one two', 'three'])
    expect(printable('a\tb\nc')).toBe('a b·c')
  })
})
