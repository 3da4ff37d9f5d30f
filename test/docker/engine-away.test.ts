import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HealthView } from '../../src/http/contract.ts'
import { packageRoot } from '../../src/paths.ts'
import { testExecutor } from '../helpers/docker.ts'
import { engineProxy } from '../helpers/engine-proxy.ts'
import { pushTo } from '../helpers/push.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const epochs = await readFile(join(packageRoot, 'test', 'fixtures', 'scripts', 'epochs.py'), 'utf8')

let engine: Awaited<ReturnType<typeof engineProxy>>
let server: TestServer
beforeAll(async () => {
  engine = await engineProxy()
  await engine.cut()
  server = await testServer({ DOCKER_HOST: engine.dockerHost })
})
afterAll(async () => {
  await server.dispose()
  await engine.dispose()
})

const problems = async () => (await server.api<HealthView>('/health')).problems.map(({ part }) => part)

describe('without a Docker engine', () => {
  it('the server takes a push, says what is missing, and trains once the engine is there', async () => {
    const project = await server.createProject('no-engine', { target: 0.5, trials: 1 })
    const { runId } = await pushTo(project.gitRemote, project.pushToken, { 'train.py': epochs })
    const waits = await server.event(runId, ({ type, data }) => type === 'job' && data.failure !== null)
    expect(waits.data).toMatchObject({ state: 'queued', failure: { code: 'engine-away' } })
    await expect.poll(problems, { timeout: 30_000 }).toEqual(['engine'])
    await engine.mend()
    expect((await server.ended(runId)).state).toBe('succeeded')
    await expect.poll(problems, { timeout: 30_000 }).toEqual([])
  })

  it('in the middle of a training, it follows the same container to its end afterwards', async () => {
    const project = await server.createProject('engine-cut', { target: 0.5, trials: 1 })
    const { runId } = await pushTo(project.gitRemote, project.pushToken, { 'train.py': epochs })
    await server.event(runId, ({ type, data }) => type === 'metric' && data.step === 2)
    await engine.cut()
    await server.event(runId, ({ type, data }) => type === 'job' && data.failure !== null)
    const isAway = async () => (await server.run(runId)).engineAway
    await expect.poll(isAway, { timeout: 30_000 }).toEqual({ since: expect.any(Number) })
    expect(await server.run(runId)).toMatchObject({ state: 'running', attempts: [{ state: 'running' }] })
    await engine.mend()
    const run = await server.ended(runId)
    expect(run).toMatchObject({ state: 'succeeded', engineAway: null })
    const [attempt, ...others] = run.trials[0]?.attempts ?? []
    expect(others).toEqual([])
    const log = await server.api<string>(`/attempts/${attempt?.id}/log`)
    const lines = log.trimEnd().split('\n')
    expect(lines.filter((line) => line.startsWith('Epoch'))).toHaveLength(12)
    expect(new Set(lines).size).toBe(lines.length)
  })

  it('for longer than runs wait for it, a run fails with the cause, and what it left goes later', async () => {
    const impatient = await testServer({ DOCKER_HOST: engine.dockerHost, HONE_ENGINE_AWAY_LIMIT: '0.1' })
    try {
      const project = await impatient.createProject('engine-gone', { target: 0.5, trials: 1 })
      const { runId } = await pushTo(project.gitRemote, project.pushToken, {
        'train.py': `${epochs}\nimport time\ntime.sleep(600)\n`,
      })
      await impatient.event(runId, ({ type, data }) => type === 'metric' && data.step === 2)
      await engine.cut()
      const run = await impatient.ended(runId)
      expect(run).toMatchObject({ state: 'failed', conclusion: { failure: { code: 'engine-gone' } } })
      expect(run.attempts).toMatchObject([{ state: 'cancelled' }])
      await engine.mend()
      const executor = testExecutor()
      const container = () => executor.inspect(run.attempts[0]?.container as string)
      await expect.poll(container, { timeout: 60_000 }).toBeNull()
    } finally {
      await impatient.dispose()
    }
  })
})
