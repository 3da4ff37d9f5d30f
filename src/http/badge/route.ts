import { Router } from 'express'
import type { Project } from '../../domain/project.ts'
import type { Store } from '../../store/store.ts'
import { fullRef } from '../api/run-filter.ts'
import { bestOf } from '../best.ts'
import { HttpError } from '../errors.ts'
import { isBadgeKey } from './address.ts'
import { drawBadge } from './draw.ts'
import { badgeMessage } from './message.ts'

/** Runs in a row that newer pushes took the place of. */
const LOOKED_AT = 20

/** The last run that no newer push took the place of. */
function lastRun(store: Store, project: Project, branch: unknown) {
  const ref = typeof branch === 'string' && branch !== '' ? { ref: fullRef(branch) } : {}
  const runs = store.runs.list({ projectId: project.id, limit: LOOKED_AT, ...ref })
  const run = runs.find(({ state }) => state !== 'superseded')
  return run ? { state: run.state, best: bestOf(run, store.trials.results(run.id))?.metric ?? null } : null
}

/** `GET /badge/:project.svg?key=&branch=`: how the last run stands, as a picture for a README; without login. */
export function badges(store: Store): Router {
  const router = Router()
  router.get('/:name.svg', (request, response) => {
    const project = store.projects.byName(request.params.name)
    if (!project || !isBadgeKey(store, project, request.query.key)) {
      throw new HttpError(
        404,
        'no-badge',
        'There is no such badge.',
        'The address with its key is on the project’s page, under Badge.',
      )
    }
    response
      .type('image/svg+xml')
      // Asked for again each time, and answered 304 while it is the same.
      .set('Cache-Control', 'no-cache')
      .set('Cross-Origin-Resource-Policy', 'cross-origin')
      .send(drawBadge('hone', ...badgeMessage(lastRun(store, project, request.query.branch))))
  })
  return router
}
