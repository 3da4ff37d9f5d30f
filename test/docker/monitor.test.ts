import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunView } from '../../src/http/contract.ts'
import { pushTo } from '../helpers/push.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.dispose())

async function train(name: string, settings: Record<string, unknown>, script: string): Promise<RunView> {
  const all = { target: 0.5, trials: 1, confirm: 0, keepImage: false, ...settings }
  const project = await server.createProject(name, all)
  const { runId } = await pushTo(project.gitRemote, project.pushToken, { 'train.py': script })
  return server.ended(runId)
}
/** What makes it a training; the model is nothing that the tests are about. */
const HEAD = `import os, socket, time
from sklearn.linear_model import SGDClassifier
SGDClassifier(alpha=0.01).fit([[0], [1]], [0, 1])
first = os.environ["HONE_ATTEMPT"] == "1"
`

describe('a training in a real container', () => {
  const SILENT_SECONDS = 12
  const COMPUTING_SECONDS = 2 * SILENT_SECONDS

  it('is left alone while it computes without a word, and stopped once it hangs', async () => {
    const run = await train(
      'hangs',
      { silentLimit: SILENT_SECONDS / 60 },
      `${HEAD}
print("Epoch 1/2: val_accuracy=0.4", flush=True)
if first:
    end = time.monotonic() + ${COMPUTING_SECONDS}
    while time.monotonic() < end:
        sum(range(10000))
    here, there = socket.socketpair()
    here.recv(1)
print("Test accuracy: 0.9")
`,
    )
    expect(run.state).toBe('succeeded')
    const [hung, ...others] = run.attempts
    expect(others).toMatchObject([{ state: 'succeeded' }])
    expect(hung).toMatchObject({ state: 'failed', failure: { code: 'silent' } })
    const seconds = ((hung?.endedAt as number) - (hung?.startedAt as number)) / 1000
    expect(seconds).toBeGreaterThan(COMPUTING_SECONDS + SILENT_SECONDS)
  })

  it('gets more shared memory after a bus error', async () => {
    const run = await train(
      'bus-error',
      { shm: '16m' },
      `${HEAD}
import mmap
with open("/dev/shm/batch", "w+b") as file:
    file.truncate(24 * 2**20)
    batch = mmap.mmap(file.fileno(), 24 * 2**20)
    batch[:] = bytes(24 * 2**20)
print("Test accuracy: 0.9")
`,
    )
    expect(run.state).toBe('succeeded')
    expect(run.attempts).toMatchObject([
      { state: 'failed', exitCode: 135, signal: 'SIGBUS', failure: { code: 'shared-memory' } },
      { state: 'succeeded', shmBytes: 32 * 2 ** 20 },
    ])
  })

  it('that needs too much memory is started once more, and then not again', async () => {
    const run = await train(
      'too-big',
      { memory: '256m' },
      `${HEAD}
batches = []
while True:
    batches.append(os.urandom(2**24))
`,
    )
    expect(run).toMatchObject({ state: 'failed', conclusion: { failure: { code: 'out-of-memory' } } })
    expect(run.conclusion?.failure?.message).toContain('the batch size or the model was too big')
    expect(run.attempts).toMatchObject([
      { state: 'failed', outOfMemory: true, failure: { remedy: expect.stringContaining('restart 1 of 5') } },
      { state: 'failed', outOfMemory: true },
    ])
  })
})
