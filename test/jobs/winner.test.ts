import { afterEach, expect, it } from 'vitest'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import { unavailable } from '../../src/domain/failure.ts'
import { runView } from '../../src/http/views.ts'
import { SCRIPT, type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const program: FakeProgram = function* ({ read, write }) {
  const alpha = Number(/alpha = (\S+)/.exec(read('train.py') ?? '')?.[1])
  write('out/my model.pt', 'weights')
  yield `Test accuracy: ${alpha < 0.1 ? 0.95 : 0.4}`
}

it('keeps the winner as an image: the source of the best trial, and what it wrote where it wrote it', async () => {
  chain = await testChain(program)
  const files = { 'train.py': SCRIPT, 'hone.yaml': 'env: { MODE: fast }\n' }
  const run = await chain.ended(chain.push({ target: 0.9, confirm: 0 }, files))
  expect(run).toMatchObject({ state: 'succeeded', image: 'hone/winner-p0:run-1' })
  const best = chain.store.trials.ofRun(run.id).at(-1)
  const [image, ...others] = chain.executor.images
  expect(others).toEqual([])
  expect(image).toMatchObject({
    names: ['hone/winner-p0:run-1'],
    labels: {
      'hone.winner': 'p0',
      'hone.winner.instance': 'test',
      'hone.winner.run': String(run.id),
      'hone.instance': '',
      'hone.run': '',
    },
    spec: { command: ['python3', '-u', 'train.py'], workdir: '/workspace', volumes: [] },
  })
  expect(image?.spec.env).toEqual({ MODE: 'fast', HONE_SEED: '0' })
  const contents = Object.fromEntries(
    [...(image?.files ?? [])].map(([path, content]) => [path, content.toString()]),
  )
  expect(Object.keys(contents).sort()).toEqual([
    '/workspace/hone.yaml',
    '/workspace/out/my model.pt',
    '/workspace/train.py',
  ])
  expect(contents['/workspace/out/my model.pt']).toBe('weights')
  expect(contents['/workspace/train.py']).toContain(`alpha = ${best?.values.alpha}`)
  expect(runView(chain.store, run, '').image?.command).toBe('docker run --rm hone/winner-p0:run-1')
  expect(chain.store.mails.list()[0]?.text).toContain('    docker run --rm hone/winner-p0:run-1\n')
  expect([...chain.executor.containers.keys()].filter((name) => name.endsWith('-winner'))).toEqual([])
})

it('keeps none where the setting says so, or the target was not met', async () => {
  chain = await testChain(program)
  const unwanted = await chain.ended(chain.push({ target: 0.9, confirm: 0, keepImage: false }))
  const missed = await chain.ended(chain.push({ target: 0.99, trials: 2 }))
  expect([unwanted.image, missed.image]).toEqual([null, null])
  expect(chain.executor.images).toEqual([])
})

it('tells of the target all the same when the image cannot be made', async () => {
  chain = await testChain(program)
  chain.executor.commit = async () => {
    throw new Error('no room')
  }
  const run = await chain.ended(chain.push({ target: 0.9, confirm: 0 }))
  expect(run).toMatchObject({ state: 'succeeded', image: null })
  const said = chain.store.events.after(0, { runId: run.id }).map(({ data }) => String(data.text))
  expect(said).toContainEqual(expect.stringMatching(/^The winner is not kept as an image: no room/))
  expect(chain.store.mails.list()).toHaveLength(1)
})

it('waits for an engine that is away, so that the winner is not lost', async () => {
  chain = await testChain(program)
  const { commit } = chain.executor
  let tries = 0
  chain.executor.commit = async (...args) => {
    if (++tries === 1) throw unavailable('engine-away', 'The Docker engine does not answer.', 'Start it.')
    return commit(...args)
  }
  const run = chain.push({ target: 0.9, confirm: 0 })
  await chain.until(() => chain.store.jobs.ofRun(run.id).at(-1)?.failure?.code === 'engine-away')
  chain.store.jobs.hurry()
  chain.wake()
  expect(await chain.ended(run)).toMatchObject({ state: 'succeeded', image: 'hone/winner-p0:run-1' })
  expect(tries).toBe(2)
  expect(chain.store.mails.list()).toHaveLength(1)
})

it('waits for the engine no longer than the run has time, and tells of the target all the same', async () => {
  chain = await testChain(program)
  chain.executor.commit = () => {
    chain.pass(25 * 60 * 60_000)
    throw unavailable('engine-away', 'The Docker engine does not answer.', 'Start it.')
  }
  const run = await chain.ended(chain.push({ target: 0.9, confirm: 0 }))
  expect(run).toMatchObject({ state: 'succeeded', image: null })
  expect(chain.store.mails.list()).toMatchObject([{ kind: 'target' }])
})

it('waits for room for the mails, also after the run has used up its time', async () => {
  chain = await testChain(program)
  const { insert } = chain.store.mails
  let tries = 0
  chain.store.mails.insert = (mail) => {
    chain.pass(25 * 60 * 60_000)
    if (++tries === 1) throw unavailable('disk-full', 'The disk is full.', 'Free some space.')
    return insert(mail)
  }
  const run = chain.push({ target: 0.9, confirm: 0 })
  await chain.until(() => tries === 1 && chain.store.jobs.ofRun(run.id).at(-1)?.failure !== null)
  chain.store.jobs.hurry()
  chain.wake()
  expect((await chain.ended(run)).state).toBe('succeeded')
  expect(chain.store.mails.list()).toMatchObject([{ kind: 'target' }])
})

it('tries to tell of the end for days, and says on the page what it waits for', async () => {
  chain = await testChain(program)
  const { insert } = chain.store.mails
  let tries = 0
  chain.store.mails.insert = (mail) => {
    if (++tries <= 12) throw new Error('constraint failed')
    return insert(mail)
  }
  const run = chain.push({ target: 0.9, confirm: 0 })
  const notify = () => chain.store.jobs.ofRun(run.id).find(({ name }) => name === 'notify')
  for (let failed = 1; failed <= 12; failed++) {
    await chain.until(() => notify()?.state === 'queued' && notify()?.tries === failed)
    expect(runView(chain.store, chain.store.runs.get(run.id), '').waits).toMatchObject({
      for: 'retry',
      text: 'The search is over and what it found is kept; notify failed and is tried again: constraint failed',
    })
    chain.pass(300_000)
    chain.wake()
  }
  expect((await chain.ended(run)).state).toBe('succeeded')
  expect(chain.store.mails.list()).toMatchObject([{ kind: 'target' }])
})

it('keeps what a run came to, also when nobody can be told of it', async () => {
  chain = await testChain(program)
  chain.store.mails.insert = () => {
    throw new Error('constraint failed')
  }
  const run = chain.push({ target: 0.9, confirm: 0 })
  await chain.until(() => chain.store.jobs.ofRun(run.id).at(-1)?.tries === 1)
  chain.pass(6 * 86_400_000)
  chain.wake()
  const { state, conclusion, bestTrialId } = await chain.ended(run)
  expect([state, conclusion?.kind]).toEqual(['succeeded', 'target'])
  expect(conclusion?.reason).toContain('No mail tells of it: constraint failed (tried for 5 days)')
  expect(bestTrialId).not.toBeNull()
})

it('takes another name where another Hone has one of this name', async () => {
  chain = await testChain(program)
  const id = await chain.executor.create({
    ...{
      name: 'x',
      image: 'none',
      command: [],
      env: {},
      workdir: '/',
      labels: {},
      network: false,
      volumes: [],
    },
    limits: { memoryBytes: 1, cpus: 1, pids: 1, shmBytes: 1 },
  })
  await chain.executor.commit(id, 'hone/winner-p0:run-1', {
    'hone.winner': 'p0',
    'hone.winner.instance': 'other',
  })
  const run = await chain.ended(chain.push({ target: 0.9, confirm: 0 }))
  expect(run.image).toBe('hone/winner-p0:run-1-test')
  expect(chain.executor.images.map(({ names }) => names)).toEqual([['hone/winner-p0:run-1'], [run.image]])
})
