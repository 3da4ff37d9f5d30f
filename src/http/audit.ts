import type { Response } from 'express'
import { recordAround } from '../chain/record.ts'
import type { AuditAction } from '../domain/audit.ts'
import type { NewAuditEntry } from '../store/audit.ts'
import type { Store } from '../store/store.ts'
import { visitorOf } from './access.ts'
import { addressOf } from './refusals.ts'

function entryOf(response: Response, action: AuditAction, subject: string): NewAuditEntry {
  const { user, token, via } = visitorOf(response)
  return { user, token, via, address: addressOf(response.req), action, subject }
}

/**
 * Writes down who did what; each route that changes the database alone calls it in the transaction of its change.
 * @param subject what it was done to: `digits #12`; never a secret
 */
export function audit(store: Store, response: Response, action: AuditAction, subject: string): void {
  store.audit.append(entryOf(response, action, subject))
}

/** The same for what is done elsewhere, too: written before it is begun, and completed with what came of it. */
export const auditAround = <T>(
  store: Store,
  response: Response,
  [action, subject]: [AuditAction, string],
  work: () => Promise<T>,
  told?: (done: T) => string,
): Promise<T> => recordAround(store, entryOf(response, action, subject), work, told)
