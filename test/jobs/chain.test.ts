import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
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
    const run = await chain.ended(chain.push({ target: 0.9, confirm: 0 }))
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

  it('put the chart of the run into its mail', async () => {
    chain = await testChain(trains)
    await chain.ended(chain.push({ target: 0.9, confirm: 0 }))
    const [mail] = chain.store.mails.list()
    const picture = mail?.attachments.find(({ cid }) => cid !== undefined)
    expect(picture).toMatchObject({ filename: 'chart.png', contentType: 'image/png', encoding: 'base64' })
    expect(Buffer.from(picture?.content ?? '', 'base64').toString('latin1')).toMatch(/^\x89PNG/)
    expect(mail?.html).toContain(`src="cid:${picture?.cid}"`)
  })

  it('send a mail without its picture where that cannot be drawn', async () => {
    const draw = () => Promise.reject(Object.assign(new Error('no renderer'), { code: 'NO_RENDERER' }))
    chain = await testChain(trains, { draw })
    const run = await chain.ended(chain.push({ target: 0.9, confirm: 0 }))
    expect(run.state).toBe('succeeded')
    const [mail] = chain.store.mails.list()
    expect(mail?.attachments.map(({ filename }) => filename)).not.toContain('chart.png')
    expect(chain.errors).toEqual(['NO_RENDERER'])
    expect(mail?.html).not.toContain('<img')
    expect(mail?.html).toMatch(/accuracy of \d+ trials: 0.4 in trial 0, best 0.95/)
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
    expect(chain.trialVolumes().length).toBe(0)
  })
})

describe('a log full of metrics', () => {
  it('is stored up to a number, and its last value decides', async () => {
    chain = await testChain(function* () {
      for (let step = 1; step <= 12_000; step++) yield `Epoch ${step}/12000: val_accuracy=0.5`
      yield 'Test accuracy: 0.95'
    })
    const run = await chain.ended(chain.push({ target: 0.9 }))
    expect(run.state).toBe('succeeded')
    const stored = chain.store.metrics.ofTrial(run.bestTrialId as number)
    expect(stored.length).toBeLessThanOrEqual(6_000)
    expect(stored.find(({ decisive }) => decisive)).toMatchObject({
      value: 0.95,
      evidence: 'Test accuracy: 0.95',
    })
    const said = chain.store.events.after(0, { runId: run.id, limit: 100_000 })
    expect(said.some(({ type, data }) => type === 'progress' && /5000 metrics/.test(String(data.text)))).toBe(
      true,
    )
  })
})

describe('a winner whose branch is refused', () => {
  it('is announced all the same', async () => {
    chain = await testChain(trains)
    const run = await chain.ended(chain.push({ target: 0.9 }, SCRIPT, { ownRemoteWithBranch: 'hone' }))
    expect(run.state).toBe('succeeded')
    expect(chain.store.mails.list()).toMatchObject([{ kind: 'target' }])
  })
})

describe('a push with force while its run goes on', () => {
  it('does not take the commit, the result or the branch of the winner away', async () => {
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    chain = await testChain(async function* (context) {
      await gate
      yield* trains(context) as Iterable<string>
    })
    const run = chain.push({ target: 0.9 }, SCRIPT, { ownRemoteWithBranch: 'other' })
    await chain.until(() => chain.store.attempts.ofRun(run.id)[0]?.state === 'running')
    const remote = chain.paths.ownRemote('p0')
    const pusher = join(chain.folder, 'p0')
    git(pusher, 'checkout', '--quiet', '--orphan', 'new')
    git(pusher, 'commit', '--quiet', '--message', 'Another history')
    git(pusher, 'push', '--quiet', '--force', remote, 'new:main', 'new:other')
    goOn()
    expect((await chain.ended(run)).state).toBe('succeeded')
    const { bestTrialId } = chain.store.runs.get(run.id)
    const branch = `hone/run-1-trial-${chain.store.trials.get(bestTrialId as number).number}`
    expect(git(remote, 'rev-parse', `${branch}^`)).toBe(run.sha)
    expect(git(remote, 'diff', '--numstat', run.sha, branch)).toBe('1\t1\ttrain.py')
    expect(chain.store.mails.list()[0]?.text).toContain(`    git fetch hone ${branch}\n`)
  })
})
