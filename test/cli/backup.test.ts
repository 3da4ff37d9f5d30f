import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { contentsOf } from '../../src/cli/backup/contents.ts'
import { placeOf } from '../../src/cli/backup/unpack.ts'
import { type BackupOptions, backup } from '../../src/cli/backup.ts'
import { restore } from '../../src/cli/restore.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { openStore } from '../../src/main.ts'
import { dataPaths } from '../../src/paths.ts'
import { compressLog } from '../../src/store/log-file.ts'
import { NewerSchema, SCHEMA } from '../../src/store/migrate.ts'
import { sql as initial } from '../../src/store/migrations/0001-initial.ts'
import { lockFolder } from '../../src/store/open.ts'
import { checkCopy, snapshot } from '../../src/store/snapshot.ts'
import { aCompletedTrial, aDetectedRun, anEndedRun, aProject, type World } from '../helpers/factories.ts'
import { git, gitTestEnvironment, makeRepository, removeFolder, temporaryFolder } from '../helpers/git.ts'
import { hardWriter, killed } from '../helpers/writer.ts'

let folder: string
let config: Config
let said: string[] = []
beforeEach(() => {
  folder = temporaryFolder()
  config = readConfig({ HONE_DATA: join(folder, 'data') })
  said = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => said.push(line))
})
afterEach(() => {
  vi.restoreAllMocks()
  removeFolder(folder)
})

const file = (name = 'hone.tar') => join(folder, name)
const code = (word: string) => expect.objectContaining({ failure: expect.objectContaining({ code: word }) })
const back = (name: string, options: BackupOptions = {}) => backup(config, file(name), options)
const elsewhere = () => readConfig({ HONE_DATA: join(folder, 'other', 'data') })
/** Paths below the folder that are no leftovers of anything. */
const inFolder = () => readdirSync(folder).toSorted()

/** A run that met its target, with its log and model, and its project's own repository. */
function aHone() {
  const store = openStore(config)
  const paths = dataPaths(config.data)
  const world: World = { store, paths, pass: () => {} }
  const project = aProject(world)
  const run = aDetectedRun(world, project)
  const trial = aCompletedTrial(world, run, 0, 0.97)
  store.runs.update(run.id, { bestTrialId: trial.id })
  anEndedRun(world, run, 'succeeded', { reason: 'accuracy 0.97' })
  const { path } = makeRepository(join(folder, 'source'), { 'train.py': 'print(1)\n' })
  git(folder, 'clone', '--quiet', '--bare', path, paths.ownRemote('digits'))
  mkdirSync(join(paths.workspaces, 'run-1'), { recursive: true })
  writeFileSync(join(paths.workspaces, 'run-1', 'start.sh'), 'true', { mode: 0o755 })
  symlinkSync('start.sh', join(paths.workspaces, 'run-1', 'link'))
  mkdirSync(paths.mirror('x'), { recursive: true })
  const seen = () => ({
    run: store.runs.get(run.id),
    trials: store.trials.ofRun(run.id),
    metrics: store.metrics.ofTrial(trial.id),
    mails: store.mails.list(),
  })
  return { store, paths, run, trial, project, seen }
}

/** Bytes of all files below the folders that a backup holds. */
function filesOf({ data }: Config): Record<string, string> {
  const found: Record<string, string> = {}
  for (const top of ['git', 'logs', 'artifacts', 'workspaces'])
    for (const entry of readdirSync(join(data, top), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isDirectory())
        found[path.slice(data.length)] = readFileSync(path, 'latin1') + (statSync(path).mode & 0o777)
    }
  return found
}

