import { Router } from 'express'
import type { Mail } from '../../domain/mail.ts'
import { audit } from '../audit.ts'
import type { HttpDeps } from '../deps.ts'
import { HttpError } from '../errors.ts'
import { mailView } from '../views.ts'
import { lookUp, numberOf } from './params.ts'

/**
 * A mail's HTML holds log lines of untrusted code: nothing in it runs, and nothing is loaded. The page around it may measure it
 * (`allow-same-origin`, harmless where no script runs), and its link opens another tab.
 */
const MAIL_CSP =
  "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

/** `/mails`: the outbox, with what was sent. */
export function mailRoutes({ store, actions }: HttpDeps): Router {
  const router = Router()
  const find = lookUp(store)

  router.get('/mails', (request, response) => {
    const runId = numberOf(request.query, 'run')
    const limit = numberOf(request.query, 'limit', 500) ?? 100
    response.json(store.mails.list(runId === undefined ? { limit } : { runId, limit }).map(mailView))
  })

  router.get('/mails/:id', (request, response) => {
    response.json(mailView(find.mail(request.params.id)))
  })

  router.post('/mails/:id/send', (request, response) => {
    const mail = find.mail(request.params.id)
    store.transaction(() => {
      if (!store.mails.sendAgain(mail)) {
        throw new HttpError(409, 'mail-sent', `Mail ${mail.id} has been sent already.`)
      }
      audit(store, response, 'mail sent again', `mail ${mail.id} to ${mail.to}`)
    })
    actions.sendMails()
    response.json(mailView(find.mail(request.params.id)))
  })

  router.get('/mails/:id/html', (request, response) => {
    const html = withPictures(find.mail(request.params.id))
    response.set('Content-Security-Policy', MAIL_CSP).type('text/html').send(html)
  })
  return router
}

/** The HTML with its pictures in it, since only a mail program finds them by their Content-ID. */
function withPictures({ html, attachments }: Mail): string {
  return attachments.reduce(
    (page, { cid, contentType, content = '' }) =>
      cid === undefined
        ? page
        : page.replaceAll(`src="cid:${cid}"`, `src="data:${contentType};base64,${content}"`),
    html,
  )
}
