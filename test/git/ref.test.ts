import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { branchRef, checkRef, checkSha } from '../../src/git/ref.ts'

const accepts = (ref: string) => {
  try {
    return checkRef(ref) === ref
  } catch {
    return false
  }
}

describe('checkRef', () => {
  test.each([
    'refs/heads/main',
    'refs/heads/feature/a-b_c.d',
    'refs/heads/hone/run-3',
    'refs/tags/v1.0',
    'refs/heads/größe',
    'refs/heads/a@b',
    'refs/heads/@',
    'refs/heads/a..b',
    'refs/heads/.hidden',
    'refs/heads/a/.b',
    'refs/heads/a.lock',
    'refs/heads/a.lock/b',
    'refs/heads/a b',
    'refs/heads/a~1',
    'refs/heads/a^',
    'refs/heads/a:b',
    'refs/heads/a?',
    'refs/heads/a*',
    'refs/heads/a[b',
    'refs/heads/a\\b',
    'refs/heads/a@{1}',
    'refs/heads//a',
    'refs/heads/a/',
    'refs/heads/a.',
    'refs/heads/',
    'refs/heads/a\n',
    'refs/heads/a\u007f',
  ])('says of %j what git says', (ref) => {
    expect(accepts(ref)).toBe(spawnSync('git', ['check-ref-format', ref]).status === 0)
  })

  test.each(['main', 'HEAD', '--upload-pack=x', '-x/y/z', 'refs/heads', ''])(
    'refuses %j, no full name',
    (ref) => {
      expect(accepts(ref)).toBe(false)
    },
  )
})

test('branchRef refuses what could be an option or means something else', () => {
  expect(branchRef('hone/run-1')).toBe('refs/heads/hone/run-1')
  expect(() => branchRef('-f')).toThrow('is not the full name')
  expect(() => branchRef('HEAD')).toThrow('is not the full name')
  expect(() => branchRef('')).toThrow('is not the full name')
})

test('checkSha wants all digits', () => {
  expect(checkSha('a'.repeat(40))).toBe('a'.repeat(40))
  expect(checkSha('0'.repeat(64))).toBe('0'.repeat(64))
  for (const wrong of [
    '',
    'abc',
    'HEAD',
    'A'.repeat(40),
    'g'.repeat(40),
    'a'.repeat(41),
    `${'a'.repeat(40)}\n`,
  ]) {
    expect(() => checkSha(wrong), wrong).toThrow('is not a full commit id')
  }
})
