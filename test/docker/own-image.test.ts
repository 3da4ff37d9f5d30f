import { join } from 'node:path'
import Docker from 'dockerode'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runtimeArchive, runtimeEnv } from '../../src/containers/runtime.ts'
import { packageRoot } from '../../src/paths.ts'
import { archive, entries } from '../helpers/archives.ts'
import { ensureTestImage, removeInstance, testExecutor, uniqueInstance } from '../helpers/docker.ts'

const docker = new Docker()
const executor = testExecutor()
const instance = uniqueInstance()
const never = new AbortController().signal
const image = `${instance}:own`

/** As a user's own image may be: another PYTHONPATH, and none of the folders that Hone's images have. */
beforeAll(async () => {
  const base = await docker.createContainer({
    Image: await ensureTestImage('base'),
    name: `${instance}-base`,
    Labels: { 'hone.instance': instance },
    Cmd: ['sh', '-c', 'rm -rf /workspace /checkpoints; mkdir /lib/own; echo "word = 1" > /lib/own/ours.py'],
    User: 'root',
  })
  await base.start()
  await base.wait()
  await docker.getContainer(base.id).commit({
    repo: instance,
    tag: 'own',
    changes: 'ENV PYTHONPATH=/lib/own',
  } as object)
})
afterAll(async () => {
  await removeInstance(instance)
  await docker.getImage(image).remove({ force: true })
})

it('runs a training in an image without the folders of Hone and with a PYTHONPATH of its own', async () => {
  const script = [
    'import os, sys, ours',
    'for folder in ("/workspace", "/checkpoints"):',
    '    open(folder + "/written", "w").write("x")',
    '    print(folder, os.stat(folder).st_uid)',
    'print(ours.word, "_hone" in sys.modules)',
  ].join('\n')
  const id = await executor.create({
    name: `${instance}-1`,
    image,
    command: ['python3', '-u', '-m', '_hone', 'train.py'],
    env: runtimeEnv,
    workdir: '/workspace',
    labels: { 'hone.instance': instance },
    limits: { memoryBytes: 2 ** 28, cpus: 1, pids: 64, shmBytes: 2 ** 20 },
    network: false,
    volumes: [
      { name: `${instance}-checkpoints`, path: '/checkpoints' },
      { name: `${instance}-workspace`, path: '/workspace' },
    ],
  })
  await executor.put(id, runtimeArchive(join(packageRoot, 'docker', 'runtime')), '/')
  await executor.put(id, archive({ './': '', 'train.py': script }), '/workspace')
  await executor.start(id)
  const lines: string[] = []
  for await (const { text } of executor.logs(id, null, never)) lines.push(text)
  expect(lines).toEqual(['/workspace 1000', '/checkpoints 1000', '1 True'])
  const names = (await entries(await executor.get(id, '/workspace'))).map(({ name }) => name)
  expect(names.toSorted()).toEqual(['workspace/train.py', 'workspace/written'])
})
