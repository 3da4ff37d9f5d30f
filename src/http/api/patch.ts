import { existsSync } from 'node:fs'
import type { Trial } from '../../domain/trial.ts'
import type { HttpDeps } from '../deps.ts'
import { HttpError, notFound } from '../errors.ts'

/**
 * What leads from the source of one trial to that of another of the same run, as `git apply` takes it.
 * @param against the number of the trial that it starts from
 * @throws HttpError 404 when there is no such trial, 410 when the sources are no longer kept
 */
export async function patchBetween(deps: HttpDeps, trial: Trial, against: number): Promise<string> {
  if (against === 0) return trial.diff
  const from = deps.store.trials.ofRun(trial.runId).find(({ number }) => number === against)
  if (from === undefined) throw notFound(`Trial ${against} of this run`)
  if (from.sha === trial.sha) return ''
  const workspace = deps.paths.workspace(trial.runId)
  if (!existsSync(workspace)) {
    throw new HttpError(
      410,
      'source-removed',
      'The sources of this run were removed, as its retention says.',
      'The diff of each trial against trial 0 is still here.',
    )
  }
  return deps.git.diff(workspace, from.sha, trial.sha)
}
