import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commitFiles, git, makeRepository } from '../helpers/git.ts'
import { adapter, failureOf, folder, plain, unpack, workspaceOf } from './support.ts'

const owner = { uid: 1000, gid: 1001 }
const bytes = (text: string) => Buffer.from(text)
const statusOf = (workspace: string) => git(workspace, 'status', '--porcelain')

describe('createWorkspace', () => {
  test('makes a work tree on the branch at the commit', async () => {
    const source = makeRepository(folder('source'), { 'train.py': 'lr = 0.1\n' })
    const { workspace, commit } = await workspaceOf(source)
    expect(commit).toEqual({ sha: source.sha, author: 'Ada <ada@example.org>', message: 'First commit' })
    expect(git(workspace, 'symbolic-ref', '--short', 'HEAD')).toBe('hone/run-1')
    expect(git(workspace, 'rev-parse', 'HEAD', 'trial-0').split('\n')).toEqual([source.sha, source.sha])
    expect(readFileSync(join(workspace, 'train.py'), 'utf8')).toBe('lr = 0.1\n')
    expect(statusOf(workspace)).toBe('')
  })

  test('keeps one that is complete, with its trials', async () => {
    const source = makeRepository(folder('source'), { 'train.py': 'lr = 0.1\n' })
    const { git: one, workspace, mirror, settings } = await workspaceOf(source)
    const trial = await one.commitTrial(workspace, 1, { 'train.py': bytes('lr = 0.2\n') }, 'trial 1')
    rmSync(mirror, { recursive: true })
    await one.createWorkspace(workspace, mirror, source.sha, 'hone/run-1', settings)
    expect(git(workspace, 'rev-parse', 'HEAD')).toBe(trial.sha)
  })

  test.each([
    ['an empty folder', (path: string) => mkdirSync(path)],
    [
      'a .git without a commit',
      (path: string) => {
        mkdirSync(path)
        git(path, 'init', '--quiet')
      },
    ],
    [
      'a half-made one beside it',
      (path: string) => {
        mkdirSync(join(`${path}.making`, '.git'), { recursive: true })
        writeFileSync(join(`${path}.making`, '.git', 'index.lock'), '')
      },
    ],
  ])('replaces what a kill left: %s', async (_, leave) => {
    const source = makeRepository(folder('source'), { 'train.py': 'lr = 0.1\n' })
    const { git: one, mirror } = await workspaceOf(source)
    const path = folder('workspace')
    leave(path)
    await one.createWorkspace(path, mirror, source.sha, 'hone/run-1', { ...plain, url: source.path })
    expect(statusOf(path)).toBe('')
    expect(existsSync(`${path}.making`)).toBe(false)
  })

  test('never runs a hook or a filter, of the repository or of the person', async () => {
    const proof = folder('proof')
    const run = `#!/bin/sh\ntouch ${proof}\ncat\n`
    const hooks = folder()
    for (const name of [
      'post-checkout',
      'reference-transaction',
      'pre-commit',
      'post-commit',
      'post-index-change',
    ]) {
      writeFileSync(join(hooks, name), run, { mode: 0o755 })
    }
    writeFileSync(join(hooks, 'filter'), run, { mode: 0o755 })
    const template = folder()
    mkdirSync(join(template, 'hooks'))
    writeFileSync(join(template, 'hooks', 'post-checkout'), run, { mode: 0o755 })
    const config = folder('gitconfig')
    writeFileSync(
      config,
      `[core]\n\thooksPath = ${hooks}\n\tfsmonitor = ${hooks}/filter\n[init]\n\ttemplateDir = ${template}\n` +
        `[filter "evil"]\n\tsmudge = ${hooks}/filter\n\tclean = ${hooks}/filter\n\trequired = true\n` +
        `[diff "evil"]\n\ttextconv = ${hooks}/filter\n\tcommand = ${hooks}/filter\n[diff]\n\texternal = ${hooks}/filter\n` +
        `[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = ${hooks}/filter\n`,
    )
    const source = makeRepository(folder('source'), {
      '.gitattributes': '* filter=evil diff=evil\n',
      'train.py': 'lr = 0.1\n',
    })
    const { git: one, workspace } = await workspaceOf(source, {}, adapter({ GIT_CONFIG_GLOBAL: config }))
    const { diff } = await one.commitTrial(workspace, 1, { 'train.py': bytes('lr = 0.2\n') }, 'trial 1')
    expect(diff).toContain('+lr = 0.2')
    await unpack(one.archive(workspace, source.sha, owner))
    expect(existsSync(proof)).toBe(false)
  })

  test('follows submodules only when it is told to', async () => {
    const inner = makeRepository(folder('inner'), { 'model.py': 'x = 1\n' })
    const source = makeRepository(folder('source'), { 'train.py': '' })
    git(
      source.path,
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      inner.path,
      'lib/inner',
    )
    const sha = commitFiles(source.path, {}, 'With a submodule')
    const without = await workspaceOf({ ...source, sha })
    const bare = await unpack(without.git.archive(without.workspace, sha, owner))
    expect(bare['lib/inner/']?.type).toBe('directory')
    expect(bare['lib/inner/model.py']).toBeUndefined()

    const followed = await workspaceOf({ ...source, sha }, { submodules: true })
    const all = await unpack(followed.git.archive(followed.workspace, sha, owner))
    expect(all['lib/inner/model.py']?.content.toString()).toBe('x = 1\n')
  })

  test('is removed', async () => {
    const source = makeRepository(folder('source'), { 'train.py': '' })
    const { git: one, workspace } = await workspaceOf(source)
    await one.removeWorkspace(workspace)
    await one.removeWorkspace(workspace)
    expect(existsSync(workspace)).toBe(false)
  })
})

