import type { Readable } from 'node:stream'
import { type Header, pack } from 'tar-stream'

/** Content is left out for a folder. */
export type TarEntry = readonly [
  header: Partial<Header> & Pick<Header, 'name'>,
  content?: Buffer | string | undefined,
]

/** Files and folders as a tar stream. When it is destroyed, only the stream itself tells of it. */
export function tarOf(entries: Iterable<TarEntry>): Readable {
  const tar = pack()
  for (const [header, content] of entries) {
    const entry = content === undefined ? tar.entry({ ...header }) : tar.entry({ ...header }, content)
    // Those that nobody has read yet end with the stream; an error that nobody hears would end the server.
    entry.on('error', () => {})
  }
  tar.finalize()
  return tar as unknown as Readable
}
