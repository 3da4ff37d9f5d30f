import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunView } from '../../src/http/contract.ts'
import { packageRoot } from '../../src/paths.ts'
import { pushTo } from '../helpers/push.ts'
import { TestServer, testServer } from '../helpers/server.ts'

const epochs = await readFile(join(packageRoot, 'test', 'fixtures', 'scripts', 'epochs.py'), 'utf8')
/** Slowly enough for a backup in between. */
const slow = epochs.replace(
  '    for _ in range(20)',
  '    __import__("time").sleep(0.5)\n    for _ in range(20)',
)

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await testServer()
  folder = await mkdtemp(join(tmpdir(), 'hone-backup-'))
})
afterAll(async () => {
  await server.dispose()
  await rm(folder, { recursive: true, force: true })
})

const hone = (data: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(packageRoot, 'dist', 'src', 'cli.js'), ...args], {
    env: { ...process.env, HONE_DATA: data, HONE_SMTP_URL: '' },
  })

/** What a person looks at of a run that has ended, whatever runs come after it. */
async function seen(of: TestServer, run: RunView) {
  const trials = await Promise.all(run.trials.map(({ id }) => of.trial(id)))
  const logs = run.attempts.map(({ id }) => of.api<string>(`/attempts/${id}/log`))
  const { lastEventId: _, url: __, neighbours: ___, ...view } = await of.run(run.id)
  return { view, trials, logs: await Promise.all(logs), curves: await of.api(`/runs/${run.id}/curves`) }
}

it('a training that has ended since its backup is trained again after the restore, and nobody is blamed for it', async () => {
  const { gitRemote, pushToken } = await server.createProject('ended-since', { target: 0.99, trials: 1 })
  const { runId } = await pushTo(gitRemote, pushToken, { 'train.py': slow })
  await server.event(runId, ({ type }) => type === 'metric')
  const file = join(folder, 'while-it-trained.tar')
  await hone(server.data, 'backup', file)
  const before = await server.ended(runId)
  await server.kill('SIGTERM')

  await hone(server.data, 'restore', file)
  await server.start()
  expect(['queued', 'running']).toContain((await server.run(runId)).state)
  const run = await server.ended(runId)
  expect([run.state, run.best]).toEqual([before.state, before.best])
  expect(run.trials[0]?.attempts.map(({ state }) => state)).toEqual(['lost', 'succeeded'])
  expect(run.trials[0]?.attempts[0]?.failure).toMatchObject({
    code: 'checkpoints-lost',
    message: expect.stringContaining('it was removed since'),
    remedy: expect.stringMatching(/^Hone starts it again in 1 s; there is no checkpoint, so it begins anew/),
  })
})

it('a Hone that is backed up while it trains is restored elsewhere as it was, and goes on with its trainings', async () => {
  const { gitRemote, pushToken } = await server.createProject('backed-up', { target: 0.99, trials: 1 })
  const first = await pushTo(gitRemote, pushToken, { 'train.py': epochs })
  const run = await server.ended(first.runId)
  const before = await seen(server, run)
  const second = await pushTo(gitRemote, pushToken, { 'train.py': slow })
  await server.event(second.runId, ({ type }) => type === 'metric')

  const file = join(folder, 'hone.tar.gz')
  const { stdout } = await hone(server.data, 'backup', file)
  expect(stdout).toContain('Backup written')
  await expect(hone(server.data, 'restore', file)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Another Hone is running'),
  })
  await server.kill('SIGKILL')

  const other = new TestServer(join(folder, 'data'), {})
  try {
    await hone(other.data, 'restore', file)
    await other.start()
    expect(await seen(other, run)).toEqual(before)
    const again = await other.ended(second.runId)
    expect([again.state, again.trials.length]).toEqual(['exhausted', 1])
    const third = await pushTo(`${other.url}/git/backed-up.git`, pushToken, { 'train.py': `${epochs}\n#\n` })
    expect(third.runId).toBe(second.runId + 1)
  } finally {
    await other.dispose()
  }
})
