/** 200 dashboards open on one live run that reports 50 metrics a second. */
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { needs, spread, until } from './figures.mjs'
import { follow, logFollower } from './live.mjs'
import { startMeasuredServer } from './measured-server.mjs'

const DASHBOARDS = 200
const STUCK = 20
const SECONDS = 60

export async function dashboards() {
  console.log(`\n${DASHBOARDS} dashboards open on one live run, ${STUCK} more that read nothing`)
  const server = await startMeasuredServer({ HONE_PARALLEL: '1' })
  try {
    await withHone(server)
  } finally {
    await server.finish()
  }
}

async function withHone(server) {
  const folder = join(import.meta.dirname, 'chatty')
  const { runId } = await server.push('chatty', folder, { target: 1.1, trials: 1 })
  const attemptId = await until(async () => {
    const { attempts } = await server.api(`/runs/${runId}`)
    return attempts.find(({ state }) => state === 'running')?.id
  })
  await setTimeout(3000)
  const before = await server.between(Date.now() - 3000, Date.now())
  const { lastEventId } = await server.api(`/runs/${runId}`)
  const pages = Array.from({ length: DASHBOARDS }, () => openPage(server, runId, attemptId, lastEventId))
  const stuck = Array.from({ length: STUCK }, () => openStuck(server, runId))
  await setTimeout(5000)
  const from = Date.now()
  await setTimeout(SECONDS * 1000)
  const to = Date.now()
  const last = lastEvent(server.data, runId)
  await until(() => pages.every(({ ids }) => ids.at(-1) >= last))
  const used = await server.between(from, to)
  const wanted = idsOf(server.data, runId, lastEventId, last)
  const told = pages.filter(({ ids }) => same(ids.slice(0, wanted.length), wanted))
  const delays = pages
    .flatMap((page) => page.delays.filter(({ at }) => at > from && at <= to))
    .map(({ ms }) => ms)
  const reset = stuck.filter(({ state }) => state.closed).length
  const replayed = await Promise.all(stuck.map((one) => one.comeBack(last)))
  const all = idsOf(server.data, runId, 0, last)
  for (const { leave } of pages) leave()
  console.log(
    `events in the ${SECONDS} s, a second                         ${((wanted.length / (to - from + 5000)) * 1000).toFixed(0)}`,
  )
  console.log(`dashboards that got all events once and in order   ${told.length} of ${DASHBOARDS}`)
  console.log(
    `dashboards whose log was whole and in order        ${pages.filter(({ log }) => log.whole).length}`,
  )
  console.log(`written to seen, ms: median / p99 / max            ${spread(delays)}`)
  console.log(`readers that took nothing: reset by the server     ${reset} of ${STUCK}`)
  console.log(
    `   and had all events after they came back         ${replayed.filter((ids) => same(ids, all)).length}`,
  )
  console.log(`before the dashboards:\n${needs(before)}`)
  console.log(`with them:\n${needs(used)}`)
}

function openPage(server, runId, attemptId, after) {
  const page = { ids: [], delays: [], log: { epoch: null, whole: true }, leave: () => {} }
  const read = logFollower(server, attemptId, (text) => {
    for (const [, epoch] of text.matchAll(/^Epoch (\d+):/gm)) {
      if (page.log.epoch !== null && Number(epoch) !== page.log.epoch + 1) page.log.whole = false
      page.log.epoch = Number(epoch)
    }
  })
  page.leave = follow(server, runId, after, {
    open: read,
    event(id, _type, data) {
      page.ids.push(id)
      const { at } = JSON.parse(data)
      page.delays.push({ at, ms: Date.now() - at })
    },
    log: (notice) => notice.attemptId === attemptId && read(),
  })
  return page
}

/** A reader whose program hangs: it is connected, and takes nothing. */
function openStuck(server, runId) {
  const state = { closed: false }
  follow(server, runId, 0, {
    open: (response) => response.pause(),
    close: () => {
      state.closed = true
    },
  })
  return {
    state,
    /** Reads all from the beginning, as a page does that had got nothing. */
    comeBack: (last) =>
      new Promise((resolve) => {
        const ids = []
        const leave = follow(server, runId, 0, {
          event(id) {
            if (id <= last) ids.push(id)
            if (id < last) return
            leave()
            resolve(ids)
          },
        })
      }),
  }
}

function query(data, sql, ...values) {
  const db = new Database(join(data, 'hone.sqlite'), { readonly: true })
  try {
    return db
      .prepare(sql)
      .pluck()
      .all(...values)
  } finally {
    db.close()
  }
}

const lastEvent = (data, runId) => query(data, 'SELECT max(id) FROM events WHERE run_id = ?', runId)[0]
const idsOf = (data, runId, after, last) =>
  query(data, 'SELECT id FROM events WHERE run_id = ? AND id > ? AND id <= ? ORDER BY id', runId, after, last)
const same = (a, b) => a.length === b.length && a.every((value, at) => value === b[at])
