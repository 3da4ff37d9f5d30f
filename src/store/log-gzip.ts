import { open, readFile, rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32, deflateRaw, inflateRaw } from 'node:zlib'
import { partialPath, removeCutOff } from './cut-off.ts'
import { renameDurably } from './durable.ts'
import type { LogSource } from './log-source.ts'

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

/**
 * Blocked gzip as of the SAM/BAM format specification, section 4.1: gzip members of at most 64 KiB, each with its own size
 * in an extra field, so that a piece of a log is read without what comes before it. `zcat` reads it, too.
 */
const BLOCK_BYTES = 0xff00
const HEADER_BYTES = 18
const TRAILER_BYTES = 8

interface Block {
  /** Where its text begins in the log. */
  start: number
  length: number
  compressed: Buffer
}

export const gzipPath = (path: string) => `${path}.gz`

async function block(text: Buffer): Promise<Buffer> {
  const data = await deflate(text)
  const header = Buffer.from('1f8b08040000000000ff0600424302000000', 'hex')
  header.writeUInt16LE(HEADER_BYTES + data.length + TRAILER_BYTES - 1, 16)
  const trailer = Buffer.alloc(TRAILER_BYTES)
  trailer.writeUInt32LE(crc32(text), 0)
  trailer.writeUInt32LE(text.length, 4)
  return Buffer.concat([header, data, trailer])
}

async function* blocksIn(path: string): AsyncGenerator<Buffer> {
  const source = await open(path, 'r')
  try {
    for (;;) {
      const { bytesRead, buffer } = await source.read(Buffer.alloc(BLOCK_BYTES), 0, BLOCK_BYTES, null)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await source.close()
  }
}

/**
 * Compresses the log of a training that has ended; the log itself goes once the compressed one is whole and on the disk.
 * After a crash both are there, and the next call begins again.
 */
export async function compressLog(path: string): Promise<void> {
  await writeWhole(gzipPath(path), async function* () {
    for await (const text of blocksIn(path)) yield await block(text)
    // An empty one says that the file was not cut off.
    yield await block(Buffer.alloc(0))
  })
  // `hone gc` beside a server may have been at the same log.
  await rm(path, { force: true })
}

/** Undoes `compressLog`, for one that is to be written to. */
export async function expandLog(path: string): Promise<void> {
  const source = await openGzip(path)
  if (!source) return
  await writeWhole(path, async function* () {
    for (let at = 0; at < source.size; at += BLOCK_BYTES) yield await source.read(at, BLOCK_BYTES)
  })
  await rm(gzipPath(path))
}

/** The file is there once it is whole and on the disk; where there is no room for it, nothing of it is left. */
async function writeWhole(path: string, pieces: () => AsyncIterable<Buffer>): Promise<void> {
  removeCutOff(path, /partial/)
  const partial = partialPath(path)
  try {
    const target = await open(partial, 'wx', 0o600)
    try {
      // `write` may take only a part where the disk is nearly full.
      for await (const piece of pieces()) await target.appendFile(piece)
    } finally {
      await target.close()
    }
    renameDurably(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

/** A compressed log to read from by its offsets before it was compressed; null when there is none. */
export async function openGzip(path: string): Promise<LogSource | null> {
  const data = await readFile(gzipPath(path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!data) return null
  const blocks = [...blocksOf(data)]
  const size = blocks.reduce((sum, { length }) => sum + length, 0)
  return {
    size,
    async read(position, length) {
      const wanted = blocks.filter(
        ({ start, length: own }) => own > 0 && start < position + length && start + own > position,
      )
      const texts = await Promise.all(wanted.map(({ compressed }) => inflate(compressed)))
      const skip = position - (wanted[0]?.start ?? position)
      return Buffer.concat(texts).subarray(skip, skip + length)
    },
    close: async () => {},
  }
}

function* blocksOf(data: Buffer): Generator<Block> {
  let start = 0
  for (let at = 0; at < data.length; ) {
    const end = at + data.readUInt16LE(at + 16) + 1
    const length = data.readUInt32LE(end - 4)
    yield { start, length, compressed: data.subarray(at + HEADER_BYTES, end - TRAILER_BYTES) }
    start += length
    at = end
  }
}
