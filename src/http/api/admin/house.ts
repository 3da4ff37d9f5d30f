import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { Router } from 'express'
import { cleanedUp } from '../../../domain/audit.ts'
import type { Access } from '../../access.ts'
import { audit, auditAround } from '../../audit.ts'
import { type MailSettingsView, MailTestRequest } from '../../contract.ts'
import type { HttpDeps } from '../../deps.ts'
import { notFound } from '../../errors.ts'
import { bodyOf } from '../params.ts'
import { slotsView } from './slots.ts'

/** `/admin/engine`, `/admin/slots`, `/admin/mail` and `/admin/data`, which a viewer may read, and backups, for admins only. */
export function houseRoutes({ store, health, admin }: HttpDeps, access: Access): Router {
  const router = Router()

  router.get('/engine', async (_request, response) => {
    const [engine, disks] = await Promise.all([admin.engine(), admin.disks()])
    response.json({ ...engine, disks })
  })

  router.get('/slots', async (_request, response) => {
    response.json(slotsView(store, await admin.capacity()))
  })

  router.get('/mail', (_request, response) => {
    const problem = health.problems().find(({ part }) => part === 'mail')
    const view: MailSettingsView = {
      ...admin.mail.settings,
      counts: store.mails.countByState(),
      problem: problem ? { since: problem.since, message: problem.message, remedy: problem.remedy } : null,
    }
    response.json(view)
  })

  router.post('/mail/test', async (request, response) => {
    const { to } = bodyOf(MailTestRequest, request.body)
    const answer = await auditAround(
      store,
      response,
      ['mail tested', `to ${to}`],
      () => admin.mail.sendTest(to),
      ({ ok }) => `to ${to}: ${ok ? 'taken' : 'refused'}`,
    )
    response.json(answer)
  })

  router.get('/data', async (_request, response) => {
    const [use, disks] = await Promise.all([admin.dataUse(), admin.disks()])
    response.json({ ...use, disks })
  })

  router.post('/data/clean-up', async (_request, response) => {
    const answer = await auditAround(
      store,
      response,
      ['cleaned up', 'on the page Admin'],
      () => admin.cleanUp(),
      ({ removed, freedBytes }) => cleanedUp(removed.length, freedBytes),
    )
    response.json(answer)
  })

  router.get('/backups', access.adminsOnly, async (_request, response) => {
    response.json(await admin.backups.list())
  })

  router.post('/backups', async (_request, response) => {
    store.transaction(() => {
      audit(store, response, 'backup made', 'begun on the page Admin')
      admin.backups.start()
    })
    response.status(202).json(await admin.backups.list())
  })

  router.get('/backups/:name', access.adminsOnly, async (request, response) => {
    const { name } = request.params
    const path = await admin.backups.find(String(name))
    // A newer backup may take the place of the oldest at any moment: what is open is read to its end.
    const handle = path === null ? null : await open(path).catch(ifGone)
    if (handle === null) throw notFound(`The backup '${name}'`)
    try {
      audit(store, response, 'backup downloaded', String(name))
      response.attachment(String(name)).set('Content-Type', 'application/gzip')
      response.set('Content-Length', String((await handle.stat()).size))
      await pipeline(handle.createReadStream({ autoClose: false }), response).catch(ignoreAbort)
    } finally {
      await handle.close()
    }
  })
  return router
}

function ifGone(error: NodeJS.ErrnoException): null {
  if (error.code !== 'ENOENT') throw error
  return null
}

/** The reader left: nobody is there to be told. */
function ignoreAbort(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
}
