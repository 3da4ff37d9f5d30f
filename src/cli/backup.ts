import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Config } from '../config.ts'
import { bytesInWords } from '../domain/bytes.ts'
import { toFailure, userError } from '../domain/failure.ts'
import { dataPaths } from '../paths.ts'
import { removeAbandoned, removeCutOff } from '../store/cut-off.ts'
import { renameDurably } from '../store/durable.ts'
import { openAsIs } from '../store/open.ts'
import { snapshot } from '../store/snapshot.ts'
import { createStore } from '../store/store.ts'
import { version } from '../version.ts'
import { contentsOf, DATABASE, type Entry, FOLDERS, fileOf, type Manifest } from './backup/contents.ts'
import { type Packed, packArchive } from './backup/pack.ts'
import { onCommandLine } from './record.ts'
import { style } from './style.ts'

export interface BackupOptions {
  force?: boolean
  json?: boolean
}

/**
 * Writes all that a Hone needs to go on elsewhere into one file, also while a server runs on the data folder. The file has
 * its name only once it is whole and on the disk.
 * @throws HoneError `no-database`, `backup-exists`, `no-such-folder`, `database-damaged`; NewerSchema
 */
export async function backup(config: Config, name: string, { force, json }: BackupOptions): Promise<void> {
  const { file, manifest, packed } = await writeBackup(config.data, name, force ?? false, recordBackup)
  if (json) console.log(JSON.stringify({ file, ...manifest, ...packed }))
  else
    console.log(
      `${style.green('Backup written')} to ${file}: ${packed.files} files, ${bytesInWords(packed.bytes)}, schema ${manifest.schema}.`,
    )
}

/**
 * The same without a word, and without a row in the record.
 * @param root the data folder
 * @param checked called once it is known that the file may be written
 */
export async function writeBackup(
  root: string,
  name: string,
  force: boolean,
  checked: (database: string, target: string) => void = () => {},
): Promise<{ file: string; manifest: Manifest; packed: Packed }> {
  const target = resolve(name)
  const { data, database } = dataPaths(root)
  refuse(target, data, database, force)
  checked(database, target)
  const folder = dirname(target)
  const begun = join(folder, `.hone-backup.${basename(target)}`)
  const copy = `${begun}.${process.pid}.database`
  const partial = `${begun}.${process.pid}.partial`
  try {
    removeCutOff(begun, /database|partial/)
    removeAbandoned(folder, /^\.hone-backup\..+\.\d+\.(?:database|partial)/)
    const { schema } = await snapshot(database, copy)
    const manifest: Manifest = {
      ...{ format: 1, hone: version, schema, madeAt: new Date().toISOString() },
      sha256: await sha256Of(copy),
    }
    const packed = await packArchive(partial, target, manifest, entries(data, copy))
    if (!force && existsSync(target)) throw exists(target)
    renameDurably(partial, target)
    return { file: target, manifest, packed }
  } finally {
    for (const left of [copy, partial]) await rm(left, { force: true })
  }
}

/** A backup helps against the loss of data: what keeps its row from being written does not keep it from being made. */
function recordBackup(database: string, target: string): void {
  try {
    const db = openAsIs(database)
    if (db === null) return
    const store = createStore(db)
    try {
      store.audit.append(onCommandLine('backup made', target))
    } finally {
      store.close()
    }
  } catch (error) {
    console.error(`The record (audit) does not tell of this backup: ${toFailure(error).message}`)
  }
}

/** The database before the rest: what its rows tell of is there already. */
async function* entries(data: string, copy: string): AsyncGenerator<Entry> {
  for await (const entry of fileOf(dirname(copy), basename(copy)))
    yield { ...entry, name: DATABASE, mode: 0o600 }
  for (const folder of FOLDERS) yield* contentsOf(data, folder)
}

const exists = (target: string) =>
  userError(
    'backup-exists',
    `${target} is there already.`,
    'Choose another name, or write over it with --force.',
  )

function refuse(target: string, data: string, database: string, force: boolean): void {
  if (!existsSync(database))
    throw userError(
      'no-database',
      `There is no Hone in ${data}.`,
      'Set HONE_DATA to the folder of the Hone to back up.',
    )
  if (!existsSync(dirname(target)))
    throw userError(
      'no-such-folder',
      `${dirname(target)} does not exist.`,
      'Make it, or choose another place.',
    )
  if (FOLDERS.some((folder) => target.startsWith(`${join(data, folder)}/`)))
    throw userError(
      'bad-place',
      `${target} lies in what is to be backed up.`,
      'Choose a place outside of the data folder, best on another disk.',
    )
  if (!force && existsSync(target)) throw exists(target)
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
