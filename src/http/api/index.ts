import { Router } from 'express'
import type { Access } from '../access.ts'
import type { HttpDeps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { rawBody } from '../json-body.ts'
import { openApiDocument } from '../openapi.ts'
import type { Streams } from '../streams.ts'
import { adminRoutes } from './admin/index.ts'
import { logRoutes } from './logs.ts'
import { mailRoutes } from './mails.ts'
import { overviewRoutes } from './overview.ts'
import { projectPartRoutes } from './project-parts.ts'
import { projectRoutes } from './projects.ts'
import { runRoutes } from './runs.ts'
import { ownRoutes, sessionRoutes } from './session.ts'
import { trialRoutes } from './trials.ts'

const MAX_BODY = 1024 * 1024

/** `/api/v1`: everything but signing in needs a token or a session. */
export function api(deps: HttpDeps, access: Access, streams: Streams): Router {
  const router = Router()
  router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  })
  const guard = access.require(() => deps.url())
  router.use((request, response, next) =>
    request.path === '/session' ? next() : guard(request, response, next),
  )
  router.use(rawBody(MAX_BODY))
  router.use(sessionRoutes(deps, access, streams))
  router.use(ownRoutes(deps, streams))
  router.use('/admin', adminRoutes(deps, access, streams))
  router.use(projectRoutes(deps))
  router.use(projectPartRoutes(deps))
  router.use(runRoutes(deps, streams))
  router.use(trialRoutes(deps))
  router.use(logRoutes(deps))
  router.use(mailRoutes(deps))
  router.use(overviewRoutes(deps))
  router.get('/openapi.json', (_request, response) => {
    response.json(openApiDocument(deps.url()))
  })
  router.use((request) => {
    throw notFound(`${request.method} ${request.baseUrl}${request.path}`)
  })
  return router
}
