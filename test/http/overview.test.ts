import { describe, expect, it } from 'vitest'
import { OverviewView, type ProjectOverview } from '../../src/http/contract/overview.ts'
import { HealthView, RunSummary } from '../../src/http/contract.ts'
import { jobsInShort } from '../../src/http/overview.ts'
import { Remembered } from '../../src/http/remembered.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()

const look = async () => OverviewView.parse(await (await api.get('/overview')).json())
const own = async (): Promise<ProjectOverview> => {
  const found = (await look()).projects.find(({ name }) => name === api.name)
  if (!found) throw new Error('the project is not in the overview')
  return found
}

describe('the overview', () => {
  it('has a project without runs, and what it received', async () => {
    const { project } = api.hone.project({ name: api.name, repoUrl: 'https://me:hunter2@host/a.git' })
    expect(await own()).toMatchObject({
      ...{ last: null, history: [], delivery: null },
      repoUrl: 'https://me:***@host/a.git',
    })
    api.hone.store.deliveries.insert({
      ...{ projectId: project.id, deliveryId: 'x', event: 'ping', outcome: 'ping' },
      ...{ reason: null, runId: null, payload: Buffer.from('{}') },
    })
    expect((await own()).delivery).toMatchObject({ event: 'ping', outcome: 'ping' })
  })

  it('has the last run, the values of those before it, and what goes on', async () => {
    const { run, project } = api.full()
    const { store } = api.hone
    let mine = await own()
    expect(mine.last).toMatchObject({ id: run.id, best: 0.75, state: 'running', training: [], trials: [] })
    expect(mine.last?.jobs.map(({ name }) => name)).toEqual(['git-import'])
    expect((await look()).now.map(({ id }) => id)).toContain(run.id)

    store.endRun(run.id, 'exhausted', { kind: 'budget', reason: 'spent' })
    mine = await own()
    expect(mine.last?.state).toBe('exhausted')
    const next = store.runs.insert({
      ...{ projectId: project.id, ref: 'refs/heads/main', sha: 'b'.repeat(40), trigger: 'api' },
      ...{ author: null, message: null, overrides: {}, settings: run.settings },
    })
    mine = await own()
    expect(mine.last?.id).toBe(next.id)
    expect(mine.history.map(({ number, best }) => [number, best])).toEqual([
      [1, 0.75],
      [2, null],
    ])
  })

  it('leaves runs of another metric out of the curve', async () => {
    const { run, project } = api.full()
    api.hone.store.runs.insert({
      ...{ projectId: project.id, ref: 'refs/heads/main', sha: 'b'.repeat(40), trigger: 'api' },
      ...{ author: null, message: null, overrides: {} },
      settings: { ...run.settings, metric: 'loss', direction: 'minimize' },
    })
    expect((await own()).history.map(({ number }) => number)).toEqual([2])
  })

  it('tells what happened to an ended run since it was asked for', async () => {
    const { run } = api.full()
    const { store } = api.hone
    store.endRun(run.id, 'succeeded', { kind: 'target', reason: 'met' })
    expect((await own()).last?.jobs).toHaveLength(1)
    store.jobs.enqueue(run.id, 'notify', 'notify', {})
    expect((await own()).last?.jobs.map(({ name }) => name)).toEqual(['git-import', 'notify'])
  })

  it('has what waits, with what it waits for', async () => {
    const { run } = api.full()
    const { store } = api.hone
    for (const other of store.runs.list()) if (other.id !== run.id) store.jobs.cancelOpen(other.id)
    const job = store.jobs.claim({ names: ['git-import'], exclusive: [] }, 'test', 60_000)
    if (!job) throw new Error('no job')
    const failure = {
      kind: 'unavailable',
      code: 'git-host-unreachable',
      message: 'No git.',
      remedy: '',
    } as const
    store.jobs.retry(job, failure, store.now() + 60_000, false)
    const { waits, now } = await look()
    expect(waits.find(({ id }) => id === run.id)?.waits).toMatchObject({ for: 'git', text: 'No git.' })
    expect(now.map(({ id }) => id)).not.toContain(run.id)
    store.endRun(run.id, 'cancelled')
  })
})

describe('a run by its number', () => {
  it('is found within its project', async () => {
    const { run } = api.full()
    const found = RunSummary.parse(await (await api.get(`/projects/${api.name}/runs/1`)).json())
    expect(found.id).toBe(run.id)
  })

  it.each(['2', '0', 'x', '-1'])('is not found as %s', async (number) => {
    api.full()
    await errorOf(api.get(`/projects/${api.name}/runs/${number}`), 404)
  })
})

it('health tells what is known of each part, and what is wrong', async () => {
  const { health } = api.hone.deps
  const asked = async () => HealthView.parse(await (await api.get('/health')).json())
  expect(await asked()).toMatchObject({ ok: true, problems: [] })
  health.know('engine', { version: '28.1.1', at: Date.now() })
  health.report('disk', 'Full.', 'Free some.')
  const { ok, parts } = await asked()
  expect(ok).toBe(false)
  expect(parts.map(({ part, state }) => [part, state])).toEqual(
    expect.arrayContaining([
      ['engine', 'ok'],
      ['disk', 'bad'],
    ]),
  )
  health.clear('disk')
})

it('a webhook with a wrong signature is seen in health', async () => {
  api.hone.project({ name: api.name })
  const headers = { 'content-type': 'application/json' }
  await fetch(`${api.hone.url}/webhooks/${api.name}`, { method: 'POST', headers, body: '{}' })
  const { parts } = HealthView.parse(await (await api.get('/health')).json())
  expect(parts.find(({ part }) => part === 'webhook')).toMatchObject({
    state: 'warn',
    text: expect.stringContaining(api.name),
  })
})

it('of the jobs of a run only those are told that its chain is drawn from', () => {
  const jobs = [
    { id: 1, name: 'train', state: 'done' },
    { id: 2, name: 'tweak', state: 'done' },
    { id: 3, name: 'train', state: 'running' },
    { id: 4, name: 'train', state: 'failed' },
    { id: 5, name: 'train', state: 'cancelled' },
    { id: 6, name: 'train', state: 'cancelled' },
    { id: 7, name: 'tweak', state: 'queued' },
    { id: 8, name: 'tweak', state: 'queued' },
    { id: 9, name: 'tweak', state: 'queued' },
  ] as const
  expect(jobsInShort(jobs).map(({ id }) => id)).toEqual([3, 4, 6, 7, 9])
})

it('what is remembered is made anew for another version only', () => {
  const kept = new Remembered<string>()
  expect(kept.get(1, 5, () => 'five')).toBe('five')
  expect(kept.get(1, 5, () => 'again')).toBe('five')
  expect(kept.get(1, 6, () => 'six')).toBe('six')
  expect(kept.get(1, null, () => 'none')).toBe('none')
})

it('what was asked for longest ago is forgotten first', () => {
  const kept = new Remembered<string>(2)
  for (const id of [1, 2, 1, 3]) kept.get(id, 0, () => 'old')
  expect(kept.get(1, 0, () => 'new')).toBe('old')
  expect(kept.get(2, 0, () => 'new')).toBe('new')
})
