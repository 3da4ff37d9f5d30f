import { type EventEmitter, once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Pack, pack } from 'tar-stream'
import { END, type Entry, MANIFEST, type Manifest } from './contents.ts'

export interface Packed {
  files: number
  /** Of the files, before they are compressed. */
  bytes: number
}

/** Writes the archive; gzip where the name ends in `gz`. @param name the one that it is to have in the end */
export async function packArchive(
  file: string,
  name: string,
  manifest: Manifest,
  entries: AsyncIterable<Entry>,
): Promise<Packed> {
  const tar = pack()
  const stop = new AbortController()
  const target = createWriteStream(file, { mode: 0o600, flags: 'wx' })
  const written = (/\.t?gz$/.test(name) ? pipeline(tar, createGzip(), target) : pipeline(tar, target)).catch(
    (error) => {
      stop.abort(error)
      throw error
    },
  )
  const filled = fill(tar, manifest, entries, stop.signal).catch((error) => {
    tar.destroy(error)
    throw error
  })
  // Whichever failed first says why.
  const [first, second] = await Promise.allSettled([written, filled])
  if (stop.signal.aborted && first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return second.value
}

async function fill(
  tar: Pack,
  manifest: Manifest,
  entries: AsyncIterable<Entry>,
  signal: AbortSignal,
): Promise<Packed> {
  const packed = { files: 0, bytes: 0 }
  await add(tar, textEntry(MANIFEST, manifest), signal)
  for await (const entry of entries) {
    await add(tar, entry, signal)
    if (entry.type === 'file') packed.files++
    packed.bytes += entry.size
  }
  await add(tar, textEntry(END, packed), signal)
  tar.finalize()
  return packed
}

async function add(tar: Pack, { link, content, ...header }: Entry, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  let settle: (error?: Error | null) => void = () => {}
  const done = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve())
  })
  done.catch(() => {})
  const entry = tar.entry({ ...header, ...(link === undefined ? {} : { linkname: link }) }, (error) =>
    settle(error),
  )
  if (header.type !== 'file') return void entry.end(null)
  for await (const chunk of Buffer.isBuffer(content) ? [content] : content) {
    if (!entry.write(chunk)) await once(entry as unknown as EventEmitter, 'drain', { signal })
  }
  entry.end(null)
  await done
}

function textEntry(name: string, value: unknown): Entry {
  const content = Buffer.from(`${JSON.stringify(value)}\n`)
  return { name, type: 'file', mode: 0o600, size: content.length, content }
}
