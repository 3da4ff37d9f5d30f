import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { load } from './load.ts'

const { ask, candidates, currentContext, transport } = await load('endpoint')
const { refusal } = await load('engine')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-engine-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('where an engine may listen', () => {
  it('is DOCKER_HOST alone when it is set', () => {
    expect(candidates({ DOCKER_HOST: 'tcp://far:2375', XDG_RUNTIME_DIR: '/run/user/1' }, 'x', '/h')).toEqual([
      'tcp://far:2375',
    ])
  })

  it("is the CLI's context, the usual socket, the rootless one and Docker Desktop's", () => {
    expect(candidates({ XDG_RUNTIME_DIR: '/run/user/1' }, 'tcp://ctx:1', '/h')).toEqual([
      'tcp://ctx:1',
      'unix:///var/run/docker.sock',
      'unix:///run/user/1/docker.sock',
      'unix:///h/.docker/run/docker.sock',
    ])
  })

  it('reads the context as the CLI keeps it', () => {
    expect(currentContext({}, folder)).toBeNull()
    const meta = join(folder, '.docker', 'contexts', 'meta', createHash('sha256').update('lab').digest('hex'))
    mkdirSync(meta, { recursive: true })
    writeFileSync(join(folder, '.docker', 'config.json'), '{"currentContext":"lab"}')
    writeFileSync(join(meta, 'meta.json'), '{"Endpoints":{"docker":{"Host":"unix:///lab.sock"}}}')
    expect(currentContext({}, folder)).toBe('unix:///lab.sock')
    expect(currentContext({ DOCKER_CONTEXT: 'default' }, folder)).toBeNull()
  })

  it('is spoken to by socket or TCP; ssh is none of ours', () => {
    expect(transport('unix:///a/b.sock', {})?.options).toEqual({ socketPath: '/a/b.sock' })
    expect(transport('tcp://[::1]:99', {})?.options).toEqual({ host: '::1', port: 99 })
    expect(transport('tcp://far', {})?.options).toEqual({ host: 'far', port: 2375 })
    expect(transport('ssh://far', {})).toBeNull()
  })
})

it('asks over a socket, and fails where nobody listens', async () => {
  const socket = join(folder, 'e.sock')
  const server = http.createServer((request, response) => {
    response.statusCode = request.url === '/_ping' ? 200 : 404
    response.end('OK')
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  expect(await ask(`unix://${socket}`, '/_ping')).toBe(200)
  expect(await ask(`unix://${socket}`, '/images/x/json')).toBe(404)
  await new Promise((resolve) => server.close(resolve))
  await expect(ask(`unix://${socket}`, '/_ping')).rejects.toThrow(/ENOENT/)
  await expect(ask('ssh://far', '/_ping')).rejects.toThrow(/unix:\/\//)
})

describe('when set-up must not start an engine itself', () => {
  it('says so of a DOCKER_HOST that does not answer', () => {
    const problem = refusal(
      { 'tcp://far:2375': 'ECONNREFUSED' },
      { dockerHost: 'tcp://far:2375', user: 'ann' },
    )
    expect(problem?.message).toBe(
      'DOCKER_HOST is tcp://far:2375, but no engine answers there (ECONNREFUSED).',
    )
  })

  it('tells a user without the right to the socket how to get it', () => {
    const problem = refusal(
      { 'unix:///var/run/docker.sock': 'EACCES' },
      { dockerHost: undefined, user: 'ann' },
    )
    expect(problem?.remedy[0]).toBe('sudo usermod -aG docker ann')
  })

  it('has no objection when simply nothing is there', () => {
    expect(
      refusal({ 'unix:///var/run/docker.sock': 'ENOENT' }, { dockerHost: undefined, user: 'a' }),
    ).toBeNull()
  })
})
