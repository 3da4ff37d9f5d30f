import { existsSync } from 'node:fs'
import { HoneError } from '../../domain/failure.ts'
import { maskUrl, withoutPassword } from '../../domain/git-url.ts'
import type { Project } from '../../domain/project.ts'
import { pullRequestUrl } from '../../domain/pull-request.ts'
import { branchOf, type Run, runMachine } from '../../domain/run.ts'
import { branchName, fetchCommands, takeMessage, takenChanges, takeTitle } from '../../domain/take.ts'
import { type Trial, trialMachine } from '../../domain/trial.ts'
import type { BranchView } from '../contract.ts'
import type { HttpDeps } from '../deps.ts'
import { HttpError } from '../errors.ts'
import { runUrl } from '../views.ts'

interface Taken {
  project: Project
  run: Run
  trial: Trial
  /** The user's own values. */
  first: Trial | undefined
}

/**
 * Makes a branch of a trial's source where the project's code is: one commit on the commit that was pushed. Asked again, it
 * answers the same.
 * @throws HttpError 409 `own-source`, `trial-alive`, `branch-exists`, `push-refused`; 410 `source-removed`; 503 when the server is not reached
 */
export async function makeBranch(deps: HttpDeps, taken: Taken): Promise<BranchView> {
  const { project, run, trial } = taken
  const branch = branchName(run, trial)
  const workspace = deps.paths.workspace(run.id)
  if (trial.diff === '') {
    const message = `Trial ${trial.number} is your own source: there is nothing to take.`
    throw new HttpError(409, 'own-source', message, 'Choose a trial that changed something.')
  }
  // One that was given up may go on as long as its run does.
  if (!trialMachine.isFinal(trial.state) && !runMachine.isFinal(run.state)) {
    const message = `Trial ${trial.number} has not ended: what it comes to is part of the branch.`
    throw new HttpError(
      409,
      'trial-alive',
      message,
      'Wait for its end, then ask again; or download the patch.',
    )
  }
  if (!existsSync(workspace)) {
    const message = 'The sources of this run were removed, as its retention says.'
    throw new HttpError(410, 'source-removed', message, 'Download the patch: it is still here.')
  }
  const remote = project.repoUrl ?? deps.paths.ownRemote(project.name)
  const sha = await deps.git.squash(workspace, trial.sha, run.sha, takeMessage(taken))
  const there = (await reached(deps.git.heads(remote)))[`refs/heads/${branch}`]
  if (there !== undefined && there !== sha) {
    throw new HttpError(
      409,
      'branch-exists',
      `There is another branch ${branch} already, at ${there.slice(0, 12)}.`,
      `Remove or rename it (git push <remote> --delete ${branch}), then ask again; or download the patch.`,
    )
  }
  if (there === undefined) await reached(deps.git.pushBranch(workspace, sha, remote, branch))
  return viewOf(deps, taken, sha)
}

/**
 * The branch of a trial's source that Hone's own remote has already, as of a winner; null where it has none. A repository
 * elsewhere is not asked.
 */
export async function branchThere(deps: HttpDeps, taken: Taken): Promise<BranchView | null> {
  const { project, run, trial } = taken
  const remote = deps.paths.ownRemote(project.name)
  if (project.repoUrl !== null || !existsSync(remote)) return null
  const sha = (await deps.git.heads(remote))[`refs/heads/${branchName(run, trial)}`]
  return sha === undefined ? null : viewOf(deps, taken, sha)
}

function viewOf(deps: HttpDeps, taken: Taken, sha: string): BranchView {
  const { project, run, trial } = taken
  const branch = branchName(run, trial)
  return {
    branch,
    sha,
    commands: fetchCommands(project.repoUrl === null ? null : withoutPassword(project.repoUrl), branch),
    pullRequest: pullRequestUrl(project.repoUrl, {
      base: branchOf(run.ref),
      branch,
      title: takeTitle(taken),
      body: `${takenChanges(taken)}\n\n${runUrl(deps.url(), run.id)}`,
    }),
  }
}

const OF_THE_REMOTE = new Set(['push-rejected', 'access-denied', 'repository-not-found'])

/** What the remote refuses is no fault of the request's form, and there is another way. @throws HttpError 409 */
async function reached<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof HoneError) || !OF_THE_REMOTE.has(error.failure.code)) throw error
    const { message, remedy } = error.failure
    throw new HttpError(
      409,
      'push-refused',
      `The branch was not made: ${maskUrl(message)}`,
      `${remedy} The account must be allowed to write. Or download the patch, and make the branch yourself.`,
    )
  }
}
