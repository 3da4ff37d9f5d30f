import { describe, expect, it } from 'vitest'
import { defaultSettings, resolveSettings } from '../../src/domain/settings.ts'
import {
  DeliveryPayloadView,
  MetricHistoryView,
  RotatedView,
  RunFiltersView,
  type RunSummary,
  SettingFieldView,
} from '../../src/http/contract.ts'
import { ADMIN_TOKEN, commit, fullRun, git, signature } from '../helpers/http.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()

const aRun = (projectId: number, change: { ref?: string; author?: string; message?: string } = {}) =>
  api.hone.store.runs.insert({
    projectId,
    ref: 'refs/heads/main',
    sha: commit('c'),
    trigger: 'api',
    author: 'Ada',
    message: 'Train',
    overrides: {},
    settings: defaultSettings,
    ...change,
  })

describe('runs', () => {
  const numbers = async (query: string) => {
    const response = await api.get(`/runs?project=${api.name}${query}`)
    return ((await response.json()) as RunSummary[]).map(({ number }) => number)
  }

  it('are filtered by branch, state, author and text, page by page', async () => {
    const { project } = api.hone.project({ name: api.name })
    aRun(project.id, { ref: 'refs/heads/wide', author: 'Grace & Co' })
    aRun(project.id, { message: 'Half the rate' })
    const last = aRun(project.id, { ref: 'refs/tags/v1' })
    api.hone.store.runs.transition(last.id, 'cancelled')
    expect(await numbers('')).toEqual([3, 2, 1])
    expect(await numbers('&branch=wide')).toEqual([1])
    expect(await numbers('&branch=refs/tags/v1')).toEqual([3])
    expect(await numbers('&state=queued')).toEqual([2, 1])
    expect(await numbers(`&author=${encodeURIComponent('Grace & Co')}`)).toEqual([1])
    expect(await numbers('&q=half')).toEqual([2])
    expect(await numbers('&branch=&state=&author=&q=')).toEqual([3, 2, 1])
    expect(await numbers(`&limit=1&before=${last.id}`)).toEqual([2])
    const filters = RunFiltersView.parse(await (await api.get(`/projects/${api.name}/run-filters`)).json())
    expect(filters).toEqual({ branches: ['main', 'wide', 'refs/tags/v1'], authors: ['Ada', 'Grace & Co'] })
  })

  it.each([
    ['state=done', /^state: 'done' is none/],
    ['stopped=maybe', /^stopped: 'maybe' is neither true nor false/],
    ['branch=a&branch=b', /^branch:/],
    [`q=${'x'.repeat(201)}`, /^q:/],
    ['before=x', /^before:/],
  ])('are not listed by %s', async (query, message) => {
    expect((await errorOf(api.get(`/runs?${query}`), 400)).message).toMatch(message)
  })
})

describe('the metric over commits', () => {
  const history = async (query = '') =>
    MetricHistoryView.parse(await (await api.get(`/projects/${api.name}/metric-history${query}`)).json())

  it('has a point for each run with a value, the oldest first', async () => {
    const { project, run } = api.full()
    aRun(project.id)
    const second = fullRun(api.hone.store, project.id, { ...defaultSettings, target: 0.7 }, 'refs/heads/wide')
    const { metric, points, others } = await history()
    expect({ metric, others }).toEqual({ metric: 'accuracy', others: 0 })
    expect(points).toMatchObject([
      { run: run.id, number: 1, best: 0.75, target: 0.8, ref: 'main', state: 'running' },
      { run: second.run.id, number: 3, best: 0.75, target: 0.7, ref: 'wide' },
    ])
    expect((await history('?branch=wide')).points.map(({ number }) => number)).toEqual([3])
  })

  it('leaves out runs with another metric than the newest, and says how many', async () => {
    const { project } = api.full()
    fullRun(api.hone.store, project.id, resolveSettings({ metric: 'loss' }), 'refs/heads/loss')
    expect(await history()).toMatchObject({ metric: 'loss', direction: 'minimize', others: 1 })
  })

  it('of a project without runs is empty', async () => {
    api.hone.project({ name: api.name })
    expect(await history()).toEqual({ metric: null, direction: 'maximize', points: [], others: 0 })
  })
})

describe('settings', () => {
  it('have a schema with words, defaults and bounds', async () => {
    const fields = SettingFieldView.array().parse(await (await api.get('/settings-schema')).json())
    expect(fields.find(({ name }) => name === 'trials')).toMatchObject({
      group: 'budget',
      kind: 'integer',
      default: 20,
      min: 1,
    })
  })

  it('that are refused are named one by one, with what each has to be', async () => {
    api.hone.project({ name: api.name })
    const settings = { trials: 0, mail: ['nope'], network: 'yes', memory: 'much', data: [{ source: '/etc' }] }
    const error = await errorOf(api.patch(`/projects/${api.name}`, { settings }), 400)
    expect(error.fields).toEqual([
      { field: 'trials', message: 'has to be at least 1, not 0' },
      { field: 'memory', message: "expected a size such as '4g' or '512m'" },
      { field: 'network', message: 'has to be true, false or auto, not "yes"' },
      { field: 'data.0.source', message: "'/etc' meets /etc, which is the host's own" },
      { field: 'data.0.path', message: 'has to be a text' },
      { field: 'mail.0', message: 'has to be a mail address such as ada@example.org, not "nope"' },
    ])
    expect(error.remedy).toBe('Correct it, or leave it out to have its default.')
  })

  it('that do not exist are answered with the one that was meant, or with all', async () => {
    api.hone.project({ name: api.name })
    const change = (settings: object) => errorOf(api.patch(`/projects/${api.name}`, { settings }), 400)
    expect(await change({ trails: 3 })).toMatchObject({ remedy: 'Did you mean `trials`?' })
    expect((await change({ colour: 3 })).remedy).toMatch(/^The settings are metric, direction, /)
  })
})