describe('files of a commit', () => {
  const odd = {
    '-rf': 'dash',
    'a b.py': 'space',
    'größe/日本.py': 'utf8',
    'line\nbreak.py': 'newline',
    ':(glob)*.py': 'magic',
    '"quoted"\t.py': 'tab',
    [`${'deep/'.repeat(40)}end.py`]: 'long',
  }

  test('have any name', async () => {
    const { git: one, workspace, commit } = await workspaceOf(makeRepository(folder('source'), odd))
    const list = await one.listFiles(workspace, commit.sha)
    expect(Object.fromEntries(list.map(({ path, size }) => [path, size]))).toEqual(
      Object.fromEntries(Object.entries(odd).map(([path, text]) => [path, text.length])),
    )
    for (const [path, text] of Object.entries(odd)) {
      expect((await one.readFile(workspace, commit.sha, path)).toString()).toBe(text)
    }
    const read = await one.readFiles(workspace, commit.sha, Object.keys(odd))
    expect(Object.fromEntries([...read].map(([path, content]) => [path, content.toString()]))).toEqual(odd)
    const entries = await unpack(one.archive(workspace, commit.sha, owner))
    for (const [path, text] of Object.entries(odd)) expect(entries[path]?.content.toString()).toBe(text)
    const changed = await one.commitTrial(
      workspace,
      1,
      Object.fromEntries(Object.keys(odd).map((path) => [path, bytes('new')])),
      'all',
    )
    expect((await one.listFiles(workspace, changed.sha)).length).toBe(list.length)
    expect((await one.readFile(workspace, changed.sha, 'line\nbreak.py')).toString()).toBe('new')
  })

  test('are only regular files', async () => {
    const source = makeRepository(folder('source'), { 'a.py': 'x', 'b.py': { link: 'a.py' }, 'lib/c.py': '' })
    const { git: one, workspace } = await workspaceOf(source)
    expect(await one.listFiles(workspace, source.sha)).toEqual([
      { path: 'a.py', size: 1 },
      { path: 'lib/c.py', size: 0 },
    ])
    for (const path of ['b.py', 'lib', 'none.py', '../a.py', '', '.']) {
      expect(await failureOf(one.readFile(workspace, source.sha, path)), path).toBe('user file-missing')
      const several = one.readFiles(workspace, source.sha, ['a.py', path])
      expect(await failureOf(several), path).toBe('user file-missing')
    }
  })
})

