import { describe, expect, it } from 'vitest'
import { FRAMEWORKS, type VersionHint } from '../../src/domain/detection.ts'
import { HoneError } from '../../src/domain/failure.ts'
import {
  buildSettings,
  chooseImage,
  folderOf,
  IMAGE_NAMES,
  imageFor,
  imageTag,
  parentOf,
  usesGpu,
  withCuda,
  withoutCredentials,
} from '../../src/images/plan.ts'

function failureOf(call: () => unknown) {
  try {
    call()
  } catch (error) {
    if (error instanceof HoneError) return error.failure
  }
  throw new Error('expected a HoneError')
}

const aVersionHint = (runsOn: string, change: Partial<VersionHint> = {}): VersionHint => ({
  ...{ file: 'train.py', line: 12, text: 'model.fit(x, y, nb_epoch=5)', why: 'passes nb_epoch' },
  ...{ change: 'write `epochs=`', runsOn },
  ...change,
})

describe('the image of a model', () => {
  it.each(FRAMEWORKS)('there is one for %s', (framework) => {
    const { name, reason } = imageFor({ framework, versions: [] })
    expect(IMAGE_NAMES).toContain(name)
    expect(reason).toBe(`it trains with ${framework}`)
  })

  it('is that of an older version where the code is written for it', () => {
    const second = aVersionHint('keras 2', { line: 14 })
    expect(imageFor({ framework: 'keras', versions: [aVersionHint('keras 2'), second] })).toEqual({
      name: 'keras2',
      reason: 'it is written for keras 2 (train.py:12 and 1 more)',
    })
  })

  it('is none for a version too old; each place is listed with what to write instead', () => {
    const old = aVersionHint('keras 1')
    const older = aVersionHint('numpy 1', { line: 3, text: 'np.Inf', change: 'write `np.inf`' })
    const model = { framework: 'keras', versions: [old, aVersionHint('keras 2'), older] } as const
    const failure = failureOf(() => imageFor({ ...model, versions: [...model.versions] }))
    expect(failure).toMatchObject({
      ...{ kind: 'user', code: 'old-version', file: 'train.py', line: 12 },
      message:
        'The code is written for keras 1, numpy 1, of which Hone has no image: 2 places would fail on the version of today.',
      remedy:
        'Change the places below, and push again. To train it all the same, set `framework: keras` in hone.yaml.',
      detail:
        'train.py:12: model.fit(x, y, nb_epoch=5)\n    write `epochs=`\ntrain.py:3: np.Inf\n    write `np.inf`',
    })
    expect(imageFor({ ...model, versions: [...model.versions] }, true).name).toBe('keras2')
  })

  it('is the newest for what only names a metric in an old way', () => {
    expect(imageFor({ framework: 'keras', versions: [aVersionHint('keras 2.2')] }).name).toBe('keras')
  })

  it('is refused for a version that nobody knows', () => {
    expect(() => imageFor({ framework: 'keras', versions: [aVersionHint('toString')] })).toThrow(/toString/)
  })
})

