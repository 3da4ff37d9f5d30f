import { posix } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StringDecoder } from 'node:string_decoder'
import { extract, type Header } from 'tar-stream'
import type { Executor } from '../../src/containers/executor.ts'
import { METRIC_FILES } from '../../src/metrics/files.ts'

type Entry = AsyncIterable<Buffer> & { header: Header; resume(): unknown }

/** A text that is larger is not read. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024
/** Of one folder; a training that writes more leaves them unlisted. */
const MOST_LISTED = 200_000

/**
 * What lies at a path of a container, entry by entry; nothing where the path is not there. An entry that is not read is passed over.
 * The container may be running or ended.
 */
async function* entriesOf(
  executor: Executor,
  container: string,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Entry> {
  const tar = await executor.get(container, path)
  if (!tar) return
  const unpacking = extract()
  const reading = pipeline(tar, unpacking, { signal })
  // What goes wrong is thrown by the loop.
  reading.catch(() => {})
  try {
    for await (const entry of unpacking) {
      yield entry as unknown as Entry
      entry.resume()
    }
  } finally {
    // What is not read to its end keeps the engine's answer open.
    tar.destroy()
  }
}

/** The content of a file from a byte on, as far as it goes now. */
export async function* readFrom(
  executor: Executor,
  container: string,
  path: string,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for await (const entry of entriesOf(executor, container, path, signal)) {
    if (entry.header.type !== 'file' || (entry.header.size ?? 0) <= from) return
    let at = 0
    for await (const part of entry) {
      const fresh = part.subarray(Math.max(0, from - at))
      at += part.length
      if (fresh.length > 0) yield fresh
    }
    return
  }
}

/** A text file of at most 16 MiB; null when there is none, or it was last written before `since` (ms since the epoch). */
export async function readText(
  executor: Executor,
  container: string,
  path: string,
  signal: AbortSignal,
  since = 0,
): Promise<string | null> {
  for await (const entry of entriesOf(executor, container, path, signal)) {
    const { type, size, mtime } = entry.header
    if (type !== 'file' || (size ?? 0) > MAX_TEXT_BYTES || !isSince(mtime, since)) return null
    const decoder = new StringDecoder('utf8')
    let text = ''
    for await (const part of entry) text += decoder.write(part)
    return text + decoder.end()
  }
  return null
}

/** `accuracy.txt` and `metrics.json`, from the first of these folders that the training wrote them to since a time. */
export async function readResultFiles(
  executor: Executor,
  container: string,
  folders: readonly string[],
  since: number,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const name of METRIC_FILES) {
    for (const folder of new Set(folders)) {
      const text = await readText(executor, container, posix.join(folder, name), signal, since)
      if (text === null) continue
      files[name] = text
      break
    }
  }
  return files
}

/**
 * Absolute paths of the files below a folder that were written since a time, or that are not among those that were put there.
 * @param put paths relative to the folder
 */
export async function writtenFiles(
  executor: Executor,
  container: string,
  folder: string,
  { put, since }: { put: ReadonlySet<string>; since: number },
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = []
  for await (const { header } of entriesOf(executor, container, folder, signal)) {
    if (header.type !== 'file') continue
    // Named from the folder's own name on.
    const path = header.name.slice(header.name.indexOf('/') + 1)
    if (!put.has(path) || isSince(header.mtime, since)) found.push(posix.join(folder, path))
    if (found.length >= MOST_LISTED) break
  }
  return found
}

/** The engine gives whole seconds. */
const isSince = (mtime: Date | undefined, since: number) =>
  mtime === undefined || mtime.getTime() >= Math.floor(since / 1000) * 1000
