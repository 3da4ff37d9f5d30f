import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deleteProject } from '../../src/cli/project/delete.ts'
import { listProjects } from '../../src/cli/project/list.ts'
import { warnOfMachine } from '../../src/cli/project/machine.ts'
import { rotate } from '../../src/cli/project/rotate.ts'
import { setSettings, showProject } from '../../src/cli/project/settings.ts'
import { addProject } from '../../src/cli/project.ts'
import { readConfig } from '../../src/config.ts'
import { HoneError } from '../../src/domain/failure.ts'
import type { Project } from '../../src/domain/project.ts'
import { resolveSettings } from '../../src/domain/settings.ts'
import { openStore } from '../../src/main.ts'
import { hashOf } from '../../src/secrets.ts'
import { lockFolder } from '../../src/store/open.ts'
import { fullRun } from '../helpers/http.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-project-'))
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})
const config = () => readConfig({ HONE_DATA: folder })
const printed = () => vi.mocked(console.log).mock.calls.map(([text]) => String(text))

/** What a person reads of an error. */
function refusal(work: () => void): string {
  try {
    work()
  } catch (error) {
    if (error instanceof HoneError) return `${error.failure.message} ${error.failure.remedy}`
    throw error
  }
  throw new Error('nothing was refused')
}

function stored(name: string) {
  const store = openStore(config())
  try {
    return store.projects.byName(name)
  } finally {
    store.close()
  }
}

it('makes a project whose trainings may read data', () => {
  addProject(config(), 'cats', { data: ['/srv/cats:/data/cats', 'dogs:/data/dogs'], json: true })
  const store = openStore(config())
  expect(store.projects.byName('cats')?.settings.data).toEqual([
    { source: '/srv/cats', path: '/data/cats' },
    { source: 'dogs', path: '/data/dogs' },
  ])
  store.close()
})

it.each([
  ['/srv/cats', "'/srv/cats' is no data set."],
  ['/srv/cats:/data:ro', "'/srv/cats:/data:ro' is no data set."],
  ['/etc:/data', "--data: '/etc' meets /etc"],
])('takes no --data %s', (data, said) => {
  expect(() => addProject(config(), 'cats', { data: [data] })).toThrow(said)
})

it('a wrong option is named, and nothing else', () => {
  const add = () => addProject(config(), 'cats', { mail: ['nope'], trials: 3 })
  expect(refusal(add)).toBe(
    '--mail: has to be a mail address such as ada@example.org, not "nope". Correct it, or leave it out to have its default.',
  )
  expect(refusal(() => addProject(config(), 'cats', { branch: [''] }))).toMatch(/^--branch: has to be a text/)
})

it('settings are set, taken back and shown', () => {
  addProject(config(), 'cats', { target: 0.9, json: true })
  setSettings(config(), 'cats', [
    ...['trials=30', 'target=', 'network=no', 'lfs=yes', 'memory=4g', 'sampler=random'],
    ...['mail=ada@example.org, grace@example.org', 'data=/srv/cats:/data/cats'],
  ])
  expect(stored('cats')?.settings).toEqual({
    ...{ trials: 30, network: false, lfs: true, memory: '4g', sampler: 'random' },
    ...{
      mail: ['ada@example.org', 'grace@example.org'],
      data: [{ source: '/srv/cats', path: '/data/cats' }],
    },
  })
  expect(printed()).toEqual(
    expect.arrayContaining(['trials = 30 trainings', 'mail = ada@example.org, grace@example.org']),
  )
  vi.mocked(console.log).mockClear()
  showProject(config(), 'cats', {})
  const shown = printed().join('\n')
  expect(shown).toMatch(/trials +30 trainings\n/)
  expect(shown).toMatch(/target +0\.8, or 0 for what is minimised \(default\)\n/)
  expect(shown).toMatch(/restarts +5 restarts \(default\)\n/)
  showProject(config(), 'cats', { json: true })
  expect(JSON.parse(printed().at(-1) ?? '')).toMatchObject({
    settings: { trials: 30 },
    defaults: { trials: 20 },
  })
})

