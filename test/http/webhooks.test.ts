import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { sign } from '@octokit/webhooks-methods'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CreatedProject } from '../../src/chain/projects.ts'
import type { ErrorView } from '../../src/http/contract.ts'
import { verifySignature } from '../../src/http/signature.ts'
import { signature, type TestServer, testServer } from '../helpers/http.ts'

const fixture = (name: string) =>
  readFile(new URL(`../fixtures/github/${name}.json`, import.meta.url), 'utf8')

let hone: TestServer
let created: CreatedProject
let push: string
let names = 0

beforeAll(async () => {
  hone = await testServer()
  push = await fixture('push')
})
afterAll(() => hone.close())
afterEach(() => vi.restoreAllMocks())
beforeEach(() => {
  created = hone.project({ name: `digits-${++names}`, repoUrl: 'https://github.com/ada/digits.git' })
})

interface Sent {
  body?: string | Buffer
  event?: string
  delivery?: string
  type?: string
  headers?: Record<string, string>
  to?: string
}

/** As GitHub sends it; the header of a value '' is left out. */
function send({ body = push, event = 'push', delivery = 'd-1', type, headers = {}, to }: Sent = {}) {
  const all = {
    'content-type': type ?? 'application/json',
    'x-github-event': event,
    'x-github-delivery': delivery,
    'x-hub-signature-256': signature(created.secret, body),
    ...headers,
  }
  const kept = Object.entries(all).filter(([, value]) => value !== '')
  return fetch(`${hone.url}/webhooks/${to ?? created.project.name}`, {
    method: 'POST',
    headers: Object.fromEntries(kept),
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })
}
const runs = () => hone.store.runs.list({ projectId: created.project.id })
const deliveries = () => hone.store.deliveries.ofProject(created.project.id)

const outcomeOf = async (response: Response) => ((await response.json()) as { outcome: string }).outcome

async function expectError(response: Response, status: number, code: string) {
  const answer = (await response.json()) as ErrorView
  expect({ status: response.status, code: answer.error.code }).toEqual({ status, code })
  expect(answer.error.message).not.toBe('')
  expect(runs()).toEqual([])
  return answer.error
}

describe('a push', () => {
  it('is answered 202 once its run is there', async () => {
    const response = await send()
    expect(response.status).toBe(202)
    const [run] = runs()
    expect(await response.json()).toEqual({
      delivery: 'd-1',
      outcome: 'run',
      run: `${hone.url}/runs/${run?.id}`,
    })
    expect(run).toMatchObject({
      ref: 'refs/heads/main',
      sha: '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c',
      author: 'Ada Lovelace',
      message: 'Train longer – 20 epochs',
    })
    expect(deliveries()[0]?.payload.toString()).toBe(push)
  })

  it('may come as a form', async () => {
    const body = new URLSearchParams({ payload: push }).toString()
    const response = await send({ body, type: 'application/x-www-form-urlencoded; charset=utf-8' })
    expect(response.status).toBe(202)
    expect(runs()).toMatchObject([{ message: 'Train longer – 20 epochs' }])
  })

  it('makes one run of fifty identical deliveries at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => send().then((it) => it.json())))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(runs()).toHaveLength(1)
    expect(deliveries()).toHaveLength(1)
  })

  it('makes one run of fifty deliveries of the same commit at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => send({ delivery: `d-${n}` }).then(outcomeOf)),
    )
    expect(answers.filter((outcome) => outcome === 'run')).toHaveLength(1)
    expect(answers.filter((outcome) => outcome === 'duplicate')).toHaveLength(49)
    expect(runs()).toHaveLength(1)
  })

  it.each([
    ['push-tag', 'Tags do not start runs.'],
    ['push-deleted', "The branch 'main' was deleted."],
  ])('%s is recorded as ignored', async (name, reason) => {
    const response = await send({ body: await fixture(name) })
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({ delivery: 'd-1', outcome: 'ignored', reason })
    expect(deliveries()).toMatchObject([{ outcome: 'ignored', reason }])
    expect(runs()).toEqual([])
  })

  it('does not supersede a newer one of the branch when it comes late', async () => {
    const older = { ...JSON.parse(push), before: '0'.repeat(40) }
    const newer = { ...older, before: older.after, after: 'b'.repeat(40) }
    await send({ body: JSON.stringify(newer), delivery: 'd-2' })
    const late = await send({ body: JSON.stringify(older), delivery: 'd-1' })
    expect(late.status).toBe(202)
    expect(await late.json()).toMatchObject({
      outcome: 'run',
      reason: 'A newer push of the branch had arrived before this one.',
    })
    expect(runs().map(({ sha, state }) => [sha, state])).toEqual([
      [older.after, 'superseded'],
      [newer.after, 'queued'],
    ])
  })

  it('is not answered 202 when it cannot be written', async () => {
    vi.spyOn(hone.store.deliveries, 'insert').mockImplementation(() => {
      throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
    })
    const error = await expectError(await send(), 503, 'disk-full')
    expect(error.remedy).toContain('Free some space')
    vi.restoreAllMocks()
    expect((await send()).status).toBe(202)
    expect(runs()).toHaveLength(1)
  })
})

describe('other events', () => {
  it('answers a ping', async () => {
    const response = await send({ body: await fixture('ping'), event: 'ping' })
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({ delivery: 'd-1', outcome: 'ping' })
  })

  it('ignores an event that it does not know', async () => {
    const response = await send({ body: '{"action":"opened"}', event: 'issues' })
    expect(response.status).toBe(202)
    expect(await response.json()).toMatchObject({
      outcome: 'ignored',
      reason: "The event 'issues' does not start runs.",
    })
  })
})