describe('a backup', () => {
  it.each(['hone.tar', 'hone.tar.gz'])('as %s, restored elsewhere, is the Hone that it was', async (name) => {
    const { store, seen } = aHone()
    const before = seen()
    await back(name)
    store.close()
    expect(said[0]).toMatch(/Backup written.* to .*hone\.tar.*: \d+ files, .*, schema \d+\.$/)
    expect(inFolder()).toEqual(['data', name, 'source'])
    expect(statSync(file(name)).mode & 0o077).toBe(0)

    const other = elsewhere()
    await restore(other, file(name), {})
    const restored = openStore(other)
    const { run, trials } = before
    expect({
      run: restored.runs.get(run.id),
      trials: restored.trials.ofRun(run.id),
      metrics: restored.metrics.ofTrial(trials[0]?.id as number),
      mails: restored.mails.list(),
    }).toEqual(before)
    restored.close()
    expect(filesOf(other)).toEqual(filesOf(config))
    expect(Object.keys(filesOf(other)).some((path) => path.endsWith('model.joblib'))).toBe(true)
    expect(existsSync(dataPaths(other.data).mirrors)).toBe(false)
    git(folder, 'clone', '--quiet', dataPaths(other.data).ownRemote('digits'), file('clone'))
    expect(readFileSync(join(file('clone'), 'train.py'), 'utf8')).toBe('print(1)\n')
  })

  it('is one moment of a database that another process writes to all the while', async () => {
    const { store } = aHone()
    const { database } = dataPaths(config.data)
    const writer = await hardWriter(database)
    try {
      const counts: number[] = []
      for (let n = 0; n < 3; n++) {
        const copy = file(`copy-${n}`)
        await snapshot(database, copy)
        const db = new Database(copy, { readonly: true })
        const value = (key: string) =>
          Number(db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key))
        expect(value('first')).toBe(value('second'))
        const rows = db.prepare(`SELECT count(*) FROM events WHERE run_id IS NULL AND type = 'progress'`)
        expect(rows.pluck().get()).toBe(value('first'))
        counts.push(value('first'))
        db.close()
        expect(readdirSync(folder).filter((name) => /copy.*-(wal|shm|journal)$/.test(name))).toEqual([])
      }
      expect(counts.toSorted((a, b) => a - b)).toEqual(counts)
      await back('hone.tar')
      expect(Number(store.meta.get('first'))).toBeGreaterThan(counts.at(-1) as number)
    } finally {
      await killed(writer)
    }
    await restore(elsewhere(), file(), {})
    const restored = openStore(elsewhere())
    expect(restored.meta.get('first')).toBe(restored.meta.get('second'))
    restored.close()
    store.close()
  })

  it('has every commit that its branches name, however often one pushes meanwhile', async () => {
    const { store, paths } = aHone()
    const pushing = spawn('sh', ['-c', PUSHER, 'sh', join(folder, 'source'), paths.ownRemote('digits')], {
      env: gitTestEnvironment,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(pushing, 'exit')
    await Promise.race([once(pushing.stdout, 'data'), ended])
    await back('hone.tar')
    writeFileSync(join(folder, 'source', 'stop'), '')
    expect(await ended).toEqual([0, null])
    await restore(elsewhere(), file(), {})
    const restored = dataPaths(elsewhere().data).ownRemote('digits')
    expect(
      execFileSync('git', ['-C', restored, 'fsck', '--strict', '--no-dangling'], {
        stdio: 'pipe',
      }).toString(),
    ).toBe('')
    expect(git(restored, 'log', '--oneline', 'main')).not.toBe('')
    store.close()
  })

  it('has a log that is compressed while it is made', async () => {
    const { store, paths, run } = aHone()
    store.close()
    const names: string[] = []
    for await (const { name } of contentsOf(config.data, 'logs')) {
      const [attempt = ''] = readdirSync(join(paths.logs, `run-${run.id}`))
      if (name === `logs/run-${run.id}`) await compressLog(join(paths.logs, `run-${run.id}`, attempt))
      names.push(name)
    }
    expect(names.at(-1)).toMatch(/attempt-\d+\.log\.gz$/)
  })

  it('is never written over another one by accident', async () => {
    aHone().store.close()
    writeFileSync(file(), 'precious')
    await expect(back('hone.tar')).rejects.toEqual(code('backup-exists'))
    expect(readFileSync(file(), 'utf8')).toBe('precious')
    await back('hone.tar', { force: true, json: true })
    expect(JSON.parse(said[0] ?? '')).toMatchObject({
      file: file(),
      format: 1,
      schema: SCHEMA,
      files: expect.any(Number),
    })
  })

  it.each([
    ['into a folder that is not there', 'no/hone.tar', 'no-such-folder'],
    ['into what it would hold', 'data/logs/hone.tar', 'bad-place'],
  ])('is refused %s', async (_, name, word) => {
    aHone().store.close()
    await expect(back(name)).rejects.toEqual(code(word))
  })

  it('is refused where there is no Hone, and makes none', async () => {
    await expect(back('hone.tar')).rejects.toEqual(code('no-database'))
    expect(inFolder()).toEqual([])
  })

  it('of a damaged database is refused, and leaves nothing', async () => {
    aHone().store.close()
    const { database } = dataPaths(config.data)
    const bytes = readFileSync(database)
    bytes.fill(0xa5, 10 * 4096)
    writeFileSync(database, bytes)
    const told = vi.spyOn(console, 'error').mockImplementation(() => {})
    await expect(back('hone.tar')).rejects.toEqual(code('database-damaged'))
    expect(told).toHaveBeenCalledWith(
      expect.stringContaining('The record (audit) does not tell of this backup'),
    )
    await expect(back('hone.tar')).rejects.toThrow(dataPaths(config.data).database)
    expect(inFolder()).toEqual(['data', 'source'])
  })

  it('of an older schema is one too: the database is not migrated for it', async () => {
    mkdirSync(config.data, { recursive: true })
    const { database } = dataPaths(config.data)
    anOldDatabase(database)
    await back('hone.tar')
    const db = new Database(database)
    expect(db.pragma('user_version', { simple: true })).toBe(1)
    db.close()
    await restore(config, file(), {})
    const store = openStore(config)
    expect(store.projects.byName('old')).not.toBeNull()
    store.close()
  })
})

/** Commits, pushes and packs until a file `stop` is there. */
const PUSHER = `
cd "$1"
n=0
while [ ! -e stop ]; do
  n=$((n + 1))
  echo "print('$n')" > train.py
  git commit --quiet --all --message "$n" && git push --quiet "$2" HEAD:refs/heads/main || exit 1
  git -C "$2" repack -a -d --quiet && echo pushed
done`

function anOldDatabase(path: string): void {
  const db = new Database(path)
  db.exec(initial)
  db.exec(
    `INSERT INTO projects (name, secret, push_token_hash, settings, created_at) VALUES ('old', 's', 'h', '{}', 0)`,
  )
  db.pragma('user_version = 1')
  db.close()
}

describe('a restore', () => {
  it('keeps what was there before under another name', async () => {
    const { store, run } = aHone()
    await back('hone.tar')
    store.runs.progress(run.id, 'after the backup')
    store.close()
    await restore(config, file(), { json: true })
    const { kept } = JSON.parse(said.at(-1) ?? '')
    expect(kept).toMatch(/data\/replaced-/)
    const [before, now] = [openStore({ ...config, data: kept }), openStore(config)]
    expect(before.events.lastId()).toBe(now.events.lastId() + 1)
    before.close()
    now.close()
    expect(existsSync(join(kept, 'logs', `run-${run.id}`))).toBe(true)
    expect(readdirSync(config.data).filter((name) => name.startsWith('restoring'))).toEqual([])
  })

  it('is refused while a server runs on the folder', async () => {
    aHone().store.close()
    await back('hone.tar')
    const unlock = lockFolder(config.data)
    await expect(restore(config, file(), {})).rejects.toEqual(code('data-in-use'))
    unlock?.()
    await restore(config, file(), {})
  })

  it('that breaks off between the old and the new keeps an empty Hone from beginning, and is done again', async () => {
    const { store, seen } = aHone()
    const { run } = seen()
    await back('hone.tar')
    store.close()
    removeFolder(join(config.data, 'artifacts'))
    symlinkSync('nowhere', join(config.data, 'artifacts'))
    await expect(restore(config, file(), {})).rejects.toMatchObject({ code: 'ENOTDIR' })
    for (let start = 0; start < 2; start++)
      expect(() => openStore(config)).toThrow(
        expect.objectContaining({
          failure: expect.objectContaining({
            code: 'restore-cut-off',
            message: expect.stringContaining('replaced-'),
          }),
        }),
      )
    rmSync(join(config.data, 'artifacts'))
    await restore(config, file(), {})
    const restored = openStore(config)
    expect(restored.runs.get(run.id)).toEqual(run)
    restored.close()
  })

  it('of a plain database, such as the copy before a migration, leaves logs and models where they are', async () => {
    aHone().store.close()
    anOldDatabase(file('old.sqlite'))
    const logs = filesOf(config)
    await restore(config, file('old.sqlite'), {})
    const store = openStore(config)
    expect(store.projects.all().map(({ name }) => name)).toEqual(['old'])
    store.close()
    expect(filesOf(config)).toEqual(logs)
  })

  describe('changes nothing when the backup', () => {
    const damages: [string, (path: string) => void, string][] = [
      ['was cut off', (path) => truncateSync(path, statSync(path).size >> 1), 'backup-damaged'],
      ['lacks its end', (path) => truncateSync(path, statSync(path).size - 2048), 'backup-damaged'],
      ['was changed', (path) => overwrite(path, 20_000), 'backup-damaged'],
      ['is another file', (path) => writeFileSync(path, 'hello'), 'not-a-backup'],
      [
        'is another archive',
        (path) => execFileSync('tar', ['cf', path, '-C', folder, 'source']),
        'not-a-backup',
      ],
      ['is another database', (path) => anOtherDatabase(path), 'not-a-backup'],
      ['is not there', (path) => removeFolder(path), 'no-such-file'],
      ['is a folder', (path) => aFolder(path), 'not-a-backup'],
    ]
    it.each(damages)('%s', async (_, damage, word) => {
      const { store, seen } = aHone()
      const before = seen()
      store.close()
      await back('hone.tar')
      damage(file())
      await expect(restore(config, file(), {})).rejects.toEqual(code(word))
      const after = openStore(config)
      expect(after.runs.get(before.run.id)).toEqual(before.run)
      after.close()
      expect(readdirSync(config.data).filter((name) => /^re(stor|plac)/.test(name))).toEqual([])
    })

    it('is compressed and was cut off', async () => {
      aHone().store.close()
      await back('hone.tgz')
      truncateSync(file('hone.tgz'), statSync(file('hone.tgz')).size - 100)
      await expect(restore(config, file('hone.tgz'), {})).rejects.toEqual(code('backup-damaged'))
    })

    it('comes from a newer Hone', async () => {
      aHone().store.close()
      const { database } = dataPaths(config.data)
      await snapshot(database, file('newer'))
      const db = new Database(file('newer'))
      db.pragma(`user_version = ${SCHEMA + 1}`)
      db.close()
      await expect(restore(config, file('newer'), {})).rejects.toThrow(NewerSchema)
      expect(checkCopy(database).schema).toBe(SCHEMA)
    })
  })
})

function overwrite(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes.fill(0x20, at, at + 3000)
  writeFileSync(path, bytes)
}

function aFolder(path: string): void {
  removeFolder(path)
  mkdirSync(path)
}

function anOtherDatabase(path: string): void {
  removeFolder(path)
  const db = new Database(path)
  db.exec('CREATE TABLE cats (name TEXT)')
  db.close()
}

it.each(['../x', '/etc/passwd', 'logs/../../x', 'hone.lock', 'logs//x', 'replaced-1/x', './logs/x'])(
  '%s is no place in a data folder for an entry of an archive',
  (name) => expect(placeOf(name)).toBeNull(),
)
