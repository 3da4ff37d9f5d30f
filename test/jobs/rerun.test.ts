import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { pipeline } from '../../jobs/index.ts'
import { rerun } from '../../src/chain/rerun.ts'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import type { RerunFrom, Run } from '../../src/domain/run.ts'
import type { Settings } from '../../src/domain/settings.ts'
import { SCRIPT, type TestChain, testChain } from '../helpers/chain.ts'
import { removeFolder } from '../helpers/git.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const reaches: FakeProgram = async function* () {
  yield 'Test accuracy: 0.7'
}

const again = (run: Run, from: RerunFrom, settings: Partial<Settings> = {}) =>
  rerun(chain.store, run, { from, settings, trigger: 'api' }, { first: pipeline.first() })

const MET = { target: 0.6, confirm: 0, trials: 3 }

describe('a run that is run again', () => {
  it.each(['git-import', 'detect-model', 'train'] as const)(
    'from %s comes to its end, with the settings of hone.yaml that were in force',
    async (from) => {
      chain = await testChain(reaches)
      const files = { 'train.py': SCRIPT, 'hone.yaml': 'seed: 7\n' }
      const first = await chain.ended(chain.push(MET, files))
      const second = again(first, from)
      expect(second).toMatchObject({ number: 2, sha: first.sha, rerun: { run: first.id, from } })
      const ended = await chain.ended(second)
      expect(ended).toMatchObject({ state: 'succeeded', settings: first.settings })
      expect(ended.settings.seed).toBe(7)
      expect(ended.detection).toEqual(first.detection)
      expect(chain.store.mails.list({ runId: second.id })).toHaveLength(1)
    },
  )

  it('has other settings where they are given, over those of hone.yaml', async () => {
    chain = await testChain(reaches)
    const files = { 'train.py': SCRIPT, 'hone.yaml': 'target: 0.6\nseed: 7\n' }
    const first = await chain.ended(chain.push({ confirm: 0 }, files))
    const second = await chain.ended(again(first, 'git-import', { target: 0.99, trials: 2, giveUp: 0 }))
    expect(second).toMatchObject({ state: 'exhausted', settings: { target: 0.99, trials: 2, seed: 7 } })
  })

  it('from train does not look at the code anew, from detect-model it does', async () => {
    chain = await testChain(reaches)
    const first = await chain.ended(chain.push(MET))
    const detection = { ...(first.detection as object), framework: 'as it was told' }
    chain.store.runs.update(first.id, { detection })
    const [kept, anew] = [again(first, 'train'), again(first, 'detect-model')]
    expect((await chain.ended(kept)).detection).toEqual(detection)
    expect((await chain.ended(anew)).detection).toEqual(first.detection)
  })

  it.each([
    ['keeps the rest of what was detected', 2, 'as it was told'],
    ['looks at the code anew where none is to be had any more', 0, 'scikit-learn'],
  ])('from train has the graphics cards that are asked for now, and %s', async (_, gpus, framework) => {
    chain = await testChain(reaches, { gpus: ['0', '1'] })
    const first = await chain.ended(chain.push({ ...MET, gpus: 1 }))
    expect(first.detection).toMatchObject({ gpus: 1, framework: 'scikit-learn' })
    const detection = { ...(first.detection as object), framework: 'as it was told' }
    chain.store.runs.update(first.id, { detection })
    const second = await chain.ended(again(first, 'train', { gpus }))
    expect(second).toMatchObject({ state: 'succeeded', settings: { gpus }, detection: { gpus, framework } })
  })

  it('from train fails where the engine has too few graphics cards now', async () => {
    chain = await testChain(reaches, { gpus: ['0', '1'] })
    const first = await chain.ended(chain.push({ ...MET, gpus: 1 }))
    const second = await chain.ended(again(first, 'train', { gpus: 3 }))
    expect(second.conclusion?.failure?.code).toBe('no-gpu')
  })

  it('needs no git server for a commit that is here', async () => {
    chain = await testChain(reaches)
    const first = await chain.ended(chain.push(MET))
    removeFolder(join(chain.folder, 'p0'))
    expect((await chain.ended(again(first, 'train'))).state).toBe('succeeded')
  })

  it('keeps only what it set itself where hone.yaml had not been read, and cannot begin with its detection', async () => {
    chain = await testChain(reaches)
    const first = await chain.ended(chain.push(MET, { 'hone.yaml': 'seed: 7\n' }))
    expect(first).toMatchObject({ state: 'failed', detection: null })
    expect(() => again(first, 'train')).toThrow('Run 1 ended before its code was looked at')
    expect(again(first, 'git-import', { seed: 3 }).overrides).toEqual({ seed: 3 })
  })

  it('must have ended', async () => {
    chain = await testChain(async function* ({ signal }) {
      yield 'begins'
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    })
    const run = chain.push()
    await chain.until(() => chain.store.runs.get(run.id).state === 'running')
    expect(() => again(chain.store.runs.get(run.id), 'train')).toThrow('has not ended: it is running')
    chain.cancel(run)
  })
})
