import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { backup } from '../../src/cli/backup.ts'
import { addProject } from '../../src/cli/project.ts'
import { restore } from '../../src/cli/restore.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { openStore } from '../../src/main.ts'
import { removeFolder, temporaryFolder } from '../helpers/git.ts'

let folder: string
let config: Config
beforeEach(() => {
  folder = temporaryFolder()
  config = readConfig({ HONE_DATA: join(folder, 'data') })
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  removeFolder(folder)
})

function deeds() {
  const store = openStore(config)
  const rows = store.audit.list({ limit: 10 }).map(({ action, subject }) => `${action}: ${subject}`)
  store.close()
  return rows
}

it('a backup is in the record, in that of the backup, too; so is its restore, but no backup that was refused', async () => {
  addProject(config, 'digits', {})
  const file = join(folder, 'hone.tar')
  await backup(config, file, {})
  await expect(backup(config, file, {})).rejects.toThrow('is there already')
  const made = [`backup made: ${file}`, 'project made: digits']
  expect(deeds()).toEqual(made)
  await restore(config, file, {})
  expect(deeds()).toEqual([`backup restored: ${file}`, ...made])
})
