import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { git, makeRepository } from '../helpers/git.ts'
import { failureOf, folder, workspaceOf } from './support.ts'

const bytes = (text: string) => Buffer.from(text)

test('what leads from one trial to another is a patch that git applies, in either direction', async () => {
  const source = makeRepository(folder('source'), {
    'train.py': 'lr = 0.1\nepochs = 3\n',
    'my notes.txt': 'x\n',
  })
  const { git: one, workspace, commit } = await workspaceOf(source)
  const first = await one.commitTrial(
    workspace,
    1,
    { 'train.py': bytes('lr = 0.2\nepochs = 3\n') },
    'trial 1',
  )
  const files = { 'train.py': bytes('lr = 0.3\nepochs = 9\n'), 'my notes.txt': bytes('y') }
  const second = await one.commitTrial(workspace, 2, files, 'trial 2')
  expect(await one.diff(workspace, commit.sha, second.sha)).toBe(second.diff)
  expect(await one.diff(workspace, first.sha, first.sha)).toBe('')

  for (const [from, to] of [
    [first.sha, second.sha],
    [second.sha, first.sha],
  ] as const) {
    const patch = folder('between.patch')
    writeFileSync(patch, await one.diff(workspace, from, to))
    const clone = folder('clone')
    git(workspace, 'clone', '--quiet', '--no-local', workspace, clone)
    git(clone, 'checkout', '--quiet', from)
    git(clone, 'apply', '--index', patch)
    expect(git(clone, 'write-tree')).toBe(git(workspace, 'rev-parse', `${to}^{tree}`))
  }
  expect(await failureOf(one.diff(workspace, first.sha, 'f'.repeat(40)))).toMatch(/^system /)
})

test('a diff that is larger than is asked for ends git', async () => {
  const source = makeRepository(folder('source'), { 'train.py': 'lr = 0.1\n', 'data.csv': 'x\n' })
  const { git: one, workspace, commit } = await workspaceOf(source)
  const data = bytes(Array.from({ length: 20_000 }, (_, row) => `${row}\n`).join(''))
  const { sha } = await one.commitTrial(workspace, 1, { 'data.csv': data }, 'trial 1')
  const within = (maxBytes: number) => one.diff(workspace, commit.sha, sha, undefined, { maxBytes })
  expect(await within(1_000_000)).toContain('+19999')
  expect(await failureOf(within(50_000))).toMatch(/^user git-output-too-large/)
  const left = one.diff(workspace, commit.sha, sha, undefined, {
    signal: AbortSignal.abort(new Error('left')),
  })
  await expect(left).rejects.toThrow('left')
})
