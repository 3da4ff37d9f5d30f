import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { warnOfMachine } from '../../src/cli/project/machine.ts'
import { readConfig } from '../../src/config.ts'
import { dockerExecutor } from '../../src/containers/docker.ts'
import { knownCapacity } from '../../src/main/capacity.ts'

const servers: { server: Server; sockets: Socket[] }[] = []
afterEach(() => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
})

/** An engine that takes every request and answers none. */
async function hung() {
  const sockets: Socket[] = []
  const closed: Promise<void>[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    closed.push(
      new Promise((resolve) =>
        socket
          .resume()
          .on('error', () => {})
          .once('close', () => resolve()),
      ),
    )
  })
  servers.push({ server, sockets })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { dockerHost: `tcp://127.0.0.1:${port}`, closed }
}

/** Counts the questions. */
function engine(...answers: (Error | number)[]) {
  const asked: (number | undefined)[] = []
  const info = async (withinMs?: number) => {
    asked.push(withinMs)
    const answer = answers.shift() as Error | number
    if (answer instanceof Error) throw answer
    return { cpus: answer, memoryBytes: 10, gpus: [] } as never
  }
  const clock = { now: 50_000 }
  const look = knownCapacity({ info }, 2, () => clock.now)
  return { asked, clock, cpus: async () => (await look())?.cpus }
}

it('the engine is asked once in some seconds, however many look', async () => {
  const { asked, clock, cpus } = engine(4, 8, 16)
  expect(await Promise.all([cpus(), cpus()])).toEqual([4, 4])
  clock.now += 9_999
  expect(await cpus()).toBe(4)
  clock.now += 1
  expect(await cpus()).toBe(8)
  clock.now -= 3_600_000
  expect(await cpus()).toBe(16)
  expect(asked).toEqual([1000, 1000, 1000])
})

it('one that does not answer is left alone as long', async () => {
  const { asked, clock, cpus } = engine(new Error('away'), 4)
  expect([await cpus(), await cpus(), asked.length]).toEqual([undefined, undefined, 1])
  clock.now += 10_000
  expect(await cpus()).toBe(4)
})

it('a question that is not answered in time leaves no connection open', async () => {
  const { dockerHost, closed } = await hung()
  await expect(dockerExecutor({ dockerHost }).info(50)).rejects.toMatchObject({
    failure: { kind: 'unavailable' },
  })
  await Promise.all(closed)
  expect(closed).toHaveLength(1)
})

it('a command does not wait long for it', async () => {
  const { dockerHost, closed } = await hung()
  await warnOfMachine({ ...readConfig({}), dockerHost }, { memory: '900g' })
  await Promise.all(closed)
  expect(closed).toHaveLength(1)
})
