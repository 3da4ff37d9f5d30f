import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Project } from '../../domain/project.ts'
import type { Store } from '../../store/store.ts'
import type { BadgeView } from '../contract.ts'

/** Of `meta`. */
const SECRET = 'badge-secret'

function secretOf(store: Store): string {
  return store.transaction(() => {
    const known = store.meta.get(SECRET)
    if (known !== null) return known
    const made = randomBytes(32).toString('base64url')
    store.meta.set(SECRET, made)
    return made
  })
}

/**
 * What a project's badge can be asked for with, by who is not logged in. It cannot be guessed, and gives away nothing but the
 * badge; it stays the same when the project's other secrets are rotated, so that the badge in a README goes on.
 */
function badgeKey(store: Store, { id, badgeTurns }: Badged): string {
  const name = badgeTurns === 0 ? `badge ${id}` : `badge ${id} ${badgeTurns}`
  return createHmac('sha256', secretOf(store)).update(name).digest('base64url').slice(0, 22)
}

type Badged = Pick<Project, 'id' | 'badgeTurns'>

export function isBadgeKey(store: Store, project: Badged, key: unknown): boolean {
  const wanted = Buffer.from(badgeKey(store, project))
  const given = Buffer.from(typeof key === 'string' ? key : '')
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** Where a project's badge is, and how a README shows it. @param base public address of the server */
export function badgeView(store: Store, project: Badged & Pick<Project, 'name'>, base: string): BadgeView {
  const url = `${base}/badge/${project.name}.svg?key=${badgeKey(store, project)}`
  return { url, markdown: `[![Hone](${url})](${base}/projects/${project.name})` }
}
