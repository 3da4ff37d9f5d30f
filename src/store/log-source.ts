import { type FileHandle, open } from 'node:fs/promises'
import { openGzip } from './log-gzip.ts'

/** The bytes of a log as they were written. Every reader of logs reads through it, however the log is stored. */
export interface LogSource {
  /** Bytes that it had when it was opened. */
  readonly size: number
  /** The bytes from a position on; fewer than `length` at the end. */
  read(position: number, length: number): Promise<Buffer>
  close(): Promise<void>
}

/** @returns null when there is no log */
export async function openLogSource(path: string): Promise<LogSource | null> {
  const file = await openOrNull(path)
  // One that is being compressed has its new name before it loses the old one.
  if (!file) return openGzip(path)
  try {
    const { size } = await file.stat()
    // Who asks for a piece asks for much more than a log that grows has after it: no room is made for that.
    const read = (position: number, length: number) =>
      readAt(file, position, Math.max(0, Math.min(length, size - position)))
    return { size, read, close: () => file.close() }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const data = Buffer.allocUnsafe(length)
  const { bytesRead } = await file.read(data, 0, length, position)
  return data.subarray(0, bytesRead)
}

async function openOrNull(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
