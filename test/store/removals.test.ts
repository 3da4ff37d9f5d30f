import { expect, it } from 'vitest'
import { defaultSettings } from '../../src/domain/settings.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import { fullRun } from '../helpers/http.ts'

const store = () => {
  const db = openDatabase(':memory:')
  return { db, ...createStore(db) }
}
const aProject = (into: ReturnType<typeof store>, name: string) =>
  into.projects.insert({ name, repoUrl: null, secret: 's', pushTokenHash: 'h', settings: {} })
/** With the rows of every table that tells of projects. */
function aFullProject(into: ReturnType<typeof store>, name: string) {
  const project = aProject(into, name)
  const { run } = fullRun(into, project.id, defaultSettings)
  const again = into.runs.insert({ ...run, trigger: 'api', rerun: { run: run.id, from: 'train' } })
  into.deliveries.insert({
    ...{ projectId: project.id, deliveryId: 'd', event: 'push', outcome: 'run', reason: null },
    ...{ runId: run.id, payload: Buffer.from('{}') },
  })
  const best = into.trials.ofRun(run.id)[0]
  if (best) into.runs.update(run.id, { bestTrialId: best.id })
  for (const id of [run.id, again.id]) into.endRun(id, 'cancelled')
  return { project, runs: [run.id, again.id] }
}
const TABLES = [
  'projects',
  'runs',
  'trials',
  'attempts',
  'jobs',
  'mails',
  'deliveries',
  'metrics',
  'packed_metrics',
]
const rowsIn = ({ db }: ReturnType<typeof store>) =>
  Object.fromEntries(
    TABLES.map((table) => [table, db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()]),
  )

it('deletes all rows of a project and no others, and notes what is to be removed', () => {
  const world = store()
  const kept = aFullProject(world, 'kept')
  const before = rowsIn(world)
  const { project, runs } = aFullProject(world, 'digits')
  world.transaction(() => world.removals.begin(project))
  expect(rowsIn(world)).toEqual(before)
  expect(world.projects.all()).toEqual([kept.project])
  expect(world.removals.all()).toEqual([{ projectId: project.id, name: 'digits', runIds: runs }])
  expect(world.events.after(0).filter(({ projectId }) => projectId === project.id)).toEqual([])
  expect(world.events.after(0).at(-1)).toMatchObject({
    ...{ type: 'project', data: { id: project.id, name: 'digits', state: 'deleted' } },
  })
  expect(world.db.pragma('foreign_key_check')).toEqual([])
})

it('gives no id of a deleted row again', () => {
  const world = store()
  const { project, runs } = aFullProject(world, 'digits')
  const ids = () => ({
    run: world.runs.list({ limit: 1 })[0]?.id ?? 0,
    trial: Number(world.db.prepare('SELECT max(id) FROM trials').pluck().get()),
    attempt: Number(world.db.prepare('SELECT max(id) FROM attempts').pluck().get()),
    job: Number(world.db.prepare('SELECT max(id) FROM jobs').pluck().get()),
    mail: Number(world.db.prepare('SELECT max(id) FROM mails').pluck().get()),
  })
  const before = ids()
  world.transaction(() => world.removals.begin(project))
  const next = aFullProject(world, 'digits')
  expect(next.project.id).toBeGreaterThan(project.id)
  expect(Math.min(...next.runs)).toBeGreaterThan(Math.max(...runs))
  for (const [what, id] of Object.entries(ids())) expect(id, what).toBeGreaterThan(before[what as 'run'])
  // Twice over, with nothing in the tables in between.
  world.transaction(() => world.removals.begin(next.project))
  expect(aProject(world, 'digits').id).toBeGreaterThan(next.project.id)
})

it('is all or nothing', () => {
  const world = store()
  const { project } = aFullProject(world, 'digits')
  const before = rowsIn(world)
  expect(() =>
    world.transaction(() => {
      world.removals.begin(project)
      throw new Error('killed')
    }),
  ).toThrow('killed')
  expect(rowsIn(world)).toEqual(before)
  expect(world.removals.all()).toEqual([])
})

it('holds a name, in any case, until it is freed', () => {
  const world = store()
  const { project } = aFullProject(world, 'Digits')
  world.transaction(() => world.removals.begin(project))
  expect(world.removals.holdsName('digits')).toBe(true)
  world.removals.freeName(project.id)
  expect(world.removals.holdsName('digits')).toBe(false)
  expect(world.removals.all()).toHaveLength(1)
  world.removals.done(project.id)
  expect(world.removals.all()).toEqual([])
})
