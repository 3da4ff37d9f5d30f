import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { unavailable, userError } from '../../src/domain/failure.ts'
import { defaultSettings } from '../../src/domain/settings.ts'
import type { AdminDeps } from '../../src/http/api/admin/deps.ts'
import { EngineView, MailSettingsView, SlotsView } from '../../src/http/contract.ts'
import { hashOf } from '../../src/secrets.ts'
import { someSurroundings } from '../helpers/admin.ts'
import { fullRun, type TestServer, testServer } from '../helpers/http.ts'
import { errorOf } from './support.ts'

const GIB = 1024 ** 3
const VIEWER = 'the-token-of-a-viewer'
let hone: TestServer
let admin: AdminDeps
beforeAll(async () => {
  admin = someSurroundings()
  hone = await testServer({ admin })
  const { id } = hone.store.users.insert({ name: 'grace', role: 'viewer' })
  hone.store.tokens.insert({ userId: id, name: 'laptop', hash: hashOf(VIEWER), endsAt: null })
})
afterAll(() => hone.close())
beforeEach(() => void Object.assign(admin, someSurroundings()))

const get = async (path: string) => (await hone.api(`/admin${path}`)).json()
const post = (path: string, body: unknown = {}) => hone.api(`/admin${path}`, { method: 'POST', body })
const lastDeed = () => hone.store.audit.list({ limit: 1 })[0]

describe('the engine', () => {
  it('is told with its disks', async () => {
    const view = EngineView.parse(await get('/engine'))
    expect(view).toMatchObject({ away: null, facts: { storageDriver: 'overlay2' } })
    expect(view.disks.engine?.free).toBe(31 * GIB)
  })
})

describe('slots', () => {
  it('say what there is, who holds it, and who waits for what', async () => {
    const { store } = hone
    const { project } = hone.project({ name: 'digits' })
    const { run } = fullRun(store, project.id, defaultSettings)
    const trial = store.trials.insert({
      ...{ runId: run.id, number: 1, values: {}, origin: '', repeats: null, seed: 0, sha: 'b', diff: '' },
    })
    const slot = { memoryBytes: 8 * GIB, cpus: 4, gpus: 1 }
    store.attempts.insert({ trialId: trial.id, number: 1, container: 'c', deadline: 1, slot })
    store.transaction(() => {
      const job = store.jobs.claim({ names: ['git-import'], exclusive: [] }, 'w', 1000)
      if (job) store.jobs.retry(job, unavailable('slots-busy', 'It waits for memory.', '').failure, 5, false)
    })
    const view = SlotsView.parse(await get('/slots'))
    expect(view.capacity).toMatchObject({ cpus: 16, gpus: 2, parallel: 4 })
    expect(view.held).toEqual([
      { ...slot, runId: run.id, run: 'digits #1', trial: 1, attempt: 1, state: 'starting', since: null },
    ])
    expect(view.waiting).toMatchObject([{ run: 'digits #1', for: 'slot', text: 'It waits for memory.' }])
    admin.capacity = async () => null
    expect(SlotsView.parse(await get('/slots'))).toMatchObject({ capacity: null, held: [slot] })
  })
})

describe('mail', () => {
  it('has its settings, how many wait, and what is wrong', async () => {
    hone.deps.health.report('mail', 'mx cannot be reached.', 'Check it.')
    const view = MailSettingsView.parse(await get('/mail'))
    expect(view).toMatchObject({ server: null, counts: { pending: 1, sent: 0, written: 0, failed: 0 } })
    expect(view.problem).toMatchObject({ message: 'mx cannot be reached.', remedy: 'Check it.' })
    hone.deps.health.clear('mail')
    expect(MailSettingsView.parse(await get('/mail')).problem).toBeNull()
  })

  it('answers a test with what the server said, and records it', async () => {
    const asked: string[] = []
    admin.mail.sendTest = async (to) => {
      asked.push(to)
      return { ok: false, said: '550 no', remedy: 'Check it.' }
    }
    const response = await post('/mail/test', { to: 'ada@example.org' })
    expect(await response.json()).toEqual({ ok: false, said: '550 no', remedy: 'Check it.' })
    expect(asked).toEqual(['ada@example.org'])
    expect(lastDeed()).toMatchObject({ action: 'mail tested', subject: 'to ada@example.org: refused' })
  })

  it.each(['', 'ada', 'ada@', 'a@b.c\r\nBcc: x@y.z', 'a@example.org, b@example.org'])(
    'tests no %j',
    async (to) => {
      const error = await errorOf(post('/mail/test', { to }), 400)
      expect(error.message).toContain('must be a mail address')
    },
  )
})

