import type { Settings } from '../domain/settings.ts'

/** What a push said, whoever told of it: GitHub's webhook or Hone's own remote. */
export interface Push {
  /** Full name: `refs/heads/main`. */
  ref: string
  /** The commit that the ref points at now; all zeros when it was deleted. */
  sha: string
  /** The commit that the ref pointed at until then; all zeros when the push made the ref, null when nobody knows. */
  before: string | null
  deleted: boolean
  /** Null when the push says nothing about a commit. */
  head: { message: string; author: string | null } | null
}

export type IntakeDecision = { run: true } | { run: false; reason: string }

const SKIP = /\[(?:skip ci|ci skip)\]/i
const HEADS = 'refs/heads/'
/** What Hone pushes winners and taken trials as: runs of those would make more of them. */
const OWN_BRANCH = /^hone\/run-\d+(?:-trial-\d+)?$/

/** Whether a branch matches a pattern in which `*` stands for any characters; linear in their lengths. */
export function matchesBranch(pattern: string, branch: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return branch === first
  if (branch.length < first.length + last.length) return false
  if (!branch.startsWith(first) || !branch.endsWith(last)) return false
  const middle = branch.slice(first.length, branch.length - last.length)
  let at = 0
  for (const part of rest) {
    const found = middle.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return true
}

/**
 * Why a project can have no further run now, in words for who asked for it; null while it can. Pure.
 * @param waiting its runs that have not begun to train
 */
export const queueFull = (waiting: number, most: number): string | null =>
  waiting < most
    ? null
    : `As many runs of this project wait to be trained as may (HONE_QUEUE is ${most}); more are taken once some of them have begun.`

/**
 * Whether a push that arrives now was made before others that are known: they went on from its commit. Where it goes on
 * from one of them, the branch was set back to a commit that it had before, and this push is the newest; it counts as
 * that, too, where nothing tells. Pure.
 * @param later the commits to which known pushes moved the ref from this one's commit on
 */
export const isOutdated = ({ before }: Pick<Push, 'before'>, later: readonly string[]): boolean =>
  before !== null && later.length > 0 && !later.includes(before)

/** Whether a push makes a run; when it does not, the reason in words for the person who pushed. */
export function decideIntake(push: Push, settings: Pick<Settings, 'branches'>): IntakeDecision {
  const ignored = (reason: string): IntakeDecision => ({ run: false, reason })
  if (push.ref.startsWith('refs/tags/')) return ignored('Tags do not start runs.')
  if (!push.ref.startsWith(HEADS)) return ignored(`'${push.ref}' is no branch.`)
  const branch = push.ref.slice(HEADS.length)
  if (push.deleted || /^0+$/.test(push.sha)) return ignored(`The branch '${branch}' was deleted.`)
  if (OWN_BRANCH.test(branch)) return ignored(`'${branch}' is a branch that Hone made.`)
  if (!settings.branches.some((pattern) => matchesBranch(pattern, branch))) {
    return ignored(
      `The project does not follow the branch '${branch}', only ${settings.branches.join(', ')}.`,
    )
  }
  if (push.head === null) return ignored('The push brought no commits.')
  const skip = SKIP.exec(push.head.message)
  if (skip) return ignored(`The commit's message says ${skip[0]}.`)
  return { run: true }
}
