import { expect, test } from 'vitest'
import { GitFailed, gitError } from '../../src/git/errors.ts'

test('no password reaches a log or a failure, whatever git printed', () => {
  const url = 'https://ann:hunter2@host/a.git'
  const failed = new GitFailed(128, `fatal: unable to access '${url}/': Could not resolve host: host`)
  expect(failed.stderr + failed.message + failed.stack).not.toContain('hunter2')
  const told = gitError(failed, url) as { failure: object; cause: Error }
  expect(told.failure).toMatchObject({ code: 'git-host-unreachable' })
  expect(JSON.stringify(told.failure) + told.cause.message).not.toContain('hunter2')
})
