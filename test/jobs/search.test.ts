import { readdirSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { pipeline } from '../../jobs/index.ts'
import { studyOf } from '../../jobs/study.ts'
import { startRun } from '../../src/chain/intake.ts'
import type { FakeContext, FakeProgram } from '../../src/containers/fake-container.ts'
import type { Run } from '../../src/domain/run.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const alphaOf = ({ read }: FakeContext) => Number(/alpha = (\S+)/.exec(read('train.py') ?? '')?.[1])
const trialsOf = (run: Run) => chain.store.trials.ofRun(run.id)
const never = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

/** Until the training's last line has been read; by then it has been stopped too, where it was to be. */
async function isHeard({ spec, attempt }: FakeContext, step: number): Promise<void> {
  const trial = Number(spec.labels['hone.trial'])
  await chain.until(() => {
    const attempts = chain.store.attempts.ofTrial(trial)
    const { id } = attempts[attempt - 1] ?? attempts[0] ?? { id: 0 }
    return chain.store.metrics.ofAttempt(id).some((metric) => metric.step === step)
  })
}

/** Two at a time: trial 0 meets the target while the other is under way. */
function firstOfTwo(): FakeProgram {
  const meet = barrier(2)
  return async function* (context) {
    await meet()
    if (context.env.HONE_TRIAL !== '0') await never(context.signal)
    yield 'Test accuracy: 0.95'
  }
}

/** Opens once so many have come to it. */
function barrier(count: number) {
  let come = 0
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    if (++come >= count) open()
    return opened
  }
}

describe('several trainings of a run at a time', () => {
  it('go on side by side, each with values of its own, up to the budget', async () => {
    const meet = barrier(3)
    chain = await testChain(
      async function* () {
        await meet()
        yield 'Test accuracy: 0.4'
      },
      { parallel: 3 },
    )
    const run = await chain.ended(chain.push({ target: 0.9, parallel: 3, trials: 7, giveUp: 0 }))
    expect(run.conclusion).toMatchObject({ kind: 'budget', reason: expect.stringContaining('7 of 7 trials') })
    const trials = trialsOf(run)
    expect(trials.map(({ state }) => state)).toEqual(Array(7).fill('completed'))
    expect(new Set(trials.map(({ values }) => values.alpha)).size).toBe(7)
    expect(chain.store.mails.list()).toHaveLength(1)
  })

  it('are no more than the server allows', async () => {
    let most = 0
    let now = 0
    const meet = barrier(2)
    chain = await testChain(
      async function* () {
        most = Math.max(most, ++now)
        await meet()
        yield 'Test accuracy: 0.4'
        now--
      },
      { parallel: 2 },
    )
    await chain.ended(chain.push({ target: 0.9, parallel: 8, trials: 6 }))
    expect(most).toBe(2)
  })

  it('end when one of them meets the target: the others are stopped, and nothing is left', async () => {
    chain = await testChain(firstOfTwo(), { parallel: 2 })
    const run = await chain.ended(chain.push({ target: 0.9, parallel: 2 }))
    expect(run).toMatchObject({ state: 'succeeded', conclusion: { kind: 'target' } })
    expect(trialsOf(run).map(({ state }) => state)).toEqual(['completed', 'cancelled'])
    expect(chain.store.attempts.ofRun(run.id).map(({ state }) => state)).toEqual(['succeeded', 'cancelled'])
    await chain.sweep()
    expect([chain.executor.containers.size, chain.trialVolumes().length]).toEqual([0, 0])
    expect(chain.store.mails.list()).toHaveLength(1)
  })

  it('end when one of them fails for a reason that no values can mend', async () => {
    const meet = barrier(2)
    chain = await testChain(
      async function* (context) {
        await meet()
        if (context.env.HONE_TRIAL !== '0') await never(context.signal)
        yield 'Traceback (most recent call last):'
        yield "ModuleNotFoundError: No module named 'foo'"
        context.exit(1)
      },
      { parallel: 2 },
    )
    const run = await chain.ended(chain.push({ parallel: 2 }))
    expect(run.state).toBe('failed')
    expect(trialsOf(run).map(({ state }) => state)).toEqual(['failed', 'cancelled'])
  })

  it('are the same trials after the server was killed in the middle', async () => {
    const meet = barrier(2)
    chain = await testChain(
      async function* () {
        await meet()
        yield 'Test accuracy: 0.4'
      },
      { parallel: 2 },
    )
    const run = chain.push({ target: 0.9, parallel: 2, trials: 6, giveUp: 0 })
    await chain.until(() => chain.store.attempts.ofRun(run.id).some(({ state }) => state === 'running'))
    await chain.stop()
    chain.start()
    const ended = await chain.ended(run)
    expect(ended.conclusion?.reason).toContain('6 of 6 trials')
    expect(trialsOf(run).map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5])
    expect(chain.store.attempts.ofRun(run.id)).toHaveLength(6)
  })
})

