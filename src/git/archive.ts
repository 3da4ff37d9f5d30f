import { type EventEmitter, once } from 'node:events'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join, posix, resolve, sep } from 'node:path'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { type Header, type Pack, pack as tarPack } from 'tar-stream'
import { type BlobReader, openBlobs } from './blobs.ts'
import { git, type Runner } from './run.ts'
import { isFile, isPlainPath, listTree, type TreeEntry } from './tree.ts'

export interface Owner {
  uid: number
  gid: number
}

interface Packing {
  runner: Runner
  pack: Pack
  /** Of every entry: owner and time. */
  common: Partial<Header>
  signal: AbortSignal
}

/** No file of a commit looks younger, ms. */
const OLD_MS = 3_600_000

const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n/

type Entry = Partial<Header> & Pick<Header, 'name'>

async function write(
  { pack, common, signal }: Packing,
  header: Entry,
  content: AsyncIterable<Buffer> | Buffer[],
): Promise<void> {
  let settle: (error?: Error | null) => void = () => {}
  const done = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve())
  })
  done.catch(() => {})
  const entry = pack.entry({ ...common, ...header }, (error) => settle(error))
  // Who reads it has gone; one without an error of its own ends with the stream.
  entry.on('error', () => {})
  for await (const chunk of content) {
    if (!entry.write(chunk)) await once(entry as unknown as EventEmitter, 'drain', { signal })
  }
  entry.end(null)
  await done
}

/** The large file that a pointer stands for, where it was fetched. */
async function largeFile(gitDir: string, pointer: Buffer): Promise<{ file: string; size: number } | null> {
  const oid = LFS_POINTER.exec(pointer.toString('latin1'))?.[1]
  if (oid === undefined) return null
  const file = join(gitDir, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid)
  return stat(file).then(
    ({ size }) => ({ file, size }),
    () => null,
  )
}

async function gather(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of content) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function writeFile(
  packing: Packing,
  blobs: BlobReader,
  gitDir: string,
  entry: TreeEntry,
  name: string,
) {
  const mode = entry.mode === '100755' ? 0o755 : 0o644
  if (entry.size > 1024) return write(packing, { name, mode, size: entry.size }, blobs.read(entry.oid))
  const content = await gather(blobs.read(entry.oid))
  const large = await largeFile(gitDir, content)
  if (!large) return write(packing, { name, mode, size: content.length }, [content])
  return write(packing, { name, mode, size: large.size }, createReadStream(large.file))
}

/** Whether a link in the repository leads to something in the repository. */
export function staysInside(link: string, target: string): boolean {
  if (target === '' || target.startsWith('/') || target.includes('\0')) return false
  const path = posix.normalize(posix.join(posix.dirname(link), target))
  return path !== '..' && !path.startsWith('../')
}

/** The git directory of a checked-out submodule; null when it is not there or lies outside of the workspace's own. */
async function submoduleDirectory(gitDir: string, folder: string): Promise<string | null> {
  const text = await readFile(join(folder, '.git'), 'utf8').catch(() => null)
  const path = /^gitdir: (.+)\n?$/.exec(text ?? '')?.[1]
  if (path === undefined) return null
  const directory = resolve(folder, path)
  return directory.startsWith(join(gitDir, 'modules') + sep) ? directory : null
}

async function writeTree(packing: Packing, gitDir: string, folder: string, sha: string, prefix: string) {
  const blobs = openBlobs(packing.runner, gitDir, packing.signal)
  try {
    for (const entry of await listTree(packing.runner, sha, { gitDir, signal: packing.signal })) {
      if (!isPlainPath(entry.path)) continue
      const name = prefix + entry.path
      if (isFile(entry)) await writeFile(packing, blobs, gitDir, entry, name)
      if (entry.mode === '120000') {
        const linkname = (await gather(blobs.read(entry.oid))).toString()
        if (staysInside(name, linkname))
          await write(packing, { name, type: 'symlink', linkname, mode: 0o777 }, [])
      }
      if (entry.mode === '040000' || entry.mode === '160000') {
        await write(packing, { name: `${name}/`, type: 'directory', mode: 0o755 }, [])
      }
      if (entry.mode === '160000') {
        const inside = join(folder, entry.path)
        const directory = await submoduleDirectory(gitDir, inside)
        if (directory) await writeTree(packing, directory, inside, entry.oid, `${name}/`)
      }
    }
  } finally {
    blobs.close()
  }
}

/**
 * All files of a commit as a tar stream, read from git's objects: nothing that .gitattributes say changes or leaves out
 * a file. Links that lead out of the repository are left out. Begins with `./`, so that the folder it is unpacked in
 * gets the owner too.
 */
export function archive(runner: Runner, workspace: string, sha: string, owner: Owner): Readable {
  const out = new PassThrough()
  const stop = new AbortController()
  const pack = tarPack()
  pipeline(pack, out, () => stop.abort())
  const gitDir = join(workspace, '.git')
  const fill = async () => {
    const time = await git(runner, ['log', '-1', '--no-show-signature', '--format=%ct', sha, '--'], {
      gitDir,
    })
    // What a training writes is told from the commit's files by its time, also where the committer's clock is ahead.
    const mtime = new Date(Math.min(Number(time) * 1000, Date.now() - OLD_MS))
    const common = { ...owner, uname: '', gname: '', mtime }
    const packing = { runner, pack, common, signal: stop.signal }
    await write(packing, { name: './', type: 'directory', mode: 0o755 }, [])
    await writeTree(packing, gitDir, workspace, sha, '')
    pack.finalize()
  }
  fill().catch((error: Error) => out.destroy(stop.signal.aborted ? undefined : error))
  return out
}
