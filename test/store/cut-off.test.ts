import { spawnSync } from 'node:child_process'
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { backup as makeBackup } from '../../src/cli/backup.ts'
import { readConfig } from '../../src/config.ts'
import { dataPaths } from '../../src/paths.ts'
import { openDatabase } from '../../src/store/open.ts'
import { snapshot } from '../../src/store/snapshot.ts'
import { removeFolder, temporaryFolder } from '../helpers/git.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
  openDatabase(dataPaths(join(folder, 'data')).database).close()
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  removeFolder(folder)
})

it('nobody else may read the copy that a backup is made from, nor what SQLite keeps beside it', async () => {
  const before = process.umask(0)
  try {
    await snapshot(dataPaths(join(folder, 'data')).database, join(folder, 'copy'))
  } finally {
    process.umask(before)
  }
  expect(statSync(join(folder, 'copy')).mode & 0o777).toBe(0o600)
})

const backup = () => makeBackup(readConfig({ HONE_DATA: join(folder, 'data') }), join(folder, 'hone.tar'), {})

it('a backup takes away what one that was killed left, and nothing of one that goes on, nor of another name', async () => {
  const left = (pid: number | undefined) =>
    ['database', 'partial'].map((what) => `.hone-backup.hone.tar.${pid}.${what}`)
  const { pid: dead } = spawnSync('true')
  const kept = [
    ...left(process.ppid),
    `.hone-backup.hone.tar.gz.${dead}.partial`,
    `.hone-backup.hone.tar.${dead}.other`,
    `.hone.tar.${dead}.partial`,
  ]
  const gone = [...left(dead), `.hone-backup.hone.tar.${dead}.database-journal`, ...left(process.pid)]
  for (const name of [...gone, ...kept]) writeFileSync(join(folder, name), 'secret')
  await backup()
  expect(readdirSync(folder).toSorted()).toEqual([...kept, 'data', 'hone.tar'].toSorted())
})

it('a backup takes away what one of any other name left a day ago, such as that of the night before', async () => {
  const days = (count: number) => new Date(Date.now() - count * 86_400_000)
  const left = { '.hone-backup.hone-01.tar.7.partial': 1.1, '.hone-backup.hone-01.tar.7.database': 30 }
  const kept = { '.hone-backup.hone-02.tar.7.partial': 0.9, 'hone-01.tar': 30, '.other.7.partial': 30 }
  for (const [name, age] of Object.entries({ ...left, ...kept })) {
    writeFileSync(join(folder, name), 'secret')
    utimesSync(join(folder, name), days(age), days(age))
  }
  await backup()
  expect(readdirSync(folder).toSorted()).toEqual([...Object.keys(kept), 'data', 'hone.tar'].toSorted())
})
