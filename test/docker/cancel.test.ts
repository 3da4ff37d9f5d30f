import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventView, NewProjectView, RunSummary, RunView } from '../../src/http/contract.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import { ensureTestImage } from '../helpers/docker.ts'
import { engineProxy } from '../helpers/engine-proxy.ts'
import { pushTo } from '../helpers/push.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const docker = new Docker()
/** A stop waits 10 s for a training that does not listen, and a sweep finds what is left within 5 s. */
const GONE_WITHIN_MS = 60_000

const script = (body: string, accuracy = '0.9') => `import os, signal, time
from sklearn.linear_model import SGDClassifier

alpha = 0.5
model = SGDClassifier(alpha=alpha)
${body}
model.fit([[0], [1]], [0, 1])
print("Test accuracy:", ${accuracy})
`
/** Trains for an hour and does not listen to SIGTERM. */
const STUBBORN = script('signal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint("begins")\ntime.sleep(3600)')

let engine: Awaited<ReturnType<typeof engineProxy>>
let server: TestServer
let silent: Server
let asked: () => void
let instance: string
let project: NewProjectView
let projects = 0

beforeAll(async () => {
  await ensureTestImage('sklearn')
  engine = await engineProxy()
  server = await testServer({ DOCKER_HOST: engine.dockerHost, HONE_PARALLEL: '1' })
  const store = createStore(openDatabase(join(server.data, 'hone.sqlite')))
  instance = store.meta.get('instance') as string
  store.close()
  silent = createServer(() => asked())
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  silent.closeAllConnections()
  silent.close()
  await server.dispose()
  await engine.dispose()
})

async function push(
  files: Record<string, string>,
  settings: Record<string, unknown> = {},
  into?: NewProjectView,
): Promise<number> {
  const plain = { target: 0.5, trials: 1, confirm: 0 }
  project = into ?? (await server.createProject(`cancel-${++projects}`, { ...plain, ...settings }))
  return (await pushTo(project.gitRemote, project.pushToken, files)).runId
}
const isAttempt =
  (state: string, number = 1) =>
  ({ type, data }: EventView) =>
    type === 'attempt' && data.state === state && data.number === number
const isJob =
  (name: string, state: string) =>
  ({ type, data }: EventView) =>
    type === 'job' && data.name === name && data.state === state
const prints = (runId: number, attempt = 1) => server.event(runId, isAttempt('running', attempt))

const cancel = (id: number) => server.api<RunSummary>(`/runs/${id}/cancel`, { method: 'POST' })

/** Containers and volumes of a run; not the project's downloads, which outlive it. */
async function leftOf(run: RunView): Promise<string[]> {
  const label = [`hone.instance=${instance}`]
  const containers = await docker.listContainers({
    all: true,
    filters: { label: [...label, `hone.run=${run.id}`] },
  })
  const { Volumes } = await docker.listVolumes({ filters: { label } })
  const own = run.trials.map(({ id }) => `hone-${instance}-trial-${id}`)
  const volumes = (Volumes ?? []).filter(({ Name }) => own.includes(Name.replace(/-workspace$/, '')))
  return [...containers.flatMap(({ Names }) => Names), ...volumes.map(({ Name }) => Name)]
}

/** All that holds after a run was ended from outside: it is over, without a mail, nothing of it is left, and the next one trains. */
async function expectEnded(id: number, state = 'cancelled') {
  const run = await server.run(id)
  expect(run.state).toBe(state)
  expect(run.jobs.filter((job) => job.state === 'queued' || job.state === 'running')).toEqual([])
  await expect.poll(() => leftOf(run), { timeout: GONE_WITHIN_MS }).toEqual([])
  const next = await server.ended(await push({ 'train.py': script('') }))
  expect(next.state).toBe('succeeded')
  const after = await server.run(id)
  expect({ state: after.state, mails: after.mails }).toEqual({ state, mails: [] })
  expect(await leftOf(after)).toEqual([])
}

async function cancelled(id: number) {
  expect((await cancel(id)).state).toBe('cancelled')
  await expectEnded(id)
}

