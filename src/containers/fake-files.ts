import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { extract, pack } from 'tar-stream'

/** Absolute path -> content. */
export type Files = Map<string, Buffer>

const times = new WeakMap<Buffer, Date>()

/** Content as a file that was last written at a time. */
export function writtenAt(content: Buffer, time: Date): Buffer {
  // A copy: the same buffer may be another file's.
  const own = Buffer.from(content)
  times.set(own, time)
  return own
}

/** The regular files of a tar stream, by absolute paths below `folder`. */
export async function unpackFiles(tar: Readable, folder: string): Promise<Files> {
  const files: Files = new Map()
  const unpacked = extract()
  tar.once('error', (error) => unpacked.destroy(error))
  tar.pipe(unpacked)
  for await (const entry of unpacked) {
    const content = await buffer(entry)
    const { type, name, mtime } = entry.header
    if (type === 'file')
      files.set(posix.resolve(folder, `./${name}`), writtenAt(content, mtime ?? new Date(0)))
  }
  return files
}

/** The file at `path`, or all below it, named as the engine names them: relative to the parent of `path`. */
export function filesBelow(files: Files, path: string): Files {
  const parent = posix.dirname(path)
  const found: Files = new Map()
  for (const [name, content] of files) {
    if (name === path || name.startsWith(`${path}/`)) found.set(posix.relative(parent, name), content)
  }
  return found
}

export function packFiles(files: Files): Readable {
  const tar = pack()
  for (const [name, content] of files) tar.entry({ name, mtime: times.get(content) }, content)
  tar.finalize()
  return tar as unknown as Readable
}
