import { afterEach, expect, it } from 'vitest'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import { SCRIPT, type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const program: FakeProgram = function* ({ write }) {
  write('out/model.pt', 'weights')
  write('plots/loss.png', 'a plot')
  write('notes.txt', 'of no use')
  yield 'Test accuracy: 0.95'
}

it('keeps models and what hone.yaml lists of the best trial, tells of it in the mail, and attaches it', async () => {
  chain = await testChain(program)
  const files = { 'train.py': SCRIPT, 'hone.yaml': 'artifacts: [plots]\n', 'base.pt': 'of the commit' }
  const run = await chain.ended(chain.push({ target: 0.9 }, files))
  const [trial] = chain.store.trials.ofRun(run.id)
  expect(trial?.artifacts).toEqual({
    kept: [
      { name: 'plots/loss.png', path: 'plots/loss.png', size: 6 },
      { name: 'out/model.pt', path: 'out/model.pt', size: 7 },
    ],
    leftOut: [],
  })
  const [mail] = chain.store.mails.list({ runId: run.id })
  expect(mail?.text).toMatch(/What the training wrote\n-+\n\n +file +size\n +plots\/loss.png +6 B\n/)
  expect(mail?.attachments.map(({ filename, path }) => [filename, path])).toEqual([
    ['plots_loss.png', `artifacts/run-${run.id}/trial-0/plots/loss.png`],
    ['out_model.pt', `artifacts/run-${run.id}/trial-0/out/model.pt`],
  ])
})

it('does not look through the workspace of a trial that is no new best', async () => {
  chain = await testChain(function* ({ env, write }) {
    write('model.pt', 'weights')
    yield `Test accuracy: ${env.HONE_TRIAL === '0' ? 0.6 : 0.5}`
  })
  const { get } = chain.executor
  const read: string[] = []
  chain.executor.get = (id, path) => {
    read.push(path)
    return get(id, path)
  }
  const run = await chain.ended(chain.push({ target: 0.9, trials: 3 }))
  const kept = chain.store.trials.ofRun(run.id).map(({ artifacts }) => artifacts?.kept.length ?? null)
  expect(kept).toEqual([1, null, null])
  expect(read.filter((path) => path === '/workspace')).toHaveLength(1)
})

it.each(['/etc/passwd', '../x'])('says which line of hone.yaml lists %s', async (pattern) => {
  chain = await testChain(program)
  const yaml = `target: 0.9\nartifacts: ['*.png', '${pattern}']\n`
  const run = await chain.ended(chain.push({}, { 'train.py': SCRIPT, 'hone.yaml': yaml }))
  expect(run.conclusion?.failure).toMatchObject({ code: 'hone-yaml', line: 2 })
  expect(run.conclusion?.reason).toContain(
    "has to be a path in the repository's folder, such as 'plots/*.png'",
  )
})
