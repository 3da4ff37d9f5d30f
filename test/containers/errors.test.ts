import { describe, expect, it } from 'vitest'
import { connectionOptions } from '../../src/containers/engine.ts'
import { engineError, statusOf } from '../../src/containers/errors.ts'
import { userError } from '../../src/domain/failure.ts'

const failure = (error: object) => engineError(Object.assign(new Error('words'), error), 'do it').failure

describe('what the engine says', () => {
  it.each([
    [{ code: 'ECONNREFUSED' }, 'unavailable', 'engine-away'],
    [{ code: 'ECONNRESET' }, 'unavailable', 'engine-away'],
    [{ code: 'ENOENT', syscall: 'connect' }, 'unavailable', 'engine-away'],
    [{ code: 'ENOENT', syscall: 'open' }, 'system', 'engine-refused'],
    [{ code: 'EACCES' }, 'unavailable', 'engine-denied'],
    [{ name: 'TimeoutError' }, 'unavailable', 'engine-away'],
    [{ statusCode: 503 }, 'unavailable', 'engine-away'],
    [{ statusCode: 404 }, 'system', 'engine-not-found'],
    [{ statusCode: 409 }, 'system', 'engine-conflict'],
    [{ statusCode: 500 }, 'system', 'engine-refused'],
    [
      { statusCode: 500, json: { message: 'write /x: no space left on device' } },
      'unavailable',
      'engine-disk-full',
    ],
  ])('%o is %s: %s', (error, kind, code) => {
    expect(failure(error)).toMatchObject({ kind, code })
  })

  it('is told with what was asked, and what to do', () => {
    const { message, remedy } = failure({ statusCode: 400, json: { message: 'bad parameter\n' } })
    expect(message).toBe('The Docker engine refused to do it: bad parameter')
    expect(remedy).not.toBe('')
  })

  it('stays what it was when it was told already', () => {
    const error = userError('x', 'y', 'z')
    expect(engineError(error, 'do it')).toBe(error)
  })

  it('has a status only when it answered', () => {
    expect(statusOf({ statusCode: 404 })).toBe(404)
    expect(statusOf(new Error('x'))).toBeNull()
  })
})

describe('DOCKER_HOST', () => {
  it.each([
    ['unix:///run/docker.sock', { socketPath: '/run/docker.sock', host: undefined }],
    ['tcp://engine:2375', { host: 'engine', port: '2375' }],
    ['engine:1234', { host: 'engine', port: '1234' }],
    ['tcp://engine', { host: 'engine', port: 2375 }],
    ['tcp://engine:2376', { host: 'engine', port: '2376', protocol: 'https' }],
    ['ssh://me@engine', { protocol: 'ssh', host: 'engine', port: 22, username: 'me' }],
  ])('%s', (dockerHost, options) => {
    expect(connectionOptions(dockerHost)).toMatchObject(options)
  })
})