it.each([
  [['trials=many', 'seed=1'], 'trials: has to be a number, not "many". Correct it'],
  [['trials=0'], 'trials: has to be at least 1, not 0. Correct it'],
  [
    ['metric=accuracy', 'target=2000'],
    'target: has to be from 0 to 1, or a percentage up to 100, as accuracy is a share, not 2000. Set a share',
  ],
  [['trails=3'], 'trails: there is no such setting. Did you mean `trials`?'],
  [['network=perhaps'], 'network: has to be true, false or auto, not "perhaps".'],
  [['lfs=perhaps'], 'lfs: has to be true or false, not "perhaps".'],
  [['data=/srv/cats'], "'/srv/cats' is no data set. Write the folder"],
  [['trials'], "'trials' sets nothing. Write it as NAME=VALUE"],
])('sets nothing by %s', (assignments, said) => {
  addProject(config(), 'cats', { json: true })
  expect(refusal(() => setSettings(config(), 'cats', assignments))).toContain(said)
  expect(stored('cats')?.settings).toEqual({})
})

it('gives new secrets, and only those that were asked for', () => {
  addProject(config(), 'cats', { json: true })
  const before = stored('cats')
  rotate(config(), 'cats', { pushToken: true, json: true })
  const { pushToken, secret } = JSON.parse(printed().at(-1) ?? '')
  expect(secret).toBeUndefined()
  expect(stored('cats')).toEqual({ ...before, pushTokenHash: hashOf(pushToken) })
  rotate(config(), 'cats', { secret: true })
  expect(stored('cats')?.secret).not.toBe(before?.secret)
  expect(printed().at(-1)).toContain(stored('cats')?.secret)
  vi.mocked(console.log).mockClear()
  rotate(config(), 'cats', { pushToken: true })
  const [, token = ''] = /push token +(\S+)/.exec(printed().join('\n')) ?? []
  expect(hashOf(token)).toBe(stored('cats')?.pushTokenHash)
  expect(printed().at(-1)).toMatch(
    new RegExp(`^ +git remote set-url hone http://hone:${token}@[^/]+/git/cats\\.git$`),
  )
  addProject(config(), 'away', { repo: 'https://example.org/away.git', json: true })
  vi.mocked(console.log).mockClear()
  rotate(config(), 'away', { pushToken: true })
  expect(printed().join('\n')).not.toContain('git remote')
  expect(refusal(() => rotate(config(), 'cats', {}))).toContain(
    'Give --secret, --push-token, --badge or several of them.',
  )
})

it('a project that is not there is told with those that are', () => {
  expect(refusal(() => showProject(config(), 'dogs', {}))).toContain('hone project add dogs')
  addProject(config(), 'cats', { json: true })
  expect(refusal(() => setSettings(config(), 'dogs', ['trials=3']))).toContain('There are cats.')
})

it('what the machine cannot give is taken, and said', async () => {
  const said: string[] = []
  vi.spyOn(console, 'error').mockImplementation((line: string) => said.push(line))
  addProject(config(), 'cats', { json: true })
  const settings = setSettings(config(), 'cats', ['memory=900g', 'parallel=9'])
  const info = async () => ({ cpus: 2, memoryBytes: 10 * 1024 ** 3, gpus: [] }) as never
  await warnOfMachine({ ...config(), parallel: 1 }, settings, { info })
  expect(said).toEqual([
    'memory is more than the 8 GiB of memory that trainings may have on this engine: a run with it fails.',
    'parallel has no effect above 1: HONE_PARALLEL lets no more trainings go on at a time.',
  ])
  said.length = 0
  const away = () => Promise.reject(new Error('away'))
  await warnOfMachine({ ...config(), parallel: 9 }, settings, { info: away })
  expect(said).toEqual([])
})

