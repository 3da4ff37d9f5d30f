import { describe, expect, it } from 'vitest'
import { NewProjectView, ProjectView } from '../../src/http/contract.ts'
import { commit } from '../helpers/http.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()

describe('projects', () => {
  it('are made with secrets that are shown this once', async () => {
    const response = await api.post('/projects', { name: api.name, settings: { target: 0.9 } })
    expect(response.status).toBe(201)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const made = NewProjectView.parse(await response.json())
    expect(made).toMatchObject({
      name: api.name,
      repoUrl: null,
      settings: { target: 0.9 },
      webhookUrl: `${api.hone.url}/webhooks/${api.name}`,
      gitRemote: `${api.hone.url}/git/${api.name}.git`,
    })
    expect(made.secret).not.toBe(made.pushToken)
    expect(made.secret.length).toBeGreaterThan(40)

    const again = await (await api.get(`/projects/${api.name}`)).text()
    expect(ProjectView.parse(JSON.parse(again)).id).toBe(made.id)
    expect(again).not.toContain(made.secret)
    expect(again).not.toContain(made.pushToken)
    expect(api.hone.store.projects.byName(api.name)?.pushTokenHash).not.toBe(made.pushToken)
    const { warnings: _, ...listed } = JSON.parse(again)
    expect(await (await api.get('/projects')).json()).toContainEqual(listed)
  })

  it('have one name each, in any spelling', async () => {
    await api.post('/projects', { name: api.name })
    expect(await errorOf(api.post('/projects', { name: api.name.toUpperCase() }), 409)).toMatchObject({
      code: 'name-taken',
    })
  })

  it.each(['', '-x', 'a/b', '..', 'a b', 'x.git', 'a'.repeat(65), '__proto__'])(
    'cannot be named %j',
    async (bad) => {
      expect(await errorOf(api.post('/projects', { name: bad }), 400)).toMatchObject({ code: 'bad-name' })
    },
  )

  it.each([
    'ext::sh -c id',
    'ext::id',
    '--upload-pack=id',
    'git://host/a.git',
    'ssh://-oProxyCommand=id/a',
    'ssh://-x@host/a',
    'https:///a',
    'a b',
    'relative/path',
  ])('refuse the repository %s', async (repoUrl) => {
    expect(await errorOf(api.post('/projects', { name: api.name, repoUrl }), 400)).toMatchObject({
      code: 'bad-repository-url',
    })
  })

  it.each(['https://host/a.git', 'git@host:you/a.git', 'ssh://git@host:22/a.git', 'file:///srv/a.git'])(
    'take the repository %s',
    async (repoUrl) => {
      expect(await (await api.post('/projects', { name: api.name, repoUrl })).json()).toMatchObject({
        repoUrl,
      })
    },
  )

  it.each([
    ['https://me:hunter2@host/a.git', 'https://me:***@host/a.git'],
    ['https://ghp_token@host/a.git', 'https://***@host/a.git'],
    ['https://ghp_token:x-oauth-basic@host/a.git', 'https://***:***@host/a.git'],
    ['ssh://git@host/a.git', 'ssh://git@host/a.git'],
    ['git@host:a.git', 'git@host:a.git'],
  ])('do not show the password or token in %s', async (repoUrl, shown) => {
    await api.post('/projects', { name: api.name, repoUrl })
    expect(await (await api.get(`/projects/${api.name}`)).json()).toMatchObject({ repoUrl: shown })
  })

  it('name every setting that is wrong', async () => {
    const { code, message } = await errorOf(
      api.post('/projects', { name: api.name, settings: { trials: 0, colour: 1, mail: ['nobody'] } }),
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
    expect(await errorOf(api.post('/projects', body), 400)).toMatchObject({ code })
  })

  it('refuse a body over 1 MiB', async () => {
    expect(await errorOf(api.post('/projects', ' '.repeat(1024 * 1024 + 1)), 413)).toMatchObject({
      code: 'too-large',
    })
  })

  it('are not to be had by __proto__', async () => {
    const body = `{"name":"${api.name}","settings":{"__proto__":{"target":0.1},"trials":3}}`
    const response = await api.post('/projects', body)
    expect(response.status).toBe(201)
    expect(api.hone.store.projects.byName(api.name)?.settings).toEqual({ trials: 3 })
    expect(({} as { target?: unknown }).target).toBeUndefined()
  })

  it('merge changed settings; null takes one back', async () => {
    api.hone.project({ name: api.name, settings: { target: 0.9, trials: 5 } })
    const response = await api.patch(`/projects/${api.name}`, { settings: { trials: null, seed: 3 } })
    expect(await response.json()).toMatchObject({ settings: { target: 0.9, seed: 3 } })
    expect(api.hone.store.projects.byName(api.name)?.settings).toEqual({ target: 0.9, seed: 3 })
    await errorOf(api.patch(`/projects/${api.name}`, { settings: { seed: -1 } }), 400)
    expect(api.hone.store.projects.byName(api.name)?.settings).toEqual({ target: 0.9, seed: 3 })
  })

  it('that are not there: 404', async () => {
    for (const path of ['/projects/nobody', '/projects/nobody/deliveries', '/runs?project=nobody']) {
      expect(await errorOf(api.get(path), 404)).toMatchObject({ code: 'not-found' })
    }
    await errorOf(api.post('/projects/nobody/runs', { sha: commit('a') }), 404)
    await errorOf(api.patch('/projects/nobody', { settings: {} }), 404)
  })
})

describe('settings that the machine cannot give', () => {
  it('are taken, with a warning at each, which stays', async () => {
    api.hone.project({ name: api.name })
    const settings = { memory: '900g', parallel: 9, trials: 3 }
    const changed = ProjectView.parse(await (await api.patch(`/projects/${api.name}`, { settings })).json())
    expect(changed.settings).toEqual(settings)
    expect(changed.warnings).toMatchObject([
      { field: 'memory', message: expect.stringContaining('51.2 GiB') },
    ])
    expect(ProjectView.parse(await (await api.get(`/projects/${api.name}`)).json())).toEqual(changed)
  })

  it('are told as far as they are known where the engine does not answer', async () => {
    api.hone.project({ name: api.name, settings: { memory: '900g', parallel: 9 } })
    const { admin, parallel } = api.hone.deps
    const { knownCapacity } = admin
    admin.knownCapacity = async () => null
    Object.assign(api.hone.deps, { parallel: 4 })
    try {
      const { warnings } = ProjectView.parse(await (await api.get(`/projects/${api.name}`)).json())
      expect(warnings?.map(({ field }) => field)).toEqual(['parallel'])
    } finally {
      admin.knownCapacity = knownCapacity
      Object.assign(api.hone.deps, { parallel })
    }
  })
})
