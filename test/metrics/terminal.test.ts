import { describe, expect, test } from 'vitest'
import { errorFinder } from '../../src/metrics/log-errors.ts'
import { clipped, mayShow, plainText, shownText } from '../../src/metrics/terminal.ts'

describe('a line as a terminal leaves it', () => {
  test.each([
    ['plain', 'plain'],
    ['10%\r50%\r100%', '100%'],
    ['100%\r', '100%'],
    ['100%\r\u001b[K', '100%'],
    ['\r \r', ''],
    ['12\b\b\b34\b5', '35'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;http://x.example\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001b[2K\u001b[1A\u001b[?25lup', 'up'],
    ['\u001b(Bold\u001b7\u001bM', 'old'],
    ['\u001b[1;31mred\u001b[0m', '\u001b[1;31mred\u001b[0m'],
    ['a\tb\u0000', 'a\tb\u0000'],
  ])('%j shows %j', (line, shown) => {
    expect(shownText(line)).toBe(shown)
  })

  test('is searched without its colours', () => {
    const line = 'acc\u001b[32mura\u001b[0mcy'
    expect(plainText(line)).toBe('accuracy')
    expect(mayShow(`x\n${line}\n`, 'accuracy')).toBe(true)
    expect(mayShow('ab\bccuracy\n', 'accuracy')).toBe(true)
    expect(mayShow('x\u001b]never ended\nACCURACY\u0007\n', 'accuracy')).toBe(true)
    expect(mayShow('x\ny\n', 'accuracy')).toBe(false)
  })

  test('is cut neither in a colour nor in a character', () => {
    expect(clipped('abc', 3)).toBe('abc')
    expect(clipped('ab\u001b[31mc', 5)).toBe('ab')
    expect(clipped('ab\u001b[31mcd', 8)).toBe('ab\u001b[31mc')
    expect(clipped('a🙂b', 2)).toBe('a')
  })
})

describe('errors', () => {
  const found = (lines: string[]) => {
    const { isError } = errorFinder()
    return lines.filter((line) => isError(line))
  }

  test('a traceback counts once, at its heading', () => {
    const lines = [
      'Epoch 1',
      'Traceback (most recent call last):',
      '  File "train.py", line 4, in <module>',
      '    raise ValueError("ERROR")',
      'ValueError: ERROR',
      '',
      'ValueError: again',
    ]
    expect(found(lines)).toEqual([lines[1], lines[6]])
  })

  test('may lie anywhere until a traceback is at its end', () => {
    const { mayHold, isError } = errorFinder()
    expect(mayHold('Epoch 1\n')).toBe(false)
    isError('Traceback (most recent call last):')
    expect(mayHold('my.Failed: no\n')).toBe(true)
    isError('my.Failed: no')
    expect(mayHold('Epoch 1\n')).toBe(false)
  })

  test.each([
    'torch.OutOfMemoryError: CUDA out of memory.',
    'KeyboardInterrupt',
    'train.py: error: unrecognized arguments: --lr',
    '2026-01-02 03:04:05 ERROR data: no such file',
    '[ERROR] no such file',
    'CRITICAL: disk full',
    'Segmentation fault (core dumped)',
    'Killed',
    'Error: no such file',
  ])('%s is one', (line) => {
    expect(found([line])).toEqual([line])
    expect(errorFinder().mayHold(`Epoch 1\n${line}\n`)).toBe(true)
  })

  test.each([
    'Test Error: ',
    'error: 0.1234',
    'Error: 0.12',
    'ERROR: 0.12',
    'mean squared error: 0.3',
    'UserWarning: this is deprecated',
    'killed 3 trees',
    '    raise ValueError(x)',
  ])('%s is none', (line) => {
    expect(found([line])).toEqual([])
  })
})
