import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemError } from '../domain/failure.ts'
import type { DiffBounds } from './contract.ts'
import { removeStaleLocks } from './locks.ts'
import { git, type Runner } from './run.ts'
import { isFile, isPlainPath, listPath } from './tree.ts'
import { inWorkspace, resolveRef, trialTag } from './workspace.ts'

type Place = ReturnType<typeof inWorkspace> & { env?: Record<string, string> }

/** The tree of trial 0 with the files put in. */
async function writeTree(runner: Runner, place: Place, base: string, files: Record<string, Buffer>) {
  const index = join(place.gitDir, 'hone-index')
  const call = { ...place, env: { GIT_INDEX_FILE: index } }
  await rm(index, { force: true })
  await git(runner, ['read-tree', base], call)
  const records: string[] = []
  for (const [path, content] of Object.entries(files)) {
    const [entry] = isPlainPath(path) ? await listPath(runner, base, path, place) : []
    if (!isPlainPath(path) || (entry && !isFile(entry))) {
      throw systemError(
        'bad-path',
        `A trial cannot write ${JSON.stringify(path)}.`,
        'Only files inside the repository can be changed.',
      )
    }
    const oid = await git(runner, ['hash-object', '-w', '--no-filters', '--stdin'], {
      ...place,
      input: content,
    })
    records.push(`${entry?.mode ?? '100644'} ${oid.trim()}\t${path}\0`)
  }
  if (records.length > 0) {
    await git(runner, ['update-index', '--add', '-z', '--index-info'], { ...call, input: records.join('') })
  }
  const tree = (await git(runner, ['write-tree'], call)).trim()
  await rm(index, { force: true })
  return tree
}

/** What leads from one commit to another, as `git apply` takes it. @throws GitFailed; HoneError `user`, `git-output-too-large` */
export const diffOf = (runner: Runner, place: Place & DiffBounds, base: string, sha: string) =>
  git(
    runner,
    [
      'diff',
      '--no-color',
      '--no-ext-diff',
      '--no-textconv',
      '--no-renames',
      '--full-index',
      '--binary',
      '--unified=3',
    ].concat(
      '--src-prefix=a/',
      '--dst-prefix=b/',
      '--no-relative',
      '--ignore-submodules=all',
      base,
      sha,
      '--',
    ),
    place,
  )

/**
 * The tag is what counts: it is written first, and branch and work tree are brought after it, also when a kill came
 * in between. A tag of other files is of a trial that a kill kept from being recorded: it is taken back.
 */
export async function commitTrial(
  runner: Runner,
  workspace: string,
  number: number,
  files: Record<string, Buffer>,
  message: string,
): Promise<{ sha: string; diff: string }> {
  const place = inWorkspace(workspace)
  await removeStaleLocks(place.gitDir)
  const base = await resolveRef(runner, trialTag(0), place)
  if (base === null) {
    throw systemError(
      'workspace-missing',
      `${workspace} holds no complete workspace.`,
      'Start the run again.',
    )
  }
  const branch = (await git(runner, ['symbolic-ref', 'HEAD'], place)).trim()
  const tree = await writeTree(runner, place, base, files)
  let sha = await resolveRef(runner, trialTag(number), place)
  if (sha !== null && (await revision(runner, place, `${sha}^{tree}`)) !== tree) {
    await takeBack(runner, place, branch, number, sha)
    sha = null
  }
  const head = (await resolveRef(runner, branch, place)) ?? base
  if (sha === null) {
    const made = await git(runner, ['commit-tree', tree, '-p', head], { ...place, input: message })
    sha = made.trim()
    await git(runner, ['update-ref', '--no-deref', trialTag(number), sha, '0'.repeat(sha.length)], place)
  }
  if ((await revision(runner, place, `${sha}^`)) === head)
    await git(runner, ['update-ref', branch, sha, head], place)
  await git(runner, ['reset', '--hard'], place)
  return { sha, diff: await diffOf(runner, place, base, sha) }
}

const revision = async (runner: Runner, place: Place, name: string) =>
  (await git(runner, ['rev-parse', '--verify', '--end-of-options', name], place)).trim()

/** See the contract: dated as the trial's commit, so that the same is made each time. */
export async function squash(
  runner: Runner,
  workspace: string,
  sha: string,
  base: string,
  message: string,
): Promise<string> {
  const place = inWorkspace(workspace)
  const tree = await revision(runner, place, `${sha}^{tree}`)
  const date = (
    await git(runner, ['log', '-1', '--no-show-signature', '--format=%cI', sha, '--'], place)
  ).trim()
  const env = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
  return (await git(runner, ['commit-tree', tree, '-p', base], { ...place, env, input: message })).trim()
}

/** The branch first: after a kill in between, the tag still says what there is to take back. */
async function takeBack(runner: Runner, place: Place, branch: string, number: number, sha: string) {
  if ((await resolveRef(runner, branch, place)) === sha)
    await git(runner, ['update-ref', branch, await revision(runner, place, `${sha}^`), sha], place)
  await git(runner, ['update-ref', '--no-deref', '-d', trialTag(number), sha], place)
}
