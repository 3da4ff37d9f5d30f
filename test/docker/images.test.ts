import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dockerImages } from '../../src/images/docker-images.ts'
import {
  dockerHost,
  ensureTestImage,
  removeInstance,
  testExecutor,
  testImages,
  uniqueInstance,
} from '../helpers/docker.ts'

const never = new AbortController().signal
const instance = uniqueInstance()
const executor = testExecutor()
afterAll(() => removeInstance(instance))

async function runIn(image: string, script: string) {
  const id = await executor.create({
    name: `${instance}-${Math.floor(performance.now())}`,
    image,
    command: ['python3', '-c', script],
    env: {},
    workdir: '/workspace',
    labels: { 'hone.instance': instance },
    limits: { memoryBytes: 2 ** 30, cpus: 1, pids: 256, shmBytes: 2 ** 26 },
    network: false,
    volumes: [],
  })
  await executor.start(id)
  const lines: string[] = []
  for await (const { text } of executor.logs(id, null, never)) lines.push(text)
  const status = await executor.wait(id, never)
  return { lines, exitCode: status?.exitCode }
}

describe('the images', () => {
  it('base: runs Python as the training user, who may write where trainings write', async () => {
    const image = await ensureTestImage('base')
    const script = [
      'import os, ssl',
      'print(os.getuid(), os.path.expanduser("~"), os.getcwd())',
      'open("/workspace/a", "w"); open("/checkpoints/a", "w"); open(os.path.expanduser("~/a"), "w")',
      'print(len(ssl.create_default_context().get_ca_certs()) > 50)',
    ].join('\n')
    expect(await runIn(image, script)).toEqual({ lines: ['1000 /home/hone /workspace', 'True'], exitCode: 0 })
  })

  it('sklearn: has what its scripts import', async () => {
    const image = await testImages().ensure('sklearn', (line) => console.info(line))
    expect(image).toMatch(/^hone\/sklearn:[0-9a-f]{12}$/)
    const script = 'import sklearn, pandas, joblib, numpy, scipy; print("fine")'
    expect(await runIn(image, script)).toEqual({ lines: ['fine'], exitCode: 0 })
    const about = await new Docker().getImage(image).inspect()
    expect(about.Config.Labels).toMatchObject({ 'hone.image': 'sklearn' })
  })

  it('pytorch: has what its scripts import', async () => {
    const image = await ensureTestImage('pytorch')
    const script = 'import torch, torchvision, sklearn; print(torch.ones(2).sum().item())'
    expect(await runIn(image, script)).toEqual({ lines: ['2.0'], exitCode: 0 })
  })

  it('are found again without a build', async () => {
    const said: string[] = []
    const first = await testImages().ensure('sklearn', (line) => said.push(line))
    expect(await testImages().ensure('sklearn', (line) => said.push(line))).toBe(first)
    expect(said).toEqual([])
  })

  it('say that the engine is away', async () => {
    const away = dockerImages({
      dockerHost: 'tcp://127.0.0.1:1',
      folder: '/',
      caBundle: null,
      environment: {},
    })
    await expect(away.ensure('sklearn', () => {})).rejects.toMatchObject({
      failure: { kind: 'unavailable', code: 'engine-away' },
    })
  })
})

describe('a build', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hone-images-'))
    await mkdir(join(folder, 'base'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** With one command only, so that nothing is left of a build that does not end well. */
  const imagesOf = async (command: string) => {
    const file = `ARG BASE\nFROM \${BASE}\nRUN ${command} # ${instance}`
    await writeFile(join(folder, 'base', 'Dockerfile'), file)
    return dockerImages({ dockerHost, folder, caBundle: null, environment: {} })
  }

  it('that fails says at the end of which output', async () => {
    const images = await imagesOf('echo about to fail; exit 7')
    const error = await images.ensure('base', () => {}).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      failure: { kind: 'system', code: 'image-build', detail: expect.stringContaining('about to fail') },
    })
    expect((error as Error).message).toContain('7')
  })

  it('is shared by those who want it at the same time, and all hear of its steps', async () => {
    const images = await imagesOf('sleep 1')
    const said: string[][] = [[], []]
    const tags = await Promise.all(said.map((lines) => images.ensure('base', (line) => lines.push(line))))
    expect(tags[0]).toBe(tags[1])
    expect(said[0]).toEqual(said[1])
    expect(said[0]).toContain(`image base: step 3 of 4: RUN sleep 1 # ${instance}`)
    await new Docker().getImage(tags[0] as string).remove()
  })

  it('is given up when the last who wanted it has left', async () => {
    const images = await imagesOf('sleep 1000')
    const leave = new AbortController()
    const building = images.ensure(
      'base',
      (line) => line.includes('RUN') && leave.abort(new Error('left')),
      leave.signal,
    )
    await expect(building).rejects.toThrow('left')
  })
})
