import { describe, expect, it, vi } from 'vitest'
import type { Detection } from '../../src/domain/detection.ts'
import { RunSummary, RunView } from '../../src/http/contract.ts'
import { aDetection, aNetworkDetection } from '../helpers/detections.ts'
import { commit } from '../helpers/http.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()

describe('runs', () => {
  it('are started by hand, as often as one likes', async () => {
    api.hone.project({ name: api.name, settings: { branches: ['release/*', 'trunk'], trials: 9 } })
    const body = { sha: commit('a'), settings: { target: 0.7 } }
    const response = await api.post(`/projects/${api.name}/runs`, body)
    expect(response.status).toBe(201)
    const run = RunSummary.parse(await response.json())
    expect(run).toMatchObject({
      project: api.name,
      number: 1,
      ref: 'refs/heads/trunk',
      trigger: 'api',
      state: 'queued',
      target: 0.7,
      trialBudget: 9,
      url: `${api.hone.url}/runs/${run.id}`,
    })
    expect(api.hone.store.jobs.ofRun(run.id)).toHaveLength(1)
    const second = await (await api.post(`/projects/${api.name}/runs`, { ...body, ref: 'idea' })).json()
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
    api.hone.project({ name: api.name })
    const { message } = await errorOf(api.post(`/projects/${api.name}/runs`, body), 400)
    expect(message).toContain(field)
  })

  it('are listed newest first, a page at a time', async () => {
    api.hone.project({ name: api.name })
    for (const letter of 'abc') await api.post(`/projects/${api.name}/runs`, { sha: commit(letter) })
    const page = async (query: string) =>
      RunSummary.array()
        .parse(await (await api.get(`/runs?project=${api.name}&${query}`)).json())
        .map(({ number, id }) => ({ number, id }))
    const first = await page('limit=2')
    expect(first.map(({ number }) => number)).toEqual([3, 2])
    expect((await page(`before=${first[1]?.id}`)).map(({ number }) => number)).toEqual([1])
    await errorOf(api.get('/runs?limit=-1'), 400)
    await errorOf(api.get('/runs?before=x'), 400)
  })

  it('show what was detected, without the byte ranges and patches of the rewriting', async () => {
    const { run } = api.full()
    const detection = aNetworkDetection()
    api.hone.store.runs.update(run.id, { detection })
    const body = (await (await api.get(`/runs/${run.id}`)).json()) as { detection: Detection }
    const view = RunView.parse(body).detection
    expect(view).toMatchObject({
      ...{ framework: 'keras', family: 'cnn', task: 'classification', entry: 'lenet.py' },
      metric: { name: 'accuracy', direction: 'maximize' },
      image: { name: 'keras2', reason: 'it is written for keras 2 (lenet.py:31)', packages: [] },
      ...{ gpus: 0, network: null },
      versions: [{ line: 31, runsOn: 'keras 2', change: 'call `fit`, which takes generators' }],
      evidence: detection.evidence,
      leftAlone: detection.leftAlone,
    })
    expect(body.detection.hyperparameters.slice(0, 3)).toEqual([
      {
        ...{ name: 'conv_blocks', file: 'lenet.py', line: 18, column: 1, value: 2 },
        distribution: { type: 'int', low: 1, high: 3, log: false },
        ...{ source: 'LeNet-5 with 3 to 6 layers', ties: [], condition: null, structure: true },
      },
      expect.objectContaining({ name: 'optimizer', structure: false }),
      expect.objectContaining({ name: 'momentum', condition: { name: 'optimizer', values: ['sgd'] } }),
    ])
    expect(JSON.stringify(body.detection)).not.toMatch(/"(?:start|end|variants|pieces|env)"/)
  })

  it.each([
    ['auto', false, { on: false, set: false }],
    ['auto', true, { on: true, set: false }],
    [true, false, { on: true, set: true }],
    [false, true, { on: false, set: true }],
  ] as const)('say whether the network is on: %s, wanted %s', async (network, wanted, expected) => {
    const { run } = api.full()
    const evidence = [{ file: 'train.py', line: 3, text: 'requests.get(url)', why: 'asks a server' }]
    const layer = { packages: [{ text: 'einops', file: 'requirements.txt', line: 2 }], paths: [] }
    const image = {
      name: 'sklearn',
      reason: 'x',
      layer: { ...layer, options: [], constraints: [], system: [] },
    }
    const detection = { ...aDetection(), image, gpus: 2, network: { wanted, evidence } }
    api.hone.store.runs.update(run.id, { detection, settings: { ...run.settings, network } })
    const view = RunView.parse(await (await api.get(`/runs/${run.id}`)).json()).detection
    expect(view?.network).toEqual({ ...expected, evidence })
    expect(view).toMatchObject({ gpus: 2, image: { packages: layer.packages } })
  })

  it('are shown whole', async () => {
    const { run, trial, attempt } = api.full()
    const view = RunView.parse(await (await api.get(`/runs/${run.id}`)).json())
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
      attempts: [{ id: attempt.id, trialId: trial.id, state: 'succeeded' }],
      lastEventId: api.hone.store.events.lastId(),
    })
  })

  it('can be cancelled, once', async () => {
    const { run } = api.full()
    const response = await api.post(`/runs/${run.id}/cancel`, {})
    expect(await response.json()).toMatchObject({ state: 'cancelled' })
    expect(await errorOf(api.post(`/runs/${run.id}/cancel`, {}), 409)).toMatchObject({ code: 'run-ended' })
  })

  it.each(['/runs/999999', '/runs/x', '/runs/1e3', '/runs/-1', '/runs/999999/events', '/runs/..%2f1'])(
    '%s: 404',
    async (path) => {
      await errorOf(api.get(path), 404)
    },
  )

  it('that cannot be cancelled because the database is away: 503', async () => {
    const { run } = api.full()
    const spy = vi.spyOn(api.hone.deps.actions, 'cancelRun').mockImplementation(() => {
      throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
    })
    expect(await errorOf(api.post(`/runs/${run.id}/cancel`, {}), 503)).toMatchObject({ code: 'disk-full' })
    spy.mockImplementation(() => {
      throw new Error('secret detail')
    })
    const error = await errorOf(api.post(`/runs/${run.id}/cancel`, {}), 500)
    expect(JSON.stringify(error)).not.toContain('secret detail')
    spy.mockRestore()
  })
})
