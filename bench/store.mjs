/**
 * How large the database of many runs is, and how fast its pages are:
 * `npm run bench:store -- [runs] [trials] [epochs]`, 10000, 20 and 50 where nothing is said.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { compactEnded } from '../dist/jobs/monitor/compact.js'
import { dataPaths } from '../dist/src/paths.js'
import { quickCheck } from '../dist/src/store/damage.js'
import { compressLog } from '../dist/src/store/log-file.js'
import { openDatabase } from '../dist/src/store/open.js'
import { createStore } from '../dist/src/store/store.js'
import { median, root } from './server.mjs'
import { copyRows } from './store/copies.mjs'
import { aRun, detectionOf, randomNumbers } from './store/fill.mjs'

const [runs = 10_000, trials = 20, epochs = 50] = process.argv.slice(2).map(Number)
const PROJECTS = 50
/** Written by the store's own functions; the others are copies of their rows. */
const WRITTEN = 50
/** Ended a moment ago, so that they are not compacted yet. */
const FRESH = 20
const CALLS = 21
const TOKEN = 'a-token-for-the-benchmark'
const MIB = 1024 ** 2

const data = await mkdtemp(join(tmpdir(), 'hone-bench-store-'))
async function main() {
  const paths = dataPaths(data)
  console.error(`${runs} runs of ${trials} trials of ${epochs} epochs`)
  const ids = await fill(paths)
  const began = performance.now()
  const db = openDatabase(paths.database)
  const opened = performance.now() - began
  const left = quickCheck(db, 60_000)
  const checked = performance.now() - began - opened
  const tables = db
    .prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC LIMIT 8')
    .all()
  db.close()
  const rows = await timePages(ids)
  console.log(`cores ${cpus().length}, load ${loadavg()[0].toFixed(1)}, Node ${process.version}\n`)
  console.log(
    `database: ${mebibytes(statSync(paths.database).size)} (not compacted it would be about ${mebibytes(ids.rawBytes)})`,
  )
  console.log(`  ${tables.map(({ name, bytes }) => `${name} ${mebibytes(bytes)}`).join(', ')}`)
  console.log(
    `compacting a run: ${(ids.compactMs / WRITTEN).toFixed(1)} ms; open: ${opened.toFixed(0)} ms; quick check: ${checked.toFixed(0)} ms${left.length ? `, without ${left}` : ''}`,
  )
  console.log(`start of the server until it answers: ${rows.startMs.toFixed(0)} ms\n`)
  console.log(
    '| what | bytes | median, ms | slowest, ms | of the processor, ms |\n| --- | --- | --- | --- | --- |',
  )
  for (const { name, bytes, times, busy } of rows.pages)
    console.log(
      `| ${name} | ${bytes} | ${median(times).toFixed(1)} | ${Math.max(...times).toFixed(1)} | ${busy.toFixed(1)} |`,
    )
}

async function fill(paths) {
  const clock = { now: Date.now() - 7_200_000 }
  const db = openDatabase(paths.database)
  const store = createStore(db, () => clock.now)
  const random = randomNumbers(1)
  const detection = await detectionOf(join(root, 'examples', 'digits-pytorch'))
  for (let n = 1; n <= PROJECTS; n++)
    store.projects.insert({
      name: `project-${n}`,
      repoUrl: null,
      secret: 's',
      pushTokenHash: '0'.repeat(64),
      settings: {},
    })
  const lines = (runId, attemptId, log) => {
    const path = paths.attemptLog(runId, attemptId)
    mkdirSync(dirname(path), { recursive: true })
    const at = new Date(clock.now).toISOString().replace('Z', '000000Z')
    writeFileSync(path, log.map((line) => `${at} ${line}\n`).join(''))
  }
  const add = (count) =>
    Array.from({ length: count }, (_, n) =>
      aRun(store, 1 + (n % PROJECTS), detection, { trials, epochs, random }, lines),
    )
  const size = () => db.pragma('page_count', { simple: true }) * db.pragma('page_size', { simple: true })
  add(WRITTEN)
  const rawBytes = (size() / WRITTEN) * runs
  clock.now = Date.now()
  const began = performance.now()
  await compactEnded({ store, paths, compressLog }, (run, why) => console.error(run, why))
  const compactMs = performance.now() - began
  copyRows(db, Math.round((runs - FRESH) / WRITTEN) - 1, PROJECTS)
  const fresh = add(FRESH).at(-1)
  const old = store.runs.get(1)
  const ids = { fresh: fresh.id, freshTrial: fresh.bestTrialId, old: old.id, oldTrial: old.bestTrialId }
  const attempts = { attempt: store.attempts.ofRun(old.id)[0].id, mail: store.mails.list({ limit: 1 })[0].id }
  store.close()
  return { ...ids, ...attempts, rawBytes, compactMs }
}

