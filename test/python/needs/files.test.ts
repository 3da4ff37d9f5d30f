import { describe, expect, it } from 'vitest'
import { HoneError } from '../../../src/domain/failure.ts'
import { mayNameNeeds, readNeeds } from '../../../src/python/needs/read.ts'
import { includedBy } from '../../../src/python/needs/requirements-file.ts'

const read = (files: Record<string, string>, entry = 'train.py') =>
  readNeeds(entry, (path) => files[path] ?? null)
const texts = (files: Record<string, string>, entry?: string) =>
  read(files, entry).requirements.map(({ text }) => text)

function failureOf(call: () => unknown) {
  try {
    call()
  } catch (error) {
    if (error instanceof HoneError) return error.failure
  }
  throw new Error('expected a HoneError')
}

describe('requirements.txt', () => {
  it('is read with comments, joined lines, markers, extras, hashes and addresses', () => {
    const text = [
      '\uFEFF# what it needs',
      'einops',
      'numpy >= 1.20, < 3  # arrays',
      'PyYAML==6.0 \\',
      '    --hash=sha256:abc \\',
      '    --hash=sha256:def',
      'pywin32; sys_platform == "win32"',
      'Transformers[torch]~=4.30',
      'timm @ git+https://github.com/x/timm@v1',
      'git+https://github.com/x/clip.git#egg=my_clip',
      'https://example.org/a-1.0.tar.gz',
      'old (>=1.0)',
      'frozen @ file:///home/conda/feedstock_root/frozen-1.0',
      'python==3.8',
      '',
    ].join('\r\n')
    const { requirements } = read({ 'requirements.txt': text })
    expect(requirements).toMatchObject([
      { name: 'einops', specifier: '', line: 2, file: 'requirements.txt' },
      { name: 'numpy', specifier: '>= 1.20, < 3', line: 3 },
      { name: 'pyyaml', specifier: '==6.0', line: 4, text: 'PyYAML==6.0' },
      { name: 'pywin32', marker: 'sys_platform == "win32"' },
      { name: 'transformers', extras: ['torch'], specifier: '~=4.30' },
      { name: 'timm', url: 'git+https://github.com/x/timm@v1' },
      { name: 'my-clip', url: 'git+https://github.com/x/clip.git#egg=my_clip' },
      { name: null, url: 'https://example.org/a-1.0.tar.gz' },
      { name: 'old', specifier: '>=1.0' },
      { name: 'frozen', specifier: '', url: null, text: 'frozen' },
    ])
  })

  it('is read with what it includes, its options and its constraints', () => {
    const needs = read({
      'requirements.txt':
        '--extra-index-url https://example.org/simple\n-r requirements/more.txt\n-c pins.txt\n-e .\n./lib[extra]\nother/.\n',
      'requirements/more.txt': '-r ../requirements.txt\nrich\n',
      'pins.txt': 'rich<14\n',
    })
    expect(needs.requirements).toMatchObject([{ name: 'rich', file: 'requirements/more.txt', line: 2 }])
    expect(needs.constraints).toMatchObject([{ name: 'rich', specifier: '<14' }])
    expect(needs.options).toEqual(['--extra-index-url https://example.org/simple'])
    expect(needs.paths).toEqual(['', 'lib', 'other'])
    expect(includedBy('a/requirements.txt', '-r ../b.txt\n--constraint=c.txt\nrich\n')).toEqual([
      'b.txt',
      'a/c.txt',
    ])
  })

  it.each([
    ['rich\n-r more.txt\n', 2, /includes more\.txt/],
    ['rich==\n', 1, /no requirement: rich==/],
    ['import rich\n', 1, /no requirement/],
    ['../other\n', 1, /outside of the repository/],
    ['/home/ada/lib\n', 1, /outside of the repository/],
    ['./wheels/a-1.0-py3-none-any.whl\n', 1, /package file/],
  ])('that is wrong is named with its line: %j', (text, line, message) => {
    expect(failureOf(() => read({ 'requirements.txt': text }))).toMatchObject({
      ...{ kind: 'user', code: 'requirements', file: 'requirements.txt', line },
      message: expect.stringMatching(message),
    })
  })
})

