import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FakeContext, FakeProgram } from '../../src/containers/fake-container.ts'
import { SCRIPT, type TestChain, testChain } from '../helpers/chain.ts'
import { git } from '../helpers/git.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const alphaOf = ({ read }: FakeContext) => Number(/alpha = (\S+)/.exec(read('train.py') ?? '')?.[1])
/** The smaller alpha, the better. */
const trains: FakeProgram = function* (context) {
  yield 'Epoch 1/1'
  yield `Test accuracy: ${alphaOf(context) < 0.1 ? 0.95 : 0.4}`
}

describe('the jobs', () => {
  it('train, tweak and train again until the target is met, then tell of it', async () => {
    chain = await testChain(trains)
    const run = await chain.ended(chain.push({ target: 0.9 }))
    expect(run).toMatchObject({ state: 'succeeded', conclusion: { kind: 'target' } })
    const trials = chain.store.trials.ofRun(run.id)
    expect(trials[0]).toMatchObject({ number: 0, values: { alpha: 5 }, sha: run.sha, diff: '', metric: 0.4 })
    const best = trials.at(-1)
    expect(best).toMatchObject({ metric: 0.95, id: run.bestTrialId })
    expect(best?.diff).toContain(`-alpha = 5.0\n+alpha = ${best?.values.alpha}`)
    const names = chain.store.jobs.ofRun(run.id).map(({ key }) => key)
    expect(names.slice(0, 4)).toEqual(['git-import', 'detect-model', 'train:0', 'tweak:1'])
    expect(names.at(-1)).toBe('notify')
    expect(chain.store.mails.list()).toMatchObject([{ kind: 'target', to: 'ada@example.org' }])
  })

  it('leave each trial as a commit on the branch of the run', async () => {
    chain = await testChain(trains)
    const run = await chain.ended(chain.push({ target: 0.99, trials: 3 }))
    const workspace = chain.paths.workspace(run.id)
    expect(git(workspace, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('hone/run-1')
    const [, , last] = chain.store.trials.ofRun(run.id)
    expect(git(workspace, 'rev-parse', 'trial-2')).toBe(last?.sha)
    expect(git(workspace, 'diff', '--numstat', 'trial-0', 'trial-2')).toBe('1\t1\ttrain.py')
    expect(git(workspace, 'log', '-1', '--format=%s', 'trial-2')).toBe(
      `Trial 2: alpha 5 -> ${last?.values.alpha}`,
    )
  })

  it('end at the budget with the best value and why', async () => {
    chain = await testChain(trains)
    const run = await chain.ended(chain.push({ target: 0.99, trials: 2 }))
    expect(run).toMatchObject({
      state: 'exhausted',
      conclusion: { reason: expect.stringContaining('2 of 2 trials') },
    })
    expect(chain.store.mails.list()).toMatchObject([
      { kind: 'budget', text: expect.stringContaining('2 of 2 trials') },
    ])
  })

  it('end when there is nothing to change', async () => {
    chain = await testChain(() => ['Test accuracy: 0.4'])
    const run = await chain.ended(
      chain.push({}, SCRIPT.replace('alpha = 5.0\n', '').replace('alpha=alpha', '')),
    )
    expect(run).toMatchObject({
      state: 'exhausted',
      conclusion: { reason: expect.stringContaining('no hyperparameter') },
    })
  })

  it('take 90 as a target of 90 %', async () => {
    chain = await testChain(trains)
    const run = await chain.ended(chain.push({ target: 90 }))
    expect(run).toMatchObject({ state: 'succeeded', settings: { target: 0.9 } })
  })

  it('go on after a trial whose values break the script', async () => {
    chain = await testChain(function* (context) {
      const alpha = alphaOf(context)
      if (alpha !== 5) {
        yield 'Traceback (most recent call last):'
        yield '  File "/workspace/train.py", line 4, in <module>'
        yield `ValueError: alpha ${alpha} is out of range`
        context.exit(1)
      }
      yield 'Test accuracy: 0.4'
    })
    const run = await chain.ended(chain.push({ trials: 3 }))
    expect(run.state).toBe('exhausted')
    const [, failed] = chain.store.trials.ofRun(run.id)
    expect(failed).toMatchObject({
      state: 'failed',
      failure: { code: 'script-error', file: 'train.py', line: 4 },
    })
  })

  it('stop at once for an error that no values can mend', async () => {
    chain = await testChain(function* ({ exit }) {
      yield 'Traceback (most recent call last):'
      yield '  File "/workspace/train.py", line 1, in <module>'
      yield "ModuleNotFoundError: No module named 'foo'"
      exit(1)
    })
    const run = await chain.ended(chain.push({ trials: 20 }))
    expect(run).toMatchObject({ state: 'failed', conclusion: { failure: { file: 'train.py', line: 1 } } })
    expect(chain.store.trials.ofRun(run.id)).toHaveLength(1)
  })

  it('let a trial with a NaN metric fail and search on', async () => {
    chain = await testChain((context) => [`Test accuracy: ${alphaOf(context) === 5 ? 'nan' : 0.95}`])
    const run = await chain.ended(chain.push({ target: 0.9 }))
    expect(run.state).toBe('succeeded')
    expect(chain.store.trials.ofRun(run.id)[0]).toMatchObject({
      state: 'failed',
      failure: { code: 'metric-not-finite' },
    })
  })

  it('remove container and volume once the result is written', async () => {
    chain = await testChain(trains)
    await chain.ended(chain.push({ target: 0.9 }))
    await chain.sweep()
    expect(chain.executor.containers.size).toBe(0)
    expect(chain.executor.volumes.size).toBe(0)
  })
})

describe('a container that dies', () => {
  it('is followed by another with the same checkpoints', async () => {
    chain = await testChain(function* (context) {
      if (context.read('/checkpoints/epoch') === null) {
        context.write('/checkpoints/epoch', '1')
        yield 'Epoch 1/2: val_accuracy=0.5'
        context.exit(137)
      }
      yield 'resumed'
      yield 'Test accuracy: 0.95'
    })
    const run = await chain.ended(chain.push({ target: 0.9 }))
    expect(run.state).toBe('succeeded')
    expect(chain.store.attempts.ofRun(run.id)).toMatchObject([
      { number: 1, state: 'failed', exitCode: 137, signal: 'SIGKILL' },
      { number: 2, state: 'succeeded', exitCode: 0 },
    ])
  })

  it('is not started for ever', async () => {
    chain = await testChain(({ exit }) => exit(139))
    const run = await chain.ended(chain.push({ restarts: 1 }))
    expect(run).toMatchObject({ state: 'failed', conclusion: { failure: { code: 'killed' } } })
    expect(chain.store.attempts.ofRun(run.id)).toHaveLength(2)
  })

  it('is trained again when somebody removed it', async () => {
    const program: FakeProgram = async function* ({ attempt, hang }) {
      yield 'Epoch 1/2'
      if (attempt === 1) await hang()
      yield 'Test accuracy: 0.95'
    }
    chain = await testChain(program)
    const run = chain.push({ target: 0.9 })
    await chain.until(() => chain.store.attempts.ofRun(run.id)[0]?.state === 'running')
    chain.executor.lose(chain.store.attempts.ofRun(run.id)[0]?.container as string)
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(chain.store.attempts.ofRun(run.id).map(({ state }) => state)).toEqual(['lost', 'succeeded'])
  })

  it('is stopped when its time is over', async () => {
    chain = await testChain(async function* ({ hang }) {
      yield 'Epoch 1/2'
      await hang()
    })
    const run = await chain.ended(chain.push({ timeLimit: 0.001 }))
    expect(run).toMatchObject({ state: 'failed', conclusion: { failure: { code: 'time-limit' } } })
  })
})

describe('when the engine is away', () => {
  it('a run waits, the health says so, and all goes on when it is back', async () => {
    chain = await testChain(trains)
    chain.executor.away = true
    const run = chain.push({ target: 0.9 })
    await chain.until(() => chain.store.jobs.ofRun(run.id).at(-1)?.failure?.code === 'engine-away')
    await chain.sweep()
    expect(chain.health.problems()).toMatchObject([{ part: 'engine', remedy: expect.stringMatching(/\S/) }])
    expect(chain.store.runs.get(run.id).state).toBe('running')
    chain.executor.away = false
    await chain.sweep()
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(chain.health.problems()).toEqual([])
  })

  it('in the middle of a training: the same container is followed to its end', async () => {
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    chain = await testChain(async function* () {
      yield 'Epoch 1/2: val_accuracy=0.5'
      await gate
      yield 'Epoch 2/2: val_accuracy=0.9'
      yield 'Test accuracy: 0.95'
    })
    const run = chain.push({ target: 0.9 })
    await chain.until(() =>
      chain.store.events.after(0, { runId: run.id }).some(({ type }) => type === 'metric'),
    )
    chain.executor.away = true
    await chain.until(() => chain.store.jobs.ofRun(run.id).at(-1)?.failure?.code === 'engine-away')
    goOn()
    chain.executor.away = false
    chain.store.jobs.hurry()
    await chain.sweep()
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(chain.store.attempts.ofRun(run.id)).toHaveLength(1)
    expect(chain.store.metrics.ofAttempt(chain.store.attempts.ofRun(run.id)[0]?.id as number)).toHaveLength(3)
  })
})

describe('when the server stops', () => {
  it.each(['while the training goes on', 'and the training ends meanwhile'])(
    '%s, the next one takes it over',
    async (when) => {
      let goOn = () => {}
      const gate = new Promise<void>((resolve) => {
        goOn = resolve
      })
      chain = await testChain(async function* () {
        yield 'Epoch 1/2: val_accuracy=0.5'
        await gate
        yield 'Test accuracy: 0.95'
      })
      const run = chain.push({ target: 0.9 })
      await chain.until(() =>
        chain.store.events.after(0, { runId: run.id }).some(({ type }) => type === 'metric'),
      )
      await chain.stop()
      expect(chain.executor.containers.size).toBe(1)
      if (when.includes('ends')) goOn()
      chain.start()
      goOn()
      expect((await chain.ended(run)).state).toBe('succeeded')
      expect(chain.executor.created).toHaveLength(1)
    },
  )
})

describe('cancel', () => {
  it('stops the container and removes what is left', async () => {
    chain = await testChain(async function* ({ hang }) {
      yield 'Epoch 1/2'
      await hang()
    })
    const run = chain.push()
    await chain.until(() => chain.store.attempts.ofRun(run.id)[0]?.state === 'running')
    chain.cancel(run)
    expect(chain.store.runs.get(run.id).state).toBe('cancelled')
    await chain.stop()
    chain.start()
    await chain.sweep()
    expect(chain.executor.containers.size).toBe(0)
    expect(chain.executor.volumes.size).toBe(0)
    expect(chain.store.mails.list()).toEqual([])
  })
})

describe('a full disk', () => {
  it('stops nothing for good: the chain goes on where it was once there is room', async () => {
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    chain = await testChain(async function* (context) {
      await gate
      for (let epoch = 1; epoch <= 200; epoch++) yield `Epoch ${epoch}/200: val_accuracy=0.5`
      yield* trains(context) as Iterable<string>
    })
    const run = chain.push({ target: 0.9 })
    await chain.until(() => chain.store.attempts.ofRun(run.id)[0]?.state === 'running')
    chain.setRoom(false)
    goOn()
    await vi.waitFor(() => expect(chain.errors).toContain('SQLITE_FULL'), { timeout: 10_000 })
    chain.setRoom(true)
    expect((await chain.ended(run)).state).toBe('succeeded')
    const [attempt, ...others] = chain.store.attempts.ofTrial(
      chain.store.trials.ofRun(run.id)[0]?.id as number,
    )
    expect(others).toEqual([])
    expect(chain.store.metrics.ofAttempt(attempt?.id as number).length).toBe(201)
  })
})
