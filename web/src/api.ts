/** The answer of the API was not a success; `status` 0 means that there was no answer. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly remedy: string | null

  constructor(status: number, code: string, message: string, remedy: string | null = null) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.remedy = remedy
  }
}

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
  const body: { error?: { code?: string; message?: string; remedy?: string } } = await response
    .json()
    .catch(() => ({}))
  throw new ApiError(
    response.status,
    body.error?.code ?? 'http',
    body.error?.message ?? `The server answered ${response.status} ${response.statusText}.`,
    body.error?.remedy ?? null,
  )
}

/** @throws ApiError */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await request(path, signal ? { signal } : {})).json() as Promise<T>
}

/** @throws ApiError */
export async function postJson<T>(path: string, body: unknown = {}): Promise<T> {
  const response = await request(path, {
    method: 'POST',
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

/** Bytes of an attempt's log from an offset, and the offset that follows them. @throws ApiError */
export async function getLog(attemptId: number, offset: number, signal: AbortSignal) {
  const response = await request(`/attempts/${attemptId}/log?offset=${offset}`, { signal })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const next = Number(response.headers.get('x-next-offset') ?? Number.NaN)
  return { bytes, next: Number.isSafeInteger(next) ? next : offset + bytes.length }
}
