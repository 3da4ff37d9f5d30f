import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { runCgi } from '../../src/http/cgi.ts'
import { commitFiles, git, gitTestEnvironment, makeRepository } from '../helpers/git.ts'

const BACKEND = join(execFileSync('git', ['--exec-path']).toString().trim(), 'git-http-backend')

/** A repository that the server fetches from, over real HTTP by git's own backend. */
export interface GitOrigin {
  url: string
  /** Commits on `main`. @returns the commit's id */
  commit(files: Record<string, string>, message: string): string
  /** Nothing listens any more, and what was open is broken off. */
  close(): Promise<void>
  /** Listens again, on the same port. */
  open(): Promise<void>
  dispose(): Promise<void>
}

export async function gitOrigin(files: Record<string, string>): Promise<GitOrigin> {
  const folder = await mkdtemp(join(tmpdir(), 'hone-origin-'))
  makeRepository(folder, files)
  git(folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  const env = { ...gitTestEnvironment, GIT_PROJECT_ROOT: join(folder, '..'), GIT_HTTP_EXPORT_ALL: '1' }
  let server: Server
  let port = 0
  const open = async () => {
    server = createServer((request, response) => {
      const pathInfo = (request.url ?? '').split('?')[0] ?? ''
      const program = { command: BACKEND, args: [], env: env as Record<string, string> }
      runCgi(request, response, { ...program, pathInfo, remoteUser: '' }).catch(() => response.destroy())
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  await open()
  return {
    url: `http://127.0.0.1:${port}/${basename(folder)}/.git`,
    commit: (changed, message) => commitFiles(folder, changed, message),
    open,
    close,
    async dispose() {
      await close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
