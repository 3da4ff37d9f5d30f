import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunView } from '../../src/http/contract.ts'
import { pushTo } from '../helpers/push.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

/** A training that reports what it is told to. */
const training = (rest: string) =>
  `from sklearn.datasets import load_iris\nfrom sklearn.linear_model import SGDClassifier\n\nalpha = 0.1\nmodel = SGDClassifier(alpha=alpha, random_state=0).fit(*load_iris(return_X_y=True))\n${rest}\n`

let server: TestServer
let count = 0
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.dispose())

async function train(
  files: Record<string, string>,
  settings: Record<string, unknown> = {},
): Promise<RunView> {
  const project = await server.createProject(`bad-${count++}`, { target: 0.99, trials: 2, ...settings })
  const { runId } = await pushTo(project.gitRemote, project.pushToken, files)
  return server.ended(runId)
}

/** The cause is on the dashboard and, in the same words, in the mail. */
function expectFailure(run: RunView, failure: Record<string, unknown>): void {
  expect(run.state).toBe('failed')
  expect(run.conclusion?.failure).toMatchObject(failure)
  expect(run.mails).toHaveLength(1)
  expect(run.mails[0]?.text).toContain(run.conclusion?.failure?.message.replace(/\.$/, ''))
  expect(run.mails[0]?.text).toContain(run.conclusion?.failure?.remedy)
}

describe('what a repository may get wrong', () => {
  it('no Python file', async () => {
    expectFailure(await train({ 'README.md': 'nothing here' }), { code: 'no-python' })
  })

  it('no training', async () => {
    expectFailure(await train({ 'train.py': 'print("hello")\n' }), { code: 'no-training-found' })
  })

  it('two equally good entry points', async () => {
    const run = await train({
      'a.py': training('print("accuracy: 0.5")'),
      'b.py': training('print("accuracy: 0.5")'),
    })
    expectFailure(run, { code: 'ambiguous-entry', message: expect.stringMatching(/a\.py.*b\.py/) })
  })

  it('a wrong key in hone.yaml', async () => {
    const run = await train({ 'train.py': training(''), 'hone.yaml': 'target: 0.9\ntrails: 3\n' })
    expectFailure(run, {
      code: 'hone-yaml',
      file: 'hone.yaml',
      line: 2,
      message: expect.stringContaining('trails'),
    })
  })

  it('a script that ends with an exception', async () => {
    expectFailure(await train({ 'train.py': training('print(1 / 0)') }), {
      message: expect.stringContaining('ZeroDivisionError'),
      file: 'train.py',
      line: 6,
    })
  })

  it('a module that the image does not have', async () => {
    expectFailure(await train({ 'train.py': `import nowhere\n${training('')}` }), {
      ...{ code: 'missing-package', file: 'train.py', line: 1 },
      message: expect.stringContaining('imports nowhere, which the image sklearn does not have'),
    })
  })

  it('a module that only the running script names', async () => {
    expectFailure(await train({ 'train.py': training("__import__('no' + 'where')") }), {
      ...{ file: 'train.py', line: 6 },
      message: expect.stringContaining("No module named 'nowhere'"),
      remedy: expect.stringContaining('requirements.txt'),
    })
  })

  it('a script that uses the network in a way that nobody saw', async () => {
    const asks = training("import http.client\nhttp.client.HTTPConnection('example.org').connect()")
    expectFailure(await train({ 'train.py': asks }), {
      ...{ file: 'train.py', line: 7 },
      message: expect.stringContaining('gaierror'),
      remedy: expect.stringContaining('set `network: true`'),
    })
  })

  it('a script that prints no accuracy', async () => {
    expectFailure(await train({ 'train.py': training('print("done")') }), { code: 'no-metric' })
  })

  it('a script that never ends', async () => {
    const endless = training('import time\nwhile True:\n    time.sleep(0.1)')
    expectFailure(await train({ 'train.py': endless }, { timeLimit: 0.05 }), { code: 'time-limit' })
  })

  it('a script that prints 100 MB, whose log is cut and whose accuracy counts', async () => {
    const loud = training(
      'for _ in range(1000):\n    print(("x" * 99 + "\\n") * 1000, end="")\nprint("Test accuracy: 0.5")',
    )
    const run = await train({ 'train.py': loud }, { trials: 1, logLimit: '1m' })
    expect(run).toMatchObject({ state: 'exhausted', best: 0.5 })
    const log = await server.api<string>(`/attempts/${run.trials[0]?.attempts[0]?.id}/log?download`)
    expect(log.length).toBeLessThan(1.2 * 1024 * 1024)
    expect(log).toMatch(/\[hone\].*not kept/)
    expect(log.trimEnd().split('\n').at(-1)).toBe('Test accuracy: 0.5')
  })

  it('a script that needs more memory than it may use', async () => {
    const run = await train(
      { 'train.py': training('block = bytearray(400 * 1024 * 1024)') },
      { memory: '200m' },
    )
    expectFailure(run, { code: 'out-of-memory' })
    expect(run.trials[0]?.attempts).toHaveLength(2)
  })
})

describe('where a repository may be wrong', () => {
  const manual = async (repoUrl: string, sha: string) => {
    const name = `bad-${count++}`
    await server.api('/projects', { method: 'POST', body: JSON.stringify({ name, repoUrl, settings: {} }) })
    const body = JSON.stringify({ ref: 'refs/heads/main', sha })
    const run = await server.api<RunView>(`/projects/${name}/runs`, { method: 'POST', body })
    return server.ended(run.id)
  }

  it('a repository that does not exist', async () => {
    expectFailure(await manual(`file://${server.data}/nowhere.git`, 'a'.repeat(40)), {
      code: 'repository-not-found',
    })
  })

  it('a commit that does not exist', async () => {
    const project = await server.createProject(`bad-${count++}`, {})
    await pushTo(project.gitRemote, project.pushToken, { 'README.md': 'x' })
    const body = JSON.stringify({ ref: 'refs/heads/main', sha: 'a'.repeat(40) })
    const run = await server.api<RunView>(`/projects/${project.name}/runs`, { method: 'POST', body })
    expectFailure(await server.ended(run.id), { code: 'commit-missing' })
  })
})
