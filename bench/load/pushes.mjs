/** 1,000 pushes to 50 projects in one minute. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { needs, randomFrom, spread } from './figures.mjs'
import { startMeasuredServer } from './measured-server.mjs'
import { BRANCHES, makeRepository } from './repositories.mjs'
import { schedule, send } from './webhooks.mjs'

const PROJECTS = 50
const PUSHES = 1000
/** GitHub gives up on a delivery after this. */
const LIMIT_MS = 10_000
const PAGES = ['/runs?limit=50', '/projects', '/health', (run) => `/runs/${run}`]

export async function pushes(seconds = 60) {
  const folder = await mkdtemp(join(tmpdir(), 'hone-load-git-'))
  const server = await startMeasuredServer({ HONE_PARALLEL: '1' })
  try {
    const projects = await makeProjects(server, folder)
    const random = randomFrom(7)
    const deliveries = schedule(projects, seconds * 1000, random)
    await setTimeout(2000)
    const started = Date.now()
    const watched = watchDashboard(server, started + seconds * 1000)
    const sent = await Promise.all(
      deliveries.map(async (delivery) => {
        await setTimeout(Math.max(0, started + delivery.at - Date.now()))
        const { status, answer } = await send(server.url, delivery)
        const ms = Date.now() - (started + delivery.at)
        return { ...delivery, status, answer, ms, answeredAt: Date.now() }
      }),
    )
    const pages = await watched
    const used = await server.between(started, started + seconds * 1000)
    report(sent, pages, used, count(server.data, sent))
  } finally {
    await server.finish()
    await rm(folder, { recursive: true, force: true })
  }
}

async function makeProjects(server, folder) {
  const projects = []
  for (let number = 0; number < PROJECTS; number++) {
    const name = `load-${number}`
    const { path, pushes } = await makeRepository(folder, name, PUSHES / PROJECTS / BRANCHES.length)
    const settings = { target: 1.1, trials: 1, branches: BRANCHES }
    const { secret } = await server.api('/projects', { name, repoUrl: path, settings })
    projects.push({ name, secret, pushes })
  }
  return projects
}

/** Opens the pages of the dashboard four times a second, at their due time. @returns ms by page */
async function watchDashboard(server, end) {
  const times = new Map()
  const open = []
  let latest = 1
  for (let due = Date.now(); due < end; due += 250) {
    await setTimeout(Math.max(0, due - Date.now()))
    const run = latest
    for (const page of PAGES) {
      const path = typeof page === 'string' ? page : page(run)
      const read = async () => {
        const answer = await server.api(path).catch(() => null)
        const name = typeof page === 'string' ? page : '/runs/:id'
        times.set(name, [...(times.get(name) ?? []), answer === null ? Infinity : Date.now() - due])
        if (page === PAGES[0] && answer?.length) latest = answer[0].id
      }
      // The page of a run that does not exist yet is not asked for.
      if (typeof page === 'string' || latest > 1) open.push(read())
    }
  }
  await Promise.all(open)
  return times
}

function groups(values, keyOf) {
  const found = new Map()
  for (const value of values) found.set(keyOf(value), [...(found.get(keyOf(value)) ?? []), value])
  return found
}

/** What the database says of each push. */
function count(data, sent) {
  const db = new Database(join(data, 'hone.sqlite'), { readonly: true })
  const runs = db
    .prepare('SELECT runs.*, projects.name FROM runs JOIN projects ON projects.id = project_id')
    .all()
  const deliveries = db.prepare('SELECT delivery_id, outcome, count(*) AS n FROM deliveries GROUP BY 1').all()
  db.close()
  const byPush = groups(runs, ({ name, ref, sha }) => `${name} ${ref} ${sha}`)
  const firsts = sent.filter(({ kind }) => kind === 'first')
  const of = ({ project, push }) => byPush.get(`${project.name} ${push.ref} ${push.sha}`) ?? []
  const newest = new Map()
  for (const run of runs) {
    const branch = `${run.name} ${run.ref}`
    if ((newest.get(branch)?.id ?? 0) < run.id) newest.set(branch, run)
  }
  const superseded = runs.filter(({ state }) => state === 'superseded')
  return {
    runs: runs.length,
    lost: firsts.filter((delivery) => of(delivery).length === 0).length,
    doubled: firsts.filter((delivery) => of(delivery).length > 1).length,
    strange: runs.length - new Set(firsts.flatMap((delivery) => of(delivery).map(({ id }) => id))).size,
    superseded: superseded.length,
    supersededByNone: superseded.filter((run) => newest.get(`${run.name} ${run.ref}`) === run).length,
    newestOfBranchAlive: [...newest.values()].filter(({ state }) => state !== 'superseded').length,
    branches: newest.size,
    /** Of these, the newest run is of the last commit of the branch, whatever the order of arrival. */
    lastCommitAlive: lastCommits(sent).filter((delivery) => of(delivery)[0]?.state !== 'superseded').length,
    failed: runs.filter(({ state }) => state === 'failed').length,
    deliveries: deliveries.length,
    deliveriesTwice: deliveries.filter(({ n }) => n > 1).length,
  }
}

const lastCommits = (sent) => {
  const last = Math.max(...sent.map(({ push }) => push.number))
  return sent.filter(({ kind, push }) => kind === 'first' && push.number === last)
}

function report(sent, pages, used, counted) {
  const late = sent.filter(({ ms, status }) => status !== 202 || ms > LIMIT_MS)
  const kinds = [...groups(sent, ({ kind }) => kind)].map(([kind, { length }]) => `${length} ${kind}`)
  console.log(`\n1,000 pushes to 50 projects in one minute: ${kinds.join(', ')}`)
  console.log(`acknowledged, ms: median / p99 / max            ${spread(sent.map(({ ms }) => ms))}`)
  console.log(`not acknowledged within 10 s                    ${late.length}`)
  for (const { status, answer } of late.slice(0, 3)) console.log(`   ${status} ${answer.slice(0, 200)}`)
  for (const [page, times] of pages) console.log(`GET ${page.padEnd(30)} ms: ${spread(times)}`)
  console.log(needs(used))
  for (const [name, value] of Object.entries(counted)) console.log(`${name.padEnd(24)} ${value}`)
}
