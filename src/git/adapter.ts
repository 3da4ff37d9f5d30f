import { resolve } from 'node:path'
import { userError } from '../domain/failure.ts'
import { checkGitUrl, maskUrl } from '../domain/git-url.ts'
import { archive } from './archive.ts'
import type { Git } from './contract.ts'
import { GitFailed, gitError, sayings } from './errors.ts'
import { fetchCommit } from './mirror.ts'
import { keyedQueue } from './queue.ts'
import { readFiles } from './read-files.ts'
import { branchRef, checkRef, checkSha } from './ref.ts'
import { heads, initRemote } from './remote.ts'
import { type Environment, git, type Runner, succeeds } from './run.ts'
import { snapshot } from './snapshot.ts'
import { isFile, listTree, readFile } from './tree.ts'
import { commitTrial, diffOf, squash } from './trial.ts'
import { commitInfo, createWorkspace, inWorkspace, removeWorkspace, withObjectsOf } from './workspace.ts'

async function pushBranch(runner: Runner, workspace: string, sha: string, url: string, branch: string) {
  const spec = `${checkSha(sha)}:${branchRef(branch)}`
  try {
    await git(runner, ['push', '--progress', '--no-verify', '--', url, spec], inWorkspace(workspace))
  } catch (error) {
    if (!(error instanceof GitFailed) || !/\[(?:remote )?rejected\]/.test(error.stderr)) throw error
    throw userError(
      'push-rejected',
      `${maskUrl(url)} did not take the branch ${branch}.`,
      'Remove a branch of that name there, or allow the account that Hone runs under to write to it.',
      { detail: sayings(error.stderr) },
    )
  }
}

/**
 * Git by the `git` program, through simple-git.
 * @param options.environment of the git processes: their HOME, PATH, ssh agent and proxies come from it
 * @param options.stallMs a git process that prints nothing for so long is ended
 */
export function gitAdapter(options: { environment?: Environment; stallMs?: number } = {}): Git {
  const runner: Runner = {
    environment: options.environment ?? process.env,
    stallMs: options.stallMs ?? 10 * 60_000,
  }
  const enqueue = keyedQueue()
  /** One at a time on a repository, and git's words turned into a failure. */
  const on = <T>(path: string, url: string | null, work: () => Promise<T>): Promise<T> =>
    enqueue(resolve(path), work).catch((error: unknown) => {
      throw gitError(error, url)
    })
  return {
    initRemote: (path, hook) => on(path, null, () => initRemote(runner, path, hook)),
    async heads(url) {
      return heads(runner, checkGitUrl(url)).catch((error: unknown) => {
        throw gitError(error, url)
      })
    },
    keepCommit: (repository, name, sha) =>
      on(repository, null, async () => {
        const call = { gitDir: repository }
        if (!(await succeeds(runner, ['cat-file', '-e', `${checkSha(sha)}^{commit}`], call))) return
        await git(runner, ['update-ref', checkRef(`refs/kept/${name}`), sha], call)
      }),
    async readCommit(repository, sha) {
      return commitInfo(runner, checkSha(sha), { gitDir: repository }).catch((error: unknown) => {
        throw gitError(error, null)
      })
    },
    async fetchCommit(mirror, url, ref, sha, signal) {
      const wanted = { url: checkGitUrl(url), ref: checkRef(ref), sha: checkSha(sha) }
      await on(mirror, url, () => fetchCommit(runner, mirror, wanted, signal))
    },
    async createWorkspace(folder, mirror, sha, branch, settings, signal) {
      checkSha(sha)
      branchRef(branch)
      checkGitUrl(settings.url)
      return on(folder, settings.url, () =>
        createWorkspace(runner, folder, mirror, sha, branch, settings, signal),
      )
    },
    async listFiles(workspace, sha) {
      const entries = await listTree(runner, checkSha(sha), inWorkspace(workspace)).catch(
        (error: unknown) => {
          throw gitError(error, null)
        },
      )
      return entries.filter(isFile).map(({ path, size }) => ({ path, size }))
    },
    async readFile(workspace, sha, path) {
      return readFile(runner, checkSha(sha), path, inWorkspace(workspace)).catch((error: unknown) => {
        throw gitError(error, null)
      })
    },
    async readFiles(workspace, sha, paths) {
      return readFiles(runner, checkSha(sha), paths, inWorkspace(workspace)).catch((error: unknown) => {
        throw gitError(error, null)
      })
    },
    commitTrial: (workspace, number, files, message) =>
      on(workspace, null, () => commitTrial(runner, workspace, number, files, message)),
    async diff(workspace, from, to, other, bounds) {
      const place = other === undefined ? inWorkspace(workspace) : withObjectsOf(other, workspace)
      return diffOf(runner, { ...place, ...bounds }, checkSha(from), checkSha(to)).catch((error: unknown) => {
        throw gitError(error, null)
      })
    },
    squash: (workspace, sha, base, message) =>
      on(workspace, null, () => squash(runner, workspace, checkSha(sha), checkSha(base), message)),
    archive: (workspace, sha, owner) => archive(runner, workspace, checkSha(sha), owner),
    async pushBranch(workspace, sha, url, branch) {
      await on(workspace, checkGitUrl(url), () => pushBranch(runner, workspace, sha, url, branch))
    },
    snapshot: (folder, repository) => on(repository, null, () => snapshot(runner, folder, repository)),
    removeWorkspace: (folder) => on(folder, null, () => removeWorkspace(folder)),
  }
}