describe('the image of a run', () => {
  const model = { framework: 'pytorch', versions: [] } as const
  const commit = { sha: 'abc', dockerfile: false }
  const choose = (hints: { image?: string; framework?: string }, dockerfile = false, gpus = 0) =>
    chooseImage({ ...model, versions: [] }, hints, { ...commit, dockerfile }, gpus)

  it("is the model's, the repository's own, or the one that hone.yaml names", () => {
    expect(choose({})).toEqual({ name: 'pytorch', reason: 'it trains with pytorch' })
    const own = {
      ...{ name: 'Dockerfile', reason: 'it is the Dockerfile of the repository' },
      dockerfile: { path: 'Dockerfile', sha: 'abc' },
    }
    expect(choose({}, true)).toEqual(own)
    expect(choose({ image: 'Dockerfile' }, true)).toEqual(own)
    expect(choose({ image: 'lightning' }, true)).toEqual({ name: 'lightning', reason: 'hone.yaml names it' })
  })

  it('has CUDA where a training gets a graphics card, if there is such a variant', () => {
    const reason = 'it trains with pytorch, and the engine has a graphics card'
    expect(choose({}, false, 1)).toEqual({ name: 'pytorch-cuda', reason })
    expect(choose({ image: 'keras2' }, false, 2).name).toBe('keras2-cuda')
    expect(choose({ image: 'sklearn' }, false, 1).name).toBe('sklearn')
    expect(choose({}, true, 1).name).toBe('Dockerfile')
    expect(FRAMEWORKS.filter(usesGpu)).toEqual(['keras', 'pytorch', 'lightning', 'transformers'])
  })

  it('is not asked for old versions where the repository brings its own', () => {
    const old = { framework: 'keras', versions: [aVersionHint('keras 1')] } as const
    const given = { ...old, versions: [...old.versions] }
    expect(chooseImage(given, {}, { ...commit, dockerfile: true }, 0).name).toBe('Dockerfile')
    expect(() => chooseImage(given, {}, commit, 0)).toThrow(/keras 1/)
  })

  it.each([
    ['tensorflow', /names the image 'tensorflow', which Hone does not have/],
    ['Dockerfile', /has none in its root/],
  ])('is refused when hone.yaml names what is not there: %s', (image, message) => {
    expect(failureOf(() => choose({ image }))).toMatchObject({
      ...{ kind: 'user', code: 'image-unknown', file: 'hone.yaml' },
      message: expect.stringMatching(message),
    })
  })
})

it('builds every image on the base in the end', () => {
  for (const name of IMAGE_NAMES) {
    let image = name
    for (let steps = 0; steps < IMAGE_NAMES.length; steps++) image = parentOf(image) ?? image
    expect(image).toBe('base')
  }
})

it('builds the variants with CUDA of one family from the same folders', () => {
  for (const name of IMAGE_NAMES) {
    const variant = withCuda(name)
    const parent = parentOf(name)
    if (!variant || !parent || withCuda(parent) === null) continue
    expect([folderOf(variant), parentOf(variant)]).toEqual([name, withCuda(parent)])
  }
})

it('tags an image by what it is built from', () => {
  const context = { Dockerfile: Buffer.from('FROM x'), 'a.txt': Buffer.from('a') }
  const tag = imageTag('base', context, 'parent')
  expect(tag).toMatch(/^hone\/base:[0-9a-f]{12}$/)
  expect(imageTag('base', { 'a.txt': context['a.txt'], Dockerfile: context.Dockerfile }, 'parent')).toBe(tag)
  const others = [
    imageTag('base', context, 'other'),
    imageTag('base', { ...context, 'a.txt': Buffer.from('b') }, 'parent'),
    imageTag('base', { Dockerfile: context.Dockerfile, 'b.txt': Buffer.from('a') }, 'parent'),
    imageTag('base', { Dockerfile: context.Dockerfile }, 'parent'),
  ]
  expect(new Set([tag, ...others]).size).toBe(5)
})

it('passes on the settings of pip and proxies that mean the same inside', () => {
  const wanted = { PIP_INDEX_URL: 'https://pypi.example', https_proxy: 'http://proxy', NO_PROXY: 'x' }
  const others = {
    PIP_CERT: '/etc/x',
    PIP_FIND_LINKS: '/wheels',
    PIP_RETRIES: '',
    HONE_ADMIN_TOKEN: 'secret',
  }
  expect(buildSettings({ ...wanted, ...others, PATH: undefined })).toEqual(wanted)
})

it('tells a Dockerfile of a repository no password of a package index', () => {
  const settings = {
    PIP_INDEX_URL: 'https://ada:p@ss@mirror.example/simple',
    PIP_EXTRA_INDEX_URL: 'https://token@one.example/a@b https://two.example/simple',
    PIP_RETRIES: '2',
    HTTPS_PROXY: 'http://ada:x@proxy.example:3128',
  }
  expect(withoutCredentials(settings)).toEqual({
    ...settings,
    PIP_INDEX_URL: 'https://mirror.example/simple',
    PIP_EXTRA_INDEX_URL: 'https://one.example/a@b https://two.example/simple',
  })
})
