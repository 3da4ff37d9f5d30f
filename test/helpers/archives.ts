import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { extract, pack } from 'tar-stream'

/** Names ending with `/` are folders; everything belongs to the training user. */
export function archive(content: Record<string, string>, mtime?: Date): Readable {
  const tar = pack()
  for (const [name, text] of Object.entries(content)) {
    const owner = { uid: 1000, gid: 1000 }
    if (name.endsWith('/')) tar.entry({ name, type: 'directory', mode: 0o755, ...owner })
    else tar.entry({ name, ...owner, ...(mtime ? { mtime } : {}) }, text)
  }
  tar.finalize()
  return tar as unknown as Readable
}

/** Of the regular files. */
export async function entries(tar: Readable | null) {
  if (tar === null) throw new Error('there is no archive')
  const found: { name: string; size: number; mtime: Date }[] = []
  const unpacked = extract()
  tar.pipe(unpacked)
  for await (const entry of unpacked) {
    const { name, size, mtime, type } = entry.header
    if (type === 'file') found.push({ name, size, mtime })
    entry.resume()
  }
  return found
}

/** Name -> content. */
export async function files(tar: Readable | null): Promise<Record<string, string>> {
  if (tar === null) throw new Error('there is no archive')
  const found: Record<string, string> = {}
  const unpacked = extract()
  tar.pipe(unpacked)
  for await (const entry of unpacked) {
    const content = await buffer(entry)
    if (entry.header.type === 'file') found[entry.header.name] = content.toString()
  }
  return found
}
