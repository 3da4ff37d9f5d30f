import type { Readable } from 'node:stream'
import Docker from 'dockerode'
import { pack } from 'tar-stream'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { connect } from '../../src/containers/engine.ts'
import type { ImageLayer } from '../../src/domain/image.ts'
import { readContents } from '../../src/images/contents.ts'
import type { ImageChoice } from '../../src/images/plan.ts'
import { layerFor } from '../../src/python/needs/layer.ts'
import { readNeeds } from '../../src/python/needs/read.ts'
import { dockerHost, removeInstance, testExecutor, testImages, uniqueInstance } from '../helpers/docker.ts'
import { packageIndex } from '../helpers/package-index.ts'

const docker = new Docker()
const executor = testExecutor()
const images = testImages()
const instance = uniqueInstance()
const never = new AbortController().signal
/** Tags of this file's images: each is made of something that only this file has. */
const made = new Set<string>()
afterAll(async () => {
  await removeInstance(instance)
  for (const tag of made) await docker.getImage(tag).remove({ force: true })
})

/** Only here, so that these images are nobody else's. */
const own = instance.replace('test-', 'own-')
const index = await packageIndex([
  { name: own, version: '0.8.9' },
  { name: own, version: '0.9.0' },
  { name: `${own}-more`, version: '1.0', requires: [`${own}>=0.9`] },
])
afterAll(() => index.close())

const noFiles = (): Readable => {
  throw new Error('no Dockerfile is built here')
}
const choice = (name: 'base' | 'sklearn', layer: ImageLayer): ImageChoice => ({ name, reason: '', layer })
const aLayer = (change: Partial<ImageLayer>): ImageLayer => ({
  ...{ packages: [], options: index.options, constraints: [], system: [], paths: [] },
  ...change,
})
const asked = (...texts: string[]) =>
  texts.map((text, index) => ({ text, file: 'requirements.txt', line: index + 1 }))

async function prepare(layer: ImageLayer, said: string[] = []) {
  const tag = await images.prepare(choice('base', layer), noFiles, (line) => said.push(line))
  made.add(tag)
  return tag
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('it should have failed'),
    (error) => (error as { failure?: unknown }).failure ?? error,
  )

async function runIn(image: string, script: string) {
  const id = await executor.create({
    name: `${instance}-${Math.floor(performance.now() * 1000)}`,
    image,
    command: ['python3', '-c', script],
    env: {},
    workdir: '/workspace',
    labels: { 'hone.instance': instance },
    limits: { memoryBytes: 2 ** 29, cpus: 1, pids: 64, shmBytes: 2 ** 26 },
    network: false,
    volumes: [],
  })
  await executor.start(id)
  const lines: string[] = []
  for await (const { text } of executor.logs(id, null, never)) lines.push(text)
  return lines
}

const module = own.replaceAll('-', '_')

