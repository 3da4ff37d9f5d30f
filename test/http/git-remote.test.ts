import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CreatedProject } from '../../src/chain/projects.ts'
import { reconcileOwnRemotes } from '../../src/http/pushes.ts'
import { ADMIN_TOKEN, git, rawStatus, type TestServer, testServer } from '../helpers/http.ts'

let hone: TestServer
let created: CreatedProject
let work: string

const remote = (token: string, project = 'Digits') =>
  `${hone.url.replace('://', `://ada:${token}@`)}/git/${project}.git`

async function commitFile(text: string, message = 'Train'): Promise<string> {
  await writeFile(join(work, 'train.py'), text)
  await git(work, 'add', '.')
  await git(work, 'commit', '--quiet', '-m', message)
  return (await git(work, 'rev-parse', 'HEAD')).stdout.trim()
}

beforeEach(async () => {
  hone = await testServer()
  created = hone.project({ name: 'Digits' })
  work = await mkdtemp(join(hone.folder, 'work-'))
  await git(work, 'init', '--quiet', '--initial-branch=main')
})
afterEach(() => hone.close())

describe('git push', () => {
  it('makes a run at once and prints its address', async () => {
    const sha = await commitFile('print(1)')
    const { code, stderr } = await git(work, 'push', remote(created.pushToken), 'main')
    expect(stderr).toContain(`remote: Hone: Digits #1 begins: ${hone.url}/runs/1`)
    expect(code).toBe(0)
    expect(hone.store.runs.list()).toMatchObject([
      {
        ref: 'refs/heads/main',
        sha,
        trigger: 'push',
        author: 'Ada <ada@example.org>',
        message: 'Train',
        state: 'queued',
      },
    ])
    expect(hone.store.jobs.ofRun(1)).toMatchObject([{ name: 'git-import' }])
  })

  it('can be cloned again, with the admin token too, under any spelling of the name', async () => {
    const sha = await commitFile('print(2)')
    await git(work, 'push', remote(created.pushToken), 'main')
    const { code } = await git(hone.folder, 'clone', '--quiet', remote(ADMIN_TOKEN, 'dIGITS'), 'copy')
    expect(code).toBe(0)
    expect((await git(join(hone.folder, 'copy'), 'rev-parse', 'HEAD')).stdout.trim()).toBe(sha)
  })

  it('takes a push that is larger than one buffer, in chunks', async () => {
    await writeFile(join(work, 'weights.bin'), randomBytes(3 * 1024 * 1024))
    await commitFile('print(3)')
    const { code } = await git(work, 'push', remote(created.pushToken), 'main')
    expect(code).toBe(0)
    expect(hone.store.runs.list()).toHaveLength(1)
  })

  it('refuses a wrong token and makes no run', async () => {
    await commitFile('print(1)')
    const { code, stderr } = await git(work, 'push', remote('wrong'), 'main')
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/Authentication failed/)
    expect(stderr).toContain('not the push token of a project Digits')
    expect(stderr).toContain(`${hone.url}/projects/Digits/connect`)
    expect(stderr).toContain('hone project rotate Digits --push-token')
    expect(hone.store.runs.list()).toEqual([])
  })

  it('says of a project that is not there only to who holds the admin token', async () => {
    await commitFile('print(1)')
    const known = await git(work, 'push', remote(ADMIN_TOKEN, 'nobody'), 'main')
    expect(known.stderr).toMatch(/not found/)
    const unknown = await git(work, 'push', remote(created.pushToken, 'nobody'), 'main')
    expect(unknown.stderr).toMatch(/Authentication failed/)
    const refused = await git(work, 'push', remote('wrong'), 'main')
    expect(unknown.stderr.replaceAll('nobody', 'Digits')).toBe(refused.stderr)
  })

  it('prints why a branch, a tag, a deletion or [skip ci] makes no run', async () => {
    await commitFile('print(1)', 'Notes [skip ci]')
    const skipped = await git(work, 'push', remote(created.pushToken), 'main')
    expect(skipped.stderr).toContain("Hone: no run for main: The commit's message says [skip ci].")
    const idea = await git(work, 'push', remote(created.pushToken), 'main:idea')
    expect(idea.stderr).toContain("Hone: no run for idea: The project does not follow the branch 'idea'")
    await git(work, 'tag', '-a', '-m', 'v1', 'v1')
    const tag = await git(work, 'push', remote(created.pushToken), 'v1')
    expect(tag.stderr).toContain('Tags do not start runs.')
    const gone = await git(work, 'push', remote(created.pushToken), ':idea')
    expect(gone.stderr).toContain("The branch 'idea' was deleted.")
    expect(hone.store.runs.list()).toEqual([])
    const outcomes = hone.store.deliveries.ofProject(created.project.id).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['ignored', 'ignored', 'ignored', 'ignored'])
  })

  it('supersedes the queued run of the branch', async () => {
    await commitFile('print(1)')
    await git(work, 'push', remote(created.pushToken), 'main')
    await commitFile('print(2)')
    await git(work, 'push', remote(created.pushToken), 'main')
    expect(hone.store.runs.list().map(({ state }) => state)).toEqual(['queued', 'superseded'])
  })

  it('says so when a newer push was recorded before it', async () => {
    const { readCommit } = hone.deps.git
    const newerIsThere = new Promise<void>((resolve) => {
      hone.store.events.subscribe(() => hone.store.runs.list().length > 0 && resolve())
    })
    let inHook = () => {}
    const reached = new Promise<void>((resolve) => {
      inHook = resolve
    })
    hone.deps.git.readCommit = async (...of) => {
      hone.deps.git.readCommit = readCommit
      inHook()
      await newerIsThere
      return readCommit(...of)
    }
    await commitFile('print(1)')
    const older = git(work, 'push', remote(created.pushToken), 'main')
    await reached
    await commitFile('print(2)')
    await git(work, 'push', remote(created.pushToken), 'main')
    expect((await older).stderr).toContain(
      'remote: Hone: Digits #2 is superseded: A newer push of the branch had arrived before this one.',
    )
    expect(hone.store.runs.list().map(({ state }) => state)).toEqual(['superseded', 'queued'])
  })

  it('says so when the server cannot record it, and the next start makes the run', async () => {
    const { readCommit } = hone.deps.git
    hone.deps.git.readCommit = () => Promise.reject(new Error('disk on fire'))
    const sha = await commitFile('print(1)')
    const { code, stderr } = await git(work, 'push', remote(created.pushToken), 'main')
    expect(code).toBe(0)
    expect(stderr).toContain(
      'remote: Hone: your commits are stored, but the server could not record the push',
    )
    expect(stderr).not.toContain('disk on fire')
    expect(hone.store.runs.list()).toEqual([])

    hone.deps.git.readCommit = readCommit
    expect(await reconcileOwnRemotes(hone.deps)).toBe(1)
    expect(hone.store.runs.list()).toMatchObject([{ sha, trigger: 'push' }])
    expect(await reconcileOwnRemotes(hone.deps)).toBe(0)
  })

  it('is recorded although the pusher left before the hook had its answer', async () => {
    const sha = await commitFile('print(1)')
    const { readCommit } = hone.deps.git
    let reached = () => {}
    const inHook = new Promise<void>((resolve) => {
      reached = resolve
    })
    let release = () => {}
    hone.deps.git.readCommit = () => {
      hone.deps.git.readCommit = readCommit
      reached()
      return new Promise((_, reject) => {
        release = () => reject(new Error('too late'))
      })
    }
    const made = new Promise<void>((resolve) => {
      hone.store.events.subscribe(() => hone.store.runs.list().length > 0 && resolve())
    })
    const pusher = spawn('git', ['push', '--quiet', remote(created.pushToken), 'main'], {
      cwd: work,
      detached: true,
      stdio: 'ignore',
    })
    await inHook
    process.kill(-(pusher.pid as number), 'SIGKILL')
    await made
    expect(hone.store.runs.list()).toMatchObject([{ sha, trigger: 'push' }])
    release()
  })

  it('records nothing at start for heads that make no run', async () => {
    await commitFile('print(1)')
    await git(work, 'push', remote(created.pushToken), 'main:idea')
    expect(await reconcileOwnRemotes(hone.deps)).toBe(0)
    expect(hone.store.deliveries.ofProject(created.project.id)).toHaveLength(1)
  })

  it('leaves a push that was refused to who made it, however often the server starts', async () => {
    hone.deps.maxWaiting = 0
    await commitFile('print(1)')
    const { stderr } = await git(work, 'push', remote(created.pushToken), 'main')
    expect(stderr).toContain('deliver it again')
    for (const room of [0, 5]) {
      hone.deps.maxWaiting = room
      expect(await reconcileOwnRemotes(hone.deps)).toBe(0)
    }
    expect(hone.store.deliveries.ofProject(created.project.id)).toMatchObject([{ outcome: 'refused' }])
  })

  it('refuses a project whose code lies elsewhere', async () => {
    const { pushToken } = hone.project({ name: 'away', repoUrl: 'https://example.org/a.git' })
    const response = await fetch(`${hone.url}/git/away.git/info/refs?service=git-receive-pack`, {
      headers: { authorization: `Basic ${Buffer.from(`x:${pushToken}`).toString('base64')}` },
    })
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('has its code elsewhere')
  })
})

