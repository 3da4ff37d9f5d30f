import { afterEach, expect, it } from 'vitest'
import { pipeline } from '../../jobs/index.ts'
import { startRun } from '../../src/chain/intake.ts'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import type { Project } from '../../src/domain/project.ts'
import type { Run } from '../../src/domain/run.ts'
import { runView } from '../../src/http/views.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

let content = 'a'
/** Answers for the fingerprint's own container, and trains in all others. */
const program: FakeProgram = function* ({ spec, exit, read }) {
  const paths = spec.command.slice(3)
  if (!spec.command[2]?.endsWith('fingerprint.py')) return yield `Test accuracy: ${read('/data/cats/score')}`
  if (content === '') exit(1)
  if (content === 'much') for (let line = 0; line < 2000; line++) yield 'x'.repeat(1000)
  for (const path of paths) {
    const about = { path, files: 3, bytes: 2048, unreadable: 0, times: 'b'.repeat(64) }
    yield JSON.stringify({ ...about, content: content.repeat(64) })
  }
}
const settings = { target: 0.9, data: [{ source: 'cats', path: '/data/cats' }] }

async function start() {
  content = 'a'
  chain = await testChain(program)
  chain.executor.volumes.set('cats', { labels: {}, files: new Map([['score', Buffer.from('0.95')]]) })
}
const again = (run: Run) =>
  startRun(
    chain.store,
    chain.store.projects.byId(run.projectId) as Project,
    { ref: run.ref, sha: run.sha, trigger: 'api' },
    { first: pipeline.first() },
  )
const dataOf = (run: Run) => runView(chain.store, run, '').data
const mailOf = (run: Run) => chain.store.mails.list({ runId: run.id })[0]?.text

it('a training reads the data of its project, and the run keeps what it was', async () => {
  await start()
  const run = await chain.ended(chain.push(settings))
  expect(run).toMatchObject({ state: 'succeeded' })
  expect(run.data).toEqual([
    {
      ...settings.data[0],
      files: 3,
      bytes: 2048,
      unreadable: 0,
      content: 'a'.repeat(64),
      times: 'b'.repeat(64),
    },
  ])
  expect(mailOf(run)).toMatch(/Data: +\/data\/cats: 3 files, 2.0 KiB\n/)
  expect([...chain.executor.containers.keys()].filter((name) => name.endsWith('-data'))).toEqual([])
})

it('says which run the data differs from', async () => {
  await start()
  const first = await chain.ended(chain.push(settings))
  const same = await chain.ended(again(first))
  expect(dataOf(same)).toMatchObject([{ change: { run: 1, kind: 'same' }, said: '' }])
  content = 'c'
  const changed = await chain.ended(again(first))
  const said = 'the data at /data/cats changed since run 2'
  expect(dataOf(changed)).toMatchObject([{ change: { run: 2, kind: 'changed' }, said }])
  expect(mailOf(changed)).toContain(said)
})

it('a fingerprint that fails keeps nothing from training, and is passed over by the next run', async () => {
  await start()
  const first = await chain.ended(chain.push(settings))
  content = ''
  const second = await chain.ended(again(first))
  expect(second).toMatchObject({ state: 'succeeded', data: [] })
  content = 'a'
  expect(dataOf(await chain.ended(again(first)))).toMatchObject([{ change: { run: 1, kind: 'same' } }])
})

it('data that is not there ends the run before it trains', async () => {
  await start()
  const run = await chain.ended(chain.push({ data: [{ source: '/srv/dogs', path: '/data/dogs' }] }))
  expect(run).toMatchObject({ state: 'failed', conclusion: { failure: { code: 'no-data-folder' } } })
  expect(chain.executor.created).toEqual([])
})

it('hone.yaml, which is pushed code, cannot ask for data', async () => {
  await start()
  const files = { 'train.py': 'from sklearn.svm import SVC\n', 'hone.yaml': 'data: []\n' }
  const run = await chain.ended(chain.push({}, files))
  expect(run.conclusion?.failure).toMatchObject({
    code: 'hone-yaml',
    message: expect.stringContaining('`data`'),
  })
})

it('a fingerprint that is all too long is none', async () => {
  await start()
  content = 'much'
  const run = await chain.ended(chain.push(settings))
  expect(run).toMatchObject({ state: 'succeeded', data: [] })
  const said = chain.store.events.after(0, { runId: run.id }).map(({ data }) => String(data.text))
  expect(said).toContainEqual(expect.stringContaining('the fingerprint does not end'))
})
