import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runFolder } from '../../src/cli/run.ts'
import type { Config } from '../../src/config.ts'
import type { RunView } from '../../src/http/contract.ts'
import { packageRoot } from '../../src/paths.ts'
import { imageOrNull } from '../helpers/docker.ts'
import { pushTo } from '../helpers/push.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const exec = promisify(execFile)
const wine = join(packageRoot, 'examples', 'wine-xgboost')
const image = await imageOrNull('boosting')

let server: TestServer
let data: string
beforeAll(async () => {
  server = await testServer()
  data = await mkdtemp(join(tmpdir(), 'hone-wines-'))
  await chmod(data, 0o755)
})
afterAll(async () => {
  await server.dispose()
  await rm(data, { recursive: true, force: true })
})

async function train(name: string, settings: Record<string, unknown>): Promise<RunView> {
  const project = await server.createProject(name, settings)
  return server.ended((await pushTo(project.gitRemote, project.pushToken, wine)).runId)
}
const firstLog = (run: RunView) => server.api<string>(`/attempts/${run.trials[0]?.attempts[0]?.id}/log`)

it.skipIf(!image)(
  'takes wine-xgboost from under its target to it, with the rows that it makes up',
  async () => {
    const run = await train('wine', { keepImage: false })
    expect(run).toMatchObject({ state: 'succeeded', detection: { framework: 'xgboost' } })
    expect(run.trials.length).toBeGreaterThan(1)
    expect(run.trials[0]?.metric).toBeLessThan(0.75)
    expect(run.best).toBeGreaterThanOrEqual(0.82)
    expect(await firstLog(run)).toContain('training on made up ones instead')
  },
)

it.skipIf(!image)('trains wine-xgboost on the data that `hone run` is given', async () => {
  // As the tables of UCI are: with semicolons. What decides is in one column, so the very first training finds it.
  const rows = Array.from({ length: 400 }, (_, row) => `${row % 7};${8 + (row % 2) * 4};${5 + (row % 2)}`)
  await writeFile(join(data, 'wine-quality.csv'), ['"pH";"alcohol";"quality"', ...rows].join('\n'))
  const cli = join(packageRoot, 'dist', 'src', 'cli.js')
  const args = ['run', wine, '--json', '--data', `${data}:/data/wine-quality`]
  const env = { ...process.env, HONE_DATA: join(data, 'hone'), HONE_SMTP_URL: '', HONE_MAIL_TO: '' }
  const { stdout } = await exec(process.execPath, [cli, ...args], { env })
  const said = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(said.at(-1)).toMatchObject({ result: 'succeeded', best: { trial: 0, value: 1, diff: '' } })
})

it('runs nothing on data that may not be read', async () => {
  const folder = { data: join(data, 'hone') } as Config
  await expect(runFolder(folder, wine, { data: ['/etc:/data/wine-quality'] })).rejects.toMatchObject({
    failure: { kind: 'user', code: 'bad-settings', message: expect.stringContaining('/etc') },
  })
})
