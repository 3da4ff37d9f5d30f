import { Router } from 'express'
import { requireQueueRoom, startRun } from '../../chain/intake.ts'
import { changeSettings, checkSettings, createProject } from '../../chain/projects.ts'
import { resolveSettings } from '../../domain/settings.ts'
import { NewProject } from '../contract.ts'
import type { HttpDeps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { deliverAgain, tooManyWaiting } from '../redelivery.ts'
import { deliveryView, projectView, runSummary } from '../views.ts'
import { bodyOf, lookUp, numberOf, triggerOf } from './params.ts'
import { ProjectChange, RunRequest } from './requests.ts'
import { fullRef } from './run-filter.ts'

/** Of the branch names that a project follows, the first that is no pattern. */
const defaultBranch = (branches: string[]) => branches.find((branch) => !branch.includes('*')) ?? 'main'

/** `/projects` and what hangs below a project. */
export function projectRoutes(deps: HttpDeps): Router {
  const { store } = deps
  const router = Router()
  const find = lookUp(store)

  router.get('/projects', (_request, response) => {
    response.json(store.projects.all().map((project) => projectView(project, deps.url())))
  })

  router.post('/projects', (request, response) => {
    const { project, secret, pushToken } = createProject(store, bodyOf(NewProject, request.body))
    response
      .status(201)
      .location(`/api/v1/projects/${project.name}`)
      .set('Cache-Control', 'no-store')
      .json({ ...projectView(project, deps.url()), secret, pushToken })
  })

  router.get('/projects/:name', (request, response) => {
    response.json(projectView(find.project(request.params.name), deps.url()))
  })

  router.patch('/projects/:name', (request, response) => {
    const project = find.project(request.params.name)
    const { settings } = bodyOf(ProjectChange, request.body)
    response.json(projectView(changeSettings(store, project, settings), deps.url()))
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
    const settled = await deliverAgain(deps, project, delivery)
    if (settled.outcome === 'refused') throw tooManyWaiting(settled)
    response.json(deliveryView(settled))
  })

  router.post('/projects/:name/runs', (request, response) => {
    const project = find.project(request.params.name)
    const body = bodyOf(RunRequest, request.body)
    const branch = defaultBranch(resolveSettings(project.settings).branches)
    requireQueueRoom(store, project, deps)
    const run = startRun(
      store,
      project,
      {
        ref: fullRef(body.ref ?? branch),
        sha: body.sha,
        trigger: triggerOf(response),
        overrides: checkSettings(body.settings),
      },
      { first: deps.first() },
    )
    response
      .status(201)
      .location(`/api/v1/runs/${run.id}`)
      .json(runSummary(store, run, deps.url()))
  })
  return router
}
