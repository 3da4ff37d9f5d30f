import { timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import { hashOf, newSecret } from '../secrets.ts'
import { SESSION_MS } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'

const TOKEN_HASH = 'admin_token_hash'
const COOKIE = 'hone_session'

/** Compares in constant time; both sides are hashes, so their lengths say nothing. */
function sameHash(token: string, expected: string | null): boolean {
  const given = Buffer.from(hashOf(token))
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
    if (known === hashOf(token)) return { token: null }
    store.meta.set(TOKEN_HASH, hashOf(token))
    store.sessions.closeAll(null)
    return { token: configToken === null ? token : null }
  })
}

export const isAdminToken = (store: Store, token: string) => sameHash(token, store.meta.get(TOKEN_HASH))

/** Whether the token may push to and fetch from the project's own remote. */
export const isPushToken = (pushTokenHash: string | undefined, token: string) =>
  sameHash(token, pushTokenHash ?? null)

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

/**
 * Whether a browser's request comes from a page of this server itself.
 * @param ownUrl of the dashboard: a proxy may send another `Host` on than the browser's
 */
export function isSameOrigin(request: Request, ownUrl: string): boolean {
  const site = request.get('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  const origin = request.get('origin')
  if (origin === undefined || !URL.canParse(origin)) return false
  return new URL(origin).host === request.get('host') || origin === new URL(ownUrl).origin
}

/** What to do where a request of the dashboard itself is taken for another site's. */
export const OWN_ADDRESS =
  'Open it at the address that HONE_URL has; a proxy in front of Hone has to pass on the Host header as it came.'

export const bearerOf = (request: Request): string | null =>
  /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? null
