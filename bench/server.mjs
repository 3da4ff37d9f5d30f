/** A real server of its own for a benchmark, spoken to as a user does: by git and the REST API. */
import { execFile, spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const exec = promisify(execFile)
export const root = join(import.meta.dirname, '..')
const token = 'a-token-for-the-benchmark'

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** @param env further settings of the server */
export async function startServer(env = {}) {
  const data = await mkdtemp(join(tmpdir(), 'hone-bench-data-'))
  const child = spawn(process.execPath, [join(root, 'dist/src/cli.js'), 'serve'], {
    env: {
      ...process.env,
      HONE_DATA: data,
      HONE_PORT: '0',
      HONE_ADMIN_TOKEN: token,
      HONE_LOG_LEVEL: 'error',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = async () => {
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await exited
    await rm(data, { recursive: true, force: true })
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /Dashboard.*?(http:\S+)/.exec(line)?.[1]
    if (url) return { pid: child.pid, data, stop, ...client(new URL(url).origin) }
  }
  throw new Error('the server did not start')
}

function client(url) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  async function api(path, body) {
    const options = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
    const response = await fetch(`${url}/api/v1${path}`, options)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  return {
    url,
    headers,
    api,
    /** Makes a project of a folder's files and pushes them. */
    async push(name, folder, settings) {
      const project = await api('/projects', { name, settings })
      const copy = await mkdtemp(join(tmpdir(), 'hone-bench-'))
      await cp(folder, copy, { recursive: true })
      const git = (...args) =>
        exec('git', ['-c', 'user.name=b', '-c', 'user.email=b@localhost', ...args], { cwd: copy })
      await git('init', '--quiet', '--initial-branch=main')
      await git('add', '--all')
      await git('commit', '--quiet', '--message', 'Train')
      const pushedAt = Date.now()
      const remote = project.gitRemote.replace('://', `://b:${project.pushToken}@`)
      const { stderr } = await git('push', remote, 'HEAD:refs/heads/main')
      await rm(copy, { recursive: true })
      return { pushedAt, runId: Number(/\/runs\/(\d+)/.exec(stderr)[1]) }
    },
    /** The run once it has ended, by its live stream. */
    async ended(runId) {
      const response = await fetch(`${url}/api/v1/runs/${runId}/events?after=0`, { headers })
      let text = ''
      for await (const chunk of response.body) {
        text += Buffer.from(chunk).toString()
        // Trials and attempts have such states too.
        if (!/"state":"(succeeded|exhausted|failed)"/.test(text)) continue
        text = ''
        const run = await api(`/runs/${runId}`)
        if (run.endedAt !== null) return run
      }
      throw new Error('the live stream ended')
    },
  }
}
