import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultSettings } from '../../src/domain/settings.ts'
import {
  DeliveryView,
  ErrorView,
  HealthView,
  MailView,
  NewProjectView,
  ProjectView,
  RunSummary,
  RunView,
  TrialView,
} from '../../src/http/contract.ts'
import { commit, fullRun, type TestServer, testServer } from '../helpers/http.ts'

let hone: TestServer
let name: string
let names = 0

beforeAll(async () => {
  hone = await testServer()
})
afterAll(() => hone.close())
beforeEach(() => {
  name = `p${++names}`
})

const get = (path: string) => hone.api(path)
const post = (path: string, body: unknown) => hone.api(path, { method: 'POST', body })
const patch = (path: string, body: unknown) => hone.api(path, { method: 'PATCH', body })

/** The error of an answer, which must have this status. */
async function errorOf(answer: Promise<Response>, status: number) {
  const response = await answer
  const { error } = ErrorView.parse(await response.json())
  expect({ status: response.status, error }).toMatchObject({ status })
  return error
}
const full = (settings = {}) => {
  const { project } = hone.project({ name, settings })
  return { project, ...fullRun(hone.store, project.id, { ...defaultSettings, ...settings }) }
}

describe('projects', () => {
  it('are made with secrets that are shown this once', async () => {
    const response = await post('/projects', { name, settings: { target: 0.9 } })
    expect(response.status).toBe(201)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const made = NewProjectView.parse(await response.json())
    expect(made).toMatchObject({
      name,
      repoUrl: null,
      settings: { target: 0.9 },
      webhookUrl: `${hone.url}/webhooks/${name}`,
      gitRemote: `${hone.url}/git/${name}.git`,
    })
    expect(made.secret).not.toBe(made.pushToken)
    expect(made.secret.length).toBeGreaterThan(40)

    const again = await (await get(`/projects/${name}`)).text()
    expect(ProjectView.parse(JSON.parse(again)).id).toBe(made.id)
    expect(again).not.toContain(made.secret)
    expect(again).not.toContain(made.pushToken)
    expect(hone.store.projects.byName(name)?.pushTokenHash).not.toBe(made.pushToken)
    expect(await (await get('/projects')).json()).toContainEqual(JSON.parse(again))
  })

  it('have one name each, in any spelling', async () => {
    await post('/projects', { name })
    expect(await errorOf(post('/projects', { name: name.toUpperCase() }), 409)).toMatchObject({
      code: 'name-taken',
    })
  })

  it.each(['', '-x', 'a/b', '..', 'a b', 'x.git', 'a'.repeat(65), '__proto__'])(
    'cannot be named %j',
    async (bad) => {
      expect(await errorOf(post('/projects', { name: bad }), 400)).toMatchObject({ code: 'bad-name' })
    },
  )

  it.each([
    'ext::sh -c id',
    'ext::id',
    '--upload-pack=id',
    'git://host/a.git',
    'http://host/a.git',
    'javascript:alert(1)',
    'ssh://-oProxyCommand=id/a',
    'ssh://-x@host/a',
    'https:///a',
    'a b',
    'relative/path',
  ])('refuse the repository %s', async (repoUrl) => {
    expect(await errorOf(post('/projects', { name, repoUrl }), 400)).toMatchObject({
      code: 'bad-repository-url',
    })
  })

  it.each(['https://host/a.git', 'git@host:you/a.git', 'ssh://git@host:22/a.git', 'file:///srv/a.git'])(
    'take the repository %s',
    async (repoUrl) => {
      expect(await (await post('/projects', { name, repoUrl })).json()).toMatchObject({ repoUrl })
    },
  )

  it('do not show the password in a repository address', async () => {
    await post('/projects', { name, repoUrl: 'https://me:hunter2@host/a.git' })
    expect(await (await get(`/projects/${name}`)).json()).toMatchObject({
      repoUrl: 'https://me:***@host/a.git',
    })
  })

  it('name every setting that is wrong', async () => {
    const { code, message } = await errorOf(
      post('/projects', { name, settings: { trials: 0, colour: 1, mail: ['nobody'] } }),
      400,
    )
    expect(code).toBe('bad-settings')
    expect(message).toContain('settings.trials:')
    expect(message).toContain('settings.mail.0:')
    expect(message).toContain('settings.colour: there is no such setting')
  })

  it.each([
    ['{', 'bad-json'],
    ['[]', 'bad-request'],
    ['{"name":1}', 'bad-request'],
    ['{"name":"x","owner":"me"}', 'bad-request'],
    ['', 'bad-json'],
    ['['.repeat(200), 'too-deep'],
  ])('refuse the body %s', async (body, code) => {
    expect(await errorOf(post('/projects', body), 400)).toMatchObject({ code })
  })

  it('refuse a body over 1 MiB', async () => {
    expect(await errorOf(post('/projects', ' '.repeat(1024 * 1024 + 1)), 413)).toMatchObject({
      code: 'too-large',
    })
  })

  it('are not to be had by __proto__', async () => {
    const body = `{"name":"${name}","settings":{"__proto__":{"target":0.1},"trials":3}}`
    const response = await post('/projects', body)
    expect(response.status).toBe(201)
    expect(hone.store.projects.byName(name)?.settings).toEqual({ trials: 3 })
    expect(({} as { target?: unknown }).target).toBeUndefined()
  })

  it('merge changed settings; null takes one back', async () => {
    hone.project({ name, settings: { target: 0.9, trials: 5 } })
    const response = await patch(`/projects/${name}`, { settings: { trials: null, seed: 3 } })
    expect(await response.json()).toMatchObject({ settings: { target: 0.9, seed: 3 } })
    expect(hone.store.projects.byName(name)?.settings).toEqual({ target: 0.9, seed: 3 })
    await errorOf(patch(`/projects/${name}`, { settings: { seed: -1 } }), 400)
    expect(hone.store.projects.byName(name)?.settings).toEqual({ target: 0.9, seed: 3 })
  })

  it('that are not there: 404', async () => {
    for (const path of ['/projects/nobody', '/projects/nobody/deliveries', '/runs?project=nobody']) {
      expect(await errorOf(get(path), 404)).toMatchObject({ code: 'not-found' })
    }
    await errorOf(post('/projects/nobody/runs', { sha: commit('a') }), 404)
    await errorOf(patch('/projects/nobody', { settings: {} }), 404)
  })
})