describe('a trial that meets the target', () => {
  const seeds = (values: Record<string, number>): FakeProgram =>
    function* (context) {
      const own = alphaOf(context) === 5 ? 0.4 : (values[context.env.HONE_SEED ?? ''] ?? 0)
      yield `Test accuracy: ${own}`
    }

  it('is confirmed with another seed before it is announced', async () => {
    chain = await testChain(seeds({ 3: 0.95, 4: 0.93 }))
    const run = await chain.ended(chain.push({ target: 0.9, seed: 3 }))
    expect(run.conclusion).toEqual({
      kind: 'target',
      reason: 'reached 0.95 ≥ 0.9 in trial 1, and 0.93 with another seed',
    })
    const [, first, again] = trialsOf(run)
    expect(again).toMatchObject({
      number: 2,
      repeats: 1,
      seed: 4,
      values: first?.values,
      sha: first?.sha,
      origin: 'trial 1 with another seed',
    })
    expect(run.bestTrialId).toBe(first?.id)
  })

  it('is searched past when another seed misses the target', async () => {
    chain = await testChain(seeds({ 3: 0.95, 4: 0.5 }))
    const run = await chain.ended(chain.push({ target: 0.9, seed: 3, trials: 3, giveUp: 0 }))
    expect(run.state).toBe('exhausted')
    expect(run.conclusion?.reason).toContain('met the target once but not with another seed')
    // Each of the two new trials met it, and each was tried again.
    expect(trialsOf(run).map(({ repeats }) => repeats)).toEqual([null, null, 1, null, 3])
  })

  it('needs none where the settings say so', async () => {
    chain = await testChain(seeds({ 3: 0.95 }))
    const run = await chain.ended(chain.push({ target: 0.9, seed: 3, confirm: 0 }))
    expect([run.state, trialsOf(run).length]).toEqual(['succeeded', 2])
  })
})

describe('two trials that meet the target at a time', () => {
  it('leave the model of the one that is confirmed, though the other was better', async () => {
    const meet = barrier(3)
    chain = await testChain(
      async function* (context) {
        const { HONE_TRIAL: number, HONE_SEED: seed } = context.env
        if (['0', '1', '2'].includes(number ?? '')) await meet()
        context.write('model.pt', `of trial ${number}`)
        const own = { 0: 0.4, 1: 0.96, 2: 0.95 }[number ?? ''] ?? 0.4
        // Another seed of trial 1 is bad.
        const isRepeat = seed !== '0'
        const repeats = isRepeat
          ? trialsOf(run).find((trial) => trial.number === Number(number))?.repeats
          : null
        yield `Test accuracy: ${repeats === 1 ? 0.5 : isRepeat ? 0.95 : own}`
      },
      { parallel: 3 },
    )
    const run = chain.push({ target: 0.9, parallel: 3, seed: 0, giveUp: 0 })
    const ended = await chain.ended(run)
    expect(ended.conclusion?.reason).toContain('reached 0.95 ≥ 0.9 in trial 2')
    expect(readdirSync(chain.paths.trialArtifacts(run.id, 2))).toEqual(['model.pt'])
  })
})

