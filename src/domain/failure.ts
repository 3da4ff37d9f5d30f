/**
 * What went wrong, in words for the person who has to act on it.
 *
 * - `user`: the pushed code or its settings are at fault. Never retried.
 * - `system`: Hone or its surroundings failed. Retried with back-off, up to a limit.
 * - `unavailable`: something Hone needs (engine, disk, git server) is away. Retried until it is back.
 */
export type FailureKind = 'user' | 'system' | 'unavailable'

export interface Failure {
  kind: FailureKind
  /** A stable word for programs, such as `no-training-found`. */
  code: string
  /** What happened. */
  message: string
  /** What to do about it. */
  remedy: string
  file?: string | undefined
  line?: number | undefined
  /** The end of a traceback or of an engine's answer. */
  detail?: string | undefined
}

export class HoneError extends Error {
  readonly failure: Failure
  /** Of what is unavailable: when it is there again, ms since the epoch; null: nobody knows. */
  readonly until: number | null
  constructor(failure: Failure, { until = null, ...options }: ErrorOptions & { until?: number | null } = {}) {
    super(failure.message, options)
    this.name = 'HoneError'
    this.failure = failure
    this.until = until
  }
}

type Where = Pick<Failure, 'file' | 'line' | 'detail'>

export const userError = (code: string, message: string, remedy: string, where: Where = {}) =>
  new HoneError({ kind: 'user', code, message, remedy, ...where })

export const systemError = (code: string, message: string, remedy: string, cause?: unknown) =>
  new HoneError({ kind: 'system', code, message, remedy }, { cause })

export const unavailable = (code: string, message: string, remedy: string, cause?: unknown) =>
  new HoneError({ kind: 'unavailable', code, message, remedy }, { cause })

/** @param until when it is there again, ms since the epoch */
export const unavailableUntil = (until: number, code: string, message: string, remedy: string) =>
  new HoneError({ kind: 'unavailable', code, message, remedy }, { until })

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])

/** Any thrown value as a failure; one that nobody classified is a `system` failure. */
export function toFailure(error: unknown): Failure {
  if (error instanceof HoneError) return error.failure
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code === 'string' && DISK_FULL.has(code)) {
    return {
      kind: 'unavailable',
      code: 'disk-full',
      message: `The disk is full (${code}).`,
      remedy: 'Free some space where HONE_DATA lies; Hone goes on by itself.',
    }
  }
  return {
    kind: 'system',
    code: typeof code === 'string' ? code : 'internal',
    message: typeof message === 'string' && message !== '' ? message : String(error),
    remedy: 'Hone tries again by itself. If it stays, look at the server log and run `hone doctor`.',
    detail: error instanceof Error ? error.stack : undefined,
  }
}

/** `message (file:line) remedy` on one line, for logs and terminals. */
export function describeFailure(failure: Failure): string {
  const where = failure.file ? ` (${failure.file}${failure.line ? `:${failure.line}` : ''})` : ''
  return `${failure.message}${where} ${failure.remedy}`.trim()
}