describe('secrets', () => {
  const rotate = async (what: string) => {
    const response = await api.post(`/projects/${api.name}/rotate`, { what })
    expect(response.headers.get('cache-control')).toBe('no-store')
    return RotatedView.parse(await response.json())
  }
  const ping = async (secret: string) => {
    const body = '{"zen":"Keep it simple."}'
    const { status } = await fetch(`${api.hone.url}/webhooks/${api.name}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'ping',
        'x-github-delivery': `d-${secret.slice(0, 8)}`,
        'x-hub-signature-256': signature(secret, body),
      },
      body,
    })
    return status
  }

  it('a new webhook secret: the old one is refused from then on', async () => {
    const { secret: old } = api.hone.project({ name: api.name })
    expect(await ping(old)).toBe(202)
    const { secret = '', pushToken } = await rotate('secret')
    expect(pushToken).toBeUndefined()
    expect(await ping(old)).toBe(401)
    expect(await ping(secret)).toBe(202)
  })

  it('a new push token: the old one is refused from then on', async () => {
    const { pushToken: old } = api.hone.project({ name: api.name })
    const look = async (token: string) => {
      const remote = `${api.hone.url.replace('://', `://ada:${token}@`)}/git/${api.name}.git`
      return (await git(api.hone.folder, 'ls-remote', remote)).code
    }
    expect(await look(old)).toBe(0)
    const { pushToken = '', secret } = await rotate('push-token')
    expect(secret).toBeUndefined()
    expect(await look(old)).not.toBe(0)
    expect(await look(pushToken)).toBe(0)
    expect(await look(ADMIN_TOKEN)).toBe(0)
  })

  it('of no other kind, and of no project that is not there', async () => {
    api.hone.project({ name: api.name })
    expect((await errorOf(api.post(`/projects/${api.name}/rotate`, { what: 'all' }), 400)).message).toMatch(
      /^what: /,
    )
    await errorOf(api.post('/projects/nobody/rotate', { what: 'secret' }), 404)
  })
})

describe('a delivery', () => {
  const payloadOf = async (id: string) =>
    DeliveryPayloadView.parse(await (await api.get(`/projects/${api.name}/deliveries/${id}`)).json())
  const deliver = (change: object) => {
    const { project } = api.hone.project({ name: api.name })
    const received = { projectId: project.id, deliveryId: 'd-1', event: 'push', runId: null, reason: null }
    return api.hone.store.deliveries.insert({
      ...received,
      outcome: 'ignored',
      payload: Buffer.from('{"a":1}'),
      ...change,
    })
  }

  it('shows its payload and what the webhook was answered', async () => {
    deliver({ reason: 'Tags do not start runs.' })
    const { payload, bytes, cut, answer } = await payloadOf('d-1')
    expect({ payload, bytes, cut }).toEqual({ payload: '{"a":1}', bytes: 7, cut: false })
    expect(answer.status).toBe(202)
    expect(JSON.parse(answer.body)).toEqual({
      delivery: 'd-1',
      outcome: 'ignored',
      reason: 'Tags do not start runs.',
    })
  })

  it('that was refused shows the error', async () => {
    deliver({ outcome: 'refused', reason: 'Too many.' })
    const { answer } = await payloadOf('d-1')
    expect(answer.status).toBe(429)
    expect(JSON.parse(answer.body).error).toMatchObject({ code: 'queue-full', message: 'Too many.' })
  })

  it('of a push to Hone shows what git printed', async () => {
    const update = { before: '0'.repeat(40), after: commit('a'), ref: 'refs/heads/docs' }
    deliver({ reason: 'It is not followed.', payload: Buffer.from(JSON.stringify(update)) })
    expect((await payloadOf('d-1')).answer).toEqual({
      status: null,
      body: 'Hone: no run for docs: It is not followed.',
    })
  })

  it('of more than 64 KiB is cut', async () => {
    deliver({ payload: Buffer.alloc(70_000, 'x') })
    const { payload, bytes, cut } = await payloadOf('d-1')
    expect({ length: payload.length, bytes, cut }).toEqual({ length: 65_536, bytes: 70_000, cut: true })
  })

  it('that is not there: 404', async () => {
    deliver({})
    await errorOf(api.get(`/projects/${api.name}/deliveries/d-2`), 404)
  })
})
