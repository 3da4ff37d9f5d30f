import { existsSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { finishRemovals, setAsideNamed } from '../../jobs/monitor/removals.ts'
import { fakeExecutor } from '../../src/containers/fake.ts'
import { hashOf } from '../../src/secrets.ts'
import { git, signature } from '../helpers/http.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()
const remove = (name = api.name) => api.hone.api(`/projects/${name}`, { method: 'DELETE' })

/** As a server does it. */
const removals = () => ({
  ...{ store: api.hone.store, paths: api.hone.deps.paths, instance: 'test', isAtWork: () => false },
  executor: fakeExecutor({ program: function* () {} }),
})
beforeEach(() => {
  api.hone.deps.actions.removeDeleted = () =>
    setAsideNamed(removals(), (_, { message }) => {
      throw new Error(message)
    })
})

describe('DELETE /projects/:name', () => {
  it('leaves nothing that answers, and a record of it', async () => {
    const { run, project } = api.full()
    const { secret } = api.hone.project({ name: `${api.name}-other` })
    api.hone.store.endRun(run.id, 'cancelled')
    expect((await remove()).status).toBe(204)
    for (const path of [`/projects/${api.name}`, `/projects/${api.name}/runs/1`, `/runs/${run.id}`])
      await errorOf(api.get(path), 404)
    expect(JSON.stringify(await (await api.get('/overview')).json())).not.toContain(`"${api.name}"`)
    const webhook = await fetch(`${api.hone.url}/webhooks/${api.name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature(secret, '{}') },
      body: '{}',
    })
    expect(webhook.status).toBe(404)
    expect(api.hone.store.audit.list({ limit: 1 })[0]).toMatchObject({
      ...{ action: 'project deleted', subject: project.name, user: 'owner' },
    })
    expect(api.hone.store.projects.byName(`${api.name}-other`)).not.toBeNull()
    // Asked again there is nothing to delete.
    expect((await errorOf(remove(), 404)).message).toContain(api.name)
  })

  it('is refused while a run has not ended, and says what to do', async () => {
    const { run } = api.full()
    const before = api.hone.store.audit.list({ limit: 1 })[0]?.id
    expect(await errorOf(remove(), 409)).toMatchObject({
      ...{ code: 'project-busy', message: `Run 1 of ${api.name} has not ended.` },
      remedy: expect.stringContaining('Cancel it'),
    })
    expect(api.hone.store.runs.byId(run.id)).not.toBeNull()
    expect(api.hone.store.audit.list({ limit: 1 })[0]?.id).toBe(before)
  })

  it('is for admins', async () => {
    api.hone.project({ name: api.name })
    const { id } = api.hone.store.users.insert({ name: 'grace', role: 'viewer' })
    api.hone.store.tokens.insert({ userId: id, name: 'laptop', hash: hashOf('looks'), endsAt: null })
    const headers = { authorization: 'Bearer looks' }
    const asked = api.hone.api(`/projects/${api.name}`, { method: 'DELETE', headers })
    expect((await errorOf(asked, 403)).code).toBe('viewer')
    expect(api.hone.store.projects.byName(api.name)).not.toBeNull()
  })

  it('lets a new project of the name begin empty, with its own token', async () => {
    const { pushToken: old } = api.hone.project({ name: api.name })
    const address = (token: string) =>
      `${api.hone.url.replace('://', `://ada:${token}@`)}/git/${api.name}.git`
    const work = `${api.hone.folder}/${api.name}-work`
    await git(api.hone.folder, 'init', '--quiet', '--initial-branch=main', work)
    await git(work, 'commit', '--quiet', '--allow-empty', '-m', 'Train')
    expect((await git(work, 'push', address(old), 'main:other')).code).toBe(0)
    expect((await remove()).status).toBe(204)
    expect((await git(work, 'push', address(old), 'main')).stderr).toContain('there is no such project')
    const { pushToken } = api.hone.project({ name: api.name })
    expect((await git(work, 'ls-remote', address(old))).code).not.toBe(0)
    expect((await git(work, 'ls-remote', address(pushToken))).stdout).toBe('')
    await finishRemovals(removals(), (_, { message }) => {
      throw new Error(message)
    })
    expect((await git(work, 'ls-remote', address(pushToken))).code).toBe(0)
    expect(existsSync(api.hone.deps.paths.ownRemote(api.name))).toBe(true)
  })

  it('whose files cannot be set aside yet keeps its name', async () => {
    api.hone.project({ name: api.name })
    api.hone.deps.actions.removeDeleted = () => {}
    expect((await remove()).status).toBe(204)
    expect(await errorOf(api.post('/projects', { name: api.name }), 409)).toMatchObject({
      ...{ code: 'name-taken', message: expect.stringContaining('still being removed') },
    })
  })

  it('while a push makes its repository leaves none behind', async () => {
    const { project, pushToken } = api.hone.project({ name: api.name })
    const { initRemote } = api.hone.deps.git
    api.hone.deps.git.initRemote = async (...args) => {
      await initRemote(...args)
      expect((await remove()).status).toBe(204)
      // What is made after the deletion has set aside what was there.
      await initRemote(...args)
    }
    try {
      const address = `${api.hone.url.replace('://', `://ada:${pushToken}@`)}/git/${api.name}.git`
      expect((await git(api.hone.folder, 'ls-remote', address)).code).not.toBe(0)
    } finally {
      api.hone.deps.git.initRemote = initRemote
    }
    expect(existsSync(api.hone.deps.paths.ownRemote(project.name))).toBe(false)
  })
})
