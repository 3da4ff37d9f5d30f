import { describe, expect, it } from 'vitest'
import { mayBeMissing, missingPackages } from '../../jobs/detect-model/missing.ts'
import type { ImageContents } from '../../src/domain/image.ts'
import type { ImageChoice } from '../../src/images/plan.ts'
import type { ImportedModule } from '../../src/python/needs/imports.ts'

const contents: ImageContents = {
  ...{ python: '3.13.5', machine: 'x86_64', packages: {} },
  modules: ['os', 'sklearn', 'google'],
}
const aModule = (module: string, change: Partial<ImportedModule> = {}): ImportedModule => ({
  ...{ module, certain: true, file: 'train.py', line: 3 },
  ...{ text: `import ${module}`, why: `imports ${module}` },
  ...change,
})
const sklearn: ImageChoice = { name: 'sklearn', reason: '' }
const failureOf = (
  modules: ImportedModule[],
  paths: string[] = ['train.py'],
  image = sklearn,
  entry = 'train.py',
) => missingPackages(modules, contents, paths, image, entry)?.failure

describe('what is imported and installed nowhere', () => {
  it('is nothing when the image has it, or the repository', () => {
    const modules = [aModule('os.path'), aModule('sklearn.svm'), aModule('fast_ops'), aModule('lib.x')]
    expect(failureOf(modules, ['train.py', 'src/fast_ops.pyx', 'vendor/lib/x.py'])).toBeUndefined()
  })

  it('is named with its place and the line to write', () => {
    expect(failureOf([aModule('os'), aModule('cv2')])).toMatchObject({
      ...{ kind: 'user', code: 'missing-package', file: 'train.py', line: 3 },
      message: 'train.py imports cv2, which the image sklearn does not have and nothing installs.',
      remedy: 'Add the line `opencv-python-headless` to requirements.txt, and push again.',
    })
  })

  it('is named all at once, each package once', () => {
    const modules = [
      aModule('einops.layers'),
      aModule('einops'),
      aModule('skimage', { line: 4 }),
      aModule('own_lib'),
    ]
    expect(failureOf(modules)).toMatchObject({
      message:
        'train.py imports einops, skimage, own_lib, which the image sklearn does not have and nothing installs.',
      remedy:
        'Add the lines `einops` and `scikit-image` to requirements.txt, and push again. `own_lib`: commit it if it is yours, or add its package to requirements.txt.',
      detail:
        'train.py:3: import einops.layers\n    pip install einops\ntrain.py:4: import skimage\n    pip install scikit-image\ntrain.py:3: import own_lib',
    })
  })

  it.each([
    [
      ['a/pyproject.toml', 'requirements.txt'],
      'Add `einops` to the dependencies in a/pyproject.toml, and push again.',
    ],
    [
      ['requirements.txt', 'b/requirements.txt'],
      'Add the line `einops` to requirements.txt, and push again.',
    ],
  ])('is to be written to the nearest file: %j', (paths, remedy) => {
    expect(failureOf([aModule('einops')], paths, sklearn, 'a/train.py')?.remedy).toBe(remedy)
  })

  it('is to be installed in the Dockerfile where that is the image', () => {
    const own: ImageChoice = { name: 'Dockerfile', reason: '' }
    expect(failureOf([aModule('einops')], [], own)?.remedy).toBe(
      'Install `einops` in the Dockerfile, and push again.',
    )
  })

  it('may be a module that Python no longer has, or that is only in Colab', () => {
    expect(failureOf([aModule('imp')])?.remedy).toBe('Python 3.12 took `imp` out: use `importlib`.')
    expect(failureOf([aModule('google.colab')])?.remedy).toMatch(/only in Colab/)
    expect(failureOf([aModule('google.protobuf')])).toBeUndefined()
  })

  it('is not what the runtime stands in for in a notebook', () => {
    expect(failureOf([aModule('IPython.display', { file: 'a.ipynb' })])).toBeUndefined()
    expect(failureOf([aModule('IPython.display')])?.code).toBe('missing-package')
  })

  it('is only said where the program may never come', () => {
    const maybe = [aModule('wandb', { certain: false, line: 9 }), aModule('os', { certain: false })]
    expect(failureOf(maybe)).toBeUndefined()
    expect(mayBeMissing(maybe, contents, [])).toEqual([
      'train.py:9 imports wandb, which the image does not have: if the training comes there, it needs `wandb` in requirements.txt.',
    ])
  })
})
