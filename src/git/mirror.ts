import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { commitMissing, isCommitMissing, isDamaged, isNotShallow } from './errors.ts'
import { removeStaleLocks } from './locks.ts'
import { initRepository, making, putInPlace } from './repository.ts'
import { type Call, git, type Runner, succeeds } from './run.ts'

/** Kept for every fetched commit, so that it is neither collected nor fetched again. */
const keptRef = (sha: string) => `refs/commits/${sha}`
const DEPTHS = ['--depth=1', '--depth=50', '--depth=1000']

/** Makes the bare cache of a project if it is not there. */
async function ensureMirror(runner: Runner, mirror: string): Promise<void> {
  if (
    await stat(join(mirror, 'HEAD')).then(
      () => true,
      () => false,
    )
  ) {
    await removeStaleLocks(mirror)
    if (await succeeds(runner, ['rev-parse', '--is-bare-repository'], { gitDir: mirror })) return
  }
  await initRepository(runner, making(mirror), { bare: true, branch: 'main', config: {} })
  await putInPlace(mirror)
}

/** Tries the cheapest way first: the commit alone, then its branch deeper and deeper, then everything. */
async function fetchInto(
  runner: Runner,
  call: Call & { gitDir: string },
  { url, ref, sha }: { url: string; ref: string; sha: string },
): Promise<boolean> {
  const fetch = (options: string[], spec: string) =>
    git(
      runner,
      [
        'fetch',
        '--progress',
        '--no-tags',
        '--no-write-fetch-head',
        '--no-recurse-submodules',
        ...options,
        '--',
        url,
        spec,
      ],
      call,
    )
  const keep = () => succeeds(runner, ['update-ref', keptRef(sha), `${sha}^{commit}`], call)
  try {
    await fetch(['--depth=1'], `+${sha}:${keptRef(sha)}`)
    return true
  } catch (error) {
    if (!isCommitMissing(error) && !isNotShallow(error)) throw error
  }
  for (const depth of DEPTHS) {
    try {
      await fetch([depth], `+${ref}:refs/fetched/branch`)
    } catch (error) {
      if (isCommitMissing(error) || isNotShallow(error)) break
      throw error
    }
    if (await keep()) return true
  }
  const shallow = (await git(runner, ['rev-parse', '--is-shallow-repository'], call)).trim() === 'true'
  await fetch(shallow ? ['--unshallow'] : [], '+refs/heads/*:refs/fetched/heads/*')
  return keep()
}

/** @throws GitFailed; HoneError `user`, `commit-missing` */
export async function fetchCommit(
  runner: Runner,
  mirror: string,
  wanted: { url: string; ref: string; sha: string },
  signal?: AbortSignal,
): Promise<void> {
  const call = { gitDir: mirror, signal }
  const attempt = async () => {
    await ensureMirror(runner, mirror)
    if (await succeeds(runner, ['cat-file', '-e', `${keptRef(wanted.sha)}^{tree}`], call)) return true
    return fetchInto(runner, call, wanted)
  }
  let there: boolean
  try {
    there = await attempt()
  } catch (error) {
    if (!isDamaged(error)) throw error
    // It is only a cache: the damaged one is thrown away once.
    await rm(mirror, { recursive: true, force: true })
    there = await attempt()
  }
  if (!there) throw commitMissing(wanted.sha, wanted.ref, wanted.url)
}
