import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Access } from '../../src/http/access.ts'
import { ensureAdminToken, isAdminToken } from '../../src/http/auth.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import { OWNER_IDENTITY } from '../../src/store/tokens.ts'
import { ADMIN_TOKEN, type TestServer, testServer } from '../helpers/http.ts'

let hone: TestServer
beforeAll(async () => {
  hone = await testServer()
})
afterAll(() => hone.close())

const ask = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(hone.url + path, { ...init, headers })
const JSON_TYPE = { 'content-type': 'application/json' }
const logIn = (token = ADMIN_TOKEN, headers: Record<string, string> = JSON_TYPE) =>
  ask('/api/v1/session', headers, { method: 'POST', body: JSON.stringify({ token }) })
const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? ''

describe('without the token', () => {
  it.each([
    '/api/v1/projects',
    '/api/v1/runs',
    '/api/v1/runs/1',
    '/api/v1/runs/1/events',
    '/api/v1/events',
    '/api/v1/trials/1',
    '/api/v1/attempts/1/log',
    '/api/v1/mails',
    '/api/v1/health',
    '/api/v1/openapi.json',
    '/api/v1/nothing',
    '/API/V1/projects',
    '/metrics',
  ])('%s answers 401 and says how to get it', async (path) => {
    const response = await ask(path)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="Hone"')
    expect(await response.json()).toMatchObject({
      error: { code: 'unauthorised', remedy: expect.stringContaining('HONE_ADMIN_TOKEN') },
    })
  })

  it.each([
    'Bearer',
    'Bearer wrong',
    'Bearer ',
    `Basic ${btoa(`x:${ADMIN_TOKEN}`)}`,
    ADMIN_TOKEN,
    'Bearer \u00ff',
  ])('the header %j is no token', async (authorization) => {
    expect((await ask('/api/v1/projects', { authorization })).status).toBe(401)
  })

  it('health and the dashboard are open', async () => {
    expect((await ask('/healthz')).status).toBe(200)
    expect((await ask('/')).status).toBe(200)
  })
})