/** Through a real server, whose engine is away. */
async function timePages(ids) {
  const began = performance.now()
  const env = {
    HONE_DATA: data,
    HONE_PORT: '0',
    HONE_ADMIN_TOKEN: TOKEN,
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
  }
  const server = spawn(process.execPath, [join(root, 'dist/src/cli.js'), 'serve'], {
    env: { ...process.env, ...env, HONE_LOG_LEVEL: 'fatal' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let url
    for await (const line of createInterface({ input: server.stdout })) {
      url = /Dashboard.*?(http:\S+)/.exec(line)?.[1]
      if (url) break
    }
    url = new URL(url).origin
    await fetch(`${url}/healthz`)
    const startMs = performance.now() - began
    const pages = []
    for (const [name, path] of pagesOf(ids)) pages.push(await time(name, url + path, server.pid))
    return { startMs, pages }
  } finally {
    const exited = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGTERM')
    await exited
  }
}

const pagesOf = ({ fresh, freshTrial, old, oldTrial, attempt, mail }) => [
  ['projects', '/api/v1/projects'],
  ['home: the newest 50 runs', '/api/v1/runs?limit=50'],
  ['200 runs', '/api/v1/runs?limit=200'],
  ['a project: 50 runs', '/api/v1/runs?limit=50&project=project-7'],
  ['the oldest runs', '/api/v1/runs?limit=50&before=60'],
  ['deliveries of a project', '/api/v1/projects/project-7/deliveries'],
  ['an old run', `/api/v1/runs/${old}`],
  ['its curves', `/api/v1/runs/${old}/curves`],
  ['a trial of it, with its metrics', `/api/v1/trials/${oldTrial}`],
  ['its log', `/api/v1/attempts/${attempt}/log`],
  ['a run that has just ended', `/api/v1/runs/${fresh}`],
  ['its curves', `/api/v1/runs/${fresh}/curves`],
  ['a trial of it, with its metrics', `/api/v1/trials/${freshTrial}`],
  ['mails', '/api/v1/mails'],
  ['a mail', `/api/v1/mails/${mail}/html`],
  ['health', '/api/v1/health'],
  ['metrics for Prometheus', '/metrics'],
]

/** Of a process so far, ms: as precise as the kernel's clock, a hundredth of a second. */
function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

async function time(name, url, pid) {
  const times = []
  let bytes = 0
  const before = processorTime(pid)
  for (let call = 0; call < CALLS; call++) {
    const began = performance.now()
    const response = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } })
    bytes = (await response.arrayBuffer()).byteLength
    times.push(performance.now() - began)
    if (!response.ok) throw new Error(`${url}: ${response.status}`)
  }
  return { name, bytes, times, busy: (processorTime(pid) - before) / CALLS }
}

function mebibytes(bytes) {
  return `${(bytes / MIB).toFixed(0)} MiB`
}

try {
  await main()
} finally {
  await rm(data, { recursive: true, force: true })
}