describe('a layer', () => {
  it('has the packages of a requirements file, and what the image has stays as it is', async () => {
    const base = await images.ensure('sklearn', (line) => console.info(line))
    const contents = await images.contents(base)
    expect(contents).toMatchObject({
      python: expect.stringMatching(/^3\.\d+\.\d+/),
      packages: { numpy: expect.any(String) },
    })
    expect(contents.modules).toEqual(expect.arrayContaining(['sklearn', 'os', 'sys', 'json']))
    expect(contents.modules).not.toContain(module)

    const text = `numpy>=1.20\nscikit-learn\n${own}==0.9.0\n-e .\n${index.options.join('\n')}\n`
    const layer = layerFor(
      readNeeds('train.py', (path) => (path === 'requirements.txt' ? text : null)),
      contents,
    )
    expect(layer?.packages).toEqual([{ text: `${own}==0.9.0`, file: 'requirements.txt', line: 3 }])
    const said: string[] = []
    const wanted = choice('sklearn', layer as ImageLayer)
    const tag = await images.prepare(wanted, noFiles, (line) => said.push(line))
    made.add(tag)
    expect(tag).toMatch(/^hone\/needs:[0-9a-f]{12}$/)
    expect(said.join('\n')).toMatch(/image sklearn with requirements\.txt: step \d+ of \d+: RUN retries/)
    const complete = await images.contents(tag)
    expect(complete.packages).toEqual({ ...contents.packages, [own]: '0.9.0' })
    expect(complete.modules).toContain(module)
    const script = `import os, sys, sklearn, ${module}
print(os.getuid(), ${module}.__file__, [path for path in sys.path if path.startswith('/workspace')])`
    expect(await runIn(tag, script)).toEqual([
      expect.stringMatching(/^1000 \/opt\/needs\/.*\/own_.*\.py \['\/workspace'\]$/),
    ])

    said.length = 0
    expect(await images.prepare(wanted, noFiles, (line) => said.push(line))).toBe(tag)
    expect(said).toEqual([])
  })

  // The image is gigabytes of downloads: only where they are asked for.
  it.runIf(process.env.HONE_TEST_IMAGES === 'all')(
    'finds what an image has in an environment of its own',
    async () => {
      const lightning = await images.ensure('lightning', (line) => console.info(line))
      const before = await images.contents(lightning)
      const wanted: ImageChoice = { name: 'lightning', reason: '', layer: aLayer({ paths: ['lib'] }) }
      const tag = await images.prepare(wanted, noFiles, () => {})
      made.add(tag)
      expect((await images.contents(tag)).packages).toEqual(before.packages)
    },
  )

  it.each([
    [
      [`${own}==0.0.99`],
      { code: 'no-version', line: 1, message: /==0\.0\.99 cannot be had.* there are 0\.8\.9, 0\.9\.0\./ },
    ],
    [[own, `${own}-nowhere`], { code: 'no-package', line: 2, message: /-nowhere is not on PyPI/ }],
  ])('that cannot be had says which line: %j', async (texts, { message, ...failure }) => {
    expect(await failureOf(prepare(aLayer({ packages: asked(...texts) })))).toMatchObject({
      ...{ kind: 'user', file: 'requirements.txt', ...failure },
      message: expect.stringMatching(message),
    })
  })

  it('whose packages want something else than the image has says so', async () => {
    const layer = aLayer({ packages: asked(`${own}-more`), constraints: [`${own}==0.8.9`] })
    expect(await failureOf(prepare(layer))).toMatchObject({
      ...{ kind: 'user', code: 'requirements-conflict', file: 'requirements.txt', line: 1 },
      message: expect.stringMatching(/depends on .*>=0\.9.*0\.8\.9/),
    })
  })

  it('is tried again where no network is', async () => {
    const layer = aLayer({
      packages: asked(own),
      options: ['--index-url http://127.0.0.1:9/simple', '--trusted-host 127.0.0.1'],
    })
    const none = aLayer({ ...layer, packages: asked(`${own} --retries 0`) })
    const hasty = testImages({ ...process.env, PIP_RETRIES: '0' })
    expect(await failureOf(hasty.prepare(choice('base', layer), noFiles, () => {}))).toMatchObject({
      ...{ kind: 'system', code: 'image-build' },
    })
    expect(await failureOf(prepare(none))).toMatchObject({ kind: 'user', code: 'requirements' })
  })
})

