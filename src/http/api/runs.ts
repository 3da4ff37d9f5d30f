import { Router } from 'express'
import { checkSettings } from '../../chain/projects.ts'
import { mailAgain, rerun } from '../../chain/rerun.ts'
import { audit } from '../audit.ts'
import { curvesOf } from '../curves.ts'
import type { HttpDeps } from '../deps.ts'
import { badRequest, HttpError } from '../errors.ts'
import type { Streams } from '../streams.ts'
import { runName, runSummary, runView } from '../views.ts'
import { bodyOf, lookUp, numberOf, triggerOf } from './params.ts'
import { RerunRequest } from './requests.ts'
import { patchBetweenRuns, sourceOf } from './run-diff.ts'
import { runFilterOf } from './run-filter.ts'

/** `/runs`, and the live streams. */
export function runRoutes(deps: HttpDeps, streams: Streams): Router {
  const { store } = deps
  const router = Router()
  const find = lookUp(store)
  const curves = curvesOf(store)

  router.get('/runs', (request, response) => {
    const runs = store.runs.list(runFilterOf(store, request.query))
    response.json(runs.map((run) => runSummary(store, run, deps.url())))
  })

  router.get('/runs/:id', (request, response) => {
    response.json(runView(store, find.run(request.params.id), deps.url(), deps.parallel))
  })

  router.get('/runs/:id/curves', (request, response) => {
    response.json(curves(find.run(request.params.id)))
  })

  router.get('/runs/:id/diff', async (request, response) => {
    const from = find.run(String(numberOf(request.query, 'against') ?? ''))
    const run = find.run(request.params.id)
    const source = sourceOf(request.query)
    const left = new AbortController()
    response.once('close', () => left.abort())
    try {
      const patch = await patchBetweenRuns(deps, [from, run], source, { signal: left.signal })
      response.type('text/x-diff').send(patch)
    } catch (error) {
      // Nobody waits for the answer.
      if (!left.signal.aborted) throw error
    }
  })

  router.post('/runs/:id/cancel', (request, response) => {
    const run = find.run(request.params.id)
    store.transaction(() => {
      if (!deps.actions.cancelRun(run.id, 'cancelled')) {
        throw new HttpError(
          409,
          'run-ended',
          `Run ${run.number} has ended already: ${store.runs.get(run.id).state}.`,
        )
      }
      audit(store, response, 'run cancelled', runName(store, run))
    })
    response.json(runSummary(store, store.runs.get(run.id), deps.url()))
  })

  router.post('/runs/:id/stop', (request, response) => {
    const run = find.run(request.params.id)
    store.transaction(() => {
      deps.actions.stopRun(run.id)
      audit(store, response, 'run stopped at its best', runName(store, run))
    })
    response.json(runSummary(store, store.runs.get(run.id), deps.url()))
  })

  router.post('/runs/:id/rerun', (request, response) => {
    const run = find.run(request.params.id)
    const { from, settings } = bodyOf(RerunRequest, request.body)
    if (from === 'notify') {
      if (Object.keys(settings).length > 0) throw badRequest('bad-request', 'settings: mails have none.')
      store.transaction(() => {
        mailAgain(store, run)
        audit(store, response, 'mail sent again', `all of ${runName(store, run)}`)
      })
      deps.actions.sendMails()
      response.json(runSummary(store, run, deps.url()))
      return
    }
    const { maxWaiting } = deps
    const again = store.transaction(() => {
      const started = rerun(
        store,
        run,
        { from, settings: checkSettings(settings), trigger: triggerOf(response) },
        { first: deps.first(), ...(maxWaiting === undefined ? {} : { maxWaiting }) },
      )
      audit(store, response, 'run started', `${runName(store, started)}, again from ${runName(store, run)}`)
      return started
    })
    response
      .status(201)
      .location(`/api/v1/runs/${again.id}`)
      .json(runSummary(store, again, deps.url()))
  })

  router.get('/runs/:id/events', (request, response) => {
    streams.open(request, response, find.run(request.params.id).id)
  })

  router.get('/events', (request, response) => streams.open(request, response))
  return router
}
