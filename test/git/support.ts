import { join } from 'node:path'
import { extract } from 'tar-stream'
import { afterEach } from 'vitest'
import { HoneError } from '../../src/domain/failure.ts'
import { gitAdapter } from '../../src/git/adapter.ts'
import { gitTestEnvironment, removeFolder, temporaryFolder } from '../helpers/git.ts'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach(removeFolder))

/** A folder that the test's end removes. */
export function folder(...path: string[]): string {
  const made = temporaryFolder()
  folders.push(made)
  return join(made, ...path)
}

export const adapter = (environment: Record<string, string> = {}) =>
  gitAdapter({ environment: { ...gitTestEnvironment, ...environment } })

/** The code and kind of the failure that a promise ends with. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('It did not fail'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof HoneError)) throw error
  return `${error.failure.kind} ${error.failure.code}`
}

export const plain = { submodules: false, lfs: false }

/** Fetches a commit and makes its workspace. */
export async function workspaceOf(
  source: { path: string; sha: string },
  options: { url?: string; submodules?: boolean; lfs?: boolean } = {},
  git = adapter(),
) {
  const root = folder()
  const [mirror, workspace] = [join(root, 'mirror.git'), join(root, 'workspace')]
  const url = options.url ?? source.path
  await git.fetchCommit(mirror, url, 'refs/heads/main', source.sha)
  const settings = { ...plain, ...options, url }
  const commit = await git.createWorkspace(workspace, mirror, source.sha, 'hone/run-1', settings)
  return { git, mirror, workspace, commit, settings }
}

export interface Unpacked {
  type: string
  mode: number
  uid: number
  gid: number
  linkname: string | null
  content: Buffer
}

/** All entries of a tar stream by name. */
export async function unpack(tar: NodeJS.ReadableStream): Promise<Record<string, Unpacked>> {
  const entries: Record<string, Unpacked> = {}
  const reader = tar.pipe(extract())
  tar.on('error', (error) => reader.destroy(error as Error))
  for await (const entry of reader) {
    const pieces: Buffer[] = []
    for await (const piece of entry) pieces.push(piece as Buffer)
    const { name, type, mode, uid, gid, linkname } = entry.header
    if (name in entries) throw new Error(`${name} comes twice`)
    entries[name] = {
      type: String(type),
      mode: Number(mode),
      uid: Number(uid),
      gid: Number(gid),
      linkname: linkname ?? null,
      content: Buffer.concat(pieces),
    }
  }
  return entries
}
