import { describe, expect, it } from 'vitest'
import { githubName, pullRequestUrl } from '../../src/domain/pull-request.ts'

describe('the pull request of a branch', () => {
  it.each([
    ['https://github.com/ada/digits.git', 'ada/digits'],
    ['https://token@github.com/ada/digits', 'ada/digits'],
    ['git@github.com:ada/my.digits.git', 'ada/my.digits'],
    ['ssh://git@github.com/ada/digits.git', 'ada/digits'],
    ['https://gitlab.com/ada/digits.git', null],
    ['https://github.com.example.org/ada/digits', null],
    ['https://github.com/ada', null],
    ['/srv/git/github.com/ada/digits', null],
    [null, null],
  ])('%s is %s at GitHub', (url, name) => expect(githubName(url)).toBe(name))

  it('is opened on the page of GitHub, with title and body, whatever they hold', () => {
    const about = { base: 'main', branch: 'hone/run-3-trial-4', title: 'lr & "more"', body: 'a\nb' }
    const url = pullRequestUrl('https://ada:secret@github.com/ada/digits.git', about)
    expect(url).toBe(
      'https://github.com/ada/digits/compare/main...hone/run-3-trial-4?expand=1&title=lr+%26+%22more%22&body=a%0Ab',
    )
    expect(url).not.toContain('secret')
    expect(
      pullRequestUrl('https://github.com/a/b', { ...about, body: 'x'.repeat(9999) })?.length,
    ).toBeLessThan(4000)
    expect(pullRequestUrl('https://example.org/a/b', about)).toBeNull()
  })
})
