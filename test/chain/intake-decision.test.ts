import { describe, expect, it } from 'vitest'
import { decideIntake, isOutdated, matchesBranch, type Push } from '../../src/chain/intake-decision.ts'

const push = (change: Partial<Push> = {}): Push => ({
  ref: 'refs/heads/main',
  sha: 'a'.repeat(40),
  before: null,
  deleted: false,
  head: { message: 'Raise the learning rate', author: 'Ada' },
  ...change,
})
const decide = (change: Partial<Push>, branches = ['main', 'release/*']) =>
  decideIntake(push(change), { branches })

describe('decideIntake', () => {
  it('makes a run for a commit on a followed branch', () => {
    expect(decide({})).toEqual({ run: true })
    expect(decide({ ref: 'refs/heads/release/1.0' })).toEqual({ run: true })
  })

  it.each([
    [
      'a deleted branch',
      { deleted: true, sha: '0'.repeat(40), head: null },
      "The branch 'main' was deleted.",
    ],
    ['a zero commit', { sha: '0'.repeat(40) }, "The branch 'main' was deleted."],
    ['a tag', { ref: 'refs/tags/v1' }, 'Tags do not start runs.'],
    ['another ref', { ref: 'refs/notes/commits' }, "'refs/notes/commits' is no branch."],
    [
      'a branch not followed',
      { ref: 'refs/heads/idea' },
      "The project does not follow the branch 'idea', only main, release/*.",
    ],
    ['no commits', { head: null }, 'The push brought no commits.'],
    [
      '[skip ci]',
      { head: { message: 'Docs [skip ci]', author: null } },
      "The commit's message says [skip ci].",
    ],
    [
      '[CI SKIP]',
      { head: { message: 'Docs\n\n[CI SKIP]', author: null } },
      "The commit's message says [CI SKIP].",
    ],
  ])('ignores %s', (_, change, reason) => {
    expect(decide(change)).toEqual({ run: false, reason })
  })

  it('makes no run of a winner that Hone pushed, whatever the project follows', () => {
    const own = decide({ ref: 'refs/heads/hone/run-7' }, ['*'])
    expect(own).toEqual({ run: false, reason: "'hone/run-7' is a branch that Hone made." })
    expect(decide({ ref: 'refs/heads/hone/run-7-trial-3' }, ['*'])).toMatchObject({ run: false })
    expect(decide({ ref: 'refs/heads/hone/run-7-mine' }, ['*'])).toEqual({ run: true })
    expect(decide({ ref: 'refs/heads/hone/idea' }, ['*'])).toEqual({ run: true })
  })

  it('does not take the words without brackets for a marker', () => {
    expect(decide({ head: { message: 'how to skip ci', author: null } })).toEqual({ run: true })
  })
})

describe('isOutdated', () => {
  it.each([
    ['nothing went on from it', 'a', [], false],
    ['others went on from it', 'a', ['c', 'd'], true],
    ['it made the branch, and others went on from it', '0', ['c'], true],
    ['it sets the branch back to where the others began', 'd', ['c', 'd'], false],
    ['nobody knows what it went on from', null, ['c'], false],
  ])('%s', (_, before, later, outdated) => {
    expect(isOutdated({ before }, later)).toBe(outdated)
  })
})

describe('matchesBranch', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'maine', false],
    ['*', 'any/thing', true],
    ['release/*', 'release/', true],
    ['release/*', 'release', false],
    ['*-ml', 'x-ml', true],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['aa*aa', 'aaa', false],
    ['feature.x', 'featureyx', false],
    ['**', '', true],
  ])('%s on %s: %s', (pattern, branch, matches) => {
    expect(matchesBranch(pattern, branch)).toBe(matches)
  })
})
