import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNER } from '../../src/domain/access.ts'
import { defaultSettings } from '../../src/domain/settings.ts'
import { AuditPage, NewTokenView, PeopleView } from '../../src/http/contract.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import { ADMIN_TOKEN, commit, fullRun, type TestServer, testServer } from '../helpers/http.ts'
import { errorOf } from './support.ts'

const START = 1_700_000_000_000
let hone: TestServer
let now = START
let names = 0
beforeAll(async () => {
  hone = await testServer({ store: createStore(openDatabase(':memory:'), () => now) })
})
afterAll(() => hone.close())

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const as = (token: string, path: string, method = 'GET', body?: unknown) =>
  hone.api(path, { method, headers: bearer(token), ...(body === undefined ? {} : { body }) })
const own = (path: string, method = 'GET', body?: unknown) => as(ADMIN_TOKEN, path, method, body)

async function aUser(role: 'admin' | 'viewer', token: object = { name: 'laptop' }) {
  const name = `user${++names}`
  const response = await own('/admin/users', 'POST', { name, role, token })
  expect(response.status).toBe(201)
  return NewTokenView.parse(await response.json())
}
const signIn = async (token: string) => {
  const response = await fetch(`${hone.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  expect(response.status).toBe(204)
  return { cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' }
}
const withCookie = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
  fetch(`${hone.url}/api/v1${path}`, { ...init, headers: { origin: hone.url, ...headers } })
const people = async () => PeopleView.parse(await (await own('/admin/people')).json())
const record = async (query = '') => AuditPage.parse(await (await own(`/admin/audit${query}`)).json())

describe('a user', () => {
  it('is made with a first token, which is answered this once and of which only the hash is kept', async () => {
    const { user, token } = await aUser('viewer')
    expect(token).toMatch(/^hone_[\w-]{43}$/)
    expect(user).toMatchObject({
      role: 'viewer',
      tokens: [{ name: 'laptop', lastUsedAt: null, endsAt: null }],
    })
    expect(JSON.stringify(await people())).not.toContain(token)
    expect(JSON.stringify(hone.store.tokens.ofUser(user.id))).not.toContain(token)
  })

  it.each([
    [{ name: '', role: 'viewer', token: { name: 'a' } }, 400, 'bad-name'],
    [{ name: '-x', role: 'viewer', token: { name: 'a' } }, 400, 'bad-name'],
    [{ name: 'x'.repeat(65), role: 'viewer', token: { name: 'a' } }, 400, 'bad-name'],
    [{ name: '<b>', role: 'viewer', token: { name: 'a' } }, 400, 'bad-name'],
    [{ name: 'Owner', role: 'viewer', token: { name: 'a' } }, 409, 'name-taken'],
    [{ name: 'ok', role: 'root', token: { name: 'a' } }, 400, 'bad-request'],
    [{ name: 'ok', role: 'viewer', token: { name: '' } }, 400, 'bad-request'],
    [{ name: 'ok', role: 'viewer', token: { name: 'a', endsAt: START } }, 400, 'bad-end'],
    [{ name: 'ok', role: 'viewer' }, 400, 'bad-request'],
  ])('is not made of %j', async (body, status, code) => {
    const error = await errorOf(own('/admin/users', 'POST', body), status)
    expect(error.code).toBe(code)
    expect(hone.store.users.byName('ok')).toBeNull()
  })

  it('has a name of their own, in any case', async () => {
    const { user } = await aUser('viewer')
    const body = { name: user.name.toUpperCase(), role: 'admin', token: { name: 'a' } }
    expect((await errorOf(own('/admin/users', 'POST', body), 409)).code).toBe('name-taken')
  })

  it('changes role, from the next request on', async () => {
    const { user, token } = await aUser('viewer')
    expect((await as(token, '/admin/people')).status).toBe(403)
    expect((await own(`/admin/users/${user.id}`, 'PATCH', { role: 'admin' })).status).toBe(200)
    expect((await as(token, '/admin/people')).status).toBe(200)
    expect((await errorOf(own('/admin/users/999', 'PATCH', { role: 'admin' }), 404)).code).toBe('not-found')
    expect((await errorOf(own(`/admin/users/${user.id}`, 'PATCH', { role: 'x' }), 400)).code).toBe(
      'bad-request',
    )
  })

  it('is removed with all tokens and sessions', async () => {
    const { user, token } = await aUser('admin')
    const session = await signIn(token)
    expect((await own(`/admin/users/${user.id}`, 'DELETE')).status).toBe(204)
    expect((await as(token, '/me')).status).toBe(401)
    expect((await withCookie('/me', session)).status).toBe(401)
    expect((await own(`/admin/users/${user.id}`, 'DELETE')).status).toBe(404)
  })
})

describe('a token', () => {
  it('is one of several, each with a name', async () => {
    const { user, token } = await aUser('viewer')
    const made = await own(`/admin/users/${user.id}/tokens`, 'POST', { name: 'ci' })
    const second = NewTokenView.parse(await made.json())
    expect(second.user.tokens.map(({ name }) => name)).toEqual(['laptop', 'ci'])
    for (const one of [token, second.token]) expect((await as(one, '/me')).status).toBe(200)
    const again = own(`/admin/users/${user.id}/tokens`, 'POST', { name: 'CI' })
    expect((await errorOf(again, 409)).code).toBe('name-taken')
  })

  it('that is revoked is refused, and its sessions end, but not those of another token', async () => {
    const { user, token } = await aUser('viewer')
    const made = await own(`/admin/users/${user.id}/tokens`, 'POST', { name: 'other' })
    const { token: other } = NewTokenView.parse(await made.json())
    const [session, kept] = [await signIn(token), await signIn(other)]
    const found = (await people()).users.find(({ id }) => id === user.id)
    expect(found?.tokens.map(({ sessions }) => sessions)).toEqual([1, 1])
    expect((await own(`/admin/tokens/${user.tokens[0]?.id}`, 'DELETE')).status).toBe(204)
    expect((await as(token, '/me')).status).toBe(401)
    expect((await withCookie('/me', session)).status).toBe(401)
    expect((await withCookie('/me', kept)).status).toBe(200)
    expect((await errorOf(own(`/admin/tokens/${user.tokens[0]?.id}`, 'DELETE'), 404)).code).toBe('not-found')
  })

  it('that is revoked ends the live streams of its sessions', async () => {
    const { user, token } = await aUser('viewer')
    const stream = await withCookie('/events', await signIn(token))
    expect(stream.status).toBe(200)
    await own(`/admin/tokens/${user.tokens[0]?.id}`, 'DELETE')
    // It comes to its end: without that this would wait for ever.
    expect(await stream.text()).toContain('retry')
  })

  it('is refused from its end on, and so are its sessions', async () => {
    const { token } = await aUser('viewer', { name: 'short', endsAt: now + 60_000 })
    const session = await signIn(token)
    expect((await withCookie('/me', session)).status).toBe(200)
    now += 60_000
    expect((await as(token, '/me')).status).toBe(401)
    expect((await withCookie('/me', session)).status).toBe(401)
    const again = await fetch(`${hone.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })
    expect(again.status).toBe(401)
  })

  it('knows its last use to the hour, so that not every request is a write', async () => {
    const { user, token } = await aUser('viewer')
    const lastUsed = () => hone.store.tokens.ofUser(user.id)[0]?.lastUsedAt
    expect(lastUsed()).toBeNull()
    const first = now
    await as(token, '/me')
    now += 59 * 60_000
    await as(token, '/me')
    expect(lastUsed()).toBe(first)
    now += 2 * 60_000
    await as(token, '/me')
    expect(lastUsed()).toBe(now)
  })

  it('of an admin is a password for the git remote, that of a viewer is not', async () => {
    hone.project({ name: 'pushed' })
    const { token: admin } = await aUser('admin')
    const { token: viewer } = await aUser('viewer')
    const refs = (token: string) =>
      fetch(`${hone.url}/git/pushed.git/info/refs?service=git-receive-pack`, {
        headers: { authorization: `Basic ${btoa(`x:${token}`)}` },
      })
    expect((await refs(admin)).status).toBe(200)
    const refused = await refs(viewer)
    expect(refused.status).toBe(403)
    expect(await refused.text()).toMatch(/user\d+ is a viewer, who may look at runs but not push/)
  })

  it('leaves its last use there, and a refused one is in the record', async () => {
    now += 3_600_000 - (now % 3_600_000)
    hone.project({ name: 'traced' })
    const { user, token } = await aUser('admin')
    const refs = (headers: Record<string, string>) =>
      fetch(`${hone.url}/git/traced.git/info/refs?service=git-upload-pack`, { headers })
    const basic = (password: string) => ({ authorization: `Basic ${btoa(`x:${password}`)}` })
    await refs(basic(token))
    expect(hone.store.tokens.ofUser(user.id)[0]?.lastUsedAt).toBe(now)
    for (const headers of [{}, basic('wrong'), basic('wrong')]) await refs(headers)
    const { entries } = await record('?action=sign-in%20refused')
    expect(entries[0]).toMatchObject({ count: 2, at: now })
  })
})