describe('data', () => {
  it('has the retention in force and what is used', async () => {
    expect(await get('/data')).toMatchObject({
      retention: { runs: 200, days: 90, diskShare: 0.95 },
      folder: '/srv/hone',
    })
  })

  it('is cleaned up on demand, which is recorded', async () => {
    const removed = [{ kind: 'logs', name: 'logs/run-1', bytes: 2048, reason: 'old' }]
    admin.cleanUp = async () => ({ removed, failed: [], freedBytes: 2048, compacted: 1 })
    expect(await (await post('/data/clean-up')).json()).toMatchObject({ freedBytes: 2048, removed })
    expect(lastDeed()).toMatchObject({ action: 'cleaned up', subject: '1 thing, 2.0 KiB' })
  })

  it('is left alone while the engine is away', async () => {
    admin.cleanUp = async () => {
      throw unavailable('engine-away', 'The engine does not answer.', 'Start it.')
    }
    expect((await errorOf(post('/data/clean-up'), 503)).code).toBe('engine-away')
    expect(lastDeed()?.subject).toBe('on the page Admin: failed (engine-away)')
  })

  it('is cleaned up where the disk is too full for the row of the record, which is written afterwards', async () => {
    const { append } = hone.store.audit
    hone.store.audit.append = () => {
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    }
    admin.cleanUp = async () => {
      hone.store.audit.append = append
      return { removed: [], failed: [], freedBytes: 0, compacted: 0 }
    }
    expect((await post('/data/clean-up')).status).toBe(200)
    expect(lastDeed()).toMatchObject({ action: 'cleaned up', subject: '0 things, 0 B' })
    hone.store.audit.append = () => {
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    }
    try {
      expect((await post('/mail/test', { to: 'ada@example.org' })).status).toBe(503)
    } finally {
      hone.store.audit.append = append
    }
  })
})

describe('backups', () => {
  it('are begun, one at a time', async () => {
    let starts = 0
    admin.backups.start = () => {
      starts++
    }
    expect((await post('/backups')).status).toBe(202)
    expect(lastDeed()?.action).toBe('backup made')
    const before = lastDeed()?.id
    admin.backups.start = () => {
      throw userError('backup-running', 'A backup is being made already.', 'Wait.')
    }
    expect((await errorOf(post('/backups'), 409)).code).toBe('backup-running')
    expect([starts, lastDeed()?.id]).toEqual([1, before])
  })

  it('are downloaded by their name, which is recorded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hone-backup-'))
    const path = join(folder, 'b')
    await writeFile(path, 'all of it')
    admin.backups.find = async (name) => (name === 'hone.tar.gz' ? path : null)
    const response = await hone.api('/admin/backups/hone.tar.gz')
    expect(await response.text()).toBe('all of it')
    expect(response.headers.get('content-disposition')).toContain('hone.tar.gz')
    expect(lastDeed()).toMatchObject({ action: 'backup downloaded', subject: 'hone.tar.gz' })
    await errorOf(hone.api('/admin/backups/other'), 404)
    await errorOf(hone.api('/admin/backups/..%2F..%2Fhone.sqlite'), 404)
    await rm(folder, { recursive: true })
    const before = lastDeed()?.id
    expect((await errorOf(hone.api('/admin/backups/hone.tar.gz'), 404)).message).toContain('hone.tar.gz')
    expect(lastDeed()?.id).toBe(before)
  })
})

describe('a viewer', () => {
  const as = (path: string, method = 'GET') =>
    hone.api(`/admin${path}`, { method, headers: { authorization: `Bearer ${VIEWER}` } })

  it.each(['/engine', '/slots', '/mail', '/data'])('reads %s', async (path) => {
    expect((await as(path)).status).toBe(200)
  })

  it.each([
    ['GET', '/backups'],
    ['GET', '/backups/hone.tar.gz'],
    ['POST', '/backups'],
    ['POST', '/mail/test'],
    ['POST', '/data/clean-up'],
  ])('is refused %s %s', async (method, path) => {
    expect((await errorOf(as(path, method), 403)).code).toBe('viewer')
  })
})
