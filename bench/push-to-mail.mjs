/**
 * What Hone costs around a training, measured in one run on one machine:
 * - seconds from `git push` to the first line of the training container,
 * - the time of one trial over a bare `docker run` of the same script in the same image, in turn, as a ratio,
 * - the memory of the server, idle and while it trains.
 *
 * Usage: npm run bench [-- rounds]   (needs a Docker engine and the images; `npm test` sets both up)
 */
import { execFile, spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const exec = promisify(execFile)
const root = join(import.meta.dirname, '..')
const rounds = Number(process.argv[2] ?? 5)
const token = 'a-token-for-the-benchmark'
const example = join(root, 'examples', 'digits-sklearn')

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const spread = (values) =>
  `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`

async function startServer(data) {
  const child = spawn(process.execPath, [join(root, 'dist/src/cli.js'), 'serve'], {
    env: {
      ...process.env,
      HONE_DATA: data,
      HONE_PORT: '0',
      HONE_ADMIN_TOKEN: token,
      HONE_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /Dashboard.*?(http:\S+)/.exec(line)?.[1]
    if (url) return { child, url: new URL(url).origin }
  }
  throw new Error('the server did not start')
}

async function api(url, path, body) {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

/** The run once it has ended, by its live stream. */
async function ended(url, runId) {
  const response = await fetch(`${url}/api/v1/runs/${runId}/events?after=0`, {
    headers: { authorization: `Bearer ${token}` },
  })
  let text = ''
  for await (const chunk of response.body) {
    text += Buffer.from(chunk).toString()
    if (/"state":"(succeeded|exhausted|failed)"/.test(text)) return api(url, `/runs/${runId}`)
  }
  throw new Error('the live stream ended')
}

async function push(url, name) {
  const project = await api(url, '/projects', { name, settings: { target: 1.1, trials: 1 } })
  const folder = await mkdtemp(join(tmpdir(), 'hone-bench-'))
  await cp(example, folder, { recursive: true })
  const git = (...args) =>
    exec('git', ['-c', 'user.name=b', '-c', 'user.email=b@localhost', ...args], { cwd: folder })
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'Train')
  const pushedAt = Date.now()
  const remote = project.gitRemote.replace('://', `://b:${project.pushToken}@`)
  const { stderr } = await git('push', remote, 'HEAD:refs/heads/main')
  await rm(folder, { recursive: true })
  return { pushedAt, runId: Number(/\/runs\/(\d+)/.exec(stderr)[1]) }
}

/** Resident memory in MiB. */
const memory = async (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

async function firstLineAt(data, runId, attemptId) {
  const log = await readFile(join(data, 'logs', `run-${runId}`, `attempt-${attemptId}.log`), 'utf8')
  return Date.parse(log.slice(0, log.indexOf(' ')).replace(/(\.\d{3})\d*Z$/, '$1Z'))
}

async function bare(image) {
  const started = Date.now()
  const mount = `${example}:/workspace:ro`
  const limits = ['--cpus', String(cpus().length), '--env', `OMP_NUM_THREADS=${cpus().length}`]
  const script = 'cp /workspace/*.py /tmp && cd /tmp && python3 -u train.py'
  await exec('docker', ['run', '--rm', '--user', '1000', ...limits, '-v', mount, image, 'sh', '-c', script])
  return (Date.now() - started) / 1000
}

const data = await mkdtemp(join(tmpdir(), 'hone-bench-data-'))
const server = await startServer(data)
try {
  const idle = await memory(server.child.pid)
  const warm = await push(server.url, 'warm')
  await ended(server.url, warm.runId)
  const { stdout } = await exec('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}', 'hone/sklearn'])
  const image = stdout.split('\n')[0]
  const firstLine = []
  const trial = []
  const alone = []
  const peak = []
  for (let round = 0; round < rounds; round++) {
    alone.push(await bare(image))
    const { pushedAt, runId } = await push(server.url, `round-${round}`)
    const run = await ended(server.url, runId)
    peak.push(await memory(server.child.pid))
    firstLine.push((await firstLineAt(data, runId, run.trials[0].attempts[0].id)) / 1000 - pushedAt / 1000)
    trial.push((run.trials[0].endedAt - run.trials[0].startedAt) / 1000)
  }
  const ratios = trial.map((seconds, round) => seconds / alone[round])
  console.log(
    `${cpus().length} cores, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB, Node ${process.version}, ${rounds} rounds`,
  )
  console.log('median (lowest to highest)')
  console.log(`push to the container's first line   ${spread(firstLine)} s`)
  console.log(`one trial                            ${spread(trial)} s`)
  console.log(`bare docker run of the same script   ${spread(alone)} s`)
  console.log(`trial / bare                         ${spread(ratios)}`)
  console.log(`server memory, idle                  ${idle.toFixed(0)} MiB`)
  console.log(`server memory, after each run        ${spread(peak)} MiB`)
} finally {
  server.child.kill('SIGTERM')
  await new Promise((resolve) => server.child.once('exit', resolve))
  await rm(data, { recursive: true, force: true })
}
