import { Router } from 'express'
import type { Access } from '../../access.ts'
import type { HttpDeps } from '../../deps.ts'
import type { Streams } from '../../streams.ts'
import { auditRoutes } from './audit.ts'
import { houseRoutes } from './house.ts'
import { peopleRoutes } from './people.ts'

/** `/admin`: what runs the house. A viewer may look at the engine, its slots, the mail server and the disks. */
export function adminRoutes(deps: HttpDeps, access: Access, streams: Streams): Router {
  const { store } = deps
  const router = Router()
  router.use(houseRoutes(deps, access))
  router.use(auditRoutes(store, access))
  router.use(peopleRoutes(store, access, streams))
  return router
}
