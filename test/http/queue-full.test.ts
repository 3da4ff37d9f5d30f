import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CreatedProject } from '../../src/chain/projects.ts'
import { commit, git, signature, type TestServer, testServer } from '../helpers/http.ts'
import { errorOf } from './support.ts'

const payload = await readFile(new URL('../fixtures/github/push.json', import.meta.url), 'utf8')

let hone: TestServer
let created: CreatedProject
let names = 0
beforeAll(async () => {
  hone = await testServer({ maxWaiting: 1 })
})
afterAll(() => hone.close())
beforeEach(() => {
  created = hone.project({ name: `full-${++names}`, settings: { branches: ['*'] } })
})

const api = (path: string, body: unknown = {}) =>
  hone.api(`/projects/${created.project.name}${path}`, { method: 'POST', body })
const start = (letter: string) => api('/runs', { sha: commit(letter) })
const deliveries = () => hone.store.deliveries.ofProject(created.project.id)
/** As GitHub sends a push of its own branch; as a form, or as JSON. */
function send(delivery: string, body = payload, type = 'application/json') {
  return fetch(`${hone.url}/webhooks/${created.project.name}`, {
    method: 'POST',
    headers: {
      'content-type': type,
      'x-github-event': 'push',
      'x-github-delivery': delivery,
      'x-hub-signature-256': signature(created.secret, body),
    },
    body,
  })
}
/** Nobody waits any more. */
function drain() {
  for (const { id } of hone.store.runs.waiting(created.project.id))
    hone.deps.actions.cancelRun(id, 'cancelled')
}

describe('while too many runs wait', () => {
  it('GitHub hears 429 with what to do, and the delivery is stored with the reason', async () => {
    await start('a')
    const error = await errorOf(send('d-1'), 429)
    expect(error).toMatchObject({
      code: 'queue-full',
      message: expect.stringContaining(
        'As many runs of this project wait to be trained as may (HONE_QUEUE is 1)',
      ),
      remedy: expect.stringContaining('deliver it again later'),
    })
    expect(deliveries()).toMatchObject([
      { deliveryId: 'd-1', outcome: 'refused', runId: null, reason: error.message },
    ])
  })

  it('the same delivery from GitHub makes the run once there is room', async () => {
    await start('a')
    await send('d-1')
    drain()
    expect((await send('d-1')).status).toBe(202)
    expect(deliveries()).toMatchObject([{ outcome: 'run', reason: null }])
  })

  it.each([
    ['JSON', payload, 'application/json'],
    ['a form', new URLSearchParams({ payload }).toString(), 'application/x-www-form-urlencoded'],
    [
      'a form with other fields',
      new URLSearchParams({ at: '1', payload }).toString(),
      'application/x-www-form-urlencoded',
    ],
  ])('what came as %s is taken again from what is stored', async (_, body, type) => {
    const rows = () => hone.store.audit.list({ action: 'delivery taken again', limit: 100 }).length
    const before = rows()
    await start('a')
    await send('d-1', body, type)
    await errorOf(api('/deliveries/d-1/again'), 429)
    expect(rows()).toBe(before)
    drain()
    const taken = await (await api('/deliveries/d-1/again')).json()
    expect(taken).toMatchObject({ deliveryId: 'd-1', outcome: 'run', runId: expect.any(Number) })
    expect(rows()).toBe(before + 1)
    expect((await errorOf(api('/deliveries/d-1/again'), 409)).code).toBe('not-refused')
    await errorOf(api('/deliveries/d-2/again'), 404)
  })

  it('a push to Hone itself is kept, and who pushed reads so in the terminal', async () => {
    const work = await mkdtemp(join(hone.folder, 'work-'))
    await git(work, 'init', '--quiet', '--initial-branch=main')
    await writeFile(join(work, 'train.py'), 'print(1)')
    await git(work, 'add', '.')
    await git(work, 'commit', '--quiet', '-m', 'Train')
    await start('a')
    const remote = `${hone.url.replace('://', `://ada:${created.pushToken}@`)}/git/${created.project.name}.git`
    const { stderr, code } = await git(work, 'push', remote, 'main')
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /remote: Hone: no run for main: As many runs of this project wait .* deliver it again/,
    )
    drain()
    const [refused] = deliveries()
    const taken = await (await api(`/deliveries/${refused?.deliveryId}/again`)).json()
    expect(taken).toMatchObject({ outcome: 'run' })
  })

  it('the API answers 429', async () => {
    await start('a')
    expect((await errorOf(start('b'), 429)).code).toBe('queue-full')
    drain()
    expect((await start('b')).status).toBe(201)
  })
})
