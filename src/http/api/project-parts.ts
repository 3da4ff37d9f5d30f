import { Router } from 'express'
import { rotateBadge, rotatePushToken, rotateSecret } from '../../chain/projects.ts'
import { type Project, SECRET_NAMES } from '../../domain/project.ts'
import { branchOf } from '../../domain/run.ts'
import { SETTING_FIELDS } from '../../domain/setting-fields.ts'
import { deliveryPayloadView } from '../answers.ts'
import { audit } from '../audit.ts'
import { badgeView } from '../badge/address.ts'
import { type RotatedView, RotateRequest, type RunFiltersView } from '../contract.ts'
import type { HttpDeps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { metricHistory } from '../metric-history.ts'
import { bodyOf, lookUp } from './params.ts'
import { runFilterOf } from './run-filter.ts'

/** Names that a list to choose from holds at most. */
const MOST_NAMES = 500

/** What a project's page shows besides its runs: the settings' form, filters, the metric over commits, secrets, the badge. */
export function projectPartRoutes(deps: HttpDeps): Router {
  const { store } = deps
  const router = Router()
  const find = lookUp(store)

  function rotated(project: Project, what: RotateRequest['what']): RotatedView {
    switch (what) {
      case 'secret':
        return { secret: rotateSecret(store, project) }
      case 'push-token':
        return { pushToken: rotatePushToken(store, project) }
      case 'badge':
        return { badge: badgeView(store, rotateBadge(store, project), deps.url()) }
    }
  }

  router.get('/settings-schema', (_request, response) => {
    response.json(SETTING_FIELDS)
  })

  router.get('/projects/:name/run-filters', (request, response) => {
    const { id } = find.project(request.params.name)
    const filters: RunFiltersView = {
      branches: store.runs.refsOf(id, MOST_NAMES).map(branchOf),
      authors: store.runs.authorsOf(id, MOST_NAMES),
    }
    response.json(filters)
  })

  router.get('/projects/:name/metric-history', (request, response) => {
    const { id } = find.project(request.params.name)
    response.json(metricHistory(store, id, runFilterOf(store, request.query).ref))
  })

  router.post('/projects/:name/rotate', (request, response) => {
    const project = find.project(request.params.name)
    const { what } = bodyOf(RotateRequest, request.body)
    const made = store.transaction(() => {
      audit(store, response, 'secret changed', `${SECRET_NAMES[what]} of ${project.name}`)
      return rotated(project, what)
    })
    response.json(made)
  })

  router.get('/projects/:name/deliveries/:deliveryId', (request, response) => {
    const { id } = find.project(request.params.name)
    const delivery = store.deliveries.byDeliveryId(id, request.params.deliveryId)
    if (!delivery) throw notFound(`The delivery ${request.params.deliveryId}`)
    response.json(deliveryPayloadView(deps, delivery))
  })

  router.get('/projects/:name/badge', (request, response) => {
    response.json(badgeView(store, find.project(request.params.name), deps.url()))
  })
  return router
}