describe('the signature', () => {
  it('is that of the published vector', () => {
    const secret = "It's a Secret to Everybody"
    const digest = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
    expect(verifySignature(secret, Buffer.from('Hello, World!'), `sha256=${digest}`)).toBe(true)
    expect(verifySignature(secret, Buffer.from('Hello, World?'), `sha256=${digest}`)).toBe(false)
    expect(verifySignature(secret, Buffer.from('Hello, World!'), digest)).toBe(false)
  })

  it("agrees with GitHub's own library", async () => {
    expect(verifySignature('s3cret', Buffer.from(push), await sign('s3cret', push))).toBe(true)
  })

  it.each([
    ['missing', ''],
    ['of another secret', signature('other', '{}')],
    ['too short', 'sha256=00'],
    ['of another kind', `sha1=${'0'.repeat(40)}`],
    ['no hex', `sha256=${'z'.repeat(64)}`],
  ])('%s: 401', async (_, value) => {
    await expectError(await send({ headers: { 'x-hub-signature-256': value } }), 401, 'bad-signature')
    expect(deliveries()).toEqual([])
  })

  it('of another project: 401', async () => {
    const other = hone.project({ name: `other-${names}` })
    const headers = { 'x-hub-signature-256': signature(other.secret, push) }
    await expectError(await send({ headers }), 401, 'bad-signature')
  })

  it('is checked before the body is read as JSON', async () => {
    await expectError(
      await send({ body: '{', headers: { 'x-hub-signature-256': 'sha256=0' } }),
      401,
      'bad-signature',
    )
  })

  it('is taken over the bytes, those that are no UTF-8 too', async () => {
    const bytes = Buffer.from([0x22, 0xff, 0xfe, 0x22])
    await expectError(await send({ body: bytes }), 400, 'bad-json')
    const replaced = Buffer.from(bytes.toString('utf8'))
    expect(verifySignature('s', bytes, signature('s', replaced))).toBe(false)
  })
})

describe('bad input', () => {
  it('an unknown project: 404', async () => {
    await expectError(await send({ to: 'nobody' }), 404, 'unknown-project')
  })

  it.each(['{', '', '[1,]', 'null x'])('no JSON, %j: 400', async (body) => {
    await expectError(await send({ body }), 400, 'bad-json')
  })

  it.each(['null', '[]', '{}', '{"ref":"refs/heads/main","after":"--upload-pack=x"}'])(
    'no push event, %s: 400',
    async (body) => {
      await expectError(await send({ body }), 400, 'bad-payload')
    },
  )

  it.each(['main', 'refs/heads/..', 'refs/heads/a b', 'refs/heads/a\nb', `refs/heads/${'x'.repeat(300)}`])(
    'the ref %j: 400',
    async (ref) => {
      const body = JSON.stringify({ ...JSON.parse(push), ref })
      const { message } = await expectError(await send({ body }), 400, 'bad-payload')
      expect(message).toContain('ref')
    },
  )

  it('a form without payload: 400', async () => {
    await expectError(await send({ body: 'a=b', type: 'application/x-www-form-urlencoded' }), 400, 'bad-form')
  })

  it('deeper than 100 levels: 400; a hundred are taken', async () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
    await expectError(await send({ body: nested(101), event: 'issues' }), 400, 'too-deep')
    await expectError(await send({ body: nested(1_000_000), event: 'issues' }), 400, 'too-deep')
    expect((await send({ body: nested(100), event: 'issues' })).status).toBe(202)
    const brackets = JSON.stringify({ text: `"\\${'['.repeat(500)}` })
    expect((await send({ body: brackets, event: 'issues', delivery: 'd-2' })).status).toBe(202)
  })

  it('more than 25 MiB: 413; 25 MiB are read', async () => {
    const limit = 25 * 1024 * 1024
    await expectError(await send({ body: Buffer.alloc(limit + 1, 0x20) }), 413, 'too-large')
    await expectError(await send({ body: Buffer.alloc(limit, 0x20) }), 400, 'bad-json')
  })

  it.each([
    ['bad-delivery', { 'x-github-delivery': '' }],
    ['bad-delivery', { 'x-github-delivery': 'x'.repeat(101) }],
    ['bad-delivery', { 'x-github-delivery': 'a b' }],
    ['bad-event', { 'x-github-event': '' }],
  ])('%s for %j: 400', async (code, headers: Record<string, string>) => {
    await expectError(await send({ headers }), 400, code)
  })

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/jsonx'])('%s: 415', async (type) => {
    await expectError(await send({ type }), 415, 'unsupported-type')
  })

  it('a compressed body: 415', async () => {
    await expectError(
      await send({ body: gzipSync(push), headers: { 'content-encoding': 'gzip' } }),
      415,
      'unsupported-encoding',
    )
  })

  it('__proto__ in the payload changes nothing', async () => {
    const body = `{"__proto__":{"deleted":true,"polluted":1},${push.trim().slice(1)}`
    expect((await send({ body })).status).toBe(202)
    expect(runs()).toHaveLength(1)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('headers larger than the server takes: 431', async () => {
    const response = await send({ headers: { 'x-large': 'x'.repeat(20_000) } })
    expect(response.status).toBe(431)
  })

  it('GET: 404 as JSON', async () => {
    const response = await fetch(`${hone.url}/webhooks/${created.project.name}`)
    await expectError(response, 404, 'not-found')
  })
})
