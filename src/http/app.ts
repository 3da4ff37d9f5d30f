import { randomBytes } from 'node:crypto'
import compression from 'compression'
import express from 'express'
import helmet from 'helmet'
import { Access } from './access.ts'
import { api } from './api/index.ts'
import { badges } from './badge/route.ts'
import { dashboard } from './dashboard.ts'
import type { HttpDeps } from './deps.ts'
import { errorHandler } from './errors.ts'
import { gitRemote } from './git-remote.ts'
import { metricsRegistry } from './metrics.ts'
import { pushes } from './pushes.ts'
import { Streams } from './streams.ts'
import { webhooks } from './webhooks.ts'

/** The dashboard loads nothing from elsewhere. Plain http stays allowed: many installations have no certificate. */
const HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'self'"],
    },
  },
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'same-origin' as const },
}

/** A live stream is sent line by line: a compressor would hold its events back. */
const isWorthCompressing: compression.CompressionFilter = (request, response) =>
  response.getHeader('Content-Type') !== 'text/event-stream' && compression.filter(request, response)

export type HoneApp = express.Express & {
  /** Ends all live streams, for a clean shutdown. */
  closeStreams(): void
}

/** Everything that Hone answers over HTTP. */
export function createApp(deps: HttpDeps): HoneApp {
  const { store, logger } = deps
  const app = express()
  app.disable('x-powered-by')
  app.use(helmet(HEADERS))
  app.use(compression({ filter: isWorthCompressing }))
  const access = new Access(store, (line) => logger.warn({ quiet: true, event: 'refusal' }, line))
  const streams = new Streams(deps, access)
  const hookToken = randomBytes(32).toString('hex')

  app.get('/healthz', (_request, response) => {
    try {
      store.meta.get('instance')
      response.json({ ok: true })
    } catch (error) {
      logger.error({ err: error }, 'the database does not answer')
      response.status(503).json({ ok: false })
    }
  })
  const registry = metricsRegistry(deps, streams)
  app.get(
    '/metrics',
    access.require(() => deps.url()),
    async (_request, response) => {
      response.set('Content-Type', registry.contentType).send(await registry.metrics())
    },
  )
  app.use('/badge', badges(store))
  app.use('/webhooks', webhooks(deps))
  app.use('/git', gitRemote(deps, access, hookToken))
  app.use('/internal/git', pushes(deps, hookToken))
  app.use('/api/v1', api(deps, access, streams))
  app.use(dashboard(deps.webFolder))
  app.use(errorHandler(logger))
  return Object.assign(app, { closeStreams: () => streams.closeAll() })
}
