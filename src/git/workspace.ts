import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemError } from '../domain/failure.ts'
import { isLocal } from '../domain/git-url.ts'
import type { CommitInfo } from './contract.ts'
import { removeStaleLocks } from './locks.ts'
import { initRepository, making, putInPlace } from './repository.ts'
import { type Call, git, type Runner, succeeds } from './run.ts'

export const trialTag = (number: number) => `refs/tags/trial-${number}`
export const inWorkspace = (folder: string) => ({ gitDir: join(folder, '.git'), workTree: folder })

/** Reads commits of another workspace, too, without changing either. */
export const withObjectsOf = (other: string, folder: string) => ({
  ...inWorkspace(folder),
  env: { GIT_ALTERNATE_OBJECT_DIRECTORIES: join(other, '.git', 'objects') },
})

/** What a ref points to; null when it is not there. */
export async function resolveRef(runner: Runner, ref: string, call: Call): Promise<string | null> {
  const found = await git(runner, ['for-each-ref', '--format=%(objectname)', ref], call)
  return found.trim() || null
}

export async function commitInfo(runner: Runner, sha: string, call: Call): Promise<CommitInfo> {
  const format = '--format=%an <%ae>%x00%B'
  const text = await git(
    runner,
    ['log', '-1', '--no-mailmap', '--no-show-signature', '--encoding=UTF-8', format, sha, '--'],
    call,
  )
  const [author = '', message = ''] = text.split('\0')
  return { sha, author, message: message.trim() }
}

async function isComplete(runner: Runner, folder: string, sha: string, ref: string): Promise<boolean> {
  const call = inWorkspace(folder)
  if (
    !(await stat(join(call.gitDir, 'HEAD')).then(
      () => true,
      () => false,
    ))
  )
    return false
  await removeStaleLocks(call.gitDir)
  if (!(await succeeds(runner, ['cat-file', '-e', `${sha}^{tree}`], call))) return false
  return (
    (await resolveRef(runner, trialTag(0), call)) === sha && (await resolveRef(runner, ref, call)) !== null
  )
}

async function checkOut(
  runner: Runner,
  folder: string,
  mirror: string,
  sha: string,
  branch: string,
  options: { submodules: boolean; lfs: boolean; url: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  await initRepository(runner, folder, {
    bare: false,
    branch,
    config: options.lfs || options.submodules ? { 'remote.origin.url': options.url } : {},
    lfs: options.lfs,
  })
  const call = { ...inWorkspace(folder), signal }
  const spec = `+${sha}:${trialTag(0)}`
  await git(runner, ['fetch', '--no-tags', '--no-write-fetch-head', '--depth=1', '--', mirror, spec], call)
  await git(runner, ['update-ref', `refs/heads/${branch}`, sha], call)
  await git(runner, ['reset', '--hard'], call)
  if (options.lfs) await fetchLargeFiles(runner, call)
  if (options.submodules) await fetchSubmodules(runner, call, options.url)
}

async function fetchLargeFiles(runner: Runner, call: Call): Promise<void> {
  if (!(await succeeds(runner, ['lfs', 'version'], call))) {
    throw systemError(
      'lfs-missing',
      'The project uses git LFS, which this server does not have.',
      'Install git-lfs on the server, or switch `lfs` off for the project.',
    )
  }
  await git(runner, ['lfs', 'pull', 'origin'], { ...call, env: { GIT_LFS_SKIP_SMUDGE: '0' } })
}

/** A repository from the network may not make Hone read repositories of this machine. */
async function fetchSubmodules(runner: Runner, call: Call, url: string): Promise<void> {
  const protocols = isLocal(url) ? 'https:http:ssh:file' : 'https:http:ssh'
  await git(runner, ['submodule', '--quiet', 'update', '--init', '--recursive', '--depth=1'], {
    ...call,
    env: { GIT_ALLOW_PROTOCOL: protocols },
  })
}

/** See the contract. @throws GitFailed */
export async function createWorkspace(
  runner: Runner,
  folder: string,
  mirror: string,
  sha: string,
  branch: string,
  options: { submodules: boolean; lfs: boolean; url: string },
  signal?: AbortSignal,
): Promise<CommitInfo> {
  if (!(await isComplete(runner, folder, sha, `refs/heads/${branch}`))) {
    await checkOut(runner, making(folder), mirror, sha, branch, options, signal)
    await putInPlace(folder)
  }
  return commitInfo(runner, sha, inWorkspace(folder))
}

export async function removeWorkspace(folder: string): Promise<void> {
  await rm(making(folder), { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
}
