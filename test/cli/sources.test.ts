import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mentionsOf } from '../../src/cli/sources/imports.ts'
import { loadSources } from '../../src/cli/sources.ts'
import { HoneError } from '../../src/domain/failure.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-sources-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}
const pathsOf = async (path: string) =>
  (await loadSources(join(folder, path))).files.map((file) => file.path).sort()
const codeOf = (path: string) =>
  loadSources(join(folder, path)).then(
    () => null,
    (error) => (error instanceof HoneError ? error.failure.code : error),
  )

describe('a folder', () => {
  it('is read as a commit of it would be: no ignored files, no foreign code, no links, no data', async () => {
    write({
      'train.py': '',
      'notes/explore.ipynb': '{}',
      'conf/base.yaml': '',
      Makefile: '',
      'README.md': '',
      'data/images/1.csv': '',
      'data/notes.txt': '',
      'venv/lib/x.py': '',
      'old/train.py': '',
      '.gitignore': 'old/\n*_tmp.py\n',
      'a_tmp.py': '',
    })
    symlinkSync('/etc/hostname', join(folder, 'link.py'))
    symlinkSync(tmpdir(), join(folder, 'outside'))
    expect(await pathsOf('.')).toEqual([
      'Makefile',
      'README.md',
      'conf/base.yaml',
      'notes/explore.ipynb',
      'train.py',
    ])
  })

  it('of a repository is read as it lies there, committed or not', async () => {
    write({ 'a.py': '', 'b.py': '' })
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'ignore' })
    git('init', '--quiet')
    git('add', 'a.py')
    expect(await pathsOf('.')).toEqual(['a.py', 'b.py'])
  })

  it('may have the path patterns of git in its name', async () => {
    write({ '*[a] b/train.py': '' })
    expect(await pathsOf('*[a] b')).toEqual(['train.py'])
  })

  it('has the settings of its hone.yaml', async () => {
    write({ 'hone.yaml': 'entry: a.py\nargs: [--fast]\n', 'a.py': '' })
    expect((await loadSources(folder)).hints).toEqual({ entry: 'a.py', args: ['--fast'] })
  })

  it('with a wrong hone.yaml is refused with its line', async () => {
    write({ 'hone.yaml': 'trials: many\n' })
    expect(await codeOf('.')).toBe('hone-yaml')
  })

  it('with too many files is refused', async () => {
    write(Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`m${index}.py`, ''])))
    expect(await codeOf('.')).toBe('too-many-files')
  })
})

describe('a script', () => {
  it('comes with what it imports, in its folder and up to the root, and the configuration that it names', async () => {
    write({
      '.git/HEAD': '',
      'src/net/train.py':
        "import os, helper\nfrom shared.data import load\nfrom . import layers\nimport yaml\ncfg = yaml.safe_load(open('conf/base.yaml'))\n",
      'src/net/helper.py': 'from shared import (\n  deep,  # and more\n)\n',
      'src/net/layers.py': '',
      'src/net/unused.py': '',
      'shared/__init__.py': '',
      'shared/data.py': '',
      'shared/deep.py': 'import helper2\n',
      'conf/base.yaml': '',
      'conf/other.yaml': '',
      'other.py': '',
    })
    const { files, hints } = await loadSources(join(folder, 'src/net/train.py'))
    expect(hints.entry).toBe('src/net/train.py')
    expect(files.map(({ path }) => path).sort()).toEqual([
      'conf/base.yaml',
      'shared/__init__.py',
      'shared/data.py',
      'shared/deep.py',
      'src/net/helper.py',
      'src/net/layers.py',
      'src/net/train.py',
    ])
  })

  it('finds a configuration by the end of its path, and that of Hydra', async () => {
    write({
      'train.py':
        "p = os.path.join(here, 'params.yaml')\n@hydra.main(config_path='hy', config_name='main')\ndef main(c): ...\n",
      'a/b/params.yaml': '',
      'hy/main.yaml': '',
      'venv/params.yaml': '',
    })
    expect(await pathsOf('train.py')).toEqual(['a/b/params.yaml', 'hy/main.yaml', 'train.py'])
  })

  it('comes with modules of a folder that it adds to the path', async () => {
    write({
      '.git/HEAD': '',
      'run/train.py':
        "sys.path.append(os.path.join(here, '..', 'lib'))\nsys.path.insert(0, '/etc')\nfrom tools import x\n",
      'lib/tools/__init__.py': '',
    })
    expect(await pathsOf('run/train.py')).toEqual(['lib/tools/__init__.py', 'run/train.py'])
  })

  it('without a repository has its own folder as the root', async () => {
    write({ 'a/train.py': 'import up\n', 'up.py': '' })
    expect(await pathsOf('a/train.py')).toEqual(['train.py'])
  })

  it('does not follow a link out of the root', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'hone-outside-'))
    writeFileSync(join(outside, 'secret.py'), '')
    write({ 'train.py': 'import secret\nfrom pkg import secret\n' })
    symlinkSync(join(outside, 'secret.py'), join(folder, 'secret.py'))
    symlinkSync(outside, join(folder, 'pkg'))
    expect(await pathsOf('train.py')).toEqual(['train.py'])
    rmSync(outside, { recursive: true })
  })

  it('in a folder that the root would take for foreign code is its own root', async () => {
    write({ '.git/HEAD': '', 'build/lib/train.py': '' })
    expect(await pathsOf('build/lib/train.py')).toEqual(['train.py'])
  })

  it('imports itself and others in circles', async () => {
    write({ 'a.py': 'import a, b\n', 'b.py': 'import a\n' })
    expect(await pathsOf('a.py')).toEqual(['a.py', 'b.py'])
  })

  it('takes from hone.yaml what holds for it, not what is said about another entry', async () => {
    write({
      '.git/HEAD': '',
      'hone.yaml': 'entry: b.py\nargs: [1]\nframework: keras\nseed: 3\n',
      'a.py': '',
      'b.py': '',
    })
    expect((await loadSources(join(folder, 'a.py'))).hints).toEqual({ entry: 'a.py', seed: 3 })
    expect((await loadSources(join(folder, 'b.py'))).hints).toMatchObject({
      entry: 'b.py',
      args: ['1'],
      framework: 'keras',
    })
  })

  it('that is too large has that as its problem', async () => {
    write({ 'big.py': 'x = 1\n'.repeat(200_000) })
    const { files } = await loadSources(join(folder, 'big.py'))
    expect(files[0]?.problem?.failure.code).toBe('source-too-large')
  })
})

describe('what is nothing to analyse', () => {
  it('is said so', async () => {
    write({ 'notes.txt': '' })
    expect(await codeOf('nothing.py')).toBe('path-missing')
    expect(await codeOf('notes.txt/train.py')).toBe('path-missing')
    expect(await codeOf('notes.txt')).toBe('no-script')
  })
})

it('reads imports as they are written', () => {
  const text =
    'import a.b as c, d; import e\nfrom ..f import (g as h,\n  i)\nif x: from j import *\nfrom \\\n  k import l\n'
  expect(mentionsOf(text).modules).toEqual([
    { level: 0, dotted: 'a.b', names: [] },
    { level: 0, dotted: 'd', names: [] },
    { level: 0, dotted: 'e', names: [] },
    { level: 2, dotted: 'f', names: ['g', 'i'] },
    { level: 0, dotted: 'j', names: [] },
    { level: 0, dotted: 'k', names: ['l'] },
  ])
})
