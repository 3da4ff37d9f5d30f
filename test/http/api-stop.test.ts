import { describe, expect, it } from 'vitest'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()
const stop = (id: number) => api.post(`/runs/${id}/stop`, {})

describe('POST /runs/:id/stop', () => {
  it('brings the run to its end with the best so far, once', async () => {
    const { run } = api.full()
    expect((await stop(run.id)).status).toBe(200)
    expect((await stop(run.id)).status).toBe(200)
    const jobs = api.hone.store.jobs.ofRun(run.id)
    expect(jobs.map(({ name, state }) => [name, state])).toEqual([
      ['git-import', 'cancelled'],
      ['notify', 'queued'],
    ])
    expect(jobs[1]?.input).toEqual({
      conclusion: {
        kind: 'budget',
        stopped: true,
        reason: 'stopped by a person after 1 of 20 trials; best 0.75 in trial 0',
      },
    })
  })

  it('is refused while no trial has a value', async () => {
    const { run } = api.full()
    const other = api.hone.store.runs.insert({ ...run, sha: 'c'.repeat(40), trigger: 'manual' })
    expect(await errorOf(stop(other.id), 409)).toMatchObject({
      code: 'no-best',
      remedy: 'Wait for the first trial to end, or cancel the run.',
    })
  })

  it('is refused for a run that has ended, and for one that ends for another reason', async () => {
    const { run } = api.full()
    const conclusion = { kind: 'failed', reason: 'train.py is gone' }
    api.hone.store.jobs.enqueue(run.id, 'notify', 'notify', { conclusion })
    const ending = await errorOf(stop(run.id), 409)
    expect(ending).toMatchObject({ code: 'run-ending', message: expect.stringContaining('train.py is gone') })
    await api.post(`/runs/${run.id}/cancel`, {})
    expect(await errorOf(stop(run.id), 409)).toMatchObject({ code: 'run-ended' })
  })
})
