import { afterEach, describe, expect, it } from 'vitest'
import type { FakeContext, FakeProgram } from '../../src/containers/fake-container.ts'
import { EVENTS_PATH, LAUNCHER } from '../../src/containers/runtime.ts'
import { unavailable } from '../../src/domain/failure.ts'
import type { Run } from '../../src/domain/run.ts'
import { SCRIPT, type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const attemptsOf = (run: Run) => chain.store.attempts.ofRun(run.id)
const trialsOf = (run: Run) => chain.store.trials.ofRun(run.id)
const saidIn = (run: Run) =>
  chain.store.events
    .after(0, { runId: run.id })
    .flatMap(({ type, data }) => (type === 'progress' ? [String(data.text)] : []))

/** What the runtime writes in a container. */
function eventsOf({ write }: FakeContext) {
  let text = ''
  return (type: string, fields: object) => {
    text += `${JSON.stringify({ v: 1, type, at: 5, ...fields })}\n`
    write(EVENTS_PATH, text)
  }
}
const epoch = (step: number, val_accuracy: number | string) => ({ step, metrics: { loss: 1, val_accuracy } })
const checkpoint = (step: number) => ({ place: 'fit#0', step, bytes: 10, seconds: 0.1 })
const resumed = (step: number) => ({ place: 'fit#0', step, attempt: 1, by: 'hone' })

/** Resolves once the run has so many metrics of a step. */
const heard = (context: FakeContext, step: number) =>
  chain.until(() => {
    const trial = Number(context.spec.labels['hone.trial'])
    return chain.store.metrics.ofTrial(trial).some((metric) => metric.step === step)
  })

describe('a training that prints nothing', () => {
  it('is heard while it runs, and has the metric of its last epoch', async () => {
    chain = await testChain(async function* (context) {
      const emit = eventsOf(context)
      for (const step of [1, 2]) {
        emit('epoch', epoch(step, 0.5 + step / 10))
        await heard(context, step)
      }
      emit('epoch', epoch(3, 0.95))
      yield* []
    })
    const run = await chain.ended(chain.push({ target: 0.9 }))
    expect(run.state).toBe('succeeded')
    const metrics = chain.store.metrics.ofTrial(run.bestTrialId as number)
    const accuracies = metrics.filter(({ name }) => name === 'accuracy')
    expect(accuracies.map(({ step, value }) => [step, value])).toEqual([
      [1, 0.6],
      [2, 0.7],
      [3, 0.95],
    ])
    expect(accuracies.at(-1)).toMatchObject({ decisive: true, source: 'event', split: 'validation' })
    // Of other metrics only the last value is stored.
    expect(metrics.filter(({ name }) => name === 'loss').map(({ step }) => step)).toEqual([3])
    expect(attemptsOf(run)[0]?.report?.last).toMatchObject({ value: 0.95, step: 3 })
  })

  it('is heard on by the next server, and nothing of it is stored twice', async () => {
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    chain = await testChain(async function* (context) {
      const emit = eventsOf(context)
      for (const step of [1, 2]) emit('epoch', epoch(step, 0.5 + step / 10))
      emit('checkpoint', checkpoint(2))
      await gate
      emit('epoch', epoch(3, 0.95))
      yield* []
    })
    const run = chain.push({ target: 0.9 })
    await chain.until(() => attemptsOf(run)[0]?.report?.checkpoint?.step === 2)
    await chain.stop()
    goOn()
    chain.start()
    const ended = await chain.ended(run)
    expect(ended.state).toBe('succeeded')
    const accuracies = chain.store.metrics
      .ofTrial(ended.bestTrialId as number)
      .filter(({ name }) => name === 'accuracy')
    expect(accuracies.map(({ step }) => step)).toEqual([1, 2, 3])
    expect(attemptsOf(run)).toMatchObject([{ report: { checkpoint: { count: 1 }, last: { step: 3 } } }])
  })

  it('is stopped at the target, and when it diverges', async () => {
    chain = await testChain(async function* (context) {
      const emit = eventsOf(context)
      emit('epoch', epoch(1, context.env.HONE_TRIAL === '0' ? 'nan' : 0.95))
      emit('epoch', epoch(2, context.env.HONE_TRIAL === '0' ? 'nan' : 0.96))
      await context.hang()
      yield* []
    })
    const run = await chain.ended(chain.push({ target: 0.9, stopAtTarget: true, confirm: 0 }))
    expect(trialsOf(run)).toMatchObject([
      { state: 'failed', failure: { code: 'diverged' } },
      { state: 'completed', metric: 0.96 },
    ])
  })

  it('is stopped when its loss is no number any more', async () => {
    chain = await testChain(async function* (context) {
      const emit = eventsOf(context)
      if (context.env.HONE_TRIAL === '0') {
        for (const step of [1, 2]) emit('epoch', { step, metrics: { loss: 'nan' } })
        await context.hang()
      }
      yield 'Test accuracy: 0.95'
    })
    const run = await chain.ended(chain.push({ target: 0.9, confirm: 0 }))
    expect(trialsOf(run)).toMatchObject([
      { state: 'failed', failure: { code: 'diverged', message: expect.stringContaining('loss') } },
      { state: 'completed', metric: 0.95 },
    ])
  })

  it('has what was found in its variables as its metric, where there is nothing else', async () => {
    chain = await testChain(async function* (context) {
      const emit = eventsOf(context)
      emit('epoch', { ...epoch(1, 0.95), weak: true })
      if (context.env.HONE_TRIAL === '0') yield 'Test accuracy: 0.4'
    })
    const run = await chain.ended(chain.push({ target: 0.9, confirm: 0 }))
    expect(trialsOf(run).map(({ metric }) => metric)).toEqual([0.4, 0.95])
    const [decisive] = chain.store.metrics.ofTrial(run.bestTrialId as number)
    expect(decisive).toMatchObject({ source: 'variable', decisive: true })
  })
})

describe('a container that dies', () => {
  const dies = (tell: (emit: ReturnType<typeof eventsOf>) => void): FakeProgram =>
    async function* (context) {
      const emit = eventsOf(context)
      if (context.attempt > 1) {
        emit('start', { python: '3.13.5', argv: [] })
        emit('resumed', resumed(3))
        yield 'Test accuracy: 0.95'
        return
      }
      tell(emit)
      context.exit(137)
    }

  it('says from which epoch it is started again, and that it went on there', async () => {
    chain = await testChain(
      dies((emit) => {
        emit('epoch', epoch(3, 0.5))
        emit('checkpoint', checkpoint(3))
        emit('heartbeat', { memory: 4096 })
      }),
    )
    const run = await chain.ended(chain.push({ target: 0.9 }))
    const [first, second] = attemptsOf(run)
    expect(first?.failure?.remedy).toContain('from its checkpoint after epoch 3')
    expect(first?.report).toMatchObject({
      ...{ memory: 4096, end: null, checkpoint: { step: 3, count: 1 } },
      last: { name: 'accuracy', value: 0.5, step: 3 },
    })
    expect(second?.report).toMatchObject({ resumed: { step: 3, attempt: 1, by: 'hone' }, python: '3.13.5' })
    expect(saidIn(run)).toContain('trial 0: attempt 2 goes on after epoch 3.')
  })

  it('says that only once, whatever server listens', async () => {
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    chain = await testChain(async function* (context) {
      if (context.attempt === 1) return context.exit(137)
      eventsOf(context)('resumed', resumed(3))
      await gate
      yield 'Test accuracy: 0.95'
    })
    const run = chain.push({ target: 0.9 })
    await chain.until(() => attemptsOf(run)[1]?.report?.resumed?.step === 3)
    await chain.stop()
    chain.start()
    goOn()
    expect(await chain.ended(run)).toMatchObject({ state: 'succeeded' })
    expect(saidIn(run).filter((text) => text.includes('goes on after'))).toHaveLength(1)
  })

  it('says that it begins anew where there is no checkpoint', async () => {
    chain = await testChain(dies(() => {}))
    const run = await chain.ended(chain.push({ target: 0.9 }))
    expect(attemptsOf(run)[0]?.failure?.remedy).toContain('there is no checkpoint')
  })

  it('keeps what it told when somebody removed it', async () => {
    chain = await testChain(async function* (context) {
      if (context.attempt === 1) {
        const emit = eventsOf(context)
        emit('start', { python: '3.13.5', argv: [] })
        emit('checkpoint', checkpoint(2))
        await context.hang()
      }
      yield 'Test accuracy: 0.95'
    })
    const run = chain.push({ target: 0.9 })
    await chain.until(() => attemptsOf(run)[0]?.report?.checkpoint?.step === 2)
    chain.executor.lose(attemptsOf(run)[0]?.container as string)
    await chain.ended(run)
    const [first] = attemptsOf(run)
    expect(first).toMatchObject({ state: 'lost', report: { checkpoint: { step: 2 } } })
    expect(first?.failure?.remedy).toContain('after epoch 2')
  })
})

describe('the workspace', () => {
  it('stays as an attempt left it, but its results do not count for the next', async () => {
    const seen: (string | null)[] = []
    chain = await testChain(function* ({ attempt, read, write, exit }) {
      seen.push(read('notes.txt'), read('train.py')?.split('\n')[2] ?? null)
      if (attempt === 1) {
        write('notes.txt', 'left')
        write('train.py', '\n\nalpha = 7.0\n')
        write('metrics.json', '{"accuracy": 0.99}')
        exit(137)
      }
      yield 'Test accuracy: 0.95'
    })
    const run = await chain.ended(chain.push({ target: 0.9 }))
    expect(seen).toEqual([null, 'alpha = 5.0', 'left', 'alpha = 7.0'])
    expect(trialsOf(run)[0]?.metric).toBe(0.95)
  })

  it('gives a result that this attempt wrote', async () => {
    chain = await testChain(function* ({ write }) {
      yield 'done'
      write('metrics.json', '{"accuracy": 0.99}')
    })
    const files = { 'train.py': SCRIPT, 'accuracy.txt': '0.1' }
    const run = await chain.ended(chain.push({ target: 0.9 }, files))
    expect(trialsOf(run)[0]?.metric).toBe(0.99)
  })

  it('keeps of models those that were written, by any attempt, and none of the commit', async () => {
    chain = await testChain(function* ({ attempt, write, exit }) {
      if (attempt === 1) {
        write('first.pt', 'x')
        exit(137)
      }
      write('out/second.pt', 'y')
      yield 'Test accuracy: 0.95'
    })
    const run = await chain.ended(chain.push({ target: 0.9 }, { 'train.py': SCRIPT, 'old.pt': 'z' }))
    const kept = trialsOf(run)[0]?.artifacts?.kept.map(({ path }) => path)
    expect(kept?.toSorted()).toEqual(['first.pt', 'out/second.pt'])
  })

  it('is filled again when the engine went away before all of the commit was in it', async () => {
    chain = await testChain(function* ({ read }) {
      yield `Test accuracy: ${read('data.csv') === 'whole' ? 0.95 : 0.1}`
    })
    const { put } = chain.executor
    let puts = 0
    chain.executor.put = async (id, tar, path) => {
      // After the runtime and the commit: the mark that all is there.
      if (++puts === 3) throw unavailable('engine-away', 'The connection broke.', 'None.')
      return put(id, tar, path)
    }
    const run = chain.push({ target: 0.9 }, { 'train.py': SCRIPT, 'data.csv': 'whole' })
    await chain.until(() => chain.store.jobs.ofRun(run.id).at(-1)?.failure?.code === 'engine-away')
    const [volume] = [...chain.executor.volumes].filter(([name]) => name.endsWith('-workspace'))
    volume?.[1].files.set('data.csv', Buffer.from('ha'))
    chain.store.jobs.hurry()
    chain.wake()
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(attemptsOf(run)).toHaveLength(1)
  })
})

it('a training is started with the runtime, and with what its checkpoints are known by', async () => {
  chain = await testChain(() => ['Test accuracy: 0.95'])
  const yaml = 'env:\n  PYTHONPATH: src\n  PYTHONHASHSEED: random\n'
  const run = await chain.ended(
    chain.push({ target: 0.9, seed: 3, confirm: 0 }, { 'train.py': SCRIPT, 'hone.yaml': yaml }),
  )
  expect(run.state).toBe('succeeded')
  const [spec] = chain.executor.created
  expect(spec?.command).toEqual([...LAUNCHER, 'train.py'])
  expect(spec?.env).toMatchObject({
    PYTHONPATH: '/opt/hone:src',
    PYTHONHASHSEED: 'random',
    HONE_SOURCE: run.sha,
    HONE_SEED: '3',
    HONE_ATTEMPT: '1',
    HONE_STOP_GRACE: '10',
  })
})
