import { receivePush } from '../chain/intake.ts'
import type { Delivery, Project } from '../domain/project.ts'
import type { HttpDeps } from './deps.ts'
import { HttpError } from './errors.ts'
import { toPush as fromGitHub } from './github.ts'
import { intakeChain, payloadOf } from './intake.ts'
import { toPush, Update } from './pushes.ts'

/** The answer to a push that is stored, but makes no run while too many wait. */
export const tooManyWaiting = ({ reason }: Delivery) =>
  new HttpError(
    429,
    'queue-full',
    reason ?? 'Too many runs of the project wait.',
    "The delivery is stored: deliver it again later, from GitHub or on the project's page, or raise HONE_QUEUE.",
  )

/**
 * Takes a delivery that was refused once more, from what was stored of it.
 * @param taken called in the transaction that takes it; not where there is no room yet
 * @returns what became of it; still `refused` when there is no room yet
 * @throws HttpError 409 `not-refused` for any other
 */
export async function deliverAgain(
  deps: HttpDeps,
  project: Project,
  delivery: Delivery,
  taken: () => void,
): Promise<Delivery> {
  if (delivery.outcome !== 'refused') {
    throw new HttpError(
      409,
      'not-refused',
      `Only a refused delivery can be taken again; this one is recorded as '${delivery.outcome}'.`,
    )
  }
  const payload = payloadOf(delivery.payload)
  const own = Update.safeParse(payload)
  const push = own.success ? await toPush(deps, project, own.data) : fromGitHub(payload)
  const { deliveryId, event } = delivery
  const received = { deliveryId, event, payload: delivery.payload }
  return deps.store.transaction(() => {
    const settled = receivePush(deps.store, project, push, received, intakeChain(deps)).delivery
    if (settled.outcome !== 'refused') taken()
    return settled
  })
}
