import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { JobModule, Pipeline } from '../../src/chain/contract.ts'
import { Engine } from '../../src/chain/engine.ts'
import { startRun } from '../../src/chain/intake.ts'
import { createProject } from '../../src/chain/projects.ts'
import { systemError, unavailable, userError } from '../../src/domain/failure.ts'
import type { JobName } from '../../src/domain/job.ts'
import type { Run } from '../../src/domain/run.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore, type Store } from '../../src/store/store.ts'

type Work = (signal: AbortSignal) => Promise<unknown>
type Context = { work: Partial<Record<JobName, Work>> }

const logger = pino({ level: 'silent' })
let store: Store
let clock: number
let open: Engine<Context>[]

beforeEach(() => {
  clock = 1_000_000
  store = createStore(openDatabase(':memory:'), () => clock)
  open = []
})
afterEach(async () => {
  for (const engine of open) await engine.stop()
  store.close()
})

const module = (name: JobName): JobModule<Context> => ({
  name,
  lane: name === 'train' ? 'train' : 'light',
  input: z.unknown(),
  output: z.unknown(),
  async run({ work, signal, run, job }) {
    const output = (await work[name]?.(signal)) ?? null
    return {
      commit() {
        if (job.name === 'notify') store.runs.transition(run.id, 'succeeded')
        return output
      },
    }
  },
})

const pipeline: Pipeline<Context> = {
  jobs: [module('git-import'), module('train'), module('notify')],
  first: () => ({ name: 'git-import', key: 'git-import', input: {} }),
  follow: (job) =>
    job.name === 'git-import'
      ? [{ name: 'train', key: 'train:0', input: {} }]
      : job.name === 'train'
        ? [{ name: 'notify', key: 'notify', input: {} }]
        : [],
  afterFailure: (job) => (job.name === 'notify' ? [] : [{ name: 'notify', key: 'notify', input: {} }]),
  conclude: (_, { message }) => ({ to: 'exhausted', conclusion: { kind: 'budget', reason: message } }),
}

function engine(work: Context['work']): Engine<Context> {
  const made = new Engine({
    store,
    pipeline,
    context: { work },
    workers: { light: 1, train: 1 },
    owner: `o${open.length}`,
    logger,
  })
  open.push(made)
  made.start()
  return made
}

function newRun(): Run {
  const { project } = createProject(store, { name: `p${store.projects.all().length}` })
  return startRun(
    store,
    project,
    { ref: 'refs/heads/main', sha: 'a'.repeat(40), trigger: 'push' },
    { first: pipeline.first() },
  )
}

/** Resolves once the condition holds, looked at after every commit. */
function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!holds()) return
      unsubscribe()
      resolve()
    }
    const unsubscribe = store.events.subscribe(look)
    look()
  })
}
const stateOf = (run: Run) => store.runs.get(run.id).state
const jobOf = (run: Run, name: JobName) => store.jobs.ofRun(run.id).find((job) => job.name === name)

describe('the chain', () => {
  it('runs every job once, in order, to the end of the run', async () => {
    const order: string[] = []
    const note = (name: string) => async () => void order.push(name)
    engine({ 'git-import': note('git-import'), train: note('train'), notify: note('notify') })
    const run = newRun()
    await until(() => stateOf(run) === 'succeeded')
    expect(order).toEqual(['git-import', 'train', 'notify'])
    expect(store.jobs.ofRun(run.id).map((job) => job.state)).toEqual(['done', 'done', 'done'])
  })

  it('takes a job of a server that died back and does it again, once', async () => {
    const run = newRun()
    expect(store.jobs.claim({ names: ['git-import'], exclusive: [] }, 'dead server', 30_000)?.state).toBe(
      'running',
    )
    let times = 0
    engine({ 'git-import': async () => void times++ })
    await until(() => stateOf(run) === 'succeeded')
    expect(times).toBe(1)
  })

  it('goes to the last job when a job fails for the user', async () => {
    engine({ train: () => Promise.reject(userError('x', 'No training found.', 'Add one.')) })
    const run = newRun()
    await until(() => jobOf(run, 'notify')?.state === 'done')
    expect(jobOf(run, 'train')).toMatchObject({
      state: 'failed',
      tries: 0,
      failure: { message: 'No training found.' },
    })
  })

  it('puts a job that failed for the system back with a delay and counts the try', async () => {
    const failing = { train: () => Promise.reject(systemError('x', 'It broke.', '')) }
    engine(failing)
    const run = newRun()
    await until(() => jobOf(run, 'train')?.tries === 1)
    expect(jobOf(run, 'train')).toMatchObject({ state: 'queued', runAfter: clock + 1000 })
  })

  it('goes on once what was unavailable is back', async () => {
    let away = true
    const train = async () => {
      if (away) throw unavailable('engine-away', 'The engine is away.', 'Start it.')
    }
    const going = engine({ train })
    const run = newRun()
    await until(
      () => jobOf(run, 'train')?.failure?.kind === 'unavailable' && jobOf(run, 'train')?.state === 'queued',
    )
    away = false
    store.jobs.hurry()
    going.wake()
    await until(() => stateOf(run) === 'succeeded')
    expect(jobOf(run, 'train')?.tries).toBe(0)
  })

  it('aborts the running job of a cancelled run and drops its result', async () => {
    let began = () => {}
    const begun = new Promise<void>((resolve) => {
      began = resolve
    })
    let reason: unknown
    const going = engine({
      train: (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason
            resolve(null)
          })
          began()
        }),
    })
    const run = newRun()
    await begun
    expect(going.cancel(run.id)).toBe(true)
    expect(going.cancel(run.id)).toBe(false)
    await going.stop()
    expect(reason).toBe('cancelled')
    expect(stateOf(run)).toBe('cancelled')
    expect(store.jobs.ofRun(run.id).map((job) => job.state)).toEqual(['done', 'cancelled'])
  })

  it('gives its job back when it stops, and the next server goes on', async () => {
    const hang: Work = (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))))
    const first = engine({ train: hang })
    const run = newRun()
    await until(() => jobOf(run, 'train')?.state === 'running')
    await first.stop()
    expect(jobOf(run, 'train')).toMatchObject({ state: 'queued', tries: 0 })
    engine({})
    await until(() => stateOf(run) === 'succeeded')
  })

  it('writes neither the end of a job nor what follows when its change cannot be written', async () => {
    const broken: Pipeline<Context> = {
      ...pipeline,
      jobs: [
        {
          ...module('git-import'),
          run: async () => ({
            commit() {
              store.meta.set('half', 'written')
              throw new Error('constraint failed')
            },
          }),
        },
      ],
    }
    const made = new Engine({
      store,
      pipeline: broken,
      context: { work: {} },
      workers: { light: 1, train: 0 },
      owner: 'o',
      logger,
    })
    open.push(made)
    made.start()
    const run = newRun()
    await until(() => jobOf(run, 'git-import')?.tries === 1)
    expect(store.meta.get('half')).toBeNull()
    expect(jobOf(run, 'git-import')?.state).toBe('queued')
    expect(store.jobs.ofRun(run.id)).toHaveLength(1)
  })

  it('ends the run as what it had come to when the last resort itself fails', async () => {
    engine({ notify: () => Promise.reject(userError('x', 'No mail can be made.', '')) })
    const run = newRun()
    await until(() => stateOf(run) === 'exhausted')
    expect(store.runs.get(run.id).conclusion?.reason).toContain('No mail can be made.')
  })
})