describe('a training under way', () => {
  /** Nine epochs; what is not good stays far behind. */
  const epochs = (isGood: (context: FakeContext) => boolean): FakeProgram =>
    async function* (context) {
      const good = isGood(context)
      for (let epoch = 1; epoch <= 9; epoch++) {
        yield `Epoch ${epoch}/9 - val_accuracy: ${good ? 0.5 + epoch / 100 : 0.1 + epoch / 100}`
        if (epoch === 3) await isHeard(context, epoch)
      }
      yield 'Test accuracy: 0.6'
    }

  it('is given up when it falls behind, and told to the search', async () => {
    chain = await testChain(epochs(({ env }) => env.HONE_TRIAL !== '4'))
    const run = await chain.ended(chain.push({ target: 0.9, trials: 6, giveUp: 0 }))
    const pruned = trialsOf(run)[4]
    expect(pruned).toMatchObject({ state: 'pruned', metric: null })
    expect(pruned?.pruning).toMatch(/^0\.13 at best after 3 epochs, behind the median 0\.53 of \d others$/)
    const [attempt] = chain.store.attempts.ofTrial(pruned?.id as number)
    expect(attempt).toMatchObject({ state: 'stopped', failure: null })
    expect(run.conclusion?.reason).toContain('6 of 6 trials')
    await chain.sweep()
    expect([chain.executor.containers.size, chain.trialVolumes().length]).toEqual([0, 0])
  })

  it('leaves nothing behind, nor do those that were given up, when its run is cancelled', async () => {
    const play = epochs(({ env }) => env.HONE_TRIAL !== '4')
    chain = await testChain(async function* (context) {
      if (context.env.HONE_TRIAL === '5') await never(context.signal)
      yield* play(context)
    })
    const run = chain.push({ target: 0.9, trials: 9, giveUp: 0 })
    await chain.until(() => trialsOf(run)[5]?.state === 'running')
    expect([trialsOf(run)[4]?.state, chain.trialVolumes().length > 0]).toEqual(['pruned', true])
    chain.cancel(run)
    expect(
      trialsOf(run)
        .slice(4)
        .map(({ state }) => state),
    ).toEqual(['pruned', 'cancelled'])
    await expect
      .poll(async () => {
        await chain.sweep()
        return [chain.executor.containers.size, chain.trialVolumes().length]
      })
      .toEqual([0, 0])
    expect(chain.store.mails.list({ runId: run.id })).toEqual([])
  })

  it('keeps its volume while it is given up, and goes on in it when it has risen', async () => {
    const volumes: number[] = []
    chain = await testChain(async function* (context) {
      const number = Number(context.env.HONE_TRIAL)
      volumes.push(chain.trialVolumes().length)
      // Trial 3 looks bad against those before it, and good against all that follow.
      const level = [0.5, 0.45, 0.44, 0.4][number] ?? 0.1 + number / 100
      for (let epoch = 1; epoch <= 9; epoch++) {
        yield `Epoch ${epoch}/9 - val_accuracy: ${level + epoch / 1000}`
        if (epoch === 3) await isHeard(context, epoch)
      }
      yield `Test accuracy: ${level}`
    })
    const run = await chain.ended(chain.push({ target: 0.9, trials: 9, pruner: 'halving', giveUp: 0 }))
    const risen = trialsOf(run)[3]
    expect(risen).toMatchObject({ state: 'completed', metric: 0.4, pruning: null })
    const attempts = chain.store.attempts.ofTrial(risen?.id as number)
    expect(attempts.map(({ state }) => state)).toEqual(['stopped', 'succeeded'])
    expect(Math.max(...volumes)).toBeGreaterThan(1)
    const keys = chain.store.jobs.ofRun(run.id).map(({ key }) => key)
    expect(keys).toContain('train:3:2')
  })

  it('has its metric from before, when it goes on with nothing left to train', async () => {
    chain = await testChain(async function* (context) {
      const number = Number(context.env.HONE_TRIAL)
      const level = [0.5, 0.45, 0.44, 0.4][number] ?? 0.1 + number / 100
      if (context.attempt > 1) return
      for (let epoch = 1; epoch <= 9; epoch++) {
        yield `Epoch ${epoch}/9 - val_accuracy: ${level + epoch / 1000}`
        if (epoch === 3) await isHeard(context, epoch)
      }
    })
    const run = await chain.ended(chain.push({ target: 0.9, trials: 9, pruner: 'halving', giveUp: 0 }))
    expect(run.state).toBe('exhausted')
    expect(trialsOf(run)[3]).toMatchObject({ state: 'completed', metric: 0.403 })
  })

  it.each(['loss: 0.4 - val_accuracy: nan', 'loss: nan - val_accuracy: 0.1'])(
    'ends at once when it says %s',
    async (said) => {
      chain = await testChain(async function* (context) {
        if (context.env.HONE_TRIAL === '1') {
          for (const epoch of [1, 2]) yield `Epoch ${epoch}/9 - ${said}`
          await never(context.signal)
        }
        yield 'Test accuracy: 0.4'
      })
      const run = await chain.ended(chain.push({ target: 0.9, trials: 3, giveUp: 0 }))
      expect(trialsOf(run)[1]).toMatchObject({ state: 'failed', failure: { code: 'diverged' } })
      expect(run.conclusion?.reason).toContain('3 of 3 trials')
    },
  )

  const rising: FakeProgram = async function* (context) {
    for (let epoch = 1; epoch <= 3; epoch++)
      yield `Epoch ${epoch}/9 - val_accuracy: ${(0.8 + epoch / 20).toFixed(2)}`
    await never(context.signal)
  }

  it('ends with the epoch that meets the target where the settings say so', async () => {
    chain = await testChain(rising)
    const run = await chain.ended(chain.push({ target: 0.92, stopAtTarget: true, confirm: 0 }))
    expect(run.state).toBe('succeeded')
    expect(trialsOf(run)[0]).toMatchObject({ state: 'completed', metric: 0.95 })
    expect(chain.store.attempts.ofRun(run.id)).toMatchObject([{ state: 'stopped' }])
  })
})