describe('a run is cancelled', () => {
  it('while it waits for a git server that does not answer', async () => {
    const { port } = silent.address() as AddressInfo
    const repoUrl = `http://127.0.0.1:${port}/silent.git`
    const connected = new Promise<void>((resolve) => {
      asked = resolve
    })
    const body = (value: unknown) => ({ method: 'POST', body: JSON.stringify(value) })
    await server.api('/projects', body({ name: 'silent', repoUrl }))
    const run = await server.api<RunSummary>('/projects/silent/runs', body({ sha: 'a'.repeat(40) }))
    await connected
    await cancelled(run.id)
  })

  it('while its image is built, which is given up', async () => {
    const image = await ensureTestImage('sklearn')
    const nap = `sleep 61${process.pid}`
    const id = await push({
      'train.py': script(''),
      'hone.yaml': 'image: Dockerfile\n',
      Dockerfile: `FROM ${image}\nRUN ${nap}\n`,
    })
    const builds = async () =>
      (await docker.listContainers()).filter(({ Command }) => Command.includes(nap)).length
    await expect.poll(builds, { timeout: 60_000 }).toBe(1)
    await cancelled(id)
    expect(await builds()).toBe(0)
  })

  it('while its container is made', async () => {
    const id = await push({ 'train.py': STUBBORN })
    await server.event(id, isAttempt('starting'))
    await cancelled(id)
  })

  it('while its training runs, which ignores SIGTERM', async () => {
    const id = await push({ 'train.py': STUBBORN })
    await prints(id)
    await cancelled(id)
  })

  it('while it waits to be restarted after a crash', async () => {
    const id = await push({ 'train.py': script('os.kill(os.getpid(), signal.SIGKILL)') })
    await server.event(id, isAttempt('starting', 3))
    await cancelled(id)
  })

  it('while it waits for its turn, and then the one that it waited for', async () => {
    const first = await push({ 'train.py': STUBBORN })
    await prints(first)
    const second = await push({ 'train.py': script('') })
    await server.event(second, isJob('train', 'queued'))
    expect((await cancel(second)).state).toBe('cancelled')
    expect((await server.run(second)).jobs.map(({ state }) => state)).not.toContain('queued')
    await cancelled(first)
    await expectEnded(second)
  })

  it('while the engine is away; what is left goes when it is back', async () => {
    const id = await push({ 'train.py': STUBBORN })
    await prints(id)
    await engine.cut()
    await server.event(id, ({ type, data }) => type === 'job' && data.failure !== null)
    expect((await cancel(id)).state).toBe('cancelled')
    await engine.mend()
    await expectEnded(id)
  })

  it('while it decides on the next trial', async () => {
    const id = await push({ 'train.py': script('') }, { target: 0.99, trials: 50 })
    await server.event(id, isJob('tweak', 'running'))
    await cancelled(id)
  })

  it('while a training confirms the target', async () => {
    const nap = 'trial = int(os.environ["HONE_TRIAL"])\nif trial > 1:\n    time.sleep(3600)'
    const train = script(nap, '0.9 if trial else 0.1')
    const id = await push({ 'train.py': train }, { trials: 5, confirm: 1 })
    const confirms = ({ type, data }: EventView) =>
      type === 'trial' && data.number === 2 && data.state === 'running'
    await server.event(id, confirms)
    expect((await server.run(id)).trials[2]?.repeats).toBe(1)
    await cancelled(id)
  })

  it('while it notifies, or has ended before: one of the two, and never half of each', async () => {
    const id = await push({ 'train.py': script('') })
    await server.event(id, isJob('notify', 'running'))
    const answer = await cancel(id).catch((error: Error) => error.message)
    if (typeof answer === 'string') {
      expect(answer).toMatch(/409.*run-ended.*has ended already: succeeded/)
      expect(await server.ended(id)).toMatchObject({ state: 'succeeded', mails: [{ state: 'written' }] })
    } else await expectEnded(id)
  })
})

describe('cancelling', () => {
  it('once more, or what has ended, says so and changes nothing', async () => {
    const id = await push({ 'train.py': STUBBORN })
    await prints(id)
    await cancel(id)
    await expect(cancel(id)).rejects.toThrow(/409.*run-ended.*has ended already: cancelled/)
    await expectEnded(id)
    const [done] = await server.api<RunSummary[]>('/runs?limit=1')
    await expect(cancel(done?.id as number)).rejects.toThrow(/409.*has ended already: succeeded/)
  })

  it('holds when the server is killed right after it said so', async () => {
    const id = await push({ 'train.py': STUBBORN })
    await prints(id)
    const answered = cancel(id)
    expect((await answered).state).toBe('cancelled')
    await server.kill('SIGKILL')
    await server.start()
    await expectEnded(id)
  })

  it('works in the same way for a run whose branch moves on', async () => {
    const id = await push({ 'train.py': STUBBORN }, { cancelRunning: true })
    await prints(id)
    const newer = await push({ 'train.py': script('') }, {}, project)
    expect((await server.run(id)).state).toBe('superseded')
    expect((await server.ended(newer)).state).toBe('succeeded')
    await expectEnded(id, 'superseded')
  })
})
