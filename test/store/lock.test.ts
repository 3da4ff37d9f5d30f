import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { lockFolder } from '../../src/store/open.ts'
import { removeFolder, temporaryFolder } from '../helpers/git.ts'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach(removeFolder))
function folder() {
  const made = temporaryFolder()
  folders.push(made)
  return made
}

test('one holds the folder at a time', () => {
  const path = folder()
  const unlock = lockFolder(path)
  expect(unlock).not.toBeNull()
  expect(lockFolder(path)).toBeNull()
  const other = lockFolder(folder())
  expect(other).not.toBeNull()
  other?.()
  unlock?.()
  const again = lockFolder(path)
  expect(again).not.toBeNull()
  again?.()
})

test('a folder that it makes is closed to other users: secrets lie in it', () => {
  const path = join(folder(), 'data')
  lockFolder(path)?.()
  expect(statSync(path).mode & 0o077).toBe(0)
})

/** Holds the lock as SQLite does for another process, until it is killed. */
const HOLDER = `
const Database = require('better-sqlite3')
const db = new Database(process.argv[1] + '/hone.lock')
db.pragma('journal_mode = DELETE')
db.exec('BEGIN EXCLUSIVE')
console.log('held')
setInterval(() => {}, 1000)
`

test('a process that is killed lets go', async () => {
  const path = folder()
  const child = spawn(process.execPath, ['-e', HOLDER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(child.stdout, 'data')
    expect(lockFolder(path)).toBeNull()
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const unlock = lockFolder(path)
  expect(unlock).not.toBeNull()
  unlock?.()
})
