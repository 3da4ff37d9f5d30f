import type { IntakeChain } from '../chain/intake.ts'
import type { HttpDeps } from './deps.ts'
import { badRequest } from './errors.ts'
import { parseJson } from './json-body.ts'

/** The chain as the intake of pushes sees it. */
export const intakeChain = ({ first, maxWaiting = Infinity, actions }: HttpDeps): IntakeChain => ({
  first: first(),
  maxWaiting,
  cancelRun: actions.cancelRun,
})

/** Whether a body whose content type is not known is a form: the JSON of a push is an object. */
const looksLikeForm = (body: Buffer) => !/^\s*\{/.test(body.subarray(0, 1000).toString())

/**
 * What a body tells: JSON, or a form with the JSON in its field `payload`.
 * @param isForm left out where the content type is not known
 * @throws HttpError 400 when it is neither
 */
export function payloadOf(body: Buffer, isForm = looksLikeForm(body)): unknown {
  if (!isForm) return parseJson(body)
  const payload = new URLSearchParams(body.toString()).get('payload')
  if (payload === null) {
    throw badRequest('bad-form', 'The form has no field `payload`.', 'Or set the content type to JSON.')
  }
  return parseJson(Buffer.from(payload))
}
