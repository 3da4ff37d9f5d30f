import type { Response } from 'express'
import type { AuditAction } from '../domain/audit.ts'
import type { Store } from '../store/store.ts'
import { visitorOf } from './access.ts'
import { addressOf } from './refusals.ts'

/**
 * Writes down who did what; each route that changes something calls it in the transaction of its change.
 * @param subject what it was done to: `digits #12`; never a secret
 */
export function audit(store: Store, response: Response, action: AuditAction, subject: string): void {
  const { user, token, via } = visitorOf(response)
  store.audit.append({ user, token, via, address: addressOf(response.req), action, subject })
}
