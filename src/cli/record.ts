import { userInfo } from 'node:os'
import type { AuditAction } from '../domain/audit.ts'
import type { NewAuditEntry } from '../store/audit.ts'

/** The system's user; in a container they may have no name. */
function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? '?'}`
  }
}

/** A row of the record for what is done on the command line. No user of Hone's has a parenthesis in the name. */
export const onCommandLine = (action: AuditAction, subject: string): NewAuditEntry => ({
  ...{ user: `command line (${systemUser()})`, token: null, via: null, address: null },
  ...{ action, subject },
})