describe('a session', () => {
  it('is had for the token, in a cookie that scripts cannot read', async () => {
    const response = await logIn()
    expect(response.status).toBe(204)
    expect(response.headers.get('set-cookie')).toMatch(
      /^hone_session=[\w-]{43}; Max-Age=\d+; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/,
    )
    const cookie = cookieOf(response)
    expect((await ask('/api/v1/projects', { cookie })).status).toBe(200)
    expect((await ask('/api/v1/session', { cookie })).status).toBe(204)
    expect((await ask('/api/v1/session')).status).toBe(401)
  })

  it('is not had for another', async () => {
    const response = await logIn('wrong')
    expect(response.status).toBe(401)
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  it.each([
    ['another origin', { ...JSON_TYPE, origin: 'https://evil.example' }, 403],
    ['no origin worth the name', { ...JSON_TYPE, origin: 'null' }, 403],
    ['another site', { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbour', { ...JSON_TYPE, 'sec-fetch-site': 'same-site' }, 403],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a form of plain text', { 'content-type': 'text/plain' }, 415],
  ])('is not opened by %s', async (_, headers, status) => {
    const response = await logIn(ADMIN_TOKEN, headers)
    expect(response.status).toBe(status)
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  it('is opened by the dashboard itself', async () => {
    for (const from of [{ origin: hone.url }, { 'sec-fetch-site': 'same-origin' }] as Record<
      string,
      string
    >[])
      expect((await logIn(ADMIN_TOKEN, { ...JSON_TYPE, ...from })).status).toBe(204)
  })

  it('is opened, used and ended behind a proxy that puts its own Host in, at the address of HONE_URL', async () => {
    const proxied = await testServer({ url: () => 'https://hone.example.org/ci' })
    const send = (path: string, method: string, headers: Record<string, string>, body?: string) =>
      fetch(proxied.url + path, { method, headers, ...(body === undefined ? {} : { body }) })
    const open = (origin: string) =>
      send('/api/v1/session', 'POST', { ...JSON_TYPE, origin }, JSON.stringify({ token: ADMIN_TOKEN }))
    try {
      const origin = 'https://hone.example.org'
      const opened = await open(origin)
      expect(opened.status).toBe(204)
      const headers = { cookie: cookieOf(opened), origin }
      expect((await send('/api/v1/projects', 'POST', headers, '{"name":"own"}')).status).toBe(201)
      expect((await send('/api/v1/session', 'DELETE', headers)).status).toBe(204)
      for (const other of ['http://hone.example.org', 'https://hone.example.org:8443'])
        expect((await open(other)).status).toBe(403)
    } finally {
      await proxied.close()
    }
  })

  it('that a proxy keeps from being opened, used or ended says what to do', async () => {
    const cookie = cookieOf(await logIn())
    const origin = 'https://hone.example.org'
    for (const refused of [
      await logIn(ADMIN_TOKEN, { ...JSON_TYPE, origin }),
      await ask('/api/v1/projects', { cookie, origin }, { method: 'POST', body: '{"name":"proxied"}' }),
      await ask('/api/v1/session', { cookie, origin }, { method: 'DELETE' }),
    ]) {
      expect(await refused.json()).toMatchObject({
        error: { code: 'cross-origin', remedy: expect.stringMatching(/HONE_URL.*Host header/) },
      })
    }
  })

  it('ends when the browser logs out', async () => {
    const cookie = cookieOf(await logIn())
    const out = await ask('/api/v1/session', { cookie, origin: hone.url }, { method: 'DELETE' })
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    expect((await ask('/api/v1/projects', { cookie })).status).toBe(401)
  })

  it.each([
    ['no origin', {}],
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin worth the name', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour', { 'sec-fetch-site': 'same-site' }],
  ])('changes nothing from %s', async (_, headers) => {
    const cookie = cookieOf(await logIn())
    for (const [path, method] of [
      ['/api/v1/projects', 'POST'],
      ['/api/v1/session', 'DELETE'],
    ] as const) {
      const response = await ask(path, { cookie, ...headers }, { method, body: '{"name":"evil"}' })
      expect(response.status).toBe(403)
    }
    expect(hone.store.projects.byName('evil')).toBeNull()
    expect((await ask('/api/v1/projects', { cookie })).status).toBe(200)
  })

  it('changes things from the dashboard itself, as `manual`', async () => {
    const cookie = cookieOf(await logIn())
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    const made = await ask('/api/v1/projects', headers, { method: 'POST', body: '{"name":"own"}' })
    expect(made.status).toBe(201)
    const run = await ask(
      '/api/v1/projects/own/runs',
      { cookie, origin: hone.url },
      { method: 'POST', body: JSON.stringify({ sha: 'a'.repeat(40) }) },
    )
    expect(await run.json()).toMatchObject({ trigger: 'manual' })
  })
})

describe('ensureAdminToken', () => {
  const newStore = (now = () => 0) => createStore(openDatabase(':memory:'), now)

  it('makes a token once, and stores only its hash', () => {
    const store = newStore()
    const { token } = ensureAdminToken(store, null)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(isAdminToken(store, token as string)).toBe(true)
    expect(isAdminToken(store, '')).toBe(false)
    expect(store.meta.get('admin_token_hash')).not.toContain(token)
    expect(ensureAdminToken(store, null)).toEqual({ token: null })
    expect(isAdminToken(store, token as string)).toBe(true)
  })

  it('lets the environment set another, which ends the sessions', () => {
    const store = newStore()
    const { token } = ensureAdminToken(store, null)
    const id = new Access(store).open(OWNER_IDENTITY)
    expect(ensureAdminToken(store, 'the-one-of-the-environment')).toEqual({ token: null })
    expect(isAdminToken(store, token as string)).toBe(false)
    expect(isAdminToken(store, 'the-one-of-the-environment')).toBe(true)
    expect(new Access(store).ofSession(id)).toBeNull()

    const kept = new Access(store).open(OWNER_IDENTITY)
    ensureAdminToken(store, 'the-one-of-the-environment')
    expect(new Access(store).ofSession(kept)).toEqual(OWNER_IDENTITY)
  })

  it('knows nobody before there is a token', () => {
    expect(isAdminToken(newStore(), '')).toBe(false)
  })

  it('ends sessions after thirty days, and keeps the newest hundred', () => {
    let now = 0
    const store = newStore(() => now)
    const access = new Access(store)
    const open = () => access.open(OWNER_IDENTITY)
    const knows = (id: string) => access.ofSession(id) !== null
    const first = open()
    now = 29 * 24 * 3600 * 1000
    expect(knows(first)).toBe(true)
    const second = open()
    now = 31 * 24 * 3600 * 1000
    expect([knows(first), knows(second)]).toEqual([false, true])
    const many = Array.from({ length: 100 }, () => open())
    expect(knows(second)).toBe(false)
    expect(many.every((id) => knows(id))).toBe(true)
  })
})