describe('runs', () => {
  it('are started by hand, as often as one likes', async () => {
    hone.project({ name, settings: { branches: ['release/*', 'trunk'], trials: 9 } })
    const body = { sha: commit('a'), settings: { target: 0.7 } }
    const response = await post(`/projects/${name}/runs`, body)
    expect(response.status).toBe(201)
    const run = RunSummary.parse(await response.json())
    expect(run).toMatchObject({
      project: name,
      number: 1,
      ref: 'refs/heads/trunk',
      trigger: 'api',
      state: 'queued',
      target: 0.7,
      trialBudget: 9,
      url: `${hone.url}/runs/${run.id}`,
    })
    expect(hone.store.jobs.ofRun(run.id)).toHaveLength(1)
    const second = await (await post(`/projects/${name}/runs`, { ...body, ref: 'idea' })).json()
    expect(second).toMatchObject({ number: 2, ref: 'refs/heads/idea' })
  })

  it.each([
    [{ sha: 'main' }, 'sha'],
    [{ sha: '--all' }, 'sha'],
    [{ sha: 'a'.repeat(40), ref: '../x' }, 'ref'],
    [{ sha: 'a'.repeat(40), ref: 'a..b' }, 'ref'],
    [{ sha: 'a'.repeat(40), settings: { trials: 'many' } }, 'settings.trials'],
    [{}, 'sha'],
  ])('refuse %j', async (body, field) => {
    hone.project({ name })
    const { message } = await errorOf(post(`/projects/${name}/runs`, body), 400)
    expect(message).toContain(field)
  })

  it('are listed newest first, a page at a time', async () => {
    hone.project({ name })
    for (const letter of 'abc') await post(`/projects/${name}/runs`, { sha: commit(letter) })
    const page = async (query: string) =>
      RunSummary.array()
        .parse(await (await get(`/runs?project=${name}&${query}`)).json())
        .map(({ number, id }) => ({ number, id }))
    const first = await page('limit=2')
    expect(first.map(({ number }) => number)).toEqual([3, 2])
    expect((await page(`before=${first[1]?.id}`)).map(({ number }) => number)).toEqual([1])
    await errorOf(get('/runs?limit=-1'), 400)
    await errorOf(get('/runs?before=x'), 400)
  })

  it('are shown whole', async () => {
    const { run, trial, attempt } = full()
    const view = RunView.parse(await (await get(`/runs/${run.id}`)).json())
    expect(view).toMatchObject({
      best: 0.75,
      bestTrial: 0,
      trialCount: 1,
      trialBudget: 20,
      jobs: [{ name: 'git-import' }],
      trials: [
        { id: trial.id, metric: 0.75, attempts: [{ id: attempt.id, state: 'succeeded', exitCode: 0 }] },
      ],
      mails: [{ subject: 'Best 0.75', state: 'pending' }],
      lastEventId: hone.store.events.lastId(),
    })
  })

  it('can be cancelled, once', async () => {
    const { run } = full()
    const response = await post(`/runs/${run.id}/cancel`, {})
    expect(await response.json()).toMatchObject({ state: 'cancelled' })
    expect(await errorOf(post(`/runs/${run.id}/cancel`, {}), 409)).toMatchObject({ code: 'run-ended' })
  })

  it.each(['/runs/999999', '/runs/x', '/runs/1e3', '/runs/-1', '/runs/999999/events', '/runs/..%2f1'])(
    '%s: 404',
    async (path) => {
      await errorOf(get(path), 404)
    },
  )

  it('that cannot be cancelled because the database is away: 503', async () => {
    const { run } = full()
    const spy = vi.spyOn(hone.deps.actions, 'cancelRun').mockImplementation(() => {
      throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
    })
    expect(await errorOf(post(`/runs/${run.id}/cancel`, {}), 503)).toMatchObject({ code: 'disk-full' })
    spy.mockImplementation(() => {
      throw new Error('secret detail')
    })
    const error = await errorOf(post(`/runs/${run.id}/cancel`, {}), 500)
    expect(JSON.stringify(error)).not.toContain('secret detail')
    spy.mockRestore()
  })
})

