import { type NextFunction, type Request, type Response, Router } from 'express'
import { receivePush, recordDelivery } from '../chain/intake.ts'
import type { Delivery, Project } from '../domain/project.ts'
import { reached } from '../fault-points.ts'
import { acceptedBody } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { badRequest, HttpError } from './errors.ts'
import { toPush } from './github.ts'
import { intakeChain, payloadOf } from './intake.ts'
import { bytesOf, rawBody } from './json-body.ts'
import { tooManyWaiting } from './redelivery.ts'
import { verifySignature } from './signature.ts'

const MAX_BODY = 25 * 1024 * 1024
const WORD = /^[\w.:-]{1,100}$/
const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

interface Locals {
  project: Project
  type: string
}

/** What can be said before the body is read. */
const checkHead =
  ({ store }: HttpDeps) =>
  (request: Request<{ project: string }>, response: Response<unknown, Locals>, next: NextFunction) => {
    const project = store.projects.byName(request.params.project)
    if (!project) {
      throw new HttpError(
        404,
        'unknown-project',
        'There is no such project.',
        'Compare the webhook address with the one that `hone project add` printed.',
      )
    }
    const type = (request.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase()
    if (type !== JSON_TYPE && type !== FORM_TYPE) {
      throw new HttpError(
        415,
        'unsupported-type',
        `Only ${JSON_TYPE} and ${FORM_TYPE} are taken.`,
        `Set the content type of the webhook to ${JSON_TYPE}.`,
      )
    }
    response.locals.project = project
    response.locals.type = type
    next()
  }

/** `POST /webhooks/:project`: answers 202 once the delivery and its run are in the database. */
export function webhooks(deps: HttpDeps): Router {
  const { store } = deps
  const router = Router()
  router.post('/:project', checkHead(deps), rawBody(MAX_BODY), (request, response) => {
    const { project, type } = response.locals as Locals
    const body = bytesOf(request.body)
    if (!verifySignature(project.secret, body, request.get('x-hub-signature-256'))) {
      deps.health.know('badSignature', { project: project.name, at: store.now() })
      throw new HttpError(
        401,
        'bad-signature',
        'X-Hub-Signature-256 is missing or wrong.',
        "Set the webhook's secret to the one that `hone project add` printed for this project.",
      )
    }
    const payload = payloadOf(body, type === FORM_TYPE)
    const deliveryId = request.get('x-github-delivery') ?? ''
    const event = request.get('x-github-event') ?? ''
    if (!WORD.test(deliveryId)) {
      throw badRequest('bad-delivery', 'X-GitHub-Delivery is missing or no delivery id.')
    }
    if (!WORD.test(event)) throw badRequest('bad-event', 'X-GitHub-Event is missing or no event name.')
    const received = { deliveryId, event, payload: body }
    const take = (): Delivery => {
      if (event === 'ping') return recordDelivery(store, project, received, 'ping', null)
      if (event !== 'push') {
        const reason = `The event '${event}' does not start runs.`
        return recordDelivery(store, project, received, 'ignored', reason)
      }
      return receivePush(store, project, toPush(payload), received, intakeChain(deps)).delivery
    }
    const delivery = take()
    // It is stored, and GitHub shows a failed delivery with a button that sends it again.
    if (delivery.outcome === 'refused') throw tooManyWaiting(delivery)
    reached('webhook')
    response.status(202).json(acceptedBody(delivery, deps.url()))
  })
  router.use(() => {
    throw new HttpError(404, 'not-found', 'Webhooks are taken at POST /webhooks/<project>.')
  })
  return router
}
