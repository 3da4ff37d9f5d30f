import { afterEach, describe, expect, it } from 'vitest'
import { userError } from '../../src/domain/failure.ts'
import type { Images } from '../../src/images/contract.ts'
import type { ImageChoice } from '../../src/images/plan.ts'
import { SCRIPT, type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const run = async (files: Record<string, string>, settings = {}) => {
  chain = await testChain(() => ['Test accuracy: 0.95'])
  return chain.ended(chain.push({ trials: 1, confirm: 0, ...settings }, { 'train.py': SCRIPT, ...files }))
}
/** Of the first training; the winner's image is made in a container of its own. */
const networkOf = () => chain.executor.created[0]?.network

describe('what a repository needs', () => {
  it('is kept with the run where the image does not have it', async () => {
    const ended = await run({
      'requirements.txt': 'numpy>=2\n-r more/extra.txt\n',
      'more/extra.txt': 'einops==0.7\n',
      'hone.yaml': 'image: boosting\n',
    })
    expect(ended.state).toBe('succeeded')
    expect(ended.detection).toMatchObject({
      image: {
        ...{ name: 'boosting', reason: 'hone.yaml names it' },
        layer: { packages: [{ text: 'einops==0.7', file: 'more/extra.txt', line: 1 }] },
      },
    })
  })

  it('is no layer where the image has it, and none where a Dockerfile is the image', async () => {
    const plain = await run({ 'requirements.txt': 'numpy>=2\n' })
    expect(plain.detection).toMatchObject({ image: { name: 'sklearn', layer: null } })
    await chain.dispose()
    const own = await run({ 'requirements.txt': 'einops\n', Dockerfile: 'FROM python:3.13\n' })
    expect(own.detection).toMatchObject({
      image: { name: 'Dockerfile', layer: null, dockerfile: { path: 'Dockerfile', sha: own.sha } },
    })
  })

  it.each([
    [{ 'requirements.txt': '-r nowhere.txt\n' }, { code: 'requirements', file: 'requirements.txt', line: 1 }],
    [{ 'train.py': `import einops\n${SCRIPT}` }, { code: 'missing-package', file: 'train.py', line: 1 }],
    [{ 'hone.yaml': 'image: of-mine\n' }, { code: 'image-unknown', file: 'hone.yaml' }],
    [{ 'hone.yaml': 'gpus: 1\n' }, { code: 'no-gpu' }],
  ])('that cannot be met ends the run before anything is trained: %j', async (files, failure) => {
    const ended = await run(files as unknown as Record<string, string>)
    expect(ended.conclusion?.failure).toMatchObject({ kind: 'user', ...failure })
    expect(chain.executor.created).toEqual([])
  })

  it('is named as a warning where the training may do without', async () => {
    const ended = await run({
      'train.py': `import sys\nif '--log' in sys.argv:\n    import wandb\n${SCRIPT}`,
    })
    expect(ended.state).toBe('succeeded')
    const said = chain.store.events
      .after(0, { runId: ended.id })
      .flatMap(({ type, data }) => (type === 'progress' ? String(data.text) : []))
    expect(said.join('\n')).toMatch(/train\.py:3 imports wandb/)
  })
})

describe('needs that cannot be had', () => {
  /** As pip would say it of one package, however often it is asked. */
  const without = (name: string, code: string) => ({
    prepare: async ({ layer }: ImageChoice) => {
      const line = layer?.packages.find(({ text }) => text.startsWith(name))
      if (line) throw userError(code, `${line.text} cannot be had.`, 'Write another.', line)
      return 'image'
    },
  })
  const push = async (source: string, images: Partial<Images>) => {
    chain = await testChain(() => ['Test accuracy: 0.95'], { images })
    const files = { 'train.py': source, 'requirements.txt': 'einops\ngrpcio==1.32\nrich\n' }
    return chain.ended(chain.push({ trials: 1, confirm: 0 }, files))
  }
  const EINOPS = `import einops\n${SCRIPT}`
  const has = { contents: async () => ({ ...image, modules: ['sklearn', 'einops', 'grpcio'] }) }
  const image = { python: '3.13.5', machine: 'x86_64', packages: {} }

  it('are left out where the source does not import them, and that is said', async () => {
    const ended = await push(EINOPS, { ...has, ...without('grpcio', 'package-build') })
    expect(ended.state).toBe('succeeded')
    expect(ended.detection).toMatchObject({ image: { layer: { packages: [{ text: 'einops' }] } } })
    const said = chain.store.events.after(0, { runId: ended.id }).map(({ data }) => data.text)
    expect(said).toContain(
      'grpcio==1.32 cannot be had. What the source does not import is left out: grpcio==1.32, rich.',
    )
  })

  it.each([
    ['grpcio', 'package-build', `import grpcio\n${SCRIPT}`],
    ['einops', 'no-version', EINOPS],
    ['einops', 'image-build', EINOPS],
  ])('end the run where it does, or where it is something else: %s, %s', async (name, code, source) => {
    const ended = await push(source, { ...has, ...without(name, code) })
    expect(ended.conclusion?.failure).toMatchObject({ code, file: 'requirements.txt' })
  })
})

describe('graphics cards', () => {
  const TORCH = `import torch
from torch import nn
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    loss = model(torch.ones(4, 2)).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
`
  const push = async (source: string, yaml: string) => {
    chain = await testChain(() => ['Test accuracy: 0.95'], { gpus: ['GPU-a', 'GPU-b'] })
    const files = { 'train.py': source, 'hone.yaml': `metric: accuracy\n${yaml}` }
    const ended = await chain.ended(chain.push({ trials: 1, confirm: 0, keepImage: false }, files))
    return { ended, spec: chain.executor.created[0] }
  }

  it.each([
    ['one, with the image for it', TORCH, '', 'pytorch-cuda', ['GPU-a']],
    ['as many as are set', TORCH, 'gpus: 2\n', 'pytorch-cuda', ['GPU-a', 'GPU-b']],
    ['none when so set', TORCH, 'gpus: 0\n', 'pytorch', []],
    ['none where the framework cannot use one', SCRIPT, '', 'sklearn', []],
  ])('go to a training: %s', async (_, source, yaml, name, gpus) => {
    const { ended, spec } = await push(source, yaml)
    expect(ended.state).toBe('succeeded')
    expect(ended.detection).toMatchObject({ image: { name }, gpus: gpus.length })
    expect(spec?.gpus).toEqual(gpus)
    expect(spec?.labels['hone.gpus']).toBe(gpus.length > 0 ? gpus.join(',') : undefined)
  })
})

describe('the network', () => {
  const FETCHES = `from sklearn.datasets import fetch_openml\nfetch_openml('mnist_784')\n${SCRIPT}`

  it('is off where nothing in the source uses it', async () => {
    const ended = await run({})
    expect(networkOf()).toBe(false)
    expect(ended.detection).toMatchObject({ network: { wanted: false, evidence: [] } })
  })

  it('is on where something does', async () => {
    const ended = await run({ 'train.py': FETCHES })
    expect(networkOf()).toBe(true)
    expect(ended.detection).toMatchObject({
      network: { wanted: true, evidence: [{ file: 'train.py', line: 2 }] },
    })
  })

  it.each([true, false])('is as it is set: %s', async (network) => {
    await run({ 'train.py': network ? SCRIPT : FETCHES, 'hone.yaml': `network: ${network}\n` })
    expect(networkOf()).toBe(network)
  })

  it('that was off is named when a training dies of it', async () => {
    chain = await testChain(function* ({ exit }) {
      yield 'Traceback (most recent call last):'
      yield '  File "/workspace/train.py", line 2, in <module>'
      yield 'urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name resolution>'
      exit(1)
    })
    const ended = await chain.ended(chain.push({}, SCRIPT))
    expect(ended.conclusion?.failure?.remedy).toBe(
      'The training had no network: set `network: true` in hone.yaml, or commit the data.',
    )
  })
})