describe('a further commit of a project', () => {
  it('begins with the best of the commit before', async () => {
    chain = await testChain(function* (context) {
      yield `Test accuracy: ${0.9 - Math.abs(Math.log10(alphaOf(context)) + 3) / 10}`
    })
    const first = await chain.ended(chain.push({ target: 0.99, trials: 6, giveUp: 0 }))
    const best = trialsOf(first).find(({ id }) => id === first.bestTrialId)
    const project = chain.store.projects.byId(first.projectId)
    if (!project) throw new Error('the project is gone')
    const push = { ref: 'refs/heads/main', sha: first.sha, trigger: 'manual' as const }
    const second = await chain.ended(startRun(chain.store, project, push, { first: pipeline.first() }))
    expect(trialsOf(second)[1]).toMatchObject({
      values: best?.values,
      origin: `the best of run #1, its trial ${best?.number}`,
    })
  })
})

describe('what the run of another commit was about to try when it ended', () => {
  it('is not taken for bad', async () => {
    chain = await testChain(firstOfTwo(), { parallel: 2 })
    const run = await chain.ended(chain.push({ target: 0.9, parallel: 2 }))
    expect(trialsOf(run)[1]?.state).toBe('cancelled')
    expect(studyOf(chain.store, run).study.trials.map(({ number }) => number)).toEqual([0])
  })
})

describe('the budget of training time', () => {
  it('ends the run', async () => {
    chain = await testChain(function* () {
      yield 'Test accuracy: 0.4'
    })
    const run = await chain.ended(chain.push({ target: 0.9, trainingBudget: 1e-7 }))
    expect(run.conclusion?.reason).toMatch(/minutes of training are spent after 1 trial/)
  })

  it('stops a training that is under way', async () => {
    chain = await testChain(async function* (context) {
      await never(context.signal)
      yield 'Test accuracy: 0.4'
    })
    const run = await chain.ended(chain.push({ target: 0.9, trainingBudget: 0.001 }))
    expect(run.conclusion?.reason).toMatch(/^the 0.001 minutes of training are spent after 1 trial/)
    expect(trialsOf(run)[0]).toMatchObject({ state: 'failed', failure: { code: 'training-budget' } })
  })
})
