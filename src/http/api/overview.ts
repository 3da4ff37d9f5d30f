import { Router } from 'express'
import { auditAround } from '../audit.ts'
import type { HttpDeps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { healthView } from '../health-view.ts'
import { overview } from '../overview.ts'
import { runSummary } from '../views.ts'
import { testWebhook } from '../webhook-test.ts'
import { lookUp } from './params.ts'

/** What the dashboard's first page asks for: `/overview`, `/health`, the test of a webhook, a run by its own number. */
export function overviewRoutes(deps: HttpDeps): Router {
  const { store } = deps
  const router = Router()
  const find = lookUp(store)
  const look = overview(store, deps.url)

  router.get('/overview', (_request, response) => {
    response.json(look())
  })

  router.get('/health', (_request, response) => {
    response.json(healthView(deps))
  })

  router.post('/projects/:name/webhook/test', async (request, response) => {
    const project = find.project(request.params.name)
    const answer = await auditAround(
      store,
      response,
      ['webhook tested', project.name],
      () => testWebhook(store, project, deps.url()),
      ({ outcome }) => `${project.name}: ${outcome}`,
    )
    response.json(answer)
  })

  router.get('/projects/:name/runs/:number', (request, response) => {
    const { name, number } = request.params
    const project = find.project(name)
    const run = /^\d{1,15}$/.test(number) ? store.runs.byNumber(project.id, Number(number)) : null
    if (run === null) throw notFound(`Run ${number} of ${project.name}`)
    response.json(runSummary(store, run, deps.url()))
  })
  return router
}
