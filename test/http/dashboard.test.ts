import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN_TOKEN, rawStatus, type TestServer, testServer } from '../helpers/http.ts'

let hone: TestServer
beforeEach(async () => {
  hone = await testServer()
})
afterEach(() => hone.close())
const get = (path: string, init: RequestInit = {}) => fetch(hone.url + path, init)

async function build(): Promise<void> {
  await mkdir(join(hone.deps.webFolder, 'assets'), { recursive: true })
  await writeFile(join(hone.deps.webFolder, 'index.html'), '<title>Dashboard</title>')
  await writeFile(join(hone.deps.webFolder, 'icon.svg'), '<svg/>')
  await writeFile(join(hone.deps.webFolder, 'assets', 'index-abc123.js'), 'go()')
  await writeFile(join(hone.folder, 'hone.sqlite'), 'secret')
}

describe('the dashboard', () => {
  it('says that it is not built', async () => {
    const response = await get('/')
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('npm run build')
  })

  it('is one page at every address that a person opens', async () => {
    await build()
    for (const path of ['/', '/runs/3', '/projects/digits.v2', '/index.html']) {
      const response = await get(path)
      expect(await response.text()).toBe('<title>Dashboard</title>')
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(response.headers.get('cache-control')).toBe('no-cache')
    }
  })

  it('lets browsers keep the files that are named by their content', async () => {
    await build()
    const script = await get('/assets/index-abc123.js')
    expect(await script.text()).toBe('go()')
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await get('/icon.svg')).headers.get('cache-control')).toBe('no-cache')
    expect((await get('/assets/index-old.js')).status).toBe(404)
  })

  it('is compressed for a browser that takes it so, and the live stream is not', async () => {
    await build()
    const words = 'const words = 1\n'.repeat(1000)
    await writeFile(join(hone.deps.webFolder, 'assets', 'index-large.js'), words)
    const script = await get('/assets/index-large.js', { headers: { 'accept-encoding': 'gzip' } })
    expect(script.headers.get('content-encoding')).toBe('gzip')
    expect(script.headers.get('vary')).toContain('Accept-Encoding')
    expect(await script.text()).toBe(words)
    const plain = await get('/assets/index-large.js', { headers: { 'accept-encoding': 'identity' } })
    expect(plain.headers.get('content-encoding')).toBeNull()

    const leave = new AbortController()
    const stream = await get('/api/v1/events', {
      headers: { 'accept-encoding': 'gzip', authorization: `Bearer ${ADMIN_TOKEN}` },
      signal: leave.signal,
    })
    expect(stream.headers.get('content-type')).toBe('text/event-stream')
    expect(stream.headers.get('content-encoding')).toBeNull()
    leave.abort()
  })

  it('is sent as the build has compressed it to a browser that takes it so', async () => {
    await build()
    const words = 'const words = 2\n'
    await writeFile(join(hone.deps.webFolder, 'assets', 'index-abc123.js.br'), brotliCompressSync(words))
    const script = await get('/assets/index-abc123.js', { headers: { 'accept-encoding': 'gzip, br' } })
    expect(script.headers.get('content-encoding')).toBe('br')
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(script.headers.get('vary')).toContain('Accept-Encoding')
    expect(await script.text()).toBe(words)

    const known = { 'if-none-match': script.headers.get('etag') ?? '' }
    const compressed = { 'accept-encoding': 'gzip, br', ...known }
    // With a header of its own that asks for no answer from a cache, `fetch` would always be given all of it.
    expect(await rawStatus(hone.url, '/assets/index-abc123.js', compressed)).toBe(304)
    const otherwise = { ...compressed, 'accept-encoding': 'gzip' }
    expect(await rawStatus(hone.url, '/assets/index-abc123.js', otherwise)).toBe(200)

    const plain = await get('/assets/index-abc123.js', { headers: { 'accept-encoding': 'gzip' } })
    expect(plain.headers.get('vary')).toContain('Accept-Encoding')
    expect(await plain.text()).toBe('go()')
    const missing = await get('/assets/index-old.js', { headers: { 'accept-encoding': 'br' } })
    expect([missing.status, missing.headers.get('content-encoding')]).toEqual([404, null])
    expect(await missing.text()).toContain('There is no such file')
  })

  it('serves nothing else', async () => {
    await build()
    for (const path of [
      '/../hone.sqlite',
      '/%2e%2e/hone.sqlite',
      '/..%2fhone.sqlite',
      '/assets/..%5c..%5cx',
    ]) {
      const response = await get(path)
      expect(await response.text()).not.toContain('secret')
    }
    expect(await rawStatus(hone.url, '/assets/../../hone.sqlite')).not.toBe(200)
    expect((await get('/', { method: 'POST' })).status).toBe(405)
  })

  it('is sent with headers that let it load its own files only', async () => {
    const { headers } = await get('/')
    const policy = headers.get('content-security-policy')
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toContain('unsafe')
    expect(policy).not.toContain('upgrade-insecure-requests')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('strict-transport-security')).toBeNull()
  })
})