describe('other requests to the git remote', () => {
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${hone.url}/git${path}`, {
      ...init,
      headers: { authorization: `Basic ${Buffer.from(`x:${ADMIN_TOKEN}`).toString('base64')}` },
    })

  it('asks for a password', async () => {
    const response = await fetch(`${hone.url}/git/digits.git/info/refs?service=git-upload-pack`)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm="Hone"/)
  })

  it.each([
    '/..%2f..%2fetc.git/info/refs',
    '/%2e%2e/digits.git/info/refs',
    '/digits.git/objects/info/packs',
    '/digits.git/HEAD',
    '/digits.git/../../etc/passwd',
    '/-x.git/info/refs',
  ])('knows nothing at %s', async (path) => {
    const authorization = `Basic ${Buffer.from(`x:${ADMIN_TOKEN}`).toString('base64')}`
    expect(await rawStatus(hone.url, `/git${path}?service=git-upload-pack`, { authorization })).toBe(404)
  })

  it('speaks smart HTTP only, and each service by its method', async () => {
    expect((await ask('/digits.git/info/refs')).status).toBe(403)
    expect((await ask('/digits.git/info/refs?service=git-evil')).status).toBe(403)
    expect((await ask('/digits.git/git-upload-pack')).status).toBe(405)
    expect((await ask('/digits.git/info/refs?service=git-upload-pack', { method: 'POST' })).status).toBe(405)
  })

  it("takes the hook's word only with the hook's token", async () => {
    for (const authorization of ['', 'Bearer x', `Bearer ${ADMIN_TOKEN}`]) {
      const response = await fetch(`${hone.url}/internal/git/digits`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: '{"updates":[]}',
      })
      expect(response.status).toBe(401)
    }
  })

  it('answers 500 in words when git cannot make the repository', async () => {
    hone.deps.git.initRemote = () => Promise.reject(new Error('no'))
    const response = await ask('/digits.git/info/refs?service=git-upload-pack')
    expect(response.status).toBe(500)
    expect(await response.text()).toMatch(/^Hone: /)
  })
})
