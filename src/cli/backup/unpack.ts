import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readFile, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { z } from 'zod'
import { HoneError, userError } from '../../domain/failure.ts'
import { DATABASE, END, FOLDERS, MANIFEST, type Manifest } from './contents.ts'

const ManifestFile = z.object({
  format: z.literal(1),
  hone: z.string(),
  schema: z.number().int(),
  madeAt: z.string(),
  sha256: z.string(),
})

export type Kind = 'archive' | 'compressed archive' | 'database'

const damaged = (file: string, what: string) =>
  userError(
    'backup-damaged',
    `The backup ${file} is damaged: ${what}.`,
    'Take another backup; nothing was changed.',
  )

const notABackup = (file: string) =>
  userError('not-a-backup', `${file} is no backup of Hone's.`, 'Name a file that `hone backup` made.')

/** By how it begins. @throws HoneError `no-such-file`, `not-a-backup` */
export async function kindOf(file: string): Promise<Kind> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw userError(
      'no-such-file',
      `${file} cannot be read: ${error.message}.`,
      'Name a file that `hone backup` made.',
    )
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0)
    const begins = (text: string, at = 0) =>
      buffer.subarray(at, bytesRead).toString('latin1').startsWith(text)
    if (begins('SQLite format 3\0')) return 'database'
    if (begins('\x1f\x8b')) return 'compressed archive'
    if (begins(MANIFEST) && begins('ustar', 257)) return 'archive'
    throw notABackup(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') throw notABackup(file)
    throw error
  } finally {
    await handle.close()
  }
}

/** Where an entry goes; null for one that is not of a backup's. Pure. */
export function placeOf(name: string): string | null {
  const parts = name.replace(/\/$/, '').split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) return null
  if (parts.length === 1 && [DATABASE, MANIFEST, END].includes(name)) return name
  return (FOLDERS as readonly string[]).includes(parts[0] as string) ? parts.join('/') : null
}

/**
 * Unpacks a whole archive into a folder.
 * @throws HoneError `backup-damaged`, `not-a-backup`
 */
export async function unpackArchive(file: string, kind: Kind, folder: string): Promise<Manifest> {
  const input = extract()
  const links: [path: string, target: string][] = []
  const source = createReadStream(file)
  const reading = kind === 'archive' ? pipeline(source, input) : pipeline(source, createGunzip(), input)
  // An entry that breaks off would be waited for.
  const over = new AbortController()
  reading.catch((error) => over.abort(error))
  try {
    for await (const entry of input) {
      const { name, type, mode = 0o600, linkname } = entry.header
      const place = placeOf(name)
      if (place === null) throw damaged(file, `it holds '${name}'`)
      const path = join(folder, place)
      await mkdir(type === 'directory' ? path : dirname(path), { recursive: true, mode: 0o700 })
      // Links come last, so that nothing is written through one.
      if (type === 'symlink') links.push([path, String(linkname)])
      if (type === 'file')
        await pipeline(entry, createWriteStream(path, { mode: mode & 0o777, flush: true }), over)
      else entry.resume()
    }
    await reading
  } catch (error) {
    input.destroy()
    const cause = over.signal.aborted ? over.signal.reason : error
    const { code = '', message } = cause as { code?: string; message: string }
    if (cause instanceof HoneError || /^E[A-Z]+$/.test(code)) throw cause
    throw damaged(file, message.toLowerCase())
  }
  for (const [path, target] of links) await symlink(target, path)
  const manifest = ManifestFile.safeParse(await jsonIn(join(folder, MANIFEST)))
  if (!manifest.success) throw notABackup(file)
  if ((await jsonIn(join(folder, END))) === null) throw damaged(file, 'it was cut off')
  return manifest.data
}

const jsonIn = (path: string): Promise<unknown> =>
  readFile(path, 'utf8')
    .then(JSON.parse)
    .catch(() => null)
