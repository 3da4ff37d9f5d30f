import type { ErrorView, LogLinesView, LogSearchView } from '../../src/http/contract.ts'

export type FieldError = NonNullable<ErrorView['error']['fields']>[number]

/** The answer of the API was not a success; `status` 0 means that there was no answer. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly remedy: string | null
  /** What is wrong with single fields of what was sent. */
  readonly fields: readonly FieldError[]

  constructor(
    status: number,
    code: string,
    message: string,
    remedy: string | null = null,
    fields: readonly FieldError[] = [],
  ) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.remedy = remedy
    this.fields = fields
  }
}

/** Whether the server answered, and would answer the same if it were asked again. Pure. */
export const isFinal = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.status >= 400 && error.status < 500

export const apiPath = (path: string) => `/api/v1${path}`

async function request(path: string, init?: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(apiPath(path), { credentials: 'same-origin', ...init })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'no-answer', 'The server does not answer.', 'Is it running? It is tried again.')
  }
  if (response.ok) return response
  const body = (await response.json().catch(() => ({}))) as { error?: Partial<ErrorView['error']> }
  throw new ApiError(
    response.status,
    body.error?.code ?? 'http',
    body.error?.message ?? `The server answered ${response.status} ${response.statusText}.`,
    body.error?.remedy ?? null,
    body.error?.fields ?? [],
  )
}

/** @throws ApiError */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await request(path, signal ? { signal } : {})).json() as Promise<T>
}

/** @throws ApiError */
export async function getText(path: string, signal: AbortSignal): Promise<string> {
  return (await request(path, { signal })).text()
}

/** @throws ApiError */
export const postJson = <T>(path: string, body: unknown = {}): Promise<T> => sendJson('POST', path, body)

/** @throws ApiError */
export const patchJson = <T>(path: string, body: unknown): Promise<T> => sendJson('PATCH', path, body)

async function sendJson<T>(method: string, path: string, body: unknown): Promise<T> {
  const response = await request(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  return (text === '' ? null : JSON.parse(text)) as T
}

/** @throws ApiError */
export async function deleteAt(path: string): Promise<void> {
  await request(path, { method: 'DELETE' })
}

/** Lines of an attempt's log from a number on; without one the last lines. @throws ApiError */
export function getLogLines(
  attemptId: number,
  { from, count, whole = false }: { from?: number; count: number; whole?: boolean },
): Promise<LogLinesView> {
  const start = from === undefined ? '' : `&from=${from}`
  return getJson(`/attempts/${attemptId}/log/lines?count=${count}${start}${whole ? '&whole' : ''}`)
}

/** Lines that show a text; without one those where errors begin. @throws ApiError */
export function searchLog(
  attemptId: number,
  { text, from, limit }: { text: string | null; from: number; limit: number },
  signal?: AbortSignal,
): Promise<LogSearchView> {
  const wanted = text === null ? 'errors' : `q=${encodeURIComponent(text)}`
  return getJson(`/attempts/${attemptId}/log/search?${wanted}&from=${from}&limit=${limit}`, signal)
}
