import { existsSync } from 'node:fs'
import { toFailure } from '../../domain/failure.ts'
import type { Run } from '../../domain/run.ts'
import type { DiffBounds } from '../../git/contract.ts'
import type { HttpDeps } from '../deps.ts'
import { badRequest, HttpError } from '../errors.ts'
import { runSummary } from '../views.ts'

export type Source = 'best' | 'commit'

/** @throws HttpError 400 */
export function sourceOf(query: Record<string, unknown>): Source {
  const { of = 'best' } = query
  if (of === 'best' || of === 'commit') return of
  throw badRequest('bad-parameter', `of: '${of}' is neither 'best' nor 'commit'.`)
}

/** Of a diff: the commits may hold data and models. */
const MOST_BYTES = 16 * 1024 * 1024

/**
 * What leads from a source of one run to that of another run of the same project, as `git apply` takes it.
 * @param source the source of each run's best trial, the commit itself where it has none; or the commits
 * @param bounds by default at most 16 MiB
 * @throws HttpError 409 for runs of two projects, 410 when the sources are no longer kept, 413 for a larger one
 */
export async function patchBetweenRuns(
  deps: HttpDeps,
  [from, to]: readonly [Run, Run],
  source: Source,
  { maxBytes = MOST_BYTES, signal }: DiffBounds = {},
): Promise<string> {
  if (from.projectId !== to.projectId) {
    throw new HttpError(
      409,
      'other-project',
      `Run ${from.number} and run ${to.number} are of two projects, which have no source in common.`,
      'Compare their values instead.',
    )
  }
  const [before, after] = [from, to].map((run) => shaOf(deps, run, source)) as [string, string]
  if (before === after) return ''
  const workspaces = [to, from].map(({ id }) => deps.paths.workspace(id)) as [string, string]
  const missing = [to, from].find(({ id }) => !existsSync(deps.paths.workspace(id)))
  if (missing) {
    throw new HttpError(
      410,
      'source-removed',
      `The sources of run ${missing.number} were removed, as its retention says.`,
      'The diff of each of its trials against its trial 0 is still here.',
    )
  }
  return deps.git
    .diff(workspaces[0], before, after, workspaces[1], { maxBytes, signal })
    .catch((error: unknown) => {
      if (toFailure(error).code !== 'git-output-too-large') throw error
      throw new HttpError(
        413,
        'diff-too-large',
        `Run ${from.number} and run ${to.number} differ by more than ${maxBytes / 1024 ** 2} MiB.`,
        `In a clone, \`git diff --stat ${before.slice(0, 12)} ${after.slice(0, 12)}\` says in which files.`,
      )
    })
}

function shaOf({ store, url }: HttpDeps, run: Run, source: Source): string {
  if (source === 'commit') return run.sha
  const { bestTrial } = runSummary(store, run, url())
  return store.trials.ofRun(run.id).find(({ number }) => number === bestTrial)?.sha ?? run.sha
}
