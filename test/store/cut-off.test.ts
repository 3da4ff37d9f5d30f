import { spawnSync } from 'node:child_process'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { backup } from '../../src/cli/backup.ts'
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

it('a backup takes away what one that was killed left, and nothing of one that goes on, nor of another name', async () => {
  const left = (pid: number | undefined) => [`.hone.tar.${pid}.database`, `.hone.tar.${pid}.partial`]
  const { pid: dead } = spawnSync('true')
  const kept = [...left(process.ppid), `.hone.tar.gz.${dead}.partial`, `.hone.tar.${dead}.other`]
  for (const name of [...left(dead), `.hone.tar.${dead}.database-journal`, ...left(process.pid), ...kept])
    writeFileSync(join(folder, name), 'secret')
  await backup(readConfig({ HONE_DATA: join(folder, 'data') }), join(folder, 'hone.tar'), {})
  expect(readdirSync(folder).toSorted()).toEqual([...kept, 'data', 'hone.tar'].toSorted())
})
