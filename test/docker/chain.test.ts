import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Docker from 'dockerode'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunView } from '../../src/http/contract.ts'
import { packageRoot } from '../../src/paths.ts'
import { pushTo } from '../helpers/push.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const docker = new Docker()
const epochs = await readFile(join(packageRoot, 'test', 'fixtures', 'scripts', 'epochs.py'), 'utf8')

/** What a run came to, without what differs by nature: ids, times, commits, containers. */
function essence(run: RunView) {
  return {
    state: run.state,
    best: run.best,
    conclusion: run.conclusion,
    trials: run.trials.map(({ number, state, values, metric }) => ({
      number,
      state,
      values,
      metric,
    })),
    jobs: run.jobs.map(({ key, state }) => [key, state]),
    mails: run.mails.length,
  }
}

/** Containers and volumes of the runs of one server. */
async function leftovers(run: RunView): Promise<string[]> {
  const names = run.trials.flatMap(({ attempts }) => attempts.map(({ container }) => container))
  const containers = await docker.listContainers({ all: true, filters: { name: names } })
  const volumes = await docker.listVolumes({
    filters: { name: names.map((name) => name.replace(/-attempt.*/, '')) },
  })
  return [...containers.flatMap(({ Names }) => Names), ...(volumes.Volumes ?? []).map(({ Name }) => Name)]
}

/** Cleaning up follows the end of a run; it is not part of it. */
const expectNoLeftovers = (run: RunView) => expect.poll(() => leftovers(run), { timeout: 60_000 }).toEqual([])

async function mailbox(server: TestServer) {
  const folder = join(server.data, 'mailbox')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.eml'))
  return Promise.all(files.map(async (name) => PostalMime.parse(await readFile(join(folder, name)))))
}

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.dispose())

const settings = { target: 0.97, trials: 3 }
async function trainEpochs(name: string) {
  const project = await server.createProject(name, settings)
  return pushTo(project.gitRemote, project.pushToken, { 'train.py': epochs })
}
const logs = (run: RunView) =>
  Promise.all(
    run.trials.flatMap(({ attempts }) => attempts.map(({ id }) => server.api<string>(`/attempts/${id}/log`))),
  )

describe('from push to mail', () => {
  it.each(['digits-sklearn', 'digits-pytorch'])('takes %s from under its target to it', async (example) => {
    const project = await server.createProject(example, {
      target: 0.95,
      trials: 40,
      mail: ['ada@example.org'],
    })
    const { said, runId } = await pushTo(
      project.gitRemote,
      project.pushToken,
      join(packageRoot, 'examples', example),
    )
    expect(said).toMatch(/remote: .*\/runs\/\d+/)
    const run = await server.ended(runId)

    expect(run.state).toBe('succeeded')
    expect(run.best).toBeGreaterThanOrEqual(0.95)
    const [own, ...tweaked] = run.trials
    expect(own?.metric).toBeLessThan(0.9)
    expect(tweaked.length).toBeGreaterThan(0)
    expect(run.jobs.every(({ state }) => state === 'done')).toBe(true)

    const winner = run.trials.find(({ number }) => number === run.bestTrial)
    expect(run.trials.filter(({ repeats }) => repeats === winner?.number)).toMatchObject([
      { state: 'completed', values: winner?.values, seed: 1 },
    ])
    const best = await server.trial(winner?.id as number)
    expect(best.diff).toMatch(/^-.*\n\+/m)
    const decisive = best.metrics.find((metric) => metric.decisive)
    expect(decisive).toMatchObject({ value: best.metric, evidence: expect.stringMatching(/accuracy/i) })
    expect(best.artifacts.length).toBeGreaterThan(0)

    const [mail, ...others] = (await mailbox(server)).filter(({ subject }) => subject?.includes(example))
    expect(others).toEqual([])
    expect(mail?.to?.[0]?.address).toBe('ada@example.org')
    expect(mail?.text).toContain(String(run.best).slice(0, 5))
    expect(mail?.attachments.map(({ filename }) => filename)).toEqual(
      expect.arrayContaining([expect.stringMatching(/\.patch$/), best.artifacts[0]?.name]),
    )
    await expectNoLeftovers(run)
  })
})

describe('a run that is disturbed ends as one that is not', () => {
  let undisturbed: RunView
  beforeAll(async () => {
    undisturbed = await server.ended((await trainEpochs('undisturbed')).runId)
    expect(undisturbed.trials.length).toBeGreaterThan(1)
  })

  it('after kill -9 of the server in the middle of a training', async () => {
    const { runId } = await trainEpochs('server-killed')
    await server.event(runId, ({ type, data }) => type === 'metric' && data.step === 2)
    await server.kill('SIGKILL')
    await server.start()
    const run = await server.ended(runId)
    expect(essence(run)).toEqual(essence(undisturbed))
    expect(run.trials.every(({ attempts }) => attempts.length === 1)).toBe(true)
    expect(await logs(run)).toEqual(await logs(undisturbed))
    expect((await mailbox(server)).filter(({ subject }) => subject?.includes('server-killed'))).toHaveLength(
      1,
    )
    await expectNoLeftovers(run)
  })

  it('after docker kill of the training container, from its checkpoint', async () => {
    const { runId } = await trainEpochs('container-killed')
    await server.event(runId, ({ type, data }) => type === 'metric' && data.step === 2)
    const [attempt] = (await server.run(runId)).trials[0]?.attempts ?? []
    await docker.getContainer(attempt?.container as string).kill()
    const run = await server.ended(runId)
    expect(essence(run)).toEqual(essence(undisturbed))
    expect(run.trials[0]?.attempts.map(({ state, signal }) => [state, signal])).toEqual([
      ['failed', 'SIGKILL'],
      ['succeeded', null],
    ])
    expect((await logs(run))[1]).toMatch(/^resumed at epoch [2-9]/)
    await expectNoLeftovers(run)
  })

  it('after SIGTERM of the server, which leaves the training alone', async () => {
    const { runId } = await trainEpochs('server-stopped')
    await server.event(runId, ({ type, data }) => type === 'metric' && data.step === 2)
    expect(await server.kill('SIGTERM')).toBe(0)
    await server.start()
    const run = await server.ended(runId)
    expect(essence(run)).toEqual(essence(undisturbed))
    expect(await logs(run)).toEqual(await logs(undisturbed))
  })
})

describe('cancel', () => {
  it('ends the run, its container and its volume', async () => {
    const { runId } = await trainEpochs('cancelled')
    await server.event(runId, ({ type, data }) => type === 'metric' && data.step === 1)
    await server.api(`/runs/${runId}/cancel`, { method: 'POST' })
    const run = await server.ended(runId)
    expect(run).toMatchObject({ state: 'cancelled', mails: [] })
    expect(run.trials.map(({ state }) => state)).toEqual(['cancelled'])
    await expectNoLeftovers(run)
  })
})
