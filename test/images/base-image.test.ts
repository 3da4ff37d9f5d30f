import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { connect } from '../../src/containers/engine.ts'
import { baseImage } from '../../src/images/base-image.ts'

let server: Server
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** An engine that has the images it was given, and answers pulls and imports by a function. */
async function engineWith(
  images: Set<string>,
  create: (query: URLSearchParams, request: IncomingMessage, response: ServerResponse) => void,
) {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://engine')
    const image = /^\/images\/(.+)\/json$/.exec(url.pathname)?.[1]
    if (url.pathname === '/images/create') return create(url.searchParams, request, response)
    if (request.method === 'DELETE') {
      images.delete(url.pathname.slice('/images/'.length))
      return response.end('[]')
    }
    const there = image !== undefined && images.has(image)
    response.writeHead(there ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(there ? { Id: `id of ${image}` } : { message: 'no such image' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return connect(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

const never = new AbortController().signal
const node = (script: string) => ({ command: process.execPath, args: ['-e', script] })
const MADE = { name: 'hone/debian:trixie', id: 'id of hone/debian:trixie' }

it('takes what is there, without asking a registry', async () => {
  const asked: string[] = []
  const engine = await engineWith(new Set(['hone/debian:trixie']), (query) => asked.push(String(query)))
  const find = baseImage({ engine, bootstrap: node('') })
  expect(await find(() => {}, never)).toEqual(MADE)
  expect(asked).toEqual([])
})

it('pulls', async () => {
  const images = new Set<string>()
  const engine = await engineWith(images, (query, _, response) => {
    images.add(`${query.get('fromImage')}:${query.get('tag')}`)
    response.end('{"status":"Pulling from library/debian"}\n{"status":"Downloading","id":"a"}\n')
  })
  const said: string[] = []
  const found = await baseImage({ engine, bootstrap: node('') })((line) => said.push(line), never)
  expect(found.name).toBe('debian:trixie-slim')
  expect(said).toContain('image debian:trixie-slim: Pulling from library/debian')
})

it('makes the image when no registry answers, and asks for it no second time', async () => {
  const images = new Set<string>()
  let pulls = 0
  let imported = ''
  const engine = await engineWith(images, (query, request, response) => {
    // A pull is never answered.
    if (query.has('fromImage')) return void pulls++
    request.on('data', (chunk) => {
      imported += chunk
    })
    request.on('end', () => {
      images.add(`${query.get('repo')}:${query.get('tag')}`)
      response.end('{"status":"sha256:1"}')
    })
  })
  const find = baseImage({ engine, bootstrap: node("process.stdout.write('a tar')"), registryWithinMs: 20 })
  expect(await find(() => {}, never)).toEqual(MADE)
  expect(imported).toBe('a tar')
  images.clear()
  await find(() => {}, never)
  expect(pulls).toBe(1)
})

it('says how to install what is missing', async () => {
  const engine = await engineWith(new Set(), (_, request, response) => {
    request.resume()
    response.writeHead(500).end('{"message":"registry refused"}')
  })
  const find = baseImage({ engine, bootstrap: { command: 'hone-no-such-command', args: [] } })
  await expect(find(() => {}, never)).rejects.toMatchObject({
    failure: {
      kind: 'system',
      code: 'needs-mmdebstrap',
      remedy: expect.stringContaining('apt-get install -y'),
    },
  })
})

it('does not keep what a broken bootstrap left', async () => {
  const images = new Set<string>()
  const engine = await engineWith(images, (query, request, response) => {
    if (query.has('fromImage')) return void response.writeHead(500).end('{}')
    request.resume()
    request.on('end', () => {
      images.add('hone/debian:trixie')
      response.end('{"status":"sha256:1"}')
    })
  })
  const find = baseImage({ engine, bootstrap: node("console.error('E: no mirror'); process.exit(25)") })
  await expect(find(() => {}, never)).rejects.toMatchObject({
    failure: { code: 'image-build', detail: 'E: no mirror', message: expect.stringContaining('25') },
  })
  expect([...images]).toEqual([])
})
