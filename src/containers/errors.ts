import { HoneError, systemError, unavailable } from '../domain/failure.ts'

/** Codes of a connection that could not be made, or that broke. */
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ABORT_ERR',
  'ERR_STREAM_PREMATURE_CLOSE',
])

interface Raw {
  code?: unknown
  syscall?: unknown
  statusCode?: unknown
  json?: { message?: unknown } | null
  message?: unknown
  name?: unknown
}

/** The HTTP status of an engine's answer; null for any other error. */
export function statusOf(error: unknown): number | null {
  const { statusCode } = error as Raw
  return typeof statusCode === 'number' ? statusCode : null
}

const START_ENGINE =
  'Start the Docker engine, or set DOCKER_HOST to where it listens. Hone goes on by itself when it answers.'

export const engineAway = (doing: string, cause?: unknown) =>
  unavailable('engine-away', `The Docker engine does not answer (${doing}).`, START_ENGINE, cause)

/**
 * What the engine or the way to it said, as a HoneError: `unavailable` when nobody answers or its disk is full,
 * `system` when it refuses.
 * @param doing what was asked of it, such as `start container x`
 */
export function engineError(error: unknown, doing: string): HoneError {
  if (error instanceof HoneError) return error
  const { code, syscall, name, json, message } = error as Raw
  const said = typeof json?.message === 'string' ? json.message : String(message ?? error)
  const status = statusOf(error)
  if (status === null) {
    if (code === 'EACCES' || code === 'EPERM') return denied(doing, error)
    const noSocket = code === 'ENOENT' && syscall === 'connect'
    const brokeOff = name === 'AbortError' || name === 'TimeoutError'
    if (noSocket || brokeOff || AWAY.has(String(code))) return engineAway(doing, error)
  }
  // The engine has no code of its own for this one: the words are those of the kernel's ENOSPC.
  if (/no space left on device/i.test(said)) {
    return unavailable(
      'engine-disk-full',
      `The Docker engine's disk is full (${doing}).`,
      'Free some space on it, for example with `docker image prune` or `hone gc`. Hone goes on by itself.',
      error,
    )
  }
  if (status === 503) return engineAway(doing, error)
  return systemError(
    status === 404 ? 'engine-not-found' : status === 409 ? 'engine-conflict' : 'engine-refused',
    `The Docker engine refused to ${doing}: ${said.trim()}`,
    'Hone tries again by itself. If it stays, `hone doctor` and the log of the engine tell more.',
    error,
  )
}

const denied = (doing: string, cause: unknown) =>
  unavailable(
    'engine-denied',
    `The Docker engine's socket may not be used by this user (${doing}).`,
    'Add the user to the group `docker`, log in again and start Hone anew.',
    cause,
  )