describe("a repository's own Dockerfile", () => {
  const filesOf = (files: Record<string, string>) => () => {
    const tar = pack()
    for (const [name, content] of Object.entries(files)) tar.entry({ name }, content)
    tar.finalize()
    return tar as unknown as Readable
  }
  let commit = 0
  const build = async (
    dockerfile: string,
    files: Record<string, string> = {},
    said: string[] = [],
    maker = images,
  ) => {
    const sha = `${instance}-${commit++}`
    const wanted: ImageChoice = {
      ...{ name: 'Dockerfile', reason: '' },
      dockerfile: { path: 'Dockerfile', sha },
    }
    const given = filesOf({ ...files, Dockerfile: dockerfile })
    const tag = await maker.prepare(wanted, given, (line) => said.push(line))
    made.add(tag)
    return tag
  }

  it('is built with the commit, and has a user and folders that a training can write to', async () => {
    const base = await images.ensure('base', console.info)
    const said: string[] = []
    const tag = await build(
      `FROM ${base}\nUSER root\nWORKDIR /workspace/data\nCOPY greeting.txt .\nENV GREETING=hello\nENTRYPOINT ["false"]`,
      { 'greeting.txt': 'hi' },
      said,
    )
    expect(tag).toMatch(/^hone\/repository:[0-9a-f]{12}$/)
    expect(said).toContainEqual(
      expect.stringMatching(/^image of Dockerfile: step 4 of \d+: COPY greeting\.txt \.$/),
    )
    const script = `import os
print(os.getuid(), os.environ['GREETING'], os.path.expanduser('~'), os.getcwd(), open('data/greeting.txt').read())
for path in ('/workspace/a', '/workspace/data/a', '/checkpoints/a', os.path.expanduser('~/a')): open(path, 'w')`
    expect(await runIn(tag, script)).toEqual(['1000 hello /home/hone /workspace hi'])
  })

  it('says what it has, also where its Python says more at its start', async () => {
    const chatty = (line: string) =>
      `USER root\nRUN echo "${line}" > /usr/lib/python3/dist-packages/chatty.pth\n`
    const base = await images.ensure('base', console.info)
    const tag = await build(`FROM ${base}\n${chatty("import sys; print('good morning')")}`)
    expect(await images.contents(tag)).toMatchObject({ packages: { pip: expect.any(String) } })
    const silent = await build(`FROM ${base}\n${chatty('import os; os._exit(0)')}`)
    expect(await failureOf(images.contents(silent))).toMatchObject({ kind: 'system', code: 'image-contents' })
  })

  it('is told of the host’s package index, but not of the password for it', async () => {
    const base = await images.ensure('base', console.info)
    const PIP_INDEX_URL = 'http://ada:secret@127.0.0.1:9/simple'
    const maker = testImages({ ...process.env, PIP_INDEX_URL })
    const tag = await build(`FROM ${base}\nARG PIP_INDEX_URL\nRUN echo $PIP_INDEX_URL\n`, {}, [], maker)
    const history = JSON.stringify(await docker.getImage(tag).history())
    expect(history).toContain('PIP_INDEX_URL=http://127.0.0.1:9/simple')
    expect(history).not.toContain('secret')
  })

  it('may not use all processors', async () => {
    const base = await images.ensure('base', console.info)
    const { cpus } = await executor.info()
    const show = 'cat /sys/fs/cgroup/cpu.max || cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us'
    expect(await failureOf(build(`FROM ${base}\nRUN ${show}; exit 3\n`))).toMatchObject({
      detail: expect.stringMatching(new RegExp(`^${Math.round(cpus * 80_000)}( 100000)?$`, 'm')),
    })
  })

  it('is built no further once the engine’s disk has too little room', async () => {
    const base = await images.ensure('base', console.info)
    const maker = testImages(process.env, { diskReserve: Number.MAX_SAFE_INTEGER })
    expect(await failureOf(build(`FROM ${base}\nRUN sleep 3600\n`, {}, [], maker))).toMatchObject({
      ...{ kind: 'unavailable', code: 'disk-low' },
    })
  })

  it('whose Python prints without end is given up, and may take little meanwhile', async () => {
    const base = await images.ensure('base', console.info)
    // Not as root, which it is built as.
    const endless = "import os; [print('x' * 10000) for _ in iter(int, os.getuid())]"
    const tag = await build(
      `FROM ${base}\nUSER root\nRUN echo "${endless}" > /usr/lib/python3/dist-packages/chatty.pth\n`,
    )
    const failure = failureOf(readContents(connect(dockerHost), tag, 5000))
    const filters = { label: [`hone.contents=${tag}`] }
    const found = async () => (await docker.listContainers({ all: true, filters })).map(({ Id }) => Id)
    const id = await vi.waitFor(async () => (await found())[0] ?? expect.unreachable(), { timeout: 60_000 })
    expect((await docker.getContainer(id).inspect()).HostConfig).toMatchObject({
      ...{ NanoCpus: 1e9, Memory: 2 ** 29, MemorySwap: 2 ** 29 },
      LogConfig: { Config: { 'max-size': String(4 * 2 ** 20), 'max-file': '1' } },
    })
    expect(await failure).toMatchObject({
      code: 'image-contents',
      message: expect.stringContaining('it did not end within 5 s'),
    })
    expect(await found()).toEqual([])
  })

  it('whose files cannot be read ends with what went wrong', async () => {
    const wanted: ImageChoice = {
      ...{ name: 'Dockerfile', reason: '' },
      dockerfile: { path: 'Dockerfile', sha: `${instance}-broken` },
    }
    const breaks = () => {
      const tar = pack()
      tar.entry({ name: 'Dockerfile' }, 'FROM debian\n', () => tar.destroy(new Error('the disk is gone')))
      return tar as unknown as Readable
    }
    await expect(images.prepare(wanted, breaks, () => {})).rejects.toThrow('the disk is gone')
  })

  it('without Python, one that fails and one that is none each say what to do', async () => {
    const debian = await images.ensureBase(console.info)
    expect(await failureOf(build(`FROM ${debian}\n`))).toMatchObject({
      ...{ kind: 'user', code: 'dockerfile-python', file: 'Dockerfile' },
      remedy: expect.stringContaining('python:3.13-slim'),
    })
    expect(await failureOf(build(`FROM ${debian}\nRUN echo about to fail && exit 3\n`))).toMatchObject({
      ...{ kind: 'user', code: 'dockerfile-build', detail: expect.stringContaining('about to fail') },
    })
    expect(await failureOf(build('FORM x\n'))).toMatchObject({
      ...{ kind: 'user', code: 'dockerfile-build', message: expect.stringContaining('FORM') },
    })
    expect(await failureOf(build('FROM 127.0.0.1:9/nothing/here:1\n'))).toMatchObject({
      ...{ kind: 'system', code: 'image-pull' },
    })
  })
})
