import { Router } from 'express'
import type { Access } from '../../access.ts'
import type { HttpDeps } from '../../deps.ts'
import type { Streams } from '../../streams.ts'
import { auditRoutes } from './audit.ts'
import { peopleRoutes } from './people.ts'

/** `/admin`: what runs the house. A viewer may look at the engine, its slots, the mail server and the disks. */
export function adminRoutes({ store }: HttpDeps, access: Access, streams: Streams): Router {
  const router = Router()
  router.use(auditRoutes(store, access))
  router.use(peopleRoutes(store, access, streams))
  return router
}
