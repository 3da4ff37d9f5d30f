import { bytesInWords } from './bytes.ts'

/** What people do to a Hone that its record tells of. */
export const AUDIT_ACTIONS = [
  'project made',
  'project changed',
  'project deleted',
  'secret changed',
  'run started',
  'run cancelled',
  'run stopped at its best',
  'branch made',
  'delivery taken again',
  'webhook tested',
  'mail sent again',
  'mail tested',
  'user made',
  'user changed',
  'user removed',
  'token made',
  'token revoked',
  'signed in',
  'signed out',
  'signed out everywhere',
  'sign-in refused',
  'backup made',
  'backup downloaded',
  'backup restored',
  'cleaned up',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

export interface AuditEntry {
  id: number
  /** ms since the epoch; of something that is counted, the last time. */
  at: number
  /** Null where nobody was known: a refused sign-in. */
  user: string | null
  token: string | null
  via: 'token' | 'session' | null
  /** Where the request came from: an IP address. */
  address: string | null
  action: AuditAction
  /** What it was done to, in words: never a secret. */
  subject: string
  /** How often; more than once only for refused sign-ins of one address within an hour. */
  count: number
}

/** What the record says of a clean-up. Pure. */
export const cleanedUp = (things: number, bytes: number) =>
  `${things} ${things === 1 ? 'thing' : 'things'}, ${bytesInWords(bytes)}`