describe('trials', () => {
  const folderOf = (runId: number) => hone.deps.paths.trialArtifacts(runId, 0)
  const put = async (path: string, text: string) => {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }

  it('are shown with metrics, evidence and diff', async () => {
    const { trial, attempt, run } = full()
    const view = TrialView.parse(await (await get(`/trials/${trial.id}`)).json())
    expect(view).toMatchObject({
      runId: run.id,
      values: { lr: 0.1 },
      metrics: [{ attemptId: attempt.id, value: 0.75, evidence: 'Test accuracy: 0.75', decisive: false }],
      artifacts: [],
    })
    const diff = await get(`/trials/${trial.id}/diff`)
    expect(diff.headers.get('content-type')).toBe('text/x-diff; charset=utf-8')
    expect(await diff.text()).toBe('--- a\n+++ b\n')
    await errorOf(get('/trials/999999'), 404)
    await errorOf(get('/trials/999999/diff'), 404)
  })

  it('give their artifacts, in folders too', async () => {
    const { trial, run } = full()
    await put(join(folderOf(run.id), 'model.pt'), 'weights')
    await put(join(folderOf(run.id), 'plots', 'loss.svg'), '<svg onload="alert(1)"/>')
    const { artifacts } = TrialView.parse(await (await get(`/trials/${trial.id}`)).json())
    expect(artifacts.map(({ name, size }) => [name, size])).toEqual([
      ['model.pt', 7],
      ['plots/loss.svg', 24],
    ])
    const [model, plot] = await Promise.all(artifacts.map(({ url }) => get(url.replace('/api/v1', ''))))
    expect(await model?.text()).toBe('weights')
    expect(plot?.headers.get('content-type')).toBe('application/octet-stream')
    expect(plot?.headers.get('content-disposition')).toMatch(/^attachment; filename="?loss.svg"?$/)
    expect(plot?.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('give nothing outside their folder', async () => {
    const { trial, run } = full()
    const outside = join(hone.folder, 'outside.txt')
    await put(outside, 'secret')
    await put(join(folderOf(run.id), 'model.pt'), 'weights')
    await symlink(outside, join(folderOf(run.id), 'link.txt'))
    await symlink(hone.folder, join(folderOf(run.id), 'away'))
    const { artifacts } = TrialView.parse(await (await get(`/trials/${trial.id}`)).json())
    expect(artifacts.map(({ name }) => name)).toEqual(['model.pt'])
    for (const bad of [
      'link.txt',
      'away/outside.txt',
      '../../../outside.txt',
      '/etc/passwd',
      'x\0',
      '.',
      '',
    ]) {
      const response = await get(`/trials/${trial.id}/artifacts/${encodeURIComponent(bad)}`)
      expect({ bad, status: response.status }).toEqual({ bad, status: 404 })
    }
  })

  it('have logs, read in pieces by byte offset', async () => {
    const { run, attempt } = full()
    const path = `/attempts/${attempt.id}/log`
    const empty = await get(path)
    expect([empty.status, await empty.text(), empty.headers.get('x-next-offset')]).toEqual([200, '', '0'])

    await put(hone.deps.paths.attemptLog(run.id, attempt.id), 'epoch 1\nepoch 2\n')
    const first = await get(`${path}?limit=8`)
    expect(first.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect([await first.text(), first.headers.get('x-next-offset')]).toEqual(['epoch 1\n', '8'])
    const rest = await get(`${path}?offset=8`)
    expect([await rest.text(), rest.headers.get('x-next-offset')]).toEqual(['epoch 2\n', '16'])
    await errorOf(get(`${path}?offset=x`), 400)
    await errorOf(get('/attempts/999999/log'), 404)
  })

  it('give a log of any size as a download', async () => {
    const { run, attempt } = full()
    const text = 'a line of a long log\n'.repeat(150_000)
    await put(hone.deps.paths.attemptLog(run.id, attempt.id), text)
    const response = await get(`/attempts/${attempt.id}/log?download`)
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="?attempt-\d+.log"?$/)
    expect(await response.text()).toBe(text)
  })
})

describe('mails', () => {
  it('are listed and shown; their HTML cannot run anything', async () => {
    const { run } = full()
    const [mail] = MailView.array().parse(await (await get(`/mails?run=${run.id}`)).json())
    expect(mail).toMatchObject({ to: 'ada@example.org', attachments: ['best.diff'] })
    expect(MailView.parse(await (await get(`/mails/${mail?.id}`)).json())).toEqual(mail)
    const html = await get(`/mails/${mail?.id}/html`)
    expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(html.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
    expect(await html.text()).toContain('<b>0.75</b>')
    await errorOf(get('/mails/999999'), 404)
    await errorOf(get('/mails/999999/html'), 404)
  })
})

describe('the rest', () => {
  it('lists deliveries with their reasons', async () => {
    const { project } = hone.project({ name })
    hone.store.deliveries.insert({
      projectId: project.id,
      deliveryId: 'd1',
      event: 'push',
      outcome: 'ignored',
      reason: 'Tags do not start runs.',
      runId: null,
      payload: Buffer.from('{"secret":1}'),
    })
    const response = await get(`/projects/${name}/deliveries`)
    const [delivery] = DeliveryView.array().parse(await response.json())
    expect(delivery).toMatchObject({ deliveryId: 'd1', reason: 'Tags do not start runs.' })
    expect(Object.keys(delivery ?? {})).not.toContain('payload')
  })

  it('tells what is wrong', async () => {
    expect(HealthView.parse(await (await get('/health')).json())).toEqual({ ok: true, problems: [] })
    hone.deps.health.report('engine', 'No Docker engine answers.', 'Start it.')
    expect(HealthView.parse(await (await get('/health')).json())).toMatchObject({
      ok: false,
      problems: [{ part: 'engine', message: 'No Docker engine answers.' }],
    })
    const metrics = await fetch(`${hone.url}/metrics`, {
      headers: { authorization: 'Bearer admin-token-of-the-tests' },
    })
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    const text = await metrics.text()
    for (const line of ['hone_problems 1', 'hone_jobs{state="failed"} 0', 'process_resident_memory_bytes']) {
      expect(text).toContain(line)
    }
    expect(text).toMatch(/^hone_runs\{state="queued"\} \d+$/m)
    hone.deps.health.clear('engine')
  })

  it('describes itself, every route of it', async () => {
    const document = (await (await get('/openapi.json')).json()) as {
      openapi: string
      paths: Record<string, Record<string, unknown>>
      components: { schemas: Record<string, unknown> }
    }
    expect(document.openapi).toBe('3.1.0')
    expect(document.components.schemas).toHaveProperty('RunSummary')
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const method of Object.keys(operations)) {
        const address = path.replace('{id}', '999999').replace('{name}', 'nobody')
        const body = method === 'get' ? {} : { body: {} }
        const response = await hone.api(address, { method: method.toUpperCase(), ...body })
        // A live stream has no end to wait for.
        if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
          await response.body?.cancel()
          continue
        }
        expect(await response.text()).not.toContain(
          `${method.toUpperCase()} /api/v1${address} does not exist`,
        )
      }
    }
  })

  it('answers 404 as JSON where there is nothing', async () => {
    for (const method of ['GET', 'POST', 'DELETE', 'PUT']) {
      expect(await errorOf(hone.api('/nothing', { method }), 404)).toMatchObject({ code: 'not-found' })
    }
    await errorOf(hone.api('/projects/%E0%A4%A'), 400)
    await errorOf(hone.api('/', {}), 404)
  })

  it('is alive, or says so when the database is not', async () => {
    const healthy = await fetch(`${hone.url}/healthz`)
    expect([healthy.status, await healthy.json()]).toEqual([200, { ok: true }])
    const spy = vi.spyOn(hone.store.meta, 'get').mockImplementation(() => {
      throw new Error('gone')
    })
    const ill = await fetch(`${hone.url}/healthz`)
    expect([ill.status, await ill.json()]).toEqual([503, { ok: false }])
    spy.mockRestore()
  })
})
