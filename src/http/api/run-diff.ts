import { existsSync } from 'node:fs'
import type { Run } from '../../domain/run.ts'
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

/**
 * What leads from a source of one run to that of another run of the same project, as `git apply` takes it.
 * @param source the source of each run's best trial, the commit itself where it has none; or the commits
 * @throws HttpError 409 for runs of two projects, 410 when the sources are no longer kept
 */
export async function patchBetweenRuns(deps: HttpDeps, from: Run, to: Run, source: Source): Promise<string> {
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
  return deps.git.diff(workspaces[0], before, after, workspaces[1])
}

function shaOf({ store, url }: HttpDeps, run: Run, source: Source): string {
  if (source === 'commit') return run.sha
  const { bestTrial } = runSummary(store, run, url())
  return store.trials.ofRun(run.id).find(({ number }) => number === bestTrial)?.sha ?? run.sha
}
