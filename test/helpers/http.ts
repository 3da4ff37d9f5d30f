import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { stopAtBest } from '../../jobs/notify/stop.ts'
import type { NextJob } from '../../src/chain/contract.ts'
import { type CreatedProject, createProject, type ProjectRequest } from '../../src/chain/projects.ts'
import { Health } from '../../src/domain/health.ts'
import { type Run, runMachine } from '../../src/domain/run.ts'
import { gitAdapter } from '../../src/git/adapter.ts'
import { createApp } from '../../src/http/app.ts'
import { ensureAdminToken } from '../../src/http/auth.ts'
import type { HttpDeps } from '../../src/http/deps.ts'
import { LogNotices } from '../../src/http/log-notices.ts'
import { type HttpServer, startServer } from '../../src/http/server.ts'
import { dataPaths } from '../../src/paths.ts'
import { LogLines } from '../../src/store/log-lines.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore, type Store } from '../../src/store/store.ts'
import { someSurroundings } from './admin.ts'

export const ADMIN_TOKEN = 'admin-token-of-the-tests'

/** A command in its own world: no configuration of the machine's, a fixed author. */
export function git(
  cwd: string,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.org',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.org',
  }
  return new Promise((resolve) => {
    execFile('git', args, { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) || 1 : 0, stdout, stderr })
    })
  })
}

/** Bytes of a file from an offset on; nothing when it is not there. */
async function readLog(path: string, { offset, limit }: { offset: number; limit: number }) {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0))
  const text = bytes.subarray(offset, offset + limit)
  return { text, next: offset + text.length }
}

/** As the engine does, without workers to abort. */
function concludeIn(store: Store, runId: number, { name, key, input }: NextJob): void {
  store.jobs.cancelOpen(runId)
  store.cancelTrials(runId)
  store.jobs.enqueue(runId, name, key, input)
}

export interface TestServer {
  url: string
  store: Store
  deps: HttpDeps
  folder: string
  server: HttpServer
  project(request: ProjectRequest): CreatedProject
  /** With the admin token; `body` as JSON. */
  api(
    path: string,
    init?: { method?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Response>
  close(): Promise<void>
}

/** The whole HTTP side on a free port, over a database in memory; runs are cancelled, but never worked on. */
export async function testServer(change: Partial<HttpDeps> = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'hone-http-'))
  const store = change.store ?? createStore(openDatabase(':memory:'))
  ensureAdminToken(store, ADMIN_TOKEN)
  let url = ''
  const cancelRun = (runId: number, to: 'cancelled' | 'superseded') =>
    store.transaction(() => {
      if (runMachine.isFinal(store.runs.get(runId).state)) return false
      store.runs.transition(runId, to)
      store.jobs.cancelOpen(runId)
      return true
    })
  const deps: HttpDeps = {
    store,
    paths: dataPaths(folder),
    health: new Health(),
    logger: pino({ level: 'silent' }),
    url: () => url,
    hookUrl: () => url,
    first: () => ({ name: 'git-import', key: 'git-import', input: {} }),
    admin: someSurroundings(),
    actions: {
      cancelRun,
      stopRun: (runId) => stopAtBest(store, { conclude: (id, job) => concludeIn(store, id, job) }, runId),
      sendMails: () => {},
      removeDeleted: () => {},
    },
    git: gitAdapter(),
    readLog,
    logLines: new LogLines(),
    notices: new LogNotices(),
    webFolder: join(folder, 'web'),
    ...change,
  }
  const server = await startServer(createApp(deps), { host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${server.port}`
  return {
    url,
    store,
    deps,
    folder,
    server,
    project: (request) => createProject(store, request),
    api: (path, { method = 'GET', body, headers = {} } = {}) =>
      fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    async close() {
      await server.close(100)
      store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const commit = (letter: string) => letter.repeat(40)

/** A run of a project, with what makes its views full: a trial with a value, an attempt, a mail. */
export function fullRun(store: Store, projectId: number, settings: Run['settings'], ref = 'refs/heads/main') {
  return store.transaction(() => {
    const run = store.runs.insert({
      projectId,
      ref,
      sha: commit('a'),
      trigger: 'push',
      author: 'Ada',
      message: 'Train',
      overrides: {},
      settings,
    })
    store.jobs.enqueue(run.id, 'git-import', 'git-import', {})
    store.runs.transition(run.id, 'running')
    const trial = store.trials.insert({
      runId: run.id,
      number: 0,
      values: { lr: 0.1 },
      origin: 'your own values',
      repeats: null,
      seed: 0,
      sha: commit('a'),
      diff: '--- a\n+++ b\n',
    })
    const attempt = store.attempts.insert({
      trialId: trial.id,
      number: 1,
      container: `hone-${run.id}`,
      deadline: 1,
    })
    store.metrics.insert(
      { runId: run.id, trialId: trial.id, attemptId: attempt.id },
      {
        name: 'accuracy',
        split: 'test',
        value: 0.75,
        step: null,
        source: 'log',
        evidence: 'Test accuracy: 0.75',
        line: 3,
      },
    )
    store.attempts.transition(attempt.id, 'running')
    store.attempts.transition(attempt.id, 'succeeded', { exitCode: 0 })
    store.trials.transition(trial.id, 'running')
    store.trials.transition(trial.id, 'completed', { metric: 0.75 })
    store.mails.insert({
      runId: run.id,
      kind: 'budget',
      messageId: `<${run.id}@hone>`,
      to: 'ada@example.org',
      subject: 'Best 0.75',
      text: 'Best 0.75',
      html: '<p>Best <b>0.75</b></p><script>alert(1)</script>',
      attachments: [{ filename: 'best.diff', contentType: 'text/x-diff', content: 'x' }],
    })
    return { run, trial, attempt }
  })
}

export const signature = (secret: string, body: string | Buffer) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

/** A request with the path exactly as written; fetch would tidy `..` away. @returns the status */
export const rawStatus = (url: string, path: string, headers: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    request({ hostname, port, path, headers, agent: false })
      .on('response', (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      .on('error', reject)
      .end()
  })
