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

describe('commitTrial', () => {
  const start = () =>
    workspaceOf(
      makeRepository(folder('source'), {
        'train.py': 'lr = 0.1\nepochs = 3\n',
        'model.py': 'hidden = 8\n',
        'run.sh': { executable: '#!/bin/sh\n' },
      }),
    )

  test('changes only the given files, from trial 0 on, each time', async () => {
    const { git: one, workspace, commit } = await start()
    const first = await one.commitTrial(
      workspace,
      1,
      { 'train.py': bytes('lr = 0.2\nepochs = 3\n') },
      'trial 1: lr',
    )
    const second = await one.commitTrial(
      workspace,
      2,
      { 'model.py': bytes('hidden = 9\n') },
      'trial 2: hidden',
    )
    expect(git(workspace, 'diff', '--name-only', 'trial-0', 'trial-2')).toBe('model.py')
    expect(git(workspace, 'log', '--format=%H', 'hone/run-1').split('\n')).toEqual([
      second.sha,
      first.sha,
      commit.sha,
    ])
    expect(git(workspace, 'log', '-1', '--format=%an <%ae> %cn <%ce> %s')).toBe(
      'Hone <hone@localhost> Hone <hone@localhost> trial 2: hidden',
    )
    expect(first.diff).toBe(`${git(workspace, 'diff', '--full-index', 'trial-0', 'trial-1')}\n`)
    expect(first.diff).toMatch(/^diff --git a\/train.py b\/train.py\n/)
    expect(first.diff).toContain('-lr = 0.1\n+lr = 0.2\n epochs = 3\n')
    expect(readFileSync(join(workspace, 'model.py'), 'utf8')).toBe('hidden = 9\n')
    expect(statusOf(workspace)).toBe('')
  })

  test('answers the same commit again', async () => {
    const { git: one, workspace } = await start()
    const again = () => one.commitTrial(workspace, 1, { 'train.py': bytes('lr = 0.2\n') }, 'trial 1')
    const first = await again()
    expect(await again()).toEqual(first)
    expect(git(workspace, 'rev-list', '--count', 'HEAD')).toBe('2')
  })

  test.each([
    ['the branch', (_workspace: string, _before: string) => {}],
    [
      'the tag alone',
      (workspace: string, before: string) => git(workspace, 'update-ref', 'refs/heads/hone/run-1', before),
    ],
  ])('replaces a commit of other values that a kill left on %s', async (_where, leave) => {
    const { git: one, workspace } = await start()
    const first = await one.commitTrial(workspace, 1, { 'train.py': bytes('lr = 0.2\n') }, 'trial 1')
    const left = await one.commitTrial(workspace, 2, { 'train.py': bytes('lr = 0.3\n') }, 'trial 2')
    leave(workspace, first.sha)
    const other = await one.commitTrial(workspace, 2, { 'model.py': bytes('hidden = 9\n') }, 'trial 2, other')
    expect(other.sha).not.toBe(left.sha)
    expect(other.diff).toContain('+hidden = 9')
    expect(other.diff).not.toContain('lr = 0.3')
    expect(git(workspace, 'rev-parse', 'trial-1', 'trial-2').split('\n')).toEqual([first.sha, other.sha])
    expect(git(workspace, 'log', '--format=%s').split('\n')).toEqual([
      'trial 2, other',
      'trial 1',
      'First commit',
    ])
    expect(statusOf(workspace)).toBe('')
  })

  test('brings the branch after the tag when a kill came in between', async () => {
    const { git: one, workspace, commit } = await start()
    const first = await one.commitTrial(workspace, 1, { 'train.py': bytes('lr = 0.2\n') }, 'trial 1')
    git(workspace, 'update-ref', 'refs/heads/hone/run-1', commit.sha)
    for (const lock of ['index.lock', 'HEAD.lock', 'refs/heads/hone/run-1.lock', 'refs/tags/trial-2.lock']) {
      writeFileSync(join(workspace, '.git', lock), '')
    }
    expect(await one.commitTrial(workspace, 1, { 'train.py': bytes('lr = 0.2\n') }, 'trial 1')).toEqual(first)
    expect(git(workspace, 'rev-parse', 'HEAD')).toBe(first.sha)
    await one.commitTrial(workspace, 2, { 'train.py': bytes('lr = 0.3\n') }, 'trial 2')
    expect(git(workspace, 'log', '--format=%s').split('\n')).toEqual(['trial 2', 'trial 1', 'First commit'])
  })

  test('may be asked for a trial with no change', async () => {
    const { git: one, workspace, commit } = await start()
    const { sha, diff } = await one.commitTrial(workspace, 1, {}, 'another seed')
    expect(diff).toBe('')
    expect(sha).not.toBe(commit.sha)
  })

  test('commits trials asked for at the same time', async () => {
    const { git: one, workspace } = await start()
    const shas = await Promise.all(
      [1, 2, 3, 4].map((number) =>
        one.commitTrial(workspace, number, { 'train.py': bytes(`lr = ${number}\n`) }, `trial ${number}`),
      ),
    )
    expect(git(workspace, 'rev-list', '--count', 'HEAD')).toBe('5')
    expect(shas.map(({ diff }) => /\+lr = (\d)/.exec(diff)?.[1])).toEqual(['1', '2', '3', '4'])
  })

  test('keeps bytes, line ends and modes', async () => {
    const source = makeRepository(folder('source'), {
      '.gitattributes': '*.py text eol=lf\n*.txt ident export-subst\n',
      'other.py': 'a = 1\n',
      'run.sh': { executable: '#!/bin/sh\necho 1\n' },
    })
    git(source.path, 'config', 'core.autocrlf', 'false')
    const crlf = Buffer.from('a = 1\r\nb = "ü"\r\n# \xff'.normalize(), 'latin1')
    const { git: one, workspace } = await workspaceOf(source)
    const { sha } = await one.commitTrial(
      workspace,
      1,
      { 'other.py': crlf, 'run.sh': bytes('#!/bin/sh\necho 2\n'), 'note.txt': bytes('$Id$ $Format:%H$\n') },
      'trial 1',
    )
    expect(await one.readFile(workspace, sha, 'other.py')).toEqual(crlf)
    expect(await one.readFile(workspace, source.sha, 'other.py')).toEqual(bytes('a = 1\n'))
    const entries = await unpack(one.archive(workspace, sha, owner))
    expect(entries['other.py']?.content).toEqual(crlf)
    expect(entries['run.sh']?.mode).toBe(0o755)
    expect(entries['note.txt']?.content.toString()).toBe('$Id$ $Format:%H$\n')
    expect(readFileSync(join(workspace, 'other.py'))).toEqual(crlf)
    expect(git(workspace, 'diff', '--name-only', 'trial-0', sha).split('\n')).toEqual([
      'note.txt',
      'other.py',
      'run.sh',
    ])
  })

  test('writes only inside the repository', async () => {
    const source = makeRepository(folder('source'), { 'link.py': { link: '/etc/passwd' }, 'lib/a.py': '' })
    const { git: one, workspace } = await workspaceOf(source)
    for (const path of ['../x.py', '/x.py', '.git/config', 'lib/.GIT/config', 'a//b', 'link.py', 'lib', '']) {
      expect(await failureOf(one.commitTrial(workspace, 1, { [path]: bytes('x') }, 'x')), path).toBe(
        'system bad-path',
      )
    }
  })

  test('refuses a folder that is no workspace, even inside another repository', async () => {
    const outer = makeRepository(folder('outer'), { 'a.py': '' })
    const inner = join(outer.path, 'workspace')
    mkdirSync(inner)
    await expect(adapter().commitTrial(inner, 1, { 'a.py': bytes('x') }, 'x')).rejects.toThrow()
    expect(git(outer.path, 'rev-parse', 'HEAD')).toBe(outer.sha)
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
