import { describe, expect, it } from 'vitest'
import type { ImageContents, ImageLayer } from '../../../src/domain/image.ts'
import { layerFor, leanLayer } from '../../../src/python/needs/layer.ts'
import { readNeeds } from '../../../src/python/needs/read.ts'

const image: ImageContents = {
  python: '3.13.5',
  machine: 'x86_64',
  packages: {
    numpy: '2.2.4',
    torch: '2.6.0+debian',
    torchvision: '0.21.0',
    'tensorflow-cpu': '2.21.0',
    tensorflow: '2.21.0',
    keras: '3.15.1',
    'scikit-learn': '1.4.2',
    pillow: '11.1.0',
    pyyaml: '6.0.2',
  },
  modules: [],
}
const layer = (requirements: string, more: Record<string, string> = {}) =>
  layerFor(
    readNeeds('train.py', (path) => (path === 'requirements.txt' ? requirements : (more[path] ?? null))),
    image,
  )

const textsOf = (made: ImageLayer | null) => made?.packages.map(({ text }) => text)

describe('the layer', () => {
  it.each([
    [''],
    ['numpy\ntorch>=2.0\nscikit-learn>=1.2,<2\nPyYAML\nPillow==11.1.0\n'],
    ['torch==2.6.0\ntorch==2.6.0+cpu\ntensorflow>=2.10\ntensorflow-cpu\ntensorflow-gpu>=2\nsklearn\n'],
    ['tensorflow[and-cuda]'],
    ['pywin32; sys_platform == "win32"\nnumpy<2; python_version < "3.9"\n'],
    ['--extra-index-url https://example.org\nnumpy\n'],
  ])('is none when the image has it all: %j', (requirements) => {
    expect(layer(requirements)).toBeNull()
  })

  it('has only what is missing, and holds what must stay as it is', () => {
    expect(layer('-i https://example.org/simple\nnumpy>=1.20\ntimm==1.0\nopencv-python\n')).toEqual({
      packages: [
        { text: 'timm==1.0', file: 'requirements.txt', line: 3 },
        { text: 'opencv-python', file: 'requirements.txt', line: 4 },
      ],
      options: ['-i https://example.org/simple'],
      constraints: [
        'torch==2.6.0+debian',
        'torchvision==0.21.0',
        'tensorflow-cpu==2.21.0',
        'tensorflow==2.21.0',
        'keras==3.15.1',
        'scikit-learn==1.4.2',
        'numpy>=1.20',
      ],
      system: ['libgl1', 'libglib2.0-0t64'],
      paths: [],
    })
  })

  it('has a pinned framework as asked, with what is fitted to it', () => {
    const made = layer('torch==2.8.0\ntorchvision\nnumpy\n')
    expect(textsOf(made)).toEqual(['torch==2.8.0', 'torchvision'])
    expect(made?.constraints.join()).not.toMatch(/torch/)
    const fitted = layer('torch\ntorchvision==0.20.0\n')
    expect(textsOf(fitted)).toEqual(['torchvision==0.20.0'])
    expect(fitted?.constraints.join()).not.toMatch(/torch/)
    expect(textsOf(layer('tensorflow-gpu==2.20\n'))).toEqual(['tensorflow==2.20', 'keras'])
    expect(layer('tensorflow-gpu==2.20\n')?.constraints.join()).not.toMatch(/tensorflow|keras/)
  })

  it('has git for what comes from a repository', () => {
    const made = layer('git+https://github.com/x/clip.git\n')
    expect(made).toMatchObject({ packages: [{ text: 'git+https://github.com/x/clip.git' }], system: ['git'] })
  })

  it('has an extra of a package that is there, since what it brings is not known', () => {
    expect(textsOf(layer('torch[opt-einsum]\n'))).toEqual(['torch[opt-einsum]', 'torchvision'])
  })

  it("has a file's constraints, one for a package", () => {
    const made = layer('rich\n-c pins.txt\n', { 'pins.txt': 'rich<14\nnumpy<3\ntorch<3\n' })
    expect(made?.constraints).toEqual(expect.arrayContaining(['rich<14', 'numpy<3', 'torch==2.6.0+debian']))
    expect(made?.constraints).not.toContain('torch<3')
  })

  it('may be the path of the repository alone', () => {
    expect(layer('-e .\nnumpy\n')).toEqual({
      ...{ packages: [], options: [], constraints: [], system: [], paths: [''] },
    })
  })
})

describe('a lean layer', () => {
  it('has what the program imports, whatever the package is called', () => {
    const whole = layer(
      'grpcio==1.32\nscikit-image==0.1\nopencv-contrib-python\ntimm==0.1\ntensorflow-gpu==2.4\n',
    )
    const imported = ['skimage.io', 'cv2', 'timm', 'tensorflow.keras', 'os']
    expect(textsOf(leanLayer(whole as ImageLayer, imported))).toEqual([
      'scikit-image==0.1',
      'opencv-contrib-python',
      'timm==0.1',
      'tensorflow==2.4',
    ])
  })

  it('is none where nothing would be left out', () => {
    expect(leanLayer(layer('timm==0.1\n') as ImageLayer, ['timm.models'])).toBeNull()
  })
})