describe('a list of projects', () => {
  it('has a line for each, with its last run', () => {
    listProjects(config(), {})
    const none = `There is no project in ${config().data}. Make one with \`hone project add NAME\`.`
    expect(printed()).toEqual([none])
    addProject(config(), 'cats', { target: 0.9, json: true })
    addProject(config(), 'away', { repo: 'https://ada:secret@example.org/away.git', json: true })
    const store = openStore(config())
    const cats = store.projects.byName('cats') as Project
    const { run } = fullRun(store, cats.id, resolveSettings({ target: 0.9 }))
    store.endRun(run.id, 'cancelled')
    store.close()
    vi.mocked(console.log).mockClear()
    listProjects(config(), {})
    expect(printed().join('\n')).toBe(
      [
        'PROJECT  RUNS  LAST RUN      BEST           TARGET',
        'away     0     -             -              -',
        'cats     1     #1 cancelled  accuracy 0.75  0.9',
      ].join('\n'),
    )
    vi.mocked(console.log).mockClear()
    listProjects(config(), { json: true })
    expect(printed().map((line) => JSON.parse(line))).toEqual([
      { name: 'away', repository: 'https://ada:***@example.org/away.git', runs: 0, last: null },
      {
        ...{ name: 'cats', repository: null, runs: 1 },
        last: { number: 1, state: 'cancelled', metric: 'accuracy', best: 0.75, target: 0.9 },
      },
    ])
  })
})

describe('a project is deleted', () => {
  const remove = (answer: string | null, options = {}) =>
    deleteProject(config(), 'cats', options, answer === null ? null : async () => answer)

  it('only by who types its name, or says --yes', async () => {
    addProject(config(), 'cats', { json: true })
    expect(await remove('dogs')).toBe(1)
    expect(stored('cats')).not.toBeNull()
    await expect(remove(null)).rejects.toThrow('There is no terminal to ask')
    expect(await remove('cats')).toBe(0)
    expect(stored('cats')).toBeNull()
    addProject(config(), 'cats', { json: true })
    expect(await remove(null, { yes: true })).toBe(0)
    await expect(remove(null, { yes: true })).rejects.toThrow("There is no project 'cats'")
  })

  it('not while a run of it goes on', async () => {
    addProject(config(), 'cats', { json: true })
    const store = openStore(config())
    fullRun(store, (store.projects.byName('cats') as Project).id, resolveSettings())
    store.close()
    await expect(remove(null, { yes: true })).rejects.toThrow('Run 1 of cats has not ended.')
    expect(stored('cats')).not.toBeNull()
  })

  it('with its files at once where no Hone runs; else the running one removes them', async () => {
    const repository = join(folder, 'git', 'cats.git')
    for (const isRunning of [false, true]) {
      addProject(config(), 'cats', { json: true })
      mkdirSync(repository, { recursive: true })
      const unlock = isRunning ? lockFolder(folder) : null
      expect(await remove('cats')).toBe(0)
      unlock?.()
      expect(existsSync(repository)).toBe(isRunning)
    }
    expect(printed().at(-1)).toBe('Deleted cats. The running Hone removes its files.')
    expect(() => addProject(config(), 'cats', {})).toThrow('still being removed')
  })
})

it('each deed is in the record, under the name of who sits at the terminal, and no secret', async () => {
  addProject(config(), 'cats', { json: true })
  setSettings(config(), 'cats', ['trials=3', 'target='])
  expect(() => setSettings(config(), 'cats', ['trials=0'])).toThrow()
  rotate(config(), 'cats', { secret: true, pushToken: true, badge: true, json: true })
  const { secret } = JSON.parse(printed().at(-1) ?? '')
  await deleteProject(config(), 'cats', { yes: true })
  const store = openStore(config())
  const rows = store.audit.list({ limit: 100 }).toReversed()
  store.close()
  expect(rows.map(({ action, subject }) => `${action}: ${subject}`)).toEqual([
    'project made: cats',
    'project changed: cats: trials, target',
    'secret changed: webhook secret of cats',
    'secret changed: push token of cats',
    'secret changed: key of the badge of cats',
    'project deleted: cats',
  ])
  for (const row of rows)
    expect(row).toMatchObject({
      ...{ user: expect.stringMatching(/^command line \(.+\)$/), token: null, via: null, address: null },
    })
  expect(JSON.stringify(rows)).not.toContain(secret)
})
