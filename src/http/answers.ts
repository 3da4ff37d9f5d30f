import type { Delivery } from '../domain/project.ts'
import type { DeliveryPayloadView } from './contract.ts'
import type { HttpDeps } from './deps.ts'
import { errorBody } from './errors.ts'
import { lineFor, updateOf } from './pushes.ts'
import { tooManyWaiting } from './redelivery.ts'
import { runUrl } from './views.ts'

/** Of a payload, what a page shows. */
const SHOWN_BYTES = 64 * 1024

/** What a webhook is answered whose delivery was taken. @param base public address of the server */
export const acceptedBody = (delivery: Delivery, base: string) => ({
  delivery: delivery.deliveryId,
  outcome: delivery.outcome,
  reason: delivery.reason ?? undefined,
  run: delivery.runId === null ? undefined : runUrl(base, delivery.runId),
})

/** What who delivered was told: a webhook by HTTP, a push to Hone's own remote by a line in the terminal. */
function answerOf(deps: HttpDeps, delivery: Delivery): DeliveryPayloadView['answer'] {
  const update = updateOf(delivery.payload)
  if (update !== null) {
    const run = delivery.runId === null ? null : deps.store.runs.byId(delivery.runId)
    return { status: null, body: lineFor(deps, update, { delivery, run }) }
  }
  const refusal = delivery.outcome === 'refused' ? tooManyWaiting(delivery) : null
  const body = refusal === null ? acceptedBody(delivery, deps.url()) : errorBody(refusal)
  return { status: refusal?.status ?? 202, body: JSON.stringify(body, null, 2) }
}

/** A delivery's payload as text, and what came back. What is no UTF-8 is replaced. */
export function deliveryPayloadView(deps: HttpDeps, delivery: Delivery): DeliveryPayloadView {
  const { payload } = delivery
  return {
    payload: payload.subarray(0, SHOWN_BYTES).toString(),
    bytes: payload.length,
    cut: payload.length > SHOWN_BYTES,
    answer: answerOf(deps, delivery),
  }
}
