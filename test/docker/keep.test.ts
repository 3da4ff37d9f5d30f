import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import Docker from 'dockerode'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packageRoot } from '../../src/paths.ts'
import { pushTo } from '../helpers/push.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const SCRIPT = `import os
import pickle
from sklearn.linear_model import LogisticRegression

with open('/data/points/points.csv') as file:
    rows = [[float(cell) for cell in line.split(',')] for line in file]
model = LogisticRegression(C=0.5).fit([row[:1] for row in rows], [row[1] for row in rows])
os.makedirs('out', exist_ok=True)
pickle.dump(model, open('out/model.pkl', 'wb'))
open('out/report.txt', 'w').write('all well')
print('Test accuracy:', model.score([row[:1] for row in rows], [row[1] for row in rows]))
`
const points = (shift: number) =>
  Array.from({ length: 40 }, (_, x) => `${x + shift},${x < 20 ? 0 : 1}\n`).join('')

const docker = new Docker()
let server: TestServer
let folder: string
beforeAll(async () => {
  server = await testServer()
  folder = await mkdtemp(join(tmpdir(), 'hone-points-'))
  await chmod(folder, 0o755)
  await writeFile(join(folder, 'points.csv'), points(0))
})
afterAll(async () => {
  await server.dispose()
  await rm(folder, { recursive: true, force: true })
})

it('trains on data of the host, keeps what it wrote and the winner, and lists what may go', async () => {
  const settings = { target: 0.9, trials: 2, data: [{ source: folder, path: '/data/points' }] }
  const project = await server.createProject('points', settings)
  const push = (script: string) =>
    pushTo(project.gitRemote, project.pushToken, { 'train.py': script, 'hone.yaml': 'artifacts: [out]\n' })
  const run = await server.ended((await push(SCRIPT)).runId)
  expect(run).toMatchObject({ state: 'succeeded', data: [{ source: folder, files: 1, change: null }] })

  const trial = await server.trial(run.trials[0]?.id as number)
  expect(trial.artifacts.map(({ name }) => name)).toEqual(['out/model.pkl', 'out/report.txt'])
  const report = trial.artifacts[1]?.url.replace('/api/v1', '') as string
  expect(Buffer.from(await server.api<string>(report)).toString()).toBe('all well')

  expect(run.image?.command).toBe(`docker run --rm -v ${folder}:/data/points:ro ${run.image?.name}`)
  const out = new PassThrough()
  const said = text(out)
  const [, container] = await docker.run(run.image?.name as string, [], out, {
    HostConfig: { Binds: [`${folder}:/data/points:ro`] },
  })
  await container.remove()
  out.end()
  expect(await said).toMatch(/^Test accuracy: 1\.0/)

  await writeFile(join(folder, 'points.csv'), points(3))
  const second = await server.ended((await push(`${SCRIPT}\n# once more\n`)).runId)
  expect(second.data).toMatchObject([{ change: { run: 1, kind: 'changed' } }])
  expect(second.mails[0]?.text).toContain('the data at /data/points changed since run 1')

  const environment = { ...process.env, HONE_DATA: server.data, HONE_KEEP_RUNS: '1' }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(packageRoot, 'dist', 'src', 'cli.js'), 'gc', '--dry-run', '--json'],
    { env: environment },
  )
  const removals = stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  // The first run met its target: all but its logs is a winner's.
  expect(removals.filter(({ kind }) => kind !== 'image')).toMatchObject([
    { kind: 'logs', name: `logs/run-${run.id}`, bytes: expect.any(Number), removed: false },
  ])
})
