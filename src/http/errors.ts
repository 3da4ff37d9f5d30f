import type { ErrorRequestHandler, Request, Response } from 'express'
import type { Logger } from 'pino'
import { HoneError, toFailure } from '../domain/failure.ts'
import { BadSettings, type FieldError } from '../domain/setting-errors.ts'

/** An answer other than success, with words for the person who asked. */
export class HttpError extends Error {
  readonly status: number
  readonly code: string
  readonly remedy: string | undefined
  readonly fields: readonly FieldError[] | undefined
  constructor(
    status: number,
    code: string,
    message: string,
    remedy?: string,
    fields?: readonly FieldError[],
  ) {
    super(message)
    this.name = 'HttpError'
    this.status = status
    this.code = code
    this.remedy = remedy
    this.fields = fields
  }
}

export const badRequest = (code: string, message: string, remedy?: string) =>
  new HttpError(400, code, message, remedy)

export const notFound = (what: string) =>
  new HttpError(404, 'not-found', `${what} does not exist.`, 'Look at the lists under /api/v1.')

const STATUS_OF_CODE: Record<string, number> = {
  'name-taken': 409,
  'project-busy': 409,
  'no-project': 404,
  'backup-running': 409,
  'queue-full': 429,
  'run-ended': 409,
  'run-ending': 409,
  'no-best': 409,
  'run-alive': 409,
  'no-detection': 409,
  'no-mails': 409,
}
const STATUS_OF_KIND = { user: 400, unavailable: 503, system: 500 }

/** What express and its body parsers throw: `status`, and a `type` that names the case. */
const BODY_ERRORS: Record<string, [code: string, message: string]> = {
  'entity.too.large': ['too-large', 'The body is too large.'],
  'encoding.unsupported': ['unsupported-encoding', 'Compressed bodies are not taken.'],
  'request.aborted': ['aborted', 'The request ended before its body did.'],
  'request.size.invalid': ['aborted', 'The body is not as long as its Content-Length says.'],
}

/** Any thrown value as an answer; what nobody foresaw says nothing of its inside. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof HoneError) {
    const { kind, code, message, remedy } = error.failure
    const fields = error instanceof BadSettings ? error.fields : undefined
    return new HttpError(STATUS_OF_CODE[code] ?? STATUS_OF_KIND[kind], code, message, remedy, fields)
  }
  const { status, type } = error as { status?: unknown; type?: unknown }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const [code, message] = BODY_ERRORS[String(type)] ?? ['bad-request', 'The request cannot be read.']
    return new HttpError(status, code, message)
  }
  const failure = toFailure(error)
  if (failure.kind === 'unavailable') return new HttpError(503, failure.code, failure.message, failure.remedy)
  return new HttpError(500, 'internal', 'Hone failed at this.', 'The server log says why; try again.')
}

export const errorBody = ({ code, message, remedy, fields }: HttpError) => ({
  error: { code, message, remedy, fields },
})

export function sendError(response: Response, error: HttpError): void {
  response.status(error.status).json(errorBody(error))
}

/** The last handler: every error becomes an answer, and those of our own making a line in the log. */
export const errorHandler =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, request: Request, response: Response, _next) => {
    const answer = toHttpError(error)
    if (answer.status >= 500) {
      logger.error({ err: error, method: request.method, path: request.path }, 'request failed')
    }
    if (response.headersSent) return void response.destroy()
    sendError(response, answer)
  }
