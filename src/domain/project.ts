import type { Settings } from './settings.ts'

/** A project's name is part of addresses and folder names. */
export const PROJECT_NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/i

export interface Project {
  id: number
  name: string
  /** Where the code comes from; null: Hone's own git remote. */
  repoUrl: string | null
  /** Shared with GitHub for the webhook's signature. */
  secret: string
  /** SHA-256, hex, of the token that may push to Hone's own remote of this project. */
  pushTokenHash: string
  settings: Partial<Settings>
  /** How often the key of its badge was changed. */
  badgeTurns: number
  createdAt: number
}

/** What of a project can be given anew, as the record names it. */
export const SECRET_NAMES = {
  secret: 'webhook secret',
  'push-token': 'push token',
  badge: 'key of the badge',
} as const

/** One webhook request or push, as received. */
export interface Delivery {
  id: number
  projectId: number
  deliveryId: string
  event: string
  /** `refused`: too many runs of the project wait; the same delivery may come again. */
  outcome: 'run' | 'duplicate' | 'ignored' | 'refused' | 'ping'
  /** Why it made no run, or one that ended at once. */
  reason: string | null
  runId: number | null
  payload: Buffer
  receivedAt: number
}
