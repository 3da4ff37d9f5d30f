import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import Docker from 'dockerode'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepWinner } from '../../jobs/notify/winner.ts'
import { resolveSettings } from '../../src/domain/settings.ts'
import { gitAdapter } from '../../src/git/adapter.ts'
import { ensureTestImage, removeInstance, testExecutor, uniqueInstance } from '../helpers/docker.ts'
import { gitTestEnvironment, makeRepository } from '../helpers/git.ts'

const SCRIPT = `import os
print('training with', os.environ['RATE'], 'as', os.getuid(), os.path.exists('out/model.txt'))
with open('out/model.txt', 'w') as file:
    file.write('trained again')
`
const docker = new Docker()
const executor = testExecutor()
const instance = uniqueInstance()
let base: string
let folder: string
let name: string | null = null
beforeAll(async () => {
  base = await ensureTestImage('base')
  folder = await mkdtemp(join(tmpdir(), 'hone-winner-'))
})
afterAll(async () => {
  if (name) await executor.removeImage(name)
  await removeInstance(instance)
  await rm(folder, { recursive: true, force: true })
})

/** What a person sees who runs the image by hand. */
async function output(image: string, command: string[]): Promise<string> {
  const out = new PassThrough()
  const said = text(out)
  const [, container] = await docker.run(image, command, out)
  await container.remove()
  out.end()
  return said
}

it('is an image that trains again, or runs with the model in place', async () => {
  const { path, sha } = makeRepository(join(folder, 'repository'), { 'train.py': SCRIPT, 'out/.keep': '' })
  await mkdir(join(folder, 'artifacts', 'out'), { recursive: true })
  await writeFile(join(folder, 'artifacts', 'out', 'model.txt'), 'the winner')
  const said: string[] = []
  const context = {
    ...{ executor, instance, images: { prepare: async () => base } },
    git: gitAdapter({ environment: gitTestEnvironment }),
    paths: { workspace: () => path, trialArtifacts: () => join(folder, 'artifacts') },
    run: {
      ...{ id: 3, number: 3, sha, settings: resolveSettings() },
      detection: { entry: 'train.py', args: [], env: { RATE: '0.1' }, image: { name: 'base', reason: '' } },
    },
    signal: new AbortController().signal,
    progress: (line: string) => said.push(line),
  }
  const kept = [{ name: 'out/model.txt', path: 'out/model.txt', size: 10 }]
  const best = { number: 2, sha, seed: 0, artifacts: { kept, leftOut: [] } }
  name = await keepWinner(context as never, { id: 1, name: instance } as never, best as never)
  expect(said).toEqual([])
  expect(name).toBe(`hone/winner-${instance}:run-3`)

  expect(await output(name as string, [])).toBe('training with 0.1 as 1000 True\r\n')
  expect(await output(name as string, ['cat', 'out/model.txt'])).toBe('the winner')
  const { Config } = await docker.getImage(name as string).inspect()
  expect(Config).toMatchObject({
    Cmd: ['python3', '-u', 'train.py'],
    WorkingDir: '/workspace',
    User: '1000:1000',
    Labels: { 'hone.winner': instance, 'hone.instance': '', 'hone.winner.run': '3' },
  })
  expect(Config.Env).toEqual(expect.arrayContaining(['RATE=0.1', 'HONE_SEED=0']))
  expect(Config.Env.join(' ')).not.toMatch(/PYTHONPATH|HONE_EVENTS/)
  expect(await output(name as string, ['ls', '-A', '/opt', '/checkpoints'])).toMatch(
    /^\/checkpoints:\s+\/opt:\s*$/,
  )
  expect(await executor.list({ 'hone.instance': instance })).toEqual([])
})
