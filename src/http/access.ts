import type { Request, RequestHandler, Response } from 'express'
import type { Identity } from '../domain/access.ts'
import { hashOf, newSecret } from '../secrets.ts'
import type { Store } from '../store/store.ts'
import { OWNER_IDENTITY } from '../store/tokens.ts'
import { bearerOf, isAdminToken, isSameOrigin, OWN_ADDRESS, sessionCookie } from './auth.ts'
import { HttpError } from './errors.ts'
import { Refusals } from './refusals.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

export interface Visitor extends Identity {
  via: 'token' | 'session'
}

/** Who makes the request: known once `Access.require` has let it through. */
export const visitorOf = (response: Response): Visitor => response.locals.visitor as Visitor

/** Who may come in: the owner and users, by their tokens and by the sessions that they opened with them. */
export class Access {
  readonly #store: Store
  readonly refusals: Refusals

  /** @param tell of sign-ins that were refused, for the server's log */
  constructor(store: Store, tell?: (line: string) => void) {
    this.#store = store
    this.refusals = new Refusals(store, tell)
  }

  /** Whose token it is; null for any other text. */
  ofToken(token: string): Identity | null {
    return isAdminToken(this.#store, token) ? OWNER_IDENTITY : this.#store.tokens.holder(hashOf(token))
  }

  ofSession(id: string): Identity | null {
    return this.#store.sessions.holder(hashOf(id))
  }

  /** Who makes a request now; null where nobody is known. */
  of(request: Request): Visitor | null {
    const token = bearerOf(request)
    const cookie = token === null ? sessionCookie(request) : null
    const who = token !== null ? this.ofToken(token) : cookie !== null ? this.ofSession(cookie) : null
    return who && { ...who, via: token !== null ? 'token' : 'session' }
  }

  /** Inside a transaction. @returns the id for the cookie */
  open({ tokenId }: Identity): string {
    const id = newSecret()
    this.#store.sessions.open(hashOf(id), tokenId)
    return id
  }

  close(id: string): void {
    this.#store.sessions.close(hashOf(id))
  }

  /** Lets through who is known, and a viewer to what only reads. @param ownUrl of the dashboard */
  require(ownUrl: () => string): RequestHandler {
    return (request, response, next) => {
      const visitor = this.of(request)
      if (visitor === null) {
        const token = bearerOf(request)
        if (token !== null) this.refusals.note(request, 'a token that is unknown, revoked or expired')
        response.set('WWW-Authenticate', 'Bearer realm="Hone"')
        throw unauthorised(token !== null)
      }
      const changes = !SAFE.has(request.method)
      if (changes && visitor.via === 'session' && !isSameOrigin(request, ownUrl())) throw crossOrigin()
      if (changes && visitor.role === 'viewer' && !mayViewer(request)) throw onlyAdmins()
      response.locals.visitor = visitor
      if (visitor.tokenId !== null) this.#store.tokens.used(visitor.tokenId)
      next()
    }
  }

  /** For what holds secrets, or tells of others. Behind `require`. */
  readonly adminsOnly: RequestHandler = (_request, response, next) => {
    if (visitorOf(response).role !== 'admin') throw onlyAdmins()
    next()
  }
}

/** What a viewer may change: nothing but the sessions of their own. */
const mayViewer = (request: Request) => request.method === 'DELETE' && request.path === '/sessions'

const unauthorised = (wrong: boolean) =>
  new HttpError(
    401,
    'unauthorised',
    wrong ? 'The token is wrong, revoked or expired.' : 'This needs a token.',
    'The owner has the token that HONE_ADMIN_TOKEN sets, or else the one that Hone printed when it was started first; ' +
      'others ask an admin for one. Send it as `Authorization: Bearer <token>`, or sign in on the dashboard.',
  )

const crossOrigin = () =>
  new HttpError(
    403,
    'cross-origin',
    'A session may change things only from the dashboard itself.',
    `${OWN_ADDRESS} Scripts send \`Authorization: Bearer <token>\`.`,
  )

export const onlyAdmins = () =>
  new HttpError(
    403,
    'viewer',
    'A viewer may look at runs, but not do this.',
    'Ask an admin to do it, or to make you an admin on the page Admin.',
  )
