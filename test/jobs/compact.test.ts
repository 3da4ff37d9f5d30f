import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { compactEnded } from '../../jobs/monitor/compact.ts'
import { COMPACT_AFTER_MS } from '../../src/domain/retention.ts'
import { dataPaths } from '../../src/paths.ts'
import { compressLog, readLog } from '../../src/store/log-file.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import {
  aCompletedTrial,
  aDetectedRun,
  anEndedRun,
  aProject,
  aRunningTrial,
  writeLog,
} from '../helpers/factories.ts'
import { removeFolder, temporaryFolder } from '../helpers/git.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => removeFolder(folder))

function aWorld() {
  const clock = { now: 1_800_000_000_000 }
  const db = openDatabase(join(folder, 'hone.sqlite'))
  const store = createStore(db, () => clock.now)
  const world = {
    ...{ store, db, clock, paths: dataPaths(folder) },
    pass: (ms: number) => {
      clock.now += ms
    },
  }
  return { ...world, project: aProject(world) }
}
type AWorld = ReturnType<typeof aWorld>

function anEnded(world: AWorld) {
  const run = aDetectedRun(world, world.project)
  const trial = aCompletedTrial(world, run, 0, 0.97, { restarts: 1 })
  return { run: anEndedRun(world, run, 'succeeded', { reason: 'met' }), trial }
}

const failures: string[] = []
const compact = (world: AWorld, compress = compressLog) => {
  failures.length = 0
  return compactEnded({ ...world, compressLog: compress }, (run, why) =>
    failures.push(`${run ?? 'database'}: ${why}`),
  )
}
const logs = ({ paths }: AWorld, runId: number) => readdirSync(join(paths.logs, `run-${runId}`)).toSorted()

it('compresses the logs and packs the rows of runs that ended an hour ago, and of no others', async () => {
  const world = aWorld()
  const { store, paths } = world
  const { run, trial } = anEnded(world)
  const attempts = store.attempts.ofRun(run.id)
  const log = () => readLog(paths.attemptLog(run.id, attempts[1]?.id as number), { offset: 100, limit: 300 })
  const look = async () => [await log(), store.metrics.ofTrial(trial.id), store.runs.get(run.id)]
  const before = await look()
  expect(await compact(world)).toBe(0)
  world.pass(COMPACT_AFTER_MS + 1)
  const alive = aDetectedRun(world, world.project)
  const running = aRunningTrial(world, alive, 0)
  writeLog(world, alive, running.attempt, 'still going\n')
  expect(await compact(world)).toBe(1)
  expect(await look()).toEqual(before)
  expect(logs(world, run.id)).toEqual(attempts.map(({ id }) => `attempt-${id}.log.gz`))
  expect(logs(world, alive.id)).toEqual([`attempt-${running.attempt.id}.log`])
  expect(store.events.after(0).every(({ runId }) => runId === alive.id)).toBe(true)
  expect(await compact(world)).toBe(0)
  expect(failures).toEqual([])
})

it('leaves a run as it is whose log cannot be compressed, does the others, and tries again', async () => {
  const world = aWorld()
  const [first, second] = [anEnded(world).run, anEnded(world).run]
  world.pass(COMPACT_AFTER_MS + 1)
  const before = world.store.events.after(0, { runId: first.id }).length
  const full = async (path: string) => {
    if (path.includes(`run-${first.id}/`)) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    await compressLog(path)
  }
  expect(await compact(world, full)).toBe(1)
  expect(failures).toEqual([`${first.id}: The disk is full (ENOSPC).`])
  expect(world.store.events.after(0, { runId: first.id })).toHaveLength(before)
  expect(logs(world, second.id).every((name) => name.endsWith('.gz'))).toBe(true)
  expect(await compact(world)).toBe(1)
  expect(logs(world, first.id).every((name) => name.endsWith('.gz'))).toBe(true)
})

it('goes on after a crash between a log and the rows', async () => {
  const world = aWorld()
  const { run } = anEnded(world)
  world.pass(COMPACT_AFTER_MS + 1)
  const [name = ''] = logs(world, run.id)
  const log = join(world.paths.logs, `run-${run.id}`, name)
  const text = readFileSync(log)
  await compressLog(log)
  writeFileSync(log, text)
  expect(await compact(world)).toBe(1)
  expect(existsSync(log)).toBe(false)
})

it('is done with a run whose logs are gone', async () => {
  const world = aWorld()
  const { run } = anEnded(world)
  removeFolder(join(world.paths.logs, `run-${run.id}`))
  world.pass(COMPACT_AFTER_MS + 1)
  expect(await compact(world)).toBe(1)
})

it('ends where the database has no room left either, and does each part that it can', async () => {
  const world = aWorld()
  const full = () => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  }
  vi.spyOn(world.store.compaction, 'pruneEvents').mockImplementationOnce(full)
  const reclaim = vi.spyOn(world.store.compaction, 'reclaim').mockImplementationOnce(full)
  expect(await compact(world)).toBe(0)
  expect(reclaim).toHaveBeenCalledOnce()
  expect(failures).toEqual(Array(2).fill('database: The disk is full (SQLITE_FULL).'))
})

it('gives the room of what went back to the disk', async () => {
  const world = aWorld()
  const { run } = anEnded(world)
  world.store.transaction(() => {
    for (let n = 0; n < 10_000; n++) world.store.runs.progress(run.id, 'x'.repeat(3000))
  })
  world.pass(COMPACT_AFTER_MS + 1)
  const pages = () => world.db.pragma('page_count', { simple: true }) as number
  const before = pages()
  expect(before).toBeGreaterThan(7000)
  await compact(world)
  expect(pages()).toBeLessThan(3000)
  world.store.close()
})
