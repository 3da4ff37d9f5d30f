import { Router } from 'express'
import { requireQueueRoom, startRun } from '../../chain/intake.ts'
import { changeSettings, checkSettings, createProject, deleteProject } from '../../chain/projects.ts'
import { beyondMachine } from '../../domain/beyond-machine.ts'
import type { Project } from '../../domain/project.ts'
import { resolveSettings } from '../../domain/settings.ts'
import { audit } from '../audit.ts'
import { NewProject, type ProjectView } from '../contract.ts'
import type { HttpDeps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { deliverAgain, tooManyWaiting } from '../redelivery.ts'
import { deliveryView, projectView, runName, runSummary } from '../views.ts'
import { bodyOf, lookUp, numberOf, triggerOf } from './params.ts'
import { ProjectChange, RunRequest } from './requests.ts'
import { fullRef } from './run-filter.ts'

/** Of the branch names that a project follows, the first that is no pattern. */
const defaultBranch = (branches: string[]) => branches.find((branch) => !branch.includes('*')) ?? 'main'

/** A project with what this machine cannot give of its settings. */
async function withWarnings(
  { admin, parallel = Infinity, url }: HttpDeps,
  project: Project,
): Promise<ProjectView> {
  const capacity = await admin.knownCapacity()
  return { ...projectView(project, url()), warnings: beyondMachine(project.settings, capacity, parallel) }
}

/** `/projects` and what hangs below a project. */
export function projectRoutes(deps: HttpDeps): Router {
  const { store } = deps
  const router = Router()
  const find = lookUp(store)

  router.get('/projects', (_request, response) => {
    response.json(store.projects.all().map((project) => projectView(project, deps.url())))
  })

  router.post('/projects', (request, response) => {
    const body = bodyOf(NewProject, request.body)
    const { project, secret, pushToken } = store.transaction(() => {
      const made = createProject(store, body)
      audit(store, response, 'project made', made.project.name)
      return made
    })
    deps.logger.info({ quiet: true, event: 'project', project: project.id }, `${project.name} made`)
    response
      .status(201)
      .location(`/api/v1/projects/${project.name}`)
      .set('Cache-Control', 'no-store')
      .json({ ...projectView(project, deps.url()), secret, pushToken })
  })

  router.get('/projects/:name', async (request, response) => {
    response.json(await withWarnings(deps, find.project(request.params.name)))
  })

  router.patch('/projects/:name', async (request, response) => {
    const project = find.project(request.params.name)
    const { settings } = bodyOf(ProjectChange, request.body)
    const changed = store.transaction(() => {
      audit(store, response, 'project changed', `${project.name}: ${Object.keys(settings).join(', ')}`)
      return changeSettings(store, project, settings)
    })
    response.json(await withWarnings(deps, changed))
  })

  router.delete('/projects/:name', (request, response) => {
    const project = find.project(request.params.name)
    store.transaction(() => {
      audit(store, response, 'project deleted', project.name)
      deleteProject(store, project)
    })
    deps.actions.removeDeleted()
    response.status(204).end()
  })

  router.get('/projects/:name/deliveries', (request, response) => {
    const limit = numberOf(request.query, 'limit', 500) ?? 50
    const { id } = find.project(request.params.name)
    response.json(store.deliveries.ofProject(id, limit).map(deliveryView))
  })

  router.post('/projects/:name/deliveries/:deliveryId/again', async (request, response) => {
    const project = find.project(request.params.name)
    const delivery = store.deliveries.byDeliveryId(project.id, request.params.deliveryId)
    if (!delivery) throw notFound(`The delivery ${request.params.deliveryId}`)
    const settled = await deliverAgain(deps, project, delivery, () =>
      audit(store, response, 'delivery taken again', `${delivery.deliveryId} of ${project.name}`),
    )
    if (settled.outcome === 'refused') throw tooManyWaiting(settled)
    response.json(deliveryView(settled))
  })

  router.post('/projects/:name/runs', (request, response) => {
    const project = find.project(request.params.name)
    const body = bodyOf(RunRequest, request.body)
    const branch = defaultBranch(resolveSettings(project.settings).branches)
    requireQueueRoom(store, project, deps)
    const wanted = {
      ref: fullRef(body.ref ?? branch),
      sha: body.sha,
      trigger: triggerOf(response),
      overrides: checkSettings(body.settings),
    }
    const run = store.transaction(() => {
      const started = startRun(store, project, wanted, { first: deps.first() })
      audit(store, response, 'run started', runName(store, started))
      return started
    })
    response
      .status(201)
      .location(`/api/v1/runs/${run.id}`)
      .json(runSummary(store, run, deps.url()))
  })
  return router
}
