import { afterEach, describe, expect, it } from 'vitest'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import type { Run } from '../../src/domain/run.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'
import { git } from '../helpers/git.ts'

let chain: TestChain
afterEach(() => chain.dispose())

/** Trial 0 gives 0.4, trial 1 gives 0.6, and whatever follows trains until it is stopped. */
const twoThenForever: FakeProgram = async function* ({ env, signal }) {
  const value = ['0.4', '0.6'][Number(env.HONE_TRIAL)]
  if (value !== undefined) yield `Test accuracy: ${value}`
  else await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

const trialsOf = (run: Run) => chain.store.trials.ofRun(run.id)
const isTraining = (run: Run, number: number) => () => {
  const trial = trialsOf(run).find((one) => one.number === number)
  return trial !== undefined && chain.store.attempts.ofTrial(trial.id).at(-1)?.state === 'running'
}

async function stoppedAtTwo(): Promise<Run> {
  const run = chain.push({ target: 0.9, trials: 20 })
  await chain.until(isTraining(run, 2))
  chain.stopAtBest(run)
  return run
}

describe('a search that a person stops at the best', () => {
  it('ends with the best so far: the training is stopped, a mail says so, nothing is left', async () => {
    chain = await testChain(twoThenForever)
    const run = await chain.ended(await stoppedAtTwo())
    const best = trialsOf(run).find(({ number }) => number === 1)
    expect(run).toMatchObject({
      state: 'exhausted',
      bestTrialId: best?.id,
      conclusion: {
        kind: 'budget',
        stopped: true,
        reason: 'stopped by a person after 2 of 20 trials; best 0.6 in trial 1',
      },
    })
    expect(trialsOf(run).map(({ state }) => state)).toEqual(['completed', 'completed', 'cancelled'])
    const [mail, ...others] = chain.store.mails.list()
    expect(others).toEqual([])
    expect(mail?.subject).toBe('p0 #1: stopped at accuracy 0.6, target 0.9 not reached')
    expect(mail?.text).toContain('the search was stopped at its best')
    await chain.sweep()
    expect([chain.executor.containers.size, chain.trialVolumes()]).toEqual([0, []])
  })

  it('has a branch of the winner in Hone’s own remote', async () => {
    chain = await testChain(twoThenForever)
    const pushed = chain.push({ target: 0.9 }, undefined, { ownRemoteWithBranch: 'other' })
    await chain.until(isTraining(pushed, 2))
    chain.stopAtBest(pushed)
    const run = await chain.ended(pushed)
    const remote = chain.paths.ownRemote('p0')
    const best = trialsOf(run).find(({ id }) => id === run.bestTrialId)
    const branch = 'refs/heads/hone/run-1-trial-1'
    expect(git(remote, 'rev-parse', `${branch}^{tree}`, `${branch}^`)).toBe(
      `${git(chain.paths.workspace(run.id), 'rev-parse', `${best?.sha}^{tree}`)}\n${run.sha}`,
    )
  })

  it('is stopped once, however often it is asked for, also after its end', async () => {
    chain = await testChain(twoThenForever)
    const run = await stoppedAtTwo()
    chain.stopAtBest(run)
    await chain.ended(run)
    chain.stopAtBest(run)
    expect(chain.store.jobs.ofRun(run.id).filter(({ name }) => name === 'notify')).toHaveLength(1)
    expect(chain.store.mails.list()).toHaveLength(1)
  })

  it('stops by the next server where this one dies right after', async () => {
    chain = await testChain(twoThenForever)
    const run = await stoppedAtTwo()
    await chain.stop()
    chain.start()
    expect((await chain.ended(run)).conclusion?.stopped).toBe(true)
    await chain.sweep()
    expect(chain.executor.containers.size).toBe(0)
    expect(chain.store.mails.list()).toHaveLength(1)
  })

  it('is not stopped while no trial has a value', async () => {
    chain = await testChain(async function* ({ signal }) {
      yield 'begins'
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    })
    const run = chain.push()
    await chain.until(isTraining(run, 0))
    expect(() => chain.stopAtBest(run)).toThrow('No trial of run 1 has a value of accuracy yet')
    expect(chain.store.runs.get(run.id).state).toBe('running')
    chain.cancel(run)
  })

  it('is not stopped once it has ended by itself', async () => {
    chain = await testChain(twoThenForever)
    const run = await chain.ended(chain.push({ target: 0.3 }))
    expect(() => chain.stopAtBest(run)).toThrow('Run 1 has ended already: succeeded.')
  })
})
