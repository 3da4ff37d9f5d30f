import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { z } from 'zod'
import type { Store } from '../store/store.ts'
import { HttpError } from './errors.ts'

const TOKEN_HASH = 'admin_token_hash'
const SESSIONS = 'sessions'
const COOKIE = 'hone_session'
const SESSION_MS = 30 * 24 * 3600 * 1000
const MAX_SESSIONS = 100

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const newSecret = () => randomBytes(32).toString('base64url')

/** Compares in constant time; both sides are hashes, so their lengths say nothing. */
function sameHash(token: string, expected: string | null): boolean {
  const given = Buffer.from(hash(token))
  const wanted = Buffer.from(expected ?? '')
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/**
 * Sees to it that there is an admin token; only its hash is stored.
 * @param configToken the one that the environment sets, which takes the place of any other
 * @returns the token when it was made here: to be printed, this once
 */
export function ensureAdminToken(store: Store, configToken: string | null): { token: string | null } {
  return store.transaction(() => {
    const known = store.meta.get(TOKEN_HASH)
    if (configToken === null && known !== null) return { token: null }
    const token = configToken ?? newSecret()
    if (known === hash(token)) return { token: null }
    store.meta.set(TOKEN_HASH, hash(token))
    store.meta.set(SESSIONS, '{}')
    return { token: configToken === null ? token : null }
  })
}

export const isAdminToken = (store: Store, token: string) => sameHash(token, store.meta.get(TOKEN_HASH))

/** Whether the token may push to and fetch from the project's own remote. */
export const isPushToken = (pushTokenHash: string | undefined, token: string) =>
  sameHash(token, pushTokenHash ?? null)

const SessionTable = z.record(z.string(), z.number())

/** Sessions of browsers, by the hash of their id, with the time they end; they survive restarts of the server. */
export class Sessions {
  readonly #store: Store
  constructor(store: Store) {
    this.#store = store
  }

  #alive(): [id: string, until: number][] {
    const all = SessionTable.parse(JSON.parse(this.#store.meta.get(SESSIONS) ?? '{}'))
    return Object.entries(all).filter(([, until]) => until > this.#store.now())
  }

  #save(sessions: [string, number][]): void {
    this.#store.meta.set(SESSIONS, JSON.stringify(Object.fromEntries(sessions)))
  }

  /** @returns the id for the cookie */
  open(): string {
    const id = newSecret()
    this.#store.transaction(() => {
      const kept = this.#alive().sort(([, a], [, b]) => b - a)
      this.#save([[hash(id), this.#store.now() + SESSION_MS], ...kept.slice(0, MAX_SESSIONS - 1)])
    })
    return id
  }

  knows(id: string): boolean {
    const wanted = hash(id)
    return this.#alive().some(([known]) => known === wanted)
  }

  close(id: string): void {
    const gone = hash(id)
    this.#store.transaction(() => this.#save(this.#alive().filter(([known]) => known !== gone)))
  }
}

export const sessionCookie = (request: Request): string | null =>
  /(?:^|;\s*)hone_session=([\w-]{1,100})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1] ?? null

export function setSessionCookie(response: Response, id: string | null, secure: boolean): void {
  response.cookie(COOKIE, id ?? '', {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure,
    maxAge: id === null ? 0 : SESSION_MS,
  })
}

/** Whether a browser's request comes from a page of this server itself. */
export function isSameOrigin(request: Request): boolean {
  const site = request.get('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  const origin = request.get('origin')
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === request.get('host')
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

export const bearerOf = (request: Request): string | null =>
  /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? null

/** Lets through who holds the admin token or a session; `response.locals.via` says which. */
export function requireAdmin(store: Store, sessions: Sessions): RequestHandler {
  return (request, response, next) => {
    const token = bearerOf(request)
    const cookie = token === null ? sessionCookie(request) : null
    const via =
      token !== null && isAdminToken(store, token)
        ? 'token'
        : cookie !== null && sessions.knows(cookie)
          ? 'session'
          : null
    if (via === null) {
      response.set('WWW-Authenticate', 'Bearer realm="Hone"')
      throw new HttpError(
        401,
        'unauthorised',
        token !== null ? 'The token is wrong.' : 'This needs the admin token.',
        'Hone printed the token at its first start; to set another, start it with HONE_ADMIN_TOKEN. ' +
          'Send it as `Authorization: Bearer <token>`, or log in on the dashboard.',
      )
    }
    if (via === 'session' && !SAFE.has(request.method) && !isSameOrigin(request)) {
      throw new HttpError(
        403,
        'cross-origin',
        'A session may change things only from the dashboard itself.',
        'Scripts send `Authorization: Bearer <token>`.',
      )
    }
    response.locals.via = via
    next()
  }
}
