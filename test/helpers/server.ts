import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { EventView, NewProjectView, RunView, TrialView } from '../../src/http/contract.ts'
import { packageRoot } from '../../src/paths.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import { removeInstance } from './docker.ts'

export const TOKEN = 'a-token-for-the-tests-only'
const ENDED = ['succeeded', 'exhausted', 'failed', 'cancelled', 'superseded']

/** A real server in a process of its own, on a free port, so that it can be killed. */
export class TestServer {
  readonly data: string
  readonly #environment: Record<string, string>
  #child: ChildProcess | null = null
  #port = 0
  output = ''

  constructor(data: string, environment: Record<string, string>) {
    this.data = data
    this.#environment = environment
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`
  }

  get pid() {
    return this.#child?.pid as number
  }

  /** Starts, also again after a kill, on the same data and port. */
  async start(): Promise<void> {
    const cli = join(packageRoot, 'dist', 'src', 'cli.js')
    if (!existsSync(cli)) throw new Error('dist is missing: npm run build')
    const child = this.spawn([cli, 'serve'], {
      ...process.env,
      HONE_DATA: this.data,
      HONE_HOST: '127.0.0.1',
      HONE_PORT: String(this.#port),
      HONE_ADMIN_TOKEN: TOKEN,
      HONE_LOG_LEVEL: 'warn',
      HONE_SMTP_URL: '',
      HONE_MAIL_TO: '',
      ...this.#environment,
    })
    this.#child = child
    child.stderr?.on('data', (chunk) => {
      this.output += chunk
    })
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
    await new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => {
        this.output += `${line}\n`
        const port = /Dashboard.*:(\d+)/.exec(line)?.[1]
        if (!port) return
        this.#port = Number(port)
        resolve()
      })
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${this.output}`)))
    })
  }

  /** Starts Node with these arguments, its output piped. */
  protected spawn(args: string[], env: NodeJS.ProcessEnv): ChildProcess {
    return spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  }

  /** Whether the process has ended, or was never started. */
  get isOver() {
    return !this.#child || this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Resolves once the process has ended, at once when none runs. @returns the exit code */
  async over(): Promise<number | null> {
    const child = this.#child
    if (!child || this.isOver) return child?.exitCode ?? null
    return (await once(child, 'exit'))[0] as number | null
  }

  async kill(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child
    if (!child || this.isOver) return null
    const over = this.over()
    child.kill(signal)
    return over
  }

  async api<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...init.headers },
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    const type = response.headers.get('content-type') ?? ''
    return (type.includes('json') ? response.json() : response.text()) as Promise<T>
  }

  createProject(name: string, settings: Record<string, unknown>): Promise<NewProjectView> {
    return this.api('/projects', { method: 'POST', body: JSON.stringify({ name, settings }) })
  }

  run(id: number): Promise<RunView> {
    return this.api(`/runs/${id}`)
  }

  trial(id: number): Promise<TrialView> {
    return this.api(`/trials/${id}`)
  }

  /** The first event of the run, from its beginning, that fits; as it comes over the live stream. */
  async event(runId: number, fits: (event: EventView) => boolean): Promise<EventView> {
    const over = new AbortController()
    const response = await fetch(`${this.url}/api/v1/runs/${runId}/events?after=0`, {
      headers: { authorization: `Bearer ${TOKEN}` },
      signal: over.signal,
    })
    try {
      let rest = ''
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        rest += Buffer.from(chunk).toString('utf8')
        const blocks = rest.split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) {
          if (!/^id:/m.test(block)) continue
          const event = JSON.parse(/^data: ?(.*)$/m.exec(block)?.[1] ?? 'null') as EventView
          if (fits(event)) return event
        }
      }
      throw new Error('the live stream ended before the event came')
    } finally {
      over.abort()
    }
  }

  /** The run once it has ended and its mail is out. */
  async ended(runId: number): Promise<RunView> {
    const end = await this.event(
      runId,
      ({ type, data }) => type === 'run' && ENDED.includes(String(data.state)),
    )
    if (['succeeded', 'exhausted', 'failed'].includes(String(end.data.state))) {
      await this.event(
        runId,
        ({ type, data }) => type === 'mail' && ['sent', 'written'].includes(String(data.state)),
      )
    }
    return this.run(runId)
  }

  /** Stops the server and removes its data. */
  async dispose(): Promise<void> {
    await this.kill('SIGKILL')
    const database = join(this.data, 'hone.sqlite')
    if (existsSync(database)) {
      const store = createStore(openDatabase(database))
      const instance = store.meta.get('instance')
      store.close()
      // What is kept for the next run of a project, and winners, would stay on the engine for ever.
      if (instance) await removeInstance(instance)
    }
    await rm(this.data, { recursive: true, force: true })
  }
}

export async function testServer(environment: Record<string, string> = {}): Promise<TestServer> {
  const server = new TestServer(await mkdtemp(join(tmpdir(), 'hone-test-')), environment)
  await server.start()
  return server
}
