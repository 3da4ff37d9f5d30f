import { Router } from 'express'
import { isAdminToken, isSameOrigin, type Sessions, sessionCookie, setSessionCookie } from '../auth.ts'
import type { HttpDeps } from '../deps.ts'
import { HttpError } from '../errors.ts'
import { bodyOf } from './params.ts'
import { SessionRequest } from './requests.ts'

/** `/session`: a browser changes the admin token for a cookie, and gives it back. */
export function sessionRoutes(deps: HttpDeps, sessions: Sessions): Router {
  const router = Router()
  const secure = () => deps.url().startsWith('https:')

  router.get('/session', (request, response) => {
    const id = sessionCookie(request)
    if (id === null || !sessions.knows(id)) {
      throw new HttpError(401, 'no-session', 'Nobody is logged in.', 'Log in with the admin token.')
    }
    response.status(204).end()
  })

  router.post('/session', (request, response) => {
    const { token } = bodyOf(SessionRequest, request.body)
    if (!isAdminToken(deps.store, token)) {
      throw new HttpError(
        401,
        'wrong-token',
        'The token is wrong.',
        'Hone printed the token at its first start; to set another, start it with HONE_ADMIN_TOKEN.',
      )
    }
    setSessionCookie(response, sessions.open(), secure())
    response.status(204).end()
  })

  router.delete('/session', (request, response) => {
    const id = sessionCookie(request)
    if (id !== null && sessions.knows(id)) {
      if (!isSameOrigin(request)) throw new HttpError(403, 'cross-origin', 'Log out on the dashboard itself.')
      sessions.close(id)
    }
    setSessionCookie(response, null, secure())
    response.status(204).end()
  })
  return router
}