describe('archive', () => {
  test('holds every file, owned by whom it should be', async () => {
    const big = Buffer.alloc(3_000_000, 'abcdefg')
    const source = makeRepository(folder('source'), {
      '.gitattributes': '*.csv export-ignore\n* text=auto eol=crlf\n',
      '.gitignore': '*.csv\n',
      'data/train.csv': 'a,b\n1,2\n',
      'big.bin': big,
      'empty.py': '',
      'run.sh': { executable: '#!/bin/sh\n' },
    })
    const { git: one, workspace } = await workspaceOf(source)
    const entries = await unpack(one.archive(workspace, source.sha, owner))
    expect(Object.keys(entries).sort()).toEqual(
      [
        './',
        '.gitattributes',
        '.gitignore',
        'big.bin',
        'data/',
        'data/train.csv',
        'empty.py',
        'run.sh',
      ].sort(),
    )
    for (const { uid, gid } of Object.values(entries)) expect({ uid, gid }).toEqual(owner)
    expect(entries['big.bin']?.content.equals(big)).toBe(true)
    expect(entries['data/train.csv']?.content.toString()).toBe('a,b\n1,2\n')
    expect(entries['data/']).toMatchObject({ type: 'directory', mode: 0o755 })
    expect(entries['empty.py']).toMatchObject({ type: 'file', mode: 0o644 })
    expect(entries['run.sh']?.mode).toBe(0o755)
  })

  test('keeps links that stay inside, and no others', async () => {
    const source = makeRepository(folder('source'), {
      'data/a.csv': '1',
      'a.csv': { link: 'data/a.csv' },
      'data/up.csv': { link: '../data/a.csv' },
      absolute: { link: '/etc/passwd' },
      out: { link: '../outside' },
      'data/out': { link: '../../outside' },
    })
    const { git: one, workspace } = await workspaceOf(source)
    const entries = await unpack(one.archive(workspace, source.sha, owner))
    const links = Object.entries(entries).filter(([, { type }]) => type === 'symlink')
    expect(Object.fromEntries(links.map(([name, { linkname }]) => [name, linkname]))).toEqual({
      'a.csv': 'data/a.csv',
      'data/up.csv': '../data/a.csv',
    })
  })

  test('puts the large file in the place of its LFS pointer', async () => {
    const oid = 'ab'.repeat(32)
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 5\n`
    const source = makeRepository(folder('source'), {
      'model.bin': pointer,
      'other.bin': pointer.replaceAll('ab', 'cd'),
    })
    const { git: one, workspace } = await workspaceOf(source)
    const objects = join(workspace, '.git/lfs/objects/ab/ab')
    mkdirSync(objects, { recursive: true })
    writeFileSync(join(objects, oid), 'large')
    const entries = await unpack(one.archive(workspace, source.sha, owner))
    expect(entries['model.bin']?.content.toString()).toBe('large')
    expect(entries['other.bin']?.content.toString()).toContain('git-lfs')
  })

  test('ends with an error when there is no such commit', async () => {
    const { git: one, workspace } = await workspaceOf(makeRepository(folder('source'), { 'a.py': '' }))
    await expect(unpack(one.archive(workspace, 'e'.repeat(40), owner))).rejects.toThrow()
  })

  test('can be left half-read', async () => {
    const files = Object.fromEntries([...Array(50).keys()].map((n) => [`${n}.bin`, Buffer.alloc(200_000, n)]))
    const { git: one, workspace, commit } = await workspaceOf(makeRepository(folder('source'), files))
    const tar = one.archive(workspace, commit.sha, owner)
    for await (const _ of tar) break
    expect((tar as import('node:stream').Readable).destroyed).toBe(true)
    expect(Object.keys(await unpack(one.archive(workspace, commit.sha, owner))).length).toBe(51)
  })
})
