import { afterEach, expect, it } from 'vitest'
import { defaultSettings, type Settings } from '../../src/domain/settings.ts'
import { RunView } from '../../src/http/contract.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import { commit, type TestServer, testServer } from '../helpers/http.ts'

const MINUTE = 60_000
let hone: TestServer
afterEach(() => hone.close())

/** What is left of a run, in a Hone with one training at a time, whose first trial has taken a minute. */
async function leftOf(settings: Partial<Settings>) {
  let now = 1_700_000_000_000
  const store = createStore(openDatabase(':memory:'), () => now)
  hone = await testServer({ store, parallel: 1 })
  const { project } = hone.project({ name: 'digits' })
  const about = {
    ref: 'refs/heads/main',
    sha: commit('a'),
    trigger: 'push',
    author: '',
    message: '',
  } as const
  const all = { ...defaultSettings, ...settings }
  const run = store.runs.insert({ ...about, projectId: project.id, overrides: {}, settings: all })
  store.runs.transition(run.id, 'running')
  const values = { number: 0, values: {}, origin: '', repeats: null, seed: 0, sha: run.sha, diff: '' }
  const trial = store.trials.insert({ ...values, runId: run.id })
  const attempt = store.attempts.insert({ trialId: trial.id, number: 1, container: 'c', deadline: now })
  store.attempts.transition(attempt.id, 'running')
  store.trials.transition(trial.id, 'running')
  now += MINUTE
  store.attempts.transition(attempt.id, 'succeeded')
  store.trials.transition(trial.id, 'completed', { metric: 0.5 })
  const { left } = RunView.parse(await (await hone.api(`/runs/${run.id}`)).json())
  const { earliest = 0, latest = 0 } = left?.eta ?? {}
  return { trainingMs: left?.trainingMs, middle: (earliest + latest) / 2 - now, latest: latest - now }
}

it('a run has no more trainings at a time than its Hone', async () => {
  expect((await leftOf({ trials: 8, parallel: 8 })).middle).toBe(7 * MINUTE)
})

it('a run ends at the latest when its budget of training is spent', async () => {
  const left = await leftOf({ trials: 8, trainingBudget: 3 })
  expect(left).toMatchObject({ trainingMs: 2 * MINUTE, latest: 2 * MINUTE })
})
