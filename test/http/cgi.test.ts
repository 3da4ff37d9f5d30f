import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { type CgiEnd, runCgi, splitHead } from '../../src/http/cgi.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server that runs this script for each request; `ends` is how the last one ended. */
async function serve(script: string, command = process.execPath) {
  let settle: (end: Promise<CgiEnd>) => void = () => {}
  const ends = new Promise<CgiEnd>((resolve) => {
    settle = resolve
  })
  const server = createServer((request, response) => {
    const program = {
      command,
      args: ['-e', script],
      env: { ONLY: 'this' },
      pathInfo: '/p',
      remoteUser: 'ada',
    }
    const end = runCgi(request, response, program)
    end.catch((error: Error) => response.writeHead(500).end(error.message))
    settle(end)
    ends.catch(() => undefined)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ends }
}

const ECHO_ENV = `process.stdout.write('Content-Type: application/json\\r\\n\\r\\n' + JSON.stringify(process.env))`

describe('runCgi', () => {
  it('gives the program the request, as RFC 3875 says, and nothing of the server', async () => {
    const { url } = await serve(ECHO_ENV)
    const response = await fetch(`${url}/p?a=1&b=%20`, {
      method: 'POST',
      headers: {
        'content-type': 'text/x',
        'git-protocol': 'version=2',
        proxy: 'http://evil',
        'x-other': '1',
      },
      body: 'four',
    })
    const env = (await response.json()) as Record<string, string>
    expect(env).toMatchObject({
      GATEWAY_INTERFACE: 'CGI/1.1',
      REQUEST_METHOD: 'POST',
      PATH_INFO: '/p',
      QUERY_STRING: 'a=1&b=%20',
      CONTENT_TYPE: 'text/x',
      CONTENT_LENGTH: '4',
      HTTP_GIT_PROTOCOL: 'version=2',
      REMOTE_USER: 'ada',
      ONLY: 'this',
    })
    for (const name of ['HTTP_PROXY', 'HTTP_X_OTHER', 'HOME', 'PATH']) expect(env).not.toHaveProperty(name)
  })

  it('takes status and headers, and streams both bodies', async () => {
    const script = `process.stdout.write('Status: 418 Teapot\\nX-Cup: full\\n\\n'); process.stdin.pipe(process.stdout)`
    const { url } = await serve(script)
    const body = gzipSync(Buffer.alloc(2_000_000, 'x'), { level: 0 })
    const response = await fetch(url, { method: 'POST', body: new Uint8Array(body) })
    expect(response.status).toBe(418)
    expect(response.headers.get('x-cup')).toBe('full')
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true)
  })

  it('delivers an answer that was given before the request was read', async () => {
    const { url, ends } = await serve(
      `require('fs').writeSync(1, 'Status: 403 No\\n\\nenough'); process.exit(0)`,
    )
    const response = await fetch(url, { method: 'POST', body: new Uint8Array(8_000_000) })
    expect([response.status, await response.text()]).toEqual([403, 'enough'])
    expect(await ends).toMatchObject({ complete: true })
  })

  it('ends the program when the client leaves', async () => {
    const script = `process.stdout.write('Status: 200 OK\\n\\nstart'); setInterval(() => {}, 1000)`
    const { url, ends } = await serve(script)
    const leave = new AbortController()
    const response = await fetch(url, { signal: leave.signal })
    await response.body?.getReader().read()
    leave.abort()
    expect(await ends).toMatchObject({ complete: false })
  })

  it.each([
    ['no answer', `process.stderr.write('fatal: broken'); process.exit(1)`, 'fatal: broken'],
    ['no end of its headers', `process.stdout.write('x'.repeat(100000))`, 'no end of its headers'],
  ])('fails in words for %s', async (_, script, words) => {
    const { url } = await serve(script)
    const response = await fetch(url)
    expect(response.status).toBe(500)
    expect(await response.text()).toContain(words)
  })

  it('fails in words when there is no such program', async () => {
    const { url } = await serve('', '/nowhere/git-http-backend')
    expect(await (await fetch(url)).text()).toContain('ENOENT')
  })
})

describe('splitHead', () => {
  it('waits for the empty line', () => {
    expect(splitHead(Buffer.from('Status: 200 OK\r\nA: b'))).toBeNull()
  })
  it('takes lines with and without carriage returns', () => {
    for (const end of ['\r\n', '\n']) {
      const parts = splitHead(Buffer.from(`A: b: c${end}nonsense${end}Status: 404 X${end}${end}rest`))
      expect(parts).toMatchObject({ status: 404, headers: [['A', 'b: c']] })
      expect(parts?.rest.toString()).toBe('rest')
    }
  })
})
