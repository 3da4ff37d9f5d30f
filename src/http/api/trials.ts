import { Router } from 'express'
import type { Project } from '../../domain/project.ts'
import { branchName, patchName } from '../../domain/take.ts'
import type { Trial } from '../../domain/trial.ts'
import { readableEvidence } from '../../metrics/events.ts'
import { auditAround } from '../audit.ts'
import type { TrialView } from '../contract.ts'
import type { HttpDeps } from '../deps.ts'
import { trialSummary } from '../views.ts'
import { type Artifact, listArtifacts, sendArtifact } from './artifacts.ts'
import { branchThere, makeBranch } from './branch.ts'
import { lookUp, numberOf } from './params.ts'
import { patchBetween } from './patch.ts'

/** Files that were kept once and are not there any more. */
const removedSince = (trial: Trial, there: readonly Artifact[]) =>
  (trial.artifacts?.kept ?? [])
    .filter(({ name }) => !there.some((file) => file.name === name))
    .map(({ name }) => `${name}: removed since`)

/** `/trials`. */
export function trialRoutes(deps: HttpDeps): Router {
  const { store, paths } = deps
  const router = Router()
  const find = lookUp(store)

  router.get('/trials/:id', async (request, response) => {
    const trial = find.trial(request.params.id)
    const artifacts = await listArtifacts(paths.trialArtifacts(trial.runId, trial.number))
    const view: TrialView = {
      ...trialSummary(trial, store.attempts.ofTrial(trial.id)),
      runId: trial.runId,
      diff: trial.diff,
      metrics: store.metrics
        .ofTrial(trial.id)
        .map(({ id: _, at: __, ...metric }) => ({ ...metric, evidence: readableEvidence(metric) })),
      leftOut: [...(trial.artifacts?.leftOut ?? []), ...removedSince(trial, artifacts)],
      artifacts: artifacts.map(({ name, size }) => ({
        name,
        size,
        url: `/api/v1/trials/${trial.id}/artifacts/${encodeURIComponent(name)}`,
      })),
    }
    response.json(view)
  })

  const taken = (id: string) => {
    const trial = find.trial(id)
    const run = store.runs.get(trial.runId)
    const project = store.projects.byId(run.projectId) as Project
    const [first] = store.trials.ofRun(run.id)
    return { project, run, trial, first }
  }

  router.get('/trials/:id/branch', async (request, response) => {
    response.json(await branchThere(deps, taken(request.params.id)))
  })

  router.post('/trials/:id/branch', async (request, response) => {
    const about = taken(request.params.id)
    const { run, trial, project } = about
    const made = await auditAround(
      store,
      response,
      ['branch made', `${branchName(run, trial)} of ${project.name}`],
      () => makeBranch(deps, about),
    )
    response.json(made)
  })

  /** Against trial 0, or the trial of the same run whose number `against` says; with `download` as a file. */
  router.get('/trials/:id/diff', async (request, response) => {
    const trial = find.trial(request.params.id)
    const against = numberOf(request.query, 'against') ?? 0
    const patch = await patchBetween(deps, trial, against)
    if (request.query.download !== undefined) {
      const run = store.runs.get(trial.runId)
      const project = store.projects.byId(run.projectId)?.name ?? 'hone'
      response.attachment(patchName(project, run.number, trial.number, against))
    }
    response.type('text/x-diff').send(patch)
  })

  router.get('/trials/:id/artifacts/:name', async (request, response) => {
    const { runId, number } = find.trial(request.params.id)
    await sendArtifact(response, paths.trialArtifacts(runId, number), request.params.name)
  })
  return router
}