describe('who is signed in', () => {
  it('is told, with the token that they came with', async () => {
    const { user, token } = await aUser('viewer')
    expect(await (await own('/me')).json()).toEqual({
      ...{ user: OWNER, role: 'admin', token: 'HONE_ADMIN_TOKEN', via: 'token' },
    })
    const me = { user: user.name, role: 'viewer', token: 'laptop' }
    expect(await (await as(token, '/me')).json()).toEqual({ ...me, via: 'token' })
    expect(await (await withCookie('/me', await signIn(token))).json()).toEqual({ ...me, via: 'session' })
  })

  it('signs out everywhere, which ends no session of others', async () => {
    const { token } = await aUser('viewer')
    const [one, two, owners] = [await signIn(token), await signIn(token), await signIn(ADMIN_TOKEN)]
    const out = await withCookie('/sessions', one, { method: 'DELETE' })
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    for (const session of [one, two]) expect((await withCookie('/me', session)).status).toBe(401)
    expect((await withCookie('/me', owners)).status).toBe(200)
    expect((await withCookie('/sessions', owners, { method: 'DELETE' })).status).toBe(204)
    expect((await withCookie('/me', owners)).status).toBe(401)
  })
})

describe('a viewer', () => {
  const READS = ['/projects', '/runs', '/mails', '/health', '/events', '/me', '/openapi.json']
  const HIDDEN = ['/admin/people', '/admin/audit']
  const CHANGES = [
    ['POST', '/projects'],
    ['PATCH', '/projects/p'],
    ['POST', '/projects/p/runs'],
    ['POST', '/projects/p/deliveries/d/again'],
    ['POST', '/runs/1/cancel'],
    ['POST', '/mails/1/send'],
    ['POST', '/admin/users'],
    ['PATCH', '/admin/users/1'],
    ['DELETE', '/admin/users/1'],
    ['POST', '/admin/users/1/tokens'],
    ['DELETE', '/admin/tokens/1'],
    ['POST', '/whatever/comes/next'],
  ] as const
  let token = ''
  beforeAll(async () => {
    token = (await aUser('viewer')).token
  })

  it.each(READS)('reads %s', async (path) => {
    const response = await as(token, path)
    expect(response.status).toBe(200)
    await response.body?.cancel()
  })

  it.each(HIDDEN)('does not see %s', async (path) => {
    expect((await errorOf(as(token, path), 403)).code).toBe('viewer')
  })

  it.each(CHANGES)('is refused %s %s, in words', async (method, path) => {
    const error = await errorOf(as(token, path, method, {}), 403)
    expect(error).toMatchObject({ code: 'viewer', remedy: expect.stringContaining('admin') })
  })

  it('is refused with a session, too, and nothing happens', async () => {
    const headers = await signIn(token)
    const made = await withCookie('/projects', headers, { method: 'POST', body: '{"name":"evil"}' })
    expect(made.status).toBe(403)
    expect(hone.store.projects.byName('evil')).toBeNull()
  })
})

