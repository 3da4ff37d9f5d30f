import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { fakeExecutor } from '../../../src/containers/fake.ts'
import { backupAdmin } from '../../../src/main/admin/backups.ts'
import { dataAdmin } from '../../../src/main/admin/data.ts'
import { mailAdmin } from '../../../src/main/admin/mail.ts'
import { dataPaths } from '../../../src/paths.ts'
import { openDatabase } from '../../../src/store/open.ts'
import { createStore } from '../../../src/store/store.ts'
import { removeFolder, temporaryFolder } from '../../helpers/git.ts'

const START = 1_700_000_000_000
const DAY = 86_400_000
let folder: string
let now = START
beforeEach(() => {
  folder = temporaryFolder()
  now = START
})
afterEach(() => removeFolder(folder))
const silent = { error: () => {} }

describe('the data folder', () => {
  const write = (path: string, bytes: number) => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), 'x'.repeat(bytes))
  }
  function open() {
    const store = createStore(openDatabase(':memory:'), () => now)
    const executor = fakeExecutor({ program: async function* () {} })
    const retention = { runs: 200, days: 90, diskShare: 0.95 }
    const disks = async () => ({ data: null, engine: null })
    const garbage = {
      store,
      executor,
      paths: dataPaths(folder),
      instance: 'abcd',
      retention,
      disks,
      currentImages: async () => [],
    }
    return { store, executor, admin: dataAdmin(garbage, () => now) }
  }

  it('is added up by its parts, and looked at anew after a minute', async () => {
    const { admin } = open()
    write('hone.sqlite', 10)
    write('hone.sqlite-wal', 5)
    write('logs/run-1/attempt-1.log', 7)
    const bytesOf = async (part: string) =>
      (await admin.dataUse()).parts.find(({ name }) => name === part)?.bytes
    expect([await bytesOf('hone.sqlite'), await bytesOf('logs'), await bytesOf('artifacts')]).toEqual([
      15, 7, 0,
    ])
    write('logs/run-1/attempt-2.log', 100)
    expect(await bytesOf('logs')).toBe(7)
    now += 61_000
    expect(await bytesOf('logs')).toBe(107)
  })

  it('is cleaned of what the retention lets go, and of nothing else', async () => {
    const { admin, store } = open()
    const { id } = store.projects.insert({
      name: 'd',
      repoUrl: null,
      secret: 's',
      pushTokenHash: 'h',
      settings: {},
    })
    const runs = ['a', 'b'].map((letter) =>
      store.runs.insert({
        ...{ projectId: id, ref: 'refs/heads/main', sha: letter.repeat(40), trigger: 'push', author: null },
        ...{ message: null, overrides: {}, settings: {} as never },
      }),
    )
    for (const run of runs) {
      store.endRun(run.id, 'cancelled')
      write(`logs/run-${run.id}/attempt-1.log`, 2000)
      now += 100 * DAY
    }
    const answer = await admin.cleanUp()
    expect(answer).toMatchObject({ failed: [], freedBytes: 2000, compacted: 2 })
    expect(answer.removed.map(({ name }) => name)).toEqual(['logs/run-1'])
    expect(existsSync(join(folder, 'logs/run-1'))).toBe(false)
    expect(existsSync(join(folder, 'logs/run-2'))).toBe(true)
  })

  it('is left alone while the engine is away', async () => {
    const { admin, executor } = open()
    executor.away = true
    await expect(admin.cleanUp()).rejects.toMatchObject({ failure: { kind: 'unavailable' } })
  })
})

describe('backups', () => {
  let written = 0
  const onWritten = () => {
    written++
  }
  const open = () => backupAdmin(folder, { now: () => now, logger: silent, onWritten })
  const made = async (admin: ReturnType<typeof open>) => {
    admin.start()
    await vi.waitFor(async () => expect((await admin.list()).makingSince).toBeNull(), { timeout: 10_000 })
    return admin.list()
  }

  it('are made one at a time, listed, found by name, and three of them kept', async () => {
    openDatabase(join(folder, 'hone.sqlite')).close()
    const admin = open()
    admin.start()
    expect((await admin.list()).makingSince).toBe(START)
    expect(() => admin.start()).toThrow('A backup is being made already.')
    await vi.waitFor(async () => expect((await admin.list()).makingSince).toBeNull(), { timeout: 10_000 })
    for (let hour = 0; hour < 3; hour++) {
      now += 3_600_000
      expect((await made(admin)).failure).toBeNull()
    }
    // The sizes of the data folder are looked at again.
    expect(written).toBe(4)
    const { files } = await admin.list()
    expect(files.map(({ name }) => name)).toEqual([
      'hone-2023-11-15T01-13-20Z.tar.gz',
      'hone-2023-11-15T00-13-20Z.tar.gz',
      'hone-2023-11-14T23-13-20Z.tar.gz',
    ])
    const found = await admin.find(files[0]?.name ?? '')
    expect(
      readFileSync(found ?? '')
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('1f8b')
    for (const name of ['../hone.sqlite', 'hone.sqlite', 'hone-2020-01-01T00-00-00Z.tar.gz'])
      expect(await admin.find(name)).toBeNull()
  })

  it('that fail say why, and leave nothing', async () => {
    const answer = await made(open())
    expect(answer).toMatchObject({ files: [], failure: { message: `There is no Hone in ${folder}.` } })
    expect(readdirSync(join(folder, 'backups'))).toEqual([])
  })
})

describe('mail settings', () => {
  const settings = (environment: Record<string, string>) =>
    mailAdmin(readConfig({ HONE_DATA: folder, ...environment }), { now: () => now, url: () => 'http://hone' })
      .settings

  it('have server and user, and never the password', () => {
    const view = settings({
      ...{ HONE_SMTP_URL: 'smtps://ada%40x:top-secret@mail.example.org:465' },
      ...{ HONE_MAIL_FROM: 'Hone <h@example.org>', HONE_MAIL_TO: 'a@example.org, b@example.org' },
    })
    expect(view).toEqual({
      ...{ server: 'mail.example.org:465', user: 'ada@x', secure: true, from: 'Hone <h@example.org>' },
      ...{ to: ['a@example.org', 'b@example.org'], folder: join(folder, 'mailbox') },
    })
    expect(JSON.stringify(view)).not.toContain('top-secret')
  })

  it('without a server have the folder alone', () => {
    expect(settings({})).toMatchObject({
      server: null,
      user: null,
      secure: false,
      folder: join(folder, 'mailbox'),
    })
  })
})
