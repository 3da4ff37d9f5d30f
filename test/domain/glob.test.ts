import { expect, test } from 'vitest'
import { matchesGlob, Patterns } from '../../src/domain/glob.ts'

test.each([
  ['plots/*.png', 'plots/loss.png', true],
  ['plots/*.png', 'plots/a/loss.png', false],
  ['plots/*.png', 'plots/loss.jpg', false],
  ['plots/*.png', 'old/plots/loss.png', false],
  ['*.csv', 'a.csv', true],
  ['*.csv', 'out/a.csv', false],
  ['**/*.csv', 'a.csv', true],
  ['**/*.csv', 'out/deep/a.csv', true],
  ['out/**/best.txt', 'out/best.txt', true],
  ['out/**/best.txt', 'out/a/b/best.txt', true],
  ['out/**/best.txt', 'out/a/b/worst.txt', false],
  ['plots', 'plots/a/b.png', true],
  ['plots/', 'plots/b.png', true],
  ['plots', 'plots2/b.png', false],
  ['./plots/*', 'plots/b.png', true],
  ['epoch-??.txt', 'epoch-01.txt', true],
  ['epoch-??.txt', 'epoch-1.txt', false],
  ['a*b*c', 'aXbYbZc', true],
  ['a*b*c', 'aXbYbZ', false],
  ['über-?.txt', 'über-🙂.txt', true],
  ['a.c', 'abc', false],
  ['**', 'anything/at/all', true],
])('%j and %j: %s', (pattern, path, matches) => {
  expect(matchesGlob(path, pattern)).toBe(matches)
})

test('a pattern made to be slow is not', () => {
  const began = performance.now()
  expect(
    matchesGlob(`${'a/'.repeat(200)}${'a'.repeat(2000)}`, `${'**/'.repeat(30)}${'*a'.repeat(50)}b`),
  ).toBe(false)
  expect(performance.now() - began).toBeLessThan(2000)
})

test.each(['/etc/passwd', '../x', 'a/../b', '', '.', 'a\0b', 'x'.repeat(201)])(
  '%j is no pattern',
  (pattern) => {
    expect(Patterns.safeParse([pattern]).success).toBe(false)
  },
)
