import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../../src/domain/failure.ts'
import { checkGitUrl, isLocal, maskUrl } from '../../src/domain/git-url.ts'

const codeOf = (work: () => unknown) => {
  try {
    work()
    return null
  } catch (error) {
    return (error as HoneError).failure.code
  }
}

describe('checkGitUrl', () => {
  test.each([
    'https://github.com/ada/digits.git',
    'https://user:token@git.example.org:8443/ada/digits',
    'http://127.0.0.1:8080/git/digits.git',
    'http://[::1]:8080/digits.git',
    'ssh://git@example.org:2222/ada/digits.git',
    'ssh://example.org/~ada/digits.git',
    'git@github.com:ada/digits.git',
    'example.org:digits.git',
    'git@example.org:/srv/git/digits.git',
    'file:///srv/git/digits.git',
    '/srv/git/digits',
    '/home/ada/My models/digits',
  ])('lets %s through', (url) => {
    expect(checkGitUrl(url)).toBe(url)
  })

  test.each([
    '',
    ' https://example.org/x',
    '--upload-pack=touch /tmp/x',
    '-oProxyCommand=x',
    'ext::sh -c whoami',
    'EXT::sh -c whoami',
    'fd::17',
    '::x',
    'git://example.org/x.git',
    'ftp://example.org/x.git',
    'rsync://example.org/x.git',
    'ssh://-oProxyCommand=touch%20x/y',
    'ssh://-oProxyCommand=x@host/y',
    'ssh://git@-oProxyCommand=x/y',
    '-git@host:x',
    'git@-host:x',
    'git@host:-x',
    'https:///nohost',
    'https://example.org',
    'https://example.org/a b',
    'https://example.org/a\n--upload-pack=x',
    '/srv/git\n/x',
    '/srv/\u0000x',
    '/srv/\u202ex',
    'git@host:a\tb',
    './digits',
    '../digits',
    'digits',
    'digits/model',
    '~/digits',
    '//server/share',
  ])('refuses %j', (url) => {
    expect(codeOf(() => checkGitUrl(url))).toBe('bad-repository-url')
  })

  test('refuses an endless one', () => {
    expect(codeOf(() => checkGitUrl(`https://example.org/${'a'.repeat(3000)}`))).toBe('bad-repository-url')
  })

  test('answers or refuses with a HoneError, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (url) => {
        try {
          const checked = checkGitUrl(url)
          return !checked.startsWith('-') && !checked.includes('::') && !/[\n\r\0]/.test(checked)
        } catch (error) {
          return error instanceof HoneError && error.failure.kind === 'user'
        }
      }),
    )
  })

  test('does not tell the password', () => {
    expect.assertions(1)
    try {
      checkGitUrl('ftp://ada:secret@example.org/x')
    } catch (error) {
      expect((error as Error).message).not.toContain('secret')
    }
  })
})

test('maskUrl hides who and with what', () => {
  expect(maskUrl('fetch https://ada:s3cret@example.org/x, ssh://git@h/y')).toBe(
    'fetch https://***@example.org/x, ssh://***@h/y',
  )
})

test('isLocal knows paths', () => {
  expect(['/a', 'file:///a', 'FILE:///a'].every(isLocal)).toBe(true)
  expect(['https://a/b', 'git@a:b'].some(isLocal)).toBe(false)
})
