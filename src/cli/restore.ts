import { existsSync, rmSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Config } from '../config.ts'
import { userError } from '../domain/failure.ts'
import { takeFolder } from '../main.ts'
import { RESTORING } from '../store/damage.ts'
import { renameDurably } from '../store/durable.ts'
import { openDatabase } from '../store/open.ts'
import { checkCopy } from '../store/snapshot.ts'
import { createStore } from '../store/store.ts'
import { DATABASE, FOLDERS } from './backup/contents.ts'
import { kindOf, unpackArchive } from './backup/unpack.ts'
import { sha256Of } from './backup.ts'
import { onCommandLine } from './record.ts'
import { style } from './style.ts'

const DATABASE_FILES = [DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`]

/**
 * Puts a backup in the place of what the data folder holds, which stays beside it under another name. The backup is
 * unpacked, checked and brought to today's schema before anything is moved. A plain database, such as the copy that is
 * made before a migration, replaces the database alone.
 * @throws HoneError `data-in-use`, `no-such-file`, `not-a-backup`, `backup-damaged`, `database-damaged`; NewerSchema
 */
export async function restore(config: Config, name: string, { json }: { json?: boolean }): Promise<void> {
  const file = resolve(name)
  const kind = await kindOf(file)
  const unlock = takeFolder(config)
  const unpacked = join(config.data, RESTORING)
  let moves = false
  try {
    // Of one that was cut off.
    await rm(unpacked, { recursive: true, force: true })
    await mkdir(unpacked, { mode: 0o700 })
    const database = join(unpacked, DATABASE)
    if (kind === 'database') await copyFile(file, database)
    else {
      const manifest = await unpackArchive(file, kind, unpacked)
      if (!existsSync(database) || (await sha256Of(database)) !== manifest.sha256)
        throw userError(
          'backup-damaged',
          `The backup ${file} is damaged: its database is not the one that was written.`,
          'Take another backup; nothing was changed.',
        )
    }
    const { schema } = checkCopy(database)
    // Migrates; the log beside it goes with the last connection.
    noteRestore(database, file)
    moves = true
    const kept = await exchange(config.data, unpacked, kind === 'database' ? [] : FOLDERS)
    if (json) console.log(JSON.stringify({ file, schema, kept }))
    else report(file, kept)
  } finally {
    // Without a database it stays, so that the next start does not begin with an empty one.
    if (!moves || existsSync(join(config.data, DATABASE))) rmSync(unpacked, { recursive: true, force: true })
    unlock()
  }
}

/**
 * In the record; and the trainings that were going on, so that the server does not blame somebody else where one has ended
 * since the backup.
 */
function noteRestore(database: string, file: string): void {
  const store = createStore(openDatabase(database))
  try {
    store.audit.append(onCommandLine('backup restored', file))
    store.restored.set(store.attempts.open().map(({ id }) => id))
  } finally {
    store.close()
  }
}

/**
 * Moves what is there aside and the new into its place, the database last: if this is cut off, the next start finds no
 * database beside the new one, and says so.
 * @returns the folder with what was there; null when there was nothing
 */
async function exchange(data: string, unpacked: string, folders: readonly string[]): Promise<string | null> {
  const old = [...DATABASE_FILES, ...folders].filter((name) => existsSync(join(data, name)))
  const kept = join(data, `replaced-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`)
  if (old.length > 0) await mkdir(kept, { mode: 0o700 })
  for (const name of old) await rename(join(data, name), join(kept, name))
  for (const name of folders)
    if (existsSync(join(unpacked, name))) await rename(join(unpacked, name), join(data, name))
  renameDurably(join(unpacked, DATABASE), join(data, DATABASE))
  await rm(unpacked, { recursive: true })
  return old.length > 0 ? kept : null
}

function report(file: string, kept: string | null): void {
  console.log(`${style.green('Restored')} from ${basename(file)}. Start Hone with \`hone serve\`.`)
  if (kept) console.log(`What was there before lies in ${kept}; remove it when you no longer need it.`)
}
