import { describe, expect, test } from 'vitest'
import { describeFailure, systemError, toFailure, unavailable, userError } from '../../src/domain/failure.ts'

describe('toFailure', () => {
  test('keeps what was classified', () => {
    const error = userError('no-file', 'There is none.', 'Add one.', { file: 'a.py', line: 3 })
    expect(toFailure(error)).toEqual({
      kind: 'user',
      code: 'no-file',
      message: 'There is none.',
      remedy: 'Add one.',
      file: 'a.py',
      line: 3,
    })
    expect(toFailure(systemError('x', 'm', 'r')).kind).toBe('system')
    expect(toFailure(unavailable('x', 'm', 'r')).kind).toBe('unavailable')
  })

  test.each(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])('%s is a full disk, which passes', (code) => {
    expect(toFailure(Object.assign(new Error('x'), { code }))).toMatchObject({
      kind: 'unavailable',
      code: 'disk-full',
    })
  })

  test('anything else is a fault of the system, with its trace', () => {
    expect(toFailure(Object.assign(new Error('boom'), { code: 'EIO' }))).toMatchObject({
      kind: 'system',
      code: 'EIO',
      message: 'boom',
      detail: expect.stringContaining('failure.test.ts'),
    })
    for (const thrown of [new Error(''), new TypeError('x'), { message: 'm' }, 'a text', 7]) {
      const failure = toFailure(thrown)
      expect(failure).toMatchObject({ kind: 'system', code: 'internal' })
      expect(failure.message).not.toBe('')
    }
  })

  test.each([null, undefined])('takes even %s', (thrown) => {
    expect(toFailure(thrown)).toMatchObject({ kind: 'system', code: 'internal', message: String(thrown) })
  })

  test('the cause stays with the error', () => {
    const cause = new Error('deeper')
    expect(unavailable('x', 'm', 'r', cause).cause).toBe(cause)
  })
})

test('describeFailure says what, where and what to do on one line', () => {
  const failure = { kind: 'user', code: 'x', message: 'It broke.', remedy: 'Mend it.' } as const
  expect(describeFailure(failure)).toBe('It broke. Mend it.')
  expect(describeFailure({ ...failure, file: 'a.py' })).toBe('It broke. (a.py) Mend it.')
  expect(describeFailure({ ...failure, file: 'a.py', line: 3 })).toBe('It broke. (a.py:3) Mend it.')
})
