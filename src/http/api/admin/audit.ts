import { Router } from 'express'
import { AUDIT_ACTIONS, type AuditAction } from '../../../domain/audit.ts'
import type { Store } from '../../../store/store.ts'
import type { Access } from '../../access.ts'
import type { AuditPage } from '../../contract.ts'
import { badRequest } from '../../errors.ts'
import { numberOf } from '../params.ts'

const ENTRIES = 100
const MOST_ENTRIES = 500

/** `/admin/audit`: the record of who did what, newest first; for admins only. */
export function auditRoutes(store: Store, access: Access): Router {
  const router = Router()
  router.get('/audit', access.adminsOnly, (request, response) => {
    const limit = Math.max(1, numberOf(request.query, 'limit', MOST_ENTRIES) ?? ENTRIES)
    const before = numberOf(request.query, 'before')
    const { user } = request.query
    const action = actionOf(request.query.action)
    access.refusals.flush()
    const found = store.audit.list({
      ...(typeof user === 'string' ? { user } : {}),
      ...(action === undefined ? {} : { action }),
      ...(before === undefined ? {} : { before }),
      limit: limit + 1,
    })
    const entries = found.slice(0, limit)
    const page: AuditPage = {
      entries,
      next: found.length > limit ? (entries.at(-1)?.id ?? null) : null,
      users: store.audit.users(),
      actions: [...AUDIT_ACTIONS],
    }
    response.json(page)
  })
  return router
}

/** @throws HttpError 400 */
function actionOf(text: unknown): AuditAction | undefined {
  if (text === undefined) return undefined
  const action = AUDIT_ACTIONS.find((known) => known === text)
  if (action === undefined)
    throw badRequest('bad-parameter', `action: '${text}' is none.`, `Known: ${AUDIT_ACTIONS.join(', ')}.`)
  return action
}
