import { expect, it } from 'vitest'
import { COMPACT_AFTER_MS } from '../../src/domain/retention.ts'
import { testAttempt } from './support.ts'

/** The plan of each statement that some work makes, in SQLite's words. */
function plansOf(work: (world: ReturnType<typeof testAttempt>) => void): string[] {
  const world = testAttempt()
  const { db } = world
  const prepare = db.prepare.bind(db)
  const statements = new Set<string>()
  db.prepare = ((sql: string) => {
    statements.add(sql)
    return prepare(sql)
  }) as typeof db.prepare
  work(world)
  return [...statements].flatMap((sql) => {
    const values = Object.fromEntries([...sql.matchAll(/@(\w+)/g)].map((match) => [match[1], 1]))
    const places = Array.from(sql.matchAll(/\?/g), () => 1)
    const steps = prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...places, values) as { detail: string }[]
    return steps.map(({ detail }) => `${detail}: ${sql.replaceAll(/\s+/g, ' ')}`)
  })
}

/** Looks at each row of a table. */
const SCANS = /^SCAN/
const SORTS = /^USE TEMP B-TREE/

it('the newest of a list, and what is due, are found by an index in their order', () => {
  const plans = plansOf(({ store, runRow }) => {
    store.runs.list({ projectId: runRow.projectId, before: 7 })
    store.runs.dataBefore(runRow)
    store.runs.ofPush(runRow.projectId, runRow.ref, runRow.sha)
    store.deliveries.ofProject(runRow.projectId)
    store.trials.results(runRow.id)
    store.events.after(5, { runId: runRow.id })
    store.events.after(5)
    store.mails.pendingCount()
    store.mails.givenUpCount()
    store.deliveries.newest(runRow.projectId)
    store.runs.recent(runRow.projectId, 20)
    store.runs.byNumber(runRow.projectId, 1)
    store.events.lastOfRun(runRow.id)
    store.compaction.due(store.now() - COMPACT_AFTER_MS, 0, 100)
  })
  expect(plans.length).toBeGreaterThan(7)
  expect(plans.filter((plan) => SCANS.test(plan) || SORTS.test(plan))).toEqual([])
})

it('what belongs to one run is found by an index, and put in order then', () => {
  const plans = plansOf(({ store, runRow: { id }, trial, attempt }) => {
    store.runs.get(id)
    store.runs.alive()
    store.trials.ofRun(id)
    store.attempts.ofRun(id)
    store.jobs.ofRun(id)
    store.metrics.ofTrial(trial.id)
    store.metrics.ofAttempt(attempt.id)
    store.metrics.stepsOfRun(id, 'accuracy')
    store.mails.list({ runId: id })
  })
  expect(plans.length).toBeGreaterThan(9)
  expect(plans.filter((plan) => SCANS.test(plan))).toEqual([])
})

it('the pushes that went on from a commit are found by an index', () => {
  const plans = plansOf(({ store, runRow }) =>
    store.runs.pushedAfter(runRow.projectId, runRow.ref, runRow.sha),
  )
  const ofRuns = plans.filter((plan) => /^\w+ runs/.test(plan))
  expect(ofRuns).toHaveLength(2)
  for (const plan of ofRuns) expect(plan).toMatch(/^SEARCH runs USING INDEX runs_by_before/)
})

it('the runs of a branch, a state and an author are found by an index in their order', () => {
  const { projectId } = testAttempt().runRow
  const filters = [{ ref: 'r' }, { state: 'failed' }, { author: 'Ada' }, { ref: 'r', author: 'Ada' }] as const
  for (const filter of filters) {
    const plans = plansOf(({ store }) => store.runs.list({ projectId, before: 7, ...filter }))
    expect(plans).toHaveLength(1)
    expect(plans[0]).toMatch(/^SEARCH runs USING INDEX runs_by_(ref|project_state|author) .*id</)
  }
  const names = plansOf(({ store }) => [store.runs.refsOf(projectId, 9), store.runs.authorsOf(projectId, 9)])
  expect(names.filter((plan) => !/^SEARCH runs USING COVERING INDEX/.test(plan))).toEqual([])
})

/** Looks at each run that ever was: all of the table, all of a project, or all from an id on. */
const WALKS =
  /^(?:SCAN runs|SEARCH runs USING (?:COVERING )?(?:INDEX runs_by_project|INTEGER PRIMARY KEY \(rowid>))/

it('of all runs only those are looked at that go on, or that are to be compacted', () => {
  const plans = plansOf(({ store, runRow }) => {
    store.runs.waiting(runRow.projectId)
    store.runs.aliveIds()
    store.compaction.due(store.now() - COMPACT_AFTER_MS, 0, 100)
    store.compaction.pruneEvents(store.now())
  })
  expect(plans.filter((plan) => /^S\w+ runs/.test(plan))).toHaveLength(4)
  expect(plans.filter((plan) => WALKS.test(plan))).toEqual([])
})

it('a table without an index for what is asked would be noticed', () => {
  const plans = plansOf(({ db }) => db.prepare('SELECT * FROM runs WHERE author = ?').all('Ada'))
  expect(plans.filter((plan) => SCANS.test(plan))).toHaveLength(1)
})

it('a refused sign-in is counted without a look at those of other hours', () => {
  const plans = plansOf(({ store }) => {
    for (let host = 0; host < 52; host++) store.audit.refused(`10.0.0.${host}`, 'a token', 1)
  })
  const looks = plans.filter((plan) => plan.startsWith('SEARCH audit') && !plan.includes('rowid=?'))
  expect(looks).toHaveLength(2)
  for (const look of looks) expect(look).toContain('audit_refused (at>? AND at<?)')
  expect(plans.filter((plan) => SCANS.test(plan))).toEqual([])
})
