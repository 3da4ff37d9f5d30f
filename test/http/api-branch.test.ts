import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Run } from '../../src/domain/run.ts'
import { defaultSettings } from '../../src/domain/settings.ts'
import { BranchView } from '../../src/http/contract.ts'
import { git } from '../helpers/git.ts'
import { aSource, scriptOf } from '../helpers/sources.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()
const ask = (trialId: number) => api.post(`/trials/${trialId}/branch`, {})

/** A run with a trial of its own, and the bare repository that the project's code is in: Hone's, or one elsewhere. */
async function aTrial({ elsewhere = false } = {}) {
  const { store, paths } = api.hone.deps
  const repoUrl = elsewhere ? join(api.hone.folder, `${api.name}.git`) : null
  const { project } = api.hone.project({ name: api.name, repoUrl })
  const id = (store.runs.list({ limit: 1 })[0]?.id ?? 0) + 1
  const source = await aSource({ paths }, { id, number: 1 } as Run)
  const run = store.runs.insert({
    ...{ projectId: project.id, ref: 'refs/heads/main', sha: source.sha, trigger: 'api', author: null },
    ...{ message: null, overrides: {}, settings: defaultSettings },
  })
  expect(run.id).toBe(id)
  const remote = repoUrl ?? paths.ownRemote(project.name)
  git(api.hone.folder, 'clone', '--quiet', '--bare', source.repository, remote)
  const about = { runId: id, origin: 'x', repeats: null, seed: 0 }
  const own = store.trials.insert({ ...about, number: 0, values: { hidden: 4 }, sha: run.sha, diff: '' })
  await source.commit(1, scriptOf({ hidden: 7 }))
  const made = await source.commit(2, scriptOf({ hidden: 96 }))
  const trial = store.trials.insert({ ...about, ...made, number: 2, values: { hidden: 96 } })
  store.trials.transition(trial.id, 'running')
  store.trials.transition(trial.id, 'completed', { metric: 0.95 })
  return { run, own, trial, remote, source }
}

const NAME = 'hone/run-1-trial-2'

describe('POST /trials/:id/branch', () => {
  it.each([{ elsewhere: false }, { elsewhere: true }])(
    'makes a branch of one commit on the one that was pushed, the same each time: %j',
    async (where) => {
      const { run, trial, remote } = await aTrial(where)
      const made = BranchView.parse(await (await ask(trial.id)).json())
      expect(made).toMatchObject({ branch: NAME, sha: git(remote, 'rev-parse', NAME), pullRequest: null })
      expect(git(remote, 'rev-parse', `${NAME}^`)).toBe(run.sha)
      expect(git(remote, 'rev-parse', `${NAME}^{tree}`)).toBe(
        git(api.hone.deps.paths.workspace(run.id), 'rev-parse', `${trial.sha}^{tree}`),
      )
      expect(git(remote, 'log', '-1', '--format=%B', NAME)).toBe(
        'Take trial 2 of run 1: accuracy 0.95, found by Hone\n\n- hidden: 4 -> 96',
      )
      const from = where.elsewhere ? `'${remote}'` : 'hone'
      expect(made.commands).toBe(`git fetch ${from} ${NAME}\ngit switch --create ${NAME} FETCH_HEAD`)
      expect(await (await ask(trial.id)).json()).toEqual(made)
    },
  )

  it('tells of the branch once it is in Hone’s own remote, and asks no repository elsewhere', async () => {
    const { trial, remote } = await aTrial()
    const there = async (id: number) => await (await api.get(`/trials/${id}/branch`)).json()
    expect(await there(trial.id)).toBe(null)
    const made = await (await ask(trial.id)).json()
    expect(await there(trial.id)).toEqual(made)
    rmSync(remote, { recursive: true })
    expect(await there(trial.id)).toBe(null)
  })

  it('does not write over a branch of other content', async () => {
    const { trial, remote } = await aTrial()
    git(remote, 'branch', NAME, 'main')
    expect(await errorOf(ask(trial.id), 409)).toMatchObject({
      code: 'branch-exists',
      remedy: expect.stringContaining(`--delete ${NAME}`),
    })
    expect(git(remote, 'rev-parse', NAME)).toBe(git(remote, 'rev-parse', 'main'))
  })

  it('says what to do where the remote refuses it', async () => {
    const { trial, remote } = await aTrial({ elsewhere: true })
    // A branch of this name leaves no room for others below it.
    git(remote, 'branch', 'hone', 'main')
    expect(await errorOf(ask(trial.id), 409)).toMatchObject({
      code: 'push-refused',
      message: expect.stringContaining(`did not take the branch ${NAME}`),
      remedy: expect.stringContaining('download the patch'),
    })
  })

  it('refuses a trial that may still come to another value, until it has ended, or its run has', async () => {
    const { run, trial } = await aTrial()
    const { store } = api.hone
    const about = { runId: run.id, origin: 'x', repeats: null, seed: 0, values: { hidden: 7 } }
    const { sha, diff } = trial
    const going = store.trials.insert({ ...about, number: 3, sha, diff })
    expect(await errorOf(ask(going.id), 409)).toMatchObject({
      code: 'trial-alive',
      remedy: expect.stringContaining('download the patch'),
    })
    store.trials.transition(going.id, 'running')
    expect((await errorOf(ask(going.id), 409)).code).toBe('trial-alive')
    store.trials.transition(going.id, 'pruned')
    expect((await errorOf(ask(going.id), 409)).code).toBe('trial-alive')
    store.runs.transition(run.id, 'cancelled')
    expect((await ask(going.id)).status).toBe(200)
  })

  it('is in the record before it is begun, with what came of it', async () => {
    const { trial, remote } = await aTrial()
    const { deps, store } = api.hone
    const deeds = () => store.audit.list({ action: 'branch made', limit: 1 })
    const { pushBranch } = deps.git
    let seen: string | undefined
    deps.git.pushBranch = (...args) => {
      seen = deeds()[0]?.subject
      return pushBranch(...args)
    }
    try {
      expect((await ask(trial.id)).status).toBe(200)
    } finally {
      deps.git.pushBranch = pushBranch
    }
    expect(seen).toBe(`${NAME} of ${api.name}: asked for`)
    expect(deeds()[0]?.subject).toBe(`${NAME} of ${api.name}`)
    git(remote, 'update-ref', `refs/heads/${NAME}`, 'main')
    await errorOf(ask(trial.id), 409)
    expect(deeds()[0]?.subject).toBe(`${NAME} of ${api.name}: failed (branch-exists)`)
  })

  it('refuses your own source, and sources that are gone, here or there', async () => {
    const { run, own, trial, remote } = await aTrial({ elsewhere: true })
    expect(await errorOf(ask(own.id), 409)).toMatchObject({ code: 'own-source' })
    rmSync(remote, { recursive: true })
    expect(await errorOf(ask(trial.id), 409)).toMatchObject({ code: 'push-refused' })
    rmSync(api.hone.deps.paths.workspace(run.id), { recursive: true })
    expect(await errorOf(ask(trial.id), 410)).toMatchObject({ code: 'source-removed' })
  })
})