describe('the record', () => {
  it('says who did what to what, from where and with which token', async () => {
    const { user, token } = await aUser('admin')
    await as(token, '/projects', 'POST', { name: 'told' })
    const [entry] = (await record('?action=project%20made')).entries
    expect(entry).toMatchObject({
      ...{ user: user.name, token: 'laptop', via: 'token', address: '127.0.0.1' },
      ...{ action: 'project made', subject: 'told', count: 1, at: now },
    })
  })

  it('has a row for each deed', async () => {
    const { project } = hone.project({ name: 'deeds' })
    const { run } = fullRun(hone.store, project.id, defaultSettings)
    const sha = commit('b')
    const { user } = await aUser('viewer')
    const deeds: [string, string, unknown, string, string][] = [
      ['PATCH', '/projects/deeds', { settings: { target: 0.9 } }, 'project changed', 'deeds: target'],
      ['POST', '/projects/deeds/runs', { sha }, 'run started', 'deeds #2'],
      ['POST', `/runs/${run.id}/cancel`, undefined, 'run cancelled', 'deeds #1'],
      ['POST', '/mails/1/send', undefined, 'mail sent again', 'mail 1 to ada@example.org'],
      [
        'PATCH',
        `/admin/users/${user.id}`,
        { role: 'admin' },
        'user changed',
        `${user.name}: from viewer to admin`,
      ],
      ['POST', `/admin/users/${user.id}/tokens`, { name: 'ci' }, 'token made', `ci of ${user.name}`],
      ['DELETE', `/admin/tokens/${user.tokens[0]?.id}`, undefined, 'token revoked', `laptop of ${user.name}`],
      ['DELETE', `/admin/users/${user.id}`, undefined, 'user removed', user.name],
    ]
    for (const [method, path, body, action, subject] of deeds) {
      const response = await own(path, method, body)
      expect([path, response.ok]).toEqual([path, true])
      expect((await record('?limit=1')).entries[0]).toMatchObject({ user: OWNER, action, subject })
    }
  })

  it('has sign-ins and sign-outs', async () => {
    const session = await signIn(ADMIN_TOKEN)
    await withCookie('/session', session, { method: 'DELETE' })
    const actions = (await record('?limit=2')).entries.map(({ action }) => action)
    expect(actions).toEqual(['signed out', 'signed in'])
  })

  it('has no row of what failed', async () => {
    const before = (await record('?limit=1')).entries[0]?.id
    await own('/projects', 'POST', { name: 'not/a/name' })
    await own('/projects/deeds/runs', 'POST', { sha: 'x' })
    await own('/runs/1/cancel', 'POST')
    expect((await record('?limit=1')).entries[0]?.id).toBe(before)
  })

  it('comes in pages, newest first, by user and by action', async () => {
    const { user, token } = await aUser('admin')
    for (const letter of ['a', 'b', 'c']) await as(token, '/projects', 'POST', { name: `paged-${letter}` })
    const first = await record(`?user=${user.name}&limit=2`)
    expect(first.entries.map(({ subject }) => subject)).toEqual(['paged-c', 'paged-b'])
    const second = await record(`?user=${user.name}&limit=2&before=${first.next}`)
    expect(second.entries.map(({ subject }) => subject)).toEqual(['paged-a'])
    expect(second.next).toBeNull()
    expect(first.users).toContain(user.name)
    const made = await record('?action=user%20made')
    expect(new Set(made.entries.map(({ action }) => action))).toEqual(new Set(['user made']))
    expect((await errorOf(own('/admin/audit?action=nothing'), 400)).code).toBe('bad-parameter')
    expect((await errorOf(own('/admin/audit?before=x'), 400)).code).toBe('bad-parameter')
  })

  it('counts refused sign-ins by address and hour, with no more than a write a second', async () => {
    now += 3_600_000 - (now % 3_600_000)
    const refused = async () => (await record('?action=sign-in%20refused')).entries
    const before = (await refused()).length
    for (let guess = 0; guess < 5; guess++) {
      await as('wrong', '/projects')
      await fetch(`${hone.url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"token":"wrong"}',
      })
    }
    const [entry, ...others] = await refused()
    expect(entry).toMatchObject({ user: null, address: '127.0.0.1', count: 10 })
    expect(others).toHaveLength(before)
    now += 3_600_000
    await as('wrong', '/projects')
    expect(await refused()).toHaveLength(before + 2)
  })

  it('holds no secret', async () => {
    const { token } = await aUser('admin', { name: 'secretive' })
    const made = await as(token, '/projects', 'POST', { name: 'keeps-secrets' })
    const { secret, pushToken } = (await made.json()) as { secret: string; pushToken: string }
    await signIn(token)
    await as(`${token}x`, '/me')
    const text = JSON.stringify(hone.store.audit.list({ limit: 1000 }))
    for (const hidden of [token, ADMIN_TOKEN, secret, pushToken]) expect(text).not.toContain(hidden)
  })
})
