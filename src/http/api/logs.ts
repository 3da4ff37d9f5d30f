import { pipeline } from 'node:stream/promises'
import { type Request, Router } from 'express'
import { errorFinder } from '../../metrics/log-errors.ts'
import { clipped, mayShow, plainText, shownText } from '../../metrics/terminal.ts'
import type { LogSearch, StoredLine } from '../../store/log-lines.ts'
import type { LogLinesView, LogLineView, LogSearchView } from '../contract.ts'
import type { HttpDeps } from '../deps.ts'
import { badRequest } from '../errors.ts'
import { lookUp, numberOf } from './params.ts'

const LOG_PIECE = 1024 * 1024
const LINES = 500
const MOST_LINES = 1000
/** Characters of a line that are sent unless the whole is asked for. */
const LINE_CHARACTERS = 2000
const HITS = 1000
const MOST_HITS = 10_000
const MOST_QUERY = 500
/** How far back from where a search begins the heading of a traceback is looked for. */
const TRACEBACK_LINES = 1000

/** `/attempts/:id/log`. */
export function logRoutes(deps: HttpDeps): Router {
  const { store, paths } = deps
  const router = Router()
  const find = lookUp(store)
  const pathOf = (id: string) => {
    const attempt = find.attempt(id)
    return { attempt, path: paths.attemptLog(store.attempts.runOf(attempt.trialId), attempt.id) }
  }

  async function* piecesOf(path: string, offset: number) {
    for (let at = offset; ; ) {
      const { text, next } = await deps.readLog(path, { offset: at, limit: LOG_PIECE })
      if (next <= at) return
      at = next
      yield text
    }
  }

  /** One piece from `offset` on, with the next piece's offset in `X-Next-Offset`; or all of it, as a download. */
  router.get('/attempts/:id/log', async (request, response) => {
    const { attempt, path } = pathOf(request.params.id)
    const offset = numberOf(request.query, 'offset') ?? 0
    const limit = Math.max(1, numberOf(request.query, 'limit', LOG_PIECE) ?? LOG_PIECE)
    response.type('text/plain')
    if (request.query.download === undefined) {
      const { text, next } = await deps.readLog(path, { offset, limit })
      response.set('X-Next-Offset', String(next)).send(text)
      return
    }
    response.attachment(`attempt-${attempt.id}.log`)
    await pipeline(piecesOf(path, offset), response).catch((error: unknown) => {
      // Who has left needs no more of it.
      if (!response.destroyed) throw error
    })
  })

  router.get('/attempts/:id/log/lines', async (request, response) => {
    const { path } = pathOf(request.params.id)
    const window = { from: numberOf(request.query, 'from'), count: LINES }
    window.count = Math.max(1, numberOf(request.query, 'count', MOST_LINES) ?? LINES)
    const limit = request.query.whole === undefined ? LINE_CHARACTERS : Number.POSITIVE_INFINITY
    const { from, total, lines } = await deps.logLines.read(path, window)
    const view: LogLinesView = { from, total, lines: lines.map((line) => lineView(line, limit)) }
    response.json(view)
  })

  router.get('/attempts/:id/log/search', async (request, response) => {
    const { path } = pathOf(request.params.id)
    const view: LogSearchView = await deps.logLines.search(path, {
      ...wanted(request),
      from: Math.max(1, numberOf(request.query, 'from') ?? 1),
      limit: Math.max(1, numberOf(request.query, 'limit', MOST_HITS) ?? HITS),
      goOn: () => !response.destroyed,
    })
    response.json(view)
  })
  return router
}

function lineView({ at, text }: StoredLine, limit: number): LogLineView {
  const shown = shownText(text)
  const time = Date.parse(at)
  return {
    text: clipped(shown, limit),
    at: Number.isNaN(time) ? null : time,
    ...(shown.length > limit ? { length: shown.length } : {}),
  }
}

/** What is looked for: errors, or a text in any case. @throws HttpError 400 when the request says neither */
function wanted({ query }: Request): Pick<LogSearch, 'mayHold' | 'isHit' | 'before'> {
  if (query.errors !== undefined) {
    const { mayHold, isError } = errorFinder()
    return { mayHold, isHit: (line) => isError(plainText(line)), before: TRACEBACK_LINES }
  }
  const { q } = query
  if (typeof q !== 'string' || q === '' || q.length > MOST_QUERY) {
    throw badRequest('bad-parameter', `q: give a text of 1 to ${MOST_QUERY} characters, or errors.`)
  }
  const text = q.toLowerCase()
  return {
    mayHold: (block) => mayShow(block, text),
    isHit: (line) => plainText(line).toLowerCase().includes(text),
  }
}
