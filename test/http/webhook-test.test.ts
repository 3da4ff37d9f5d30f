import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebhookTestView } from '../../src/http/contract/overview.ts'
import { causeOf, isLocalOnly, verdictOf } from '../../src/http/webhook-test.ts'
import { type TestServer, testServer } from '../helpers/http.ts'
import { errorOf } from './support.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function hone(url?: string): Promise<TestServer> {
  const server = await testServer(url === undefined ? {} : { url: () => url })
  closing.push(() => server.close())
  server.project({ name: 'digits' })
  return server
}

/** Something else at the public address. */
async function other(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const test = async (server: TestServer) => {
  const response = await server.api('/projects/digits/webhook/test', { method: 'POST', body: {} })
  expect(response.status).toBe(200)
  return WebhookTestView.parse(await response.json())
}

describe('the test of a webhook', () => {
  it('arrives as a delivery, and says that GitHub cannot reach an address of this machine', async () => {
    const server = await hone()
    const found = await test(server)
    expect(found).toMatchObject({ outcome: 'reached', local: true, url: `${server.url}/webhooks/digits` })
    expect(found.message).toContain('GitHub cannot reach it')
    const id = server.store.projects.byName('digits')?.id as number
    expect(server.store.deliveries.newest(id)).toMatchObject({ event: 'ping', outcome: 'ping' })
  })

  it('says that nothing listens', async () => {
    const gone = await other(() => {})
    await closing.pop()?.()
    const found = await test(await hone(gone))
    expect(found.outcome).toBe('unreachable')
    expect(found.message).toContain('nothing listens there')
    expect(found.remedy).toContain('HONE_URL')
  })

  it('says that something else answers', async () => {
    const found = await test(await hone(await other((_request, response) => response.end('hello'))))
    expect(found).toMatchObject({ outcome: 'refused' })
    expect(found.message).toContain('Something else answers there (200)')
  })

  it('says that a redirect is not followed', async () => {
    const away = await other((_request, response) => response.writeHead(301, { location: '/x' }).end())
    expect((await test(await hone(away))).message).toContain('redirect (301)')
  })

  it('is of a project that exists', async () => {
    const server = await hone()
    await errorOf(server.api('/projects/nobody/webhook/test', { method: 'POST', body: {} }), 404)
  })
})

it.each([
  ['http://127.0.0.1:8080', true],
  ['http://localhost:8080', true],
  ['http://hone:8080', true],
  ['http://hone.local', true],
  ['http://192.168.1.5', true],
  ['http://172.20.0.1', true],
  ['http://100.64.0.1', true],
  ['http://[::1]:8080', true],
  ['http://[fd00::1]', true],
  ['http://172.32.0.1', false],
  ['http://100.128.0.1', false],
  ['http://8.8.8.8', false],
  ['http://[2001:db8::1]', false],
  ['https://hone.example.org', false],
])('whether %s is of this network only: %s', (address, local) => {
  expect(isLocalOnly(address)).toBe(local)
})

it.each([
  [202, true, 'reached'],
  [202, false, 'refused'],
  [308, false, 'refused'],
  [401, false, 'refused'],
  [502, false, 'refused'],
] as const)('an answer of %i, arrived %s, is %s', (status, arrived, outcome) => {
  const { remedy, ...verdict } = verdictOf(status, arrived)
  expect(verdict.outcome).toBe(outcome)
  expect(remedy === null).toBe(outcome === 'reached')
})

it.each([
  [Object.assign(new Error('fetch failed'), { cause: { code: 'ENOTFOUND' } }), /DNS/],
  [
    Object.assign(new Error('fetch failed'), { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } }),
    /certificate/,
  ],
  [new DOMException('late', 'TimeoutError'), /within 10 seconds/],
  [Object.assign(new Error('fetch failed'), { cause: { code: 'EODD', message: 'odd' } }), /^odd$/],
  [new Error('plain'), /^plain$/],
])('a request without an answer has its cause in words: %s', (error, words) => {
  expect(causeOf(error)).toMatch(words)
})
