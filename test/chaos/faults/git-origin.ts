import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { runCgi } from '../../../src/http/cgi.ts'
import { gitTestEnvironment } from '../../helpers/git.ts'

/**
 * - `away`: nobody listens on the port
 * - `silent`: connections are taken, and nothing is said
 * - `failing`: every request is answered with 503
 * - `cut`: the connection breaks in the middle of a pack
 */
export type OriginMode = 'there' | 'away' | 'silent' | 'failing' | 'cut'

export interface SwitchableOrigin {
  /** The same in every mode. */
  url: string
  /** Requests that a mode other than `there` has disturbed; those that nobody was there for are not counted. */
  disturbed(): number
  mode(): OriginMode
  switchTo(mode: OriginMode): Promise<void>
  close(): Promise<void>
}

/** Of the answer that has the pack: its header has gone out, its end has not. */
const CUT_AFTER_BYTES = 64

const backend = () => join(execFileSync('git', ['--exec-path']).toString().trim(), 'git-http-backend')

/** Lets the answer break off after some bytes of its body. */
function cutShort(response: ServerResponse): void {
  const write = response.write.bind(response) as (chunk: Uint8Array) => boolean
  let left = CUT_AFTER_BYTES
  const cut = (chunk: Uint8Array) => {
    const piece = chunk.subarray(0, left)
    left -= piece.length
    if (piece.length > 0) write(piece)
    if (left === 0) setImmediate(() => response.destroy())
    return true
  }
  response.write = cut as typeof response.write
}

/**
 * A repository over git's own smart HTTP whose way to fail can be chosen while it is used.
 * @param repository its folder, with or without a work tree
 */
export async function switchableOrigin(repository: string): Promise<SwitchableOrigin> {
  const command = backend()
  const sockets = new Set<Socket>()
  let mode: OriginMode = 'there'
  let disturbed = 0
  let port = 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] as string
    const isPack = request.method === 'POST' && path.endsWith('/git-upload-pack')
    if (mode === 'silent' || mode === 'failing' || (mode === 'cut' && isPack)) disturbed++
    if (mode === 'silent') return
    if (mode === 'failing') return void response.writeHead(503).end()
    if (mode === 'cut' && isPack) cutShort(response)
    const env = {
      PATH: process.env.PATH ?? '',
      GIT_CONFIG_GLOBAL: gitTestEnvironment.GIT_CONFIG_GLOBAL,
      GIT_CONFIG_NOSYSTEM: gitTestEnvironment.GIT_CONFIG_NOSYSTEM,
      GIT_PROJECT_ROOT: dirname(repository),
      GIT_HTTP_EXPORT_ALL: '1',
    }
    await runCgi(request, response, { command, args: [], env, pathInfo: path, remoteUser: '' })
  }

  async function listen(): Promise<Server> {
    const made = createServer((request, response) => {
      answer(request, response).catch(() => response.destroy())
    })
    made.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    await once(made.listen(port, '127.0.0.1'), 'listening')
    port = (made.address() as AddressInfo).port
    return made
  }
  const hangUp = () => {
    for (const socket of sockets) socket.destroy()
  }
  let server: Server | null = await listen()
  const leave = async () => {
    const leaving = server
    server = null
    if (!leaving) return
    const closed = once(leaving, 'close')
    leaving.close()
    hangUp()
    await closed
  }
  return {
    url: `http://127.0.0.1:${port}/${basename(repository)}`,
    disturbed: () => disturbed,
    mode: () => mode,
    async switchTo(to) {
      mode = to
      // Who has waited for an answer in vain is told that there will be none.
      hangUp()
      if (to === 'away') await leave()
      else server ??= await listen()
    },
    close: leave,
  }
}
