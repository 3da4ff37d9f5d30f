import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dockerHost } from './docker.ts'

/** A socket in front of the real engine that can be cut, so that the engine is away for one server only. */
export async function engineProxy() {
  const folder = await mkdtemp(join(tmpdir(), 'hone-engine-'))
  const path = join(folder, 'docker.sock')
  const open = new Set<Socket>()
  const target = new URL(dockerHost ?? 'unix:///var/run/docker.sock')
  const connect = () =>
    target.protocol === 'unix:'
      ? createConnection(target.pathname)
      : createConnection(Number(target.port), target.hostname)
  const listen = async () => {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      const engine = connect()
      for (const socket of [client, engine]) {
        open.add(socket)
        socket.on('close', () => open.delete(socket))
        socket.on('error', () => {
          client.destroy()
          engine.destroy()
        })
      }
      client.pipe(engine).pipe(client)
    })
    await new Promise<void>((resolve) => server.listen(path, resolve))
    return server
  }
  let server = await listen()
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of open) socket.destroy()
    await closed
    await rm(path, { force: true })
  }
  return {
    dockerHost: `unix://${path}`,
    cut,
    async mend() {
      server = await listen()
    },
    async dispose() {
      await cut()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
