import { statfs } from 'node:fs/promises'
import { bytesInWords } from '../domain/bytes.ts'
import { toFailure, unavailable } from '../domain/failure.ts'

/**
 * An error of a start, with the name of the disk where a full one is its cause; any other as it is.
 * @param data the data folder
 */
export async function namingDisk(error: unknown, data: string): Promise<unknown> {
  if (toFailure(error).code !== 'disk-full') return error
  const { bavail, blocks, bsize } = await statfs(data)
  return unavailable(
    'disk-full',
    `The disk of ${data} (HONE_DATA) is full: ${bytesInWords(bavail * bsize)} of ${bytesInWords(blocks * bsize)} are free.`,
    'Free some space there, then start this again: it goes on where it was. `replaced-*` folders of restores, and `hone.sqlite.schema-*`, may go when you need them no longer.',
    error,
  )
}
