import { type Request, Router } from 'express'
import { type Access, visitorOf } from '../access.ts'
import { audit } from '../audit.ts'
import { isSameOrigin, OWN_ADDRESS, sessionCookie, setSessionCookie } from '../auth.ts'
import type { MeView } from '../contract/admin.ts'
import type { HttpDeps } from '../deps.ts'
import { HttpError } from '../errors.ts'
import type { Streams } from '../streams.ts'
import { bodyOf } from './params.ts'
import { SessionRequest } from './requests.ts'

/**
 * Another site's page must not sign a browser in as somebody else, whose name then stands at what a person does there. Such a page
 * cannot send JSON without being asked for its origin first, and browsers say where a request comes from.
 * @throws HttpError 403 `cross-origin`, 415 `unsupported-type`
 */
function refuseForeign(request: Request, ownUrl: string): void {
  const saysFrom = request.get('sec-fetch-site') !== undefined || request.get('origin') !== undefined
  if (saysFrom && !isSameOrigin(request, ownUrl)) {
    throw new HttpError(403, 'cross-origin', 'Log in on the dashboard itself.', OWN_ADDRESS)
  }
  const type = (request.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    const message = 'Only application/json is taken.'
    throw new HttpError(415, 'unsupported-type', message, 'Send it with `Content-Type: application/json`.')
  }
}

/** `/session`: a browser changes a token for a cookie, and gives it back. Open to everyone. */
export function sessionRoutes({ store, url }: HttpDeps, access: Access, streams: Streams): Router {
  const router = Router()
  const secure = () => url().startsWith('https:')

  router.get('/session', (request, response) => {
    const id = sessionCookie(request)
    if (id === null || !access.ofSession(id)) {
      throw new HttpError(401, 'no-session', 'Nobody is logged in.', 'Log in with a token.')
    }
    response.status(204).end()
  })

  router.post('/session', (request, response) => {
    refuseForeign(request, url())
    const { token } = bodyOf(SessionRequest, request.body)
    const who = access.ofToken(token)
    if (who === null) {
      access.refusals.note(request, 'a token that is unknown, revoked or expired')
      throw new HttpError(
        401,
        'wrong-token',
        'The token is wrong, revoked or expired.',
        'Copy it whole, or ask an admin for a new one.',
      )
    }
    response.locals.visitor = { ...who, via: 'session' }
    const id = store.transaction(() => {
      audit(store, response, 'signed in', 'the dashboard')
      return access.open(who)
    })
    setSessionCookie(response, id, secure())
    response.status(204).end()
  })

  router.delete('/session', (request, response) => {
    const id = sessionCookie(request)
    const who = id === null ? null : access.ofSession(id)
    if (id !== null && who !== null) {
      if (!isSameOrigin(request, url())) {
        throw new HttpError(403, 'cross-origin', 'Log out on the dashboard itself.', OWN_ADDRESS)
      }
      response.locals.visitor = { ...who, via: 'session' }
      store.transaction(() => {
        access.close(id)
        audit(store, response, 'signed out', 'the dashboard')
      })
      streams.recheck()
    }
    setSessionCookie(response, null, secure())
    response.status(204).end()
  })
  return router
}

/** `/me` and `/sessions`: who is signed in, and their other sessions. Behind the guard. */
export function ownRoutes({ store, url }: HttpDeps, streams: Streams): Router {
  const router = Router()

  router.get('/me', (_request, response) => {
    const { user, role, token, via } = visitorOf(response)
    response.json({ user, role, token, via } satisfies MeView)
  })

  router.delete('/sessions', (_request, response) => {
    const { userId } = visitorOf(response)
    store.transaction(() => {
      const count = store.sessions.closeAll(userId)
      audit(store, response, 'signed out everywhere', `${count} ${count === 1 ? 'session' : 'sessions'}`)
    })
    streams.recheck()
    setSessionCookie(response, null, url().startsWith('https:'))
    response.status(204).end()
  })
  return router
}
