import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { git, makeRepository } from '../helpers/git.ts'
import { adapter, failureOf, folder, unpack, workspaceOf } from './support.ts'

const owner = { uid: 1000, gid: 1001 }
const bytes = (text: string) => Buffer.from(text)
const statusOf = (workspace: string) => git(workspace, 'status', '--porcelain')

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
