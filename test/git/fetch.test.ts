import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import type { HoneError } from '../../src/domain/failure.ts'
import { gitAdapter } from '../../src/git/adapter.ts'
import { commitFiles, git, gitTestEnvironment, makeRepository } from '../helpers/git.ts'
import { adapter, failureOf, folder, workspaceOf } from './support.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server for one test. */
async function answering(handler: RequestListener) {
  const server = createServer(handler)
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git` }
}

const files = { 'train.py': 'lr = 0.1\n' }
const commitCount = (repository: string, sha: string) => Number(git(repository, 'rev-list', '--count', sha))

/** A repository that gives out only what its refs point to, as servers of protocol 0 do. */
function strictRepository(path: string) {
  const made = makeRepository(path, files)
  git(path, 'config', '--unset', 'uploadpack.allowAnySHA1InWant')
  return made
}

describe('fetchCommit', () => {
  test('brings one commit without its history', async () => {
    const source = makeRepository(folder('source'), files)
    const second = commitFiles(source.path, { 'train.py': 'lr = 0.2\n' })
    const mirror = folder('mirror.git')
    await adapter().fetchCommit(mirror, pathToFileURL(source.path).href, 'refs/heads/main', second)
    expect(commitCount(mirror, second)).toBe(1)
  })

  test('brings an older commit of a branch that has moved on', async () => {
    const source = strictRepository(folder('source'))
    for (const value of [1, 2, 3]) commitFiles(source.path, { 'train.py': `lr = ${value}\n` })
    const mirror = folder('mirror.git')
    await adapter().fetchCommit(mirror, source.path, 'refs/heads/main', source.sha)
    expect(git(mirror, 'show', `${source.sha}:train.py`)).toBe('lr = 0.1')
  })

  test('asks the network only once for a commit', async () => {
    const source = makeRepository(folder('source'), files)
    const mirror = folder('mirror.git')
    await adapter().fetchCommit(mirror, source.path, 'refs/heads/main', source.sha)
    rmSync(source.path, { recursive: true })
    await adapter().fetchCommit(mirror, source.path, 'refs/heads/main', source.sha)
    expect(git(mirror, 'show', `${source.sha}:train.py`)).toBe('lr = 0.1')
  })

  test('fetches the same and different commits at the same time', async () => {
    const source = makeRepository(folder('source'), files)
    const shas = [source.sha, ...[1, 2, 3].map((value) => commitFiles(source.path, { 'a.py': `${value}` }))]
    const mirror = folder('mirror.git')
    const one = adapter()
    await Promise.all(
      [...shas, ...shas].map((sha) => one.fetchCommit(mirror, source.path, 'refs/heads/main', sha)),
    )
    expect(shas.map((sha) => git(mirror, 'cat-file', '-t', sha))).toEqual(shas.map(() => 'commit'))
  })

  test('says that a commit is gone', async () => {
    const source = makeRepository(folder('source'), files)
    const gone = 'd'.repeat(40)
    const promise = adapter().fetchCommit(folder('mirror.git'), source.path, 'refs/heads/main', gone)
    await expect(promise).rejects.toMatchObject({
      failure: { kind: 'user', code: 'commit-missing', message: expect.stringContaining(gone) },
    })
  })

  test('says that a commit of a deleted branch is gone', async () => {
    const source = makeRepository(folder('source'), files)
    const promise = adapter().fetchCommit(folder('m'), source.path, 'refs/heads/gone', 'd'.repeat(40))
    expect(await failureOf(promise)).toBe('user commit-missing')
  })

  test('says that there is no repository', async () => {
    const there = folder('nothing-here.git')
    expect(
      await failureOf(adapter().fetchCommit(folder('m'), there, 'refs/heads/main', 'a'.repeat(40))),
    ).toBe('user repository-not-found')
    expect(await failureOf(adapter().heads(there))).toBe('user repository-not-found')
  })

  test('waits for a host that does not answer', async () => {
    const away = 'http://127.0.0.1:1/x.git'
    expect(await failureOf(adapter().fetchCommit(folder('m'), away, 'refs/heads/main', 'a'.repeat(40)))).toBe(
      'unavailable git-host-unreachable',
    )
  })

  test('waits for git itself', async () => {
    const without = adapter({ PATH: folder() })
    expect(await failureOf(without.heads('/srv/x.git'))).toBe('unavailable git-missing')
  })

  test('runs nothing that stands in an address, a ref or a commit', async () => {
    const proof = folder('proof')
    const one = adapter()
    const command = `touch ${proof}`
    for (const url of [
      `ext::sh -c ${command}`,
      `--upload-pack=${command}`,
      `-c core.sshCommand=${command}`,
    ]) {
      expect(await failureOf(one.fetchCommit(folder('m'), url, 'refs/heads/main', 'a'.repeat(40)))).toBe(
        'user bad-repository-url',
      )
      expect(await failureOf(one.heads(url))).toBe('user bad-repository-url')
    }
    const source = makeRepository(folder('source'), files)
    expect(
      await failureOf(one.fetchCommit(folder('m'), source.path, `--upload-pack=${command}`, source.sha)),
    ).toBe('user bad-ref')
    expect(
      await failureOf(
        one.fetchCommit(folder('m'), source.path, 'refs/heads/main', `--upload-pack=${command}`),
      ),
    ).toBe('user bad-commit')
    expect(existsSync(proof)).toBe(false)
  })

  test("is not led elsewhere by the repository that Hone's own data lies in", async () => {
    const outer = makeRepository(folder('outer'), files)
    const mirror = join(outer.path, 'data', 'mirror.git')
    mkdirSync(mirror, { recursive: true })
    writeFileSync(join(mirror, 'HEAD'), 'nonsense')
    const source = makeRepository(folder('source'), { 'other.py': '' })
    await adapter().fetchCommit(mirror, source.path, 'refs/heads/main', source.sha)
    expect(git(mirror, 'ls-tree', '--name-only', source.sha)).toBe('other.py')
    expect(git(outer.path, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main')
  })

  test('goes on after a kill that left locks, and after damage', async () => {
    const source = makeRepository(folder('source'), files)
    const mirror = folder('mirror.git')
    await adapter().fetchCommit(mirror, source.path, 'refs/heads/main', source.sha)
    for (const lock of ['shallow.lock', 'packed-refs.lock', 'config.lock'])
      writeFileSync(join(mirror, lock), '')
    const second = commitFiles(source.path, { 'b.py': '' })
    await adapter().fetchCommit(mirror, source.path, 'refs/heads/main', second)

    for (const pack of readdirSync(join(mirror, 'objects/pack'))) rmSync(join(mirror, 'objects/pack', pack))
    for (const name of readdirSync(join(mirror, 'objects'))) {
      if (/^[0-9a-f]{2}$/.test(name)) rmSync(join(mirror, 'objects', name), { recursive: true })
    }
    await adapter().fetchCommit(mirror, source.path, 'refs/heads/main', second)
    expect(git(mirror, 'cat-file', '-t', second)).toBe('commit')
  })

  test.each([
    [401, 'user access-denied'],
    [403, 'user access-denied'],
    [404, 'user repository-not-found'],
    [429, 'unavailable git-host-unreachable'],
    [503, 'unavailable git-host-unreachable'],
  ])('takes the answer %i for %s, and tells no password', async (status, failure) => {
    const server = await answering((_, response) => response.writeHead(status).end())
    const promise = adapter().heads(server.url.replace('://', '://ada:s3cret@'))
    expect(await failureOf(promise)).toBe(failure)
    const said = await promise.catch((error: HoneError) => JSON.stringify(error.failure))
    expect(said).not.toContain('s3cret')
  })

  test('stops in the middle when it is told to', async () => {
    const stop = new AbortController()
    const server = await answering(() => stop.abort(new Error('cancelled')))
    await expect(
      adapter().fetchCommit(folder('m'), server.url, 'refs/heads/main', 'a'.repeat(40), stop.signal),
    ).rejects.toThrow('cancelled')
  })

  test('gives up a server that falls silent', async () => {
    const server = await answering(() => {})
    const impatient = gitAdapter({ environment: gitTestEnvironment, stallMs: 300 })
    expect(await failureOf(impatient.heads(server.url))).toBe('unavailable git-host-unreachable')
  })

  test('stops when it is told to', async () => {
    const source = makeRepository(folder('source'), files)
    const one = adapter()
    const stopped = AbortSignal.abort(new Error('cancelled'))
    const mirror = folder('mirror.git')
    await expect(
      one.fetchCommit(mirror, source.path, 'refs/heads/main', source.sha, stopped),
    ).rejects.toThrow('cancelled')
    await one.fetchCommit(mirror, source.path, 'refs/heads/main', source.sha)
    expect(git(mirror, 'cat-file', '-t', source.sha)).toBe('commit')
  })
})

test('heads answers the branches of a repository', async () => {
  const source = makeRepository(folder('source'), files)
  git(source.path, 'branch', 'other')
  git(source.path, 'tag', 'v1')
  expect(await adapter().heads(source.path)).toEqual({
    'refs/heads/main': source.sha,
    'refs/heads/other': source.sha,
  })
  const empty = folder('empty')
  mkdirSync(empty)
  git(empty, 'init', '--quiet')
  expect(await adapter().heads(empty)).toEqual({})
})

describe('pushBranch', () => {
  test('brings a trial to the repository as a branch, twice the same', async () => {
    const source = makeRepository(folder('source'), files)
    const { git: one, workspace } = await workspaceOf(source)
    const { sha } = await one.commitTrial(workspace, 1, { 'train.py': Buffer.from('lr = 0.2\n') }, 'trial 1')
    await one.pushBranch(workspace, sha, source.path, 'hone/run-1')
    await one.pushBranch(workspace, sha, source.path, 'hone/run-1')
    expect(git(source.path, 'rev-parse', 'hone/run-1')).toBe(sha)
    expect(git(source.path, 'rev-parse', 'hone/run-1~1')).toBe(source.sha)
    expect(git(source.path, 'rev-parse', 'main')).toBe(source.sha)
  })

  test('never overwrites what is there', async () => {
    const source = makeRepository(folder('source'), files)
    git(source.path, 'branch', 'hone/run-1')
    git(source.path, 'checkout', '--quiet', 'hone/run-1')
    const other = commitFiles(source.path, { 'x.py': '' })
    git(source.path, 'checkout', '--quiet', 'main')
    const { git: one, workspace } = await workspaceOf(source)
    const { sha } = await one.commitTrial(workspace, 1, { 'train.py': Buffer.from('lr = 0.2\n') }, 'trial 1')
    expect(await failureOf(one.pushBranch(workspace, sha, source.path, 'hone/run-1'))).toBe(
      'user push-rejected',
    )
    expect(git(source.path, 'rev-parse', 'hone/run-1')).toBe(other)
  })
})

describe('initRemote', () => {
  const hook = (file: string) => `#!/bin/sh\ncat >> ${file}\n`

  test('makes a repository whose hook runs at a push, whatever the person has configured', async () => {
    const [remote, said] = [folder('own.git'), folder('said')]
    await adapter().initRemote(remote, hook(said))
    expect(git(remote, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main')
    const source = makeRepository(folder('source'), files)
    const config = folder('gitconfig')
    writeFileSync(config, '[core]\n\thooksPath = /dev/null\n')
    await expect(
      adapter({ GIT_CONFIG_GLOBAL: config }).pushBranch(source.path, source.sha, remote, 'main'),
    ).resolves.toBeUndefined()
    expect(readFileSync(said, 'utf8')).toBe(`${'0'.repeat(40)} ${source.sha} refs/heads/main\n`)
  })

  test('keeps what was pushed, and renews the hook', async () => {
    const remote = folder('own.git')
    const one = adapter()
    await one.initRemote(remote, hook('/dev/null'))
    const source = makeRepository(folder('source'), files)
    git(source.path, 'push', '--quiet', remote, 'main')
    const said = folder('said')
    await one.initRemote(remote, hook(said))
    commitFiles(source.path, { 'b.py': '' })
    git(source.path, 'push', '--quiet', remote, 'main')
    expect(existsSync(said)).toBe(true)
    expect(Object.keys(await one.heads(remote))).toEqual(['refs/heads/main'])
  })
})