describe('pyproject.toml', () => {
  it('gives its dependencies; with a build system the repository is a package', () => {
    const text =
      '[build-system]\nrequires = ["hatchling"]\n\n[project]\nname = "x"\ndependencies = [\n  "rich>=13",\n  "einops",\n]\n'
    expect(read({ 'pyproject.toml': text })).toMatchObject({
      requirements: [
        { name: 'rich', specifier: '>=13', line: 7, file: 'pyproject.toml' },
        { name: 'einops', line: 8 },
      ],
      paths: [''],
    })
  })

  it("gives Poetry's", () => {
    const text =
      '[tool.poetry.dependencies]\npython = "^3.9"\nrich = "^13.2"\neinops = "~0.7.1"\ntabulate = "*"\nzero = "^0.0.3"\nexact = "1.2"\ntimm = { version = ">=0.9", optional = true }\n'
    expect(texts({ 'pyproject.toml': text })).toEqual([
      'rich>=13.2,<14',
      'einops>=0.7.1,<0.8',
      'tabulate',
      'zero>=0.0.3,<0.0.4',
      'exact==1.2',
      'timm>=0.9',
    ])
  })

  it.each([
    ['[project]\ndependencies = ["what is this"]\n', 2],
    ['[project]\ndependencies = [\n', 3],
  ])('that is wrong is named: %j', (text, line) => {
    expect(failureOf(() => read({ 'pyproject.toml': text }))).toMatchObject({
      ...{ code: 'requirements', file: 'pyproject.toml', line },
    })
  })
})

it('environment.yml gives its pip part, and of the rest what PyPI has', () => {
  const text = `name: x
channels: [conda-forge]
dependencies:
  - python=3.9
  - pip
  - cudatoolkit=11.3
  - libgcc-ng=9.1.0=hdf63c60_0
  - pytorch::pytorch
  - numpy=1.21
  - scipy==1.10.1
  - conda-forge::xgboost>=1.5
  - pandas=1.3.4=py39h_0
  - opencv
  - pip:
      - einops==0.7.0
      - -e .
`
  const { requirements, paths } = read({ 'environment.yml': text })
  expect(requirements.map(({ text: one }) => one)).toEqual([
    'torch',
    'numpy==1.21.*',
    'scipy==1.10.1',
    'xgboost>=1.5',
    'pandas==1.3.4.*',
    'opencv-python-headless',
    'einops==0.7.0',
  ])
  expect(requirements[1]).toMatchObject({ file: 'environment.yml', line: 9 })
  expect(paths).toEqual([''])
})

describe('of several files', () => {
  it('the nearest folder above the entry counts', () => {
    const files = { 'requirements.txt': 'rich', 'a/b/requirements.txt': 'einops', 'c/train.py': '' }
    expect(texts(files, 'a/b/c/train.py')).toEqual(['einops'])
    expect(texts(files, 'c/train.py')).toEqual(['rich'])
    expect(texts({}, 'c/train.py')).toEqual([])
  })

  it('requirements.txt goes before pyproject.toml, and both before environment.yml', () => {
    const environment = { 'environment.yml': 'dependencies:\n  - numpy\n' }
    const project = { 'pyproject.toml': '[project]\ndependencies = ["rich>=13", "einops"]\n' }
    expect(texts({ ...environment, ...project, 'requirements.txt': 'rich\n' })).toEqual(['rich', 'einops'])
    expect(texts({ ...environment, 'pyproject.toml': '[tool.black]\nline-length = 100\n' })).toEqual([
      'numpy',
    ])
  })

  it('only those are read', () => {
    const paths = [
      'a/requirements.txt',
      'requirements.txt',
      'pyproject.toml',
      'notes.txt',
      'my-requirements.txt',
    ]
    expect(paths.filter(mayNameNeeds)).toEqual(paths.slice(0, 3))
  })
})
