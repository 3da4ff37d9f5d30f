import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { stopAtBest } from '../../jobs/notify/stop.ts'
import { Engine } from '../../src/chain/engine.ts'
import { Health } from '../../src/domain/health.ts'
import { gitAdapter } from '../../src/git/adapter.ts'
import { createApp } from '../../src/http/app.ts'
import { ensureAdminToken } from '../../src/http/auth.ts'
import { LogNotices } from '../../src/http/log-notices.ts'
import { dataPaths, packageRoot } from '../../src/paths.ts'
import { readLog } from '../../src/store/log-file.ts'
import { LogLines } from '../../src/store/log-lines.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import { someSurroundings } from './admin.ts'
import type { World } from './factories.ts'

const TOKEN = 'the-admin-token-of-the-tests'
const CHROMES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
]

export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROME_PATH ?? CHROMES.find((path) => existsSync(path))
  if (executablePath === undefined) {
    throw new Error('No Chromium found: install it (apt-get install chromium) or set CHROME_PATH.')
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}

export type Dashboard = Awaited<ReturnType<typeof openDashboard>>

/** The real server over an empty database, without workers: what happens, the test writes to the store. */
export async function openDashboard() {
  const webFolder = join(packageRoot, 'dist', 'web')
  if (!existsSync(join(webFolder, 'index.html'))) {
    throw new Error(`The dashboard is not built (${webFolder} is missing): run npm run build first.`)
  }
  const data = mkdtempSync(join(tmpdir(), 'hone-browser-'))
  let shift = 0
  const store = createStore(openDatabase(':memory:'), () => Date.now() + shift)
  const logger = pino({ level: 'silent' })
  const health = new Health()
  const notices = new LogNotices(20)
  const first = { name: 'git-import', key: 'git-import', input: {} } as const
  const conclude = () => {
    throw new Error('no job runs here')
  }
  const pipeline = { jobs: [], first: () => first, follow: () => [], afterFailure: () => [], conclude }
  const engine = new Engine({
    store,
    pipeline,
    context: {},
    workers: { light: 0, train: 0 },
    owner: 'test',
    logger,
  })
  const world: World & { startAgo(ms: number): void; now(): void } = {
    store,
    paths: dataPaths(data),
    pass: (ms) => {
      shift += ms
    },
    /** Puts the store's clock back, so that what follows happened this long ago. */
    startAgo: (ms) => {
      shift = -ms
    },
    now: () => {
      shift = 0
    },
  }
  let port = 0
  const admin = someSurroundings()
  const url = () => `http://127.0.0.1:${port}`
  ensureAdminToken(store, TOKEN)
  const app = createApp({
    store,
    paths: world.paths,
    health,
    logger,
    url,
    hookUrl: url,
    first: pipeline.first,
    admin,
    actions: {
      cancelRun: (runId, to) => engine.cancel(runId, to),
      stopRun: (runId) => stopAtBest(store, engine, runId),
      sendMails: () => {},
      removeDeleted: () => {},
    },
    git: {
      initRemote: async () => {},
      heads: gitAdapter().heads,
      readCommit: async (_repository, sha) => ({ sha, message: '', author: '' }),
      diff: gitAdapter().diff,
      pushBranch: gitAdapter().pushBranch,
      squash: gitAdapter().squash,
    },
    readLog,
    logLines: new LogLines(),
    notices,
    webFolder,
  })
  const server = createServer(app)
  const start = async () => {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await start()
  return {
    world,
    health,
    /** What the page Admin is told of the surroundings; a test changes it. */
    admin,
    notices,
    url,
    token: TOKEN,
    /** The server goes away, and comes back on the same port. */
    stop,
    start,
    async close(): Promise<void> {
      await stop()
      store.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** A page of the dashboard, and all that it must never do: errors, blocked content, requests to elsewhere. */
export async function openPage(browser: Browser, dashboard: Dashboard, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    // A mail's frame has a stricter policy of its own, and mails hold what anybody wrote.
    const ofMail = /\/mails\/\d+\//.test(message.text() + message.location().url)
    if (/Content Security Policy|Refused to/i.test(message.text()) && !ofMail) faults.push(message.text())
  })
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(dashboard.url()).host) faults.push(`asked ${request.url()}`)
  })
  return { page, faults }
}

/** Opens a page of the dashboard as the address that the command line prints does. */
export async function visit(page: Page, dashboard: Dashboard, path: string): Promise<void> {
  await page.goto(`${dashboard.url()}${path}#token=${dashboard.token}`)
}

/** Opens a section of a run's page by its link. */
export async function openSection(page: Page, title: string): Promise<void> {
  const links = page.getByRole('navigation', { name: 'Sections of the run' })
  await links.getByRole('link', { name: title }).click()
  await page.getByRole('region', { name: title, exact: true }).waitFor()
}
