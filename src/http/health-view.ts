import { healthParts } from '../domain/health-parts.ts'
import type { HealthView } from './contract.ts'
import type { HttpDeps } from './deps.ts'

/** Asked every few seconds by every open page: all of it is in memory, or found by an index. */
export function healthView({
  store,
  health,
  mailbox,
}: Pick<HttpDeps, 'store' | 'health' | 'mailbox'>): HealthView {
  const problems = health.problems()
  const newest = store.deliveries.newest()
  const parts = healthParts({
    problems,
    facts: health.facts(),
    mail: {
      pending: store.mails.pendingCount(),
      failed: store.mails.givenUpCount(),
      lastSentAt: store.mails.lastSentAt(),
    },
    mailbox: mailbox?.() ?? null,
    delivery: newest && { ...newest, project: store.projects.byId(newest.projectId)?.name ?? 'a project' },
    now: store.now(),
  })
  return { ok: problems.length === 0, problems, parts }
}
