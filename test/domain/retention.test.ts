import { describe, expect, it, test } from 'vitest'
import {
  type Disk,
  garbageOf,
  type Leaving,
  type RetainedRun,
  type Retention,
} from '../../src/domain/retention.ts'

const DAY = 86_400_000
const NOW = 1000 * DAY
const policy: Retention = { runs: 3, days: 90, diskShare: 0.9 }
const roomy: Disk = { total: 1000, free: 900 }

/** Of one project unless said otherwise; `age`: days since its end, null while it is alive. */
const run = (number: number, age: number | null, more: Partial<RetainedRun> = {}): RetainedRun => ({
  id: number,
  projectId: 1,
  number,
  state: age === null ? 'running' : 'exhausted',
  endedAt: age === null ? null : NOW - age * DAY,
  trainedIn: null,
  hasChanges: true,
  ...more,
})
const common = { bytes: 10, place: 'data' as const }
const folder = (kind: 'workspace' | 'logs', runId: number): Leaving => ({
  ...common,
  kind,
  runId,
  name: `${kind}-${runId}`,
})
const artifacts = (runId: number, best = true): Leaving => ({
  ...common,
  ...{ kind: 'artifacts', runId, best, name: `artifacts-${runId}-${best ? 'best' : 'other'}` },
})
const ofProject = (kind: 'mirror' | 'cache', projectId: number): Leaving => ({
  ...common,
  kind,
  projectId,
  name: `${kind}-${projectId}`,
})
const image = (name: string, age: number, more: Partial<Leaving> = {}): Leaving =>
  ({
    ...{ kind: 'image', name, tags: [name], createdAt: NOW - age * DAY, used: false, current: false },
    ...{ bytes: 10, place: 'engine' },
    ...more,
  }) as Leaving

function names(
  leavings: Leaving[],
  runs: RetainedRun[],
  disks: Partial<Record<'data' | 'engine', Disk | null>> = {},
) {
  const all = { data: roomy, engine: roomy, ...disks }
  return garbageOf(leavings, runs, policy, all, NOW).map(
    ({ leaving, reason }) => `${leaving.name}: ${reason}`,
  )
}
const AGE = 'its run ended more than 90 days ago'
const COUNT = 'its run is not among the last 3 of its project'

const DROPPED = 'its run was cancelled before it changed anything'

const newest = run(9, 1)
test.each([
  [
    'a run that is alive, however old it is',
    [folder('workspace', 1), folder('logs', 1), artifacts(1, false)],
    [run(1, null), newest],
    [],
  ],
  ['a queued run', [folder('workspace', 1)], [run(1, null, { state: 'queued' }), newest], []],
  [
    'a run that ended lately',
    [folder('workspace', 1), folder('logs', 1), artifacts(1)],
    [run(1, 89), newest],
    [],
  ],
  [
    'a run that ended long ago',
    [folder('workspace', 1), folder('logs', 1), artifacts(1)],
    [run(1, 91), newest],
    [`workspace-1: ${AGE}`, `logs-1: ${AGE}`, `artifacts-1-best: ${AGE}`],
  ],
  [
    'a run that was cancelled, or superseded, before it changed anything, the newest too',
    [folder('workspace', 1), folder('logs', 1), folder('workspace', 9), artifacts(9)],
    [
      run(1, 1, { state: 'superseded', hasChanges: false }),
      run(9, 0.01, { state: 'cancelled', hasChanges: false }),
    ],
    [`workspace-1: ${DROPPED}`, `workspace-9: ${DROPPED}`],
  ],
  [
    'one that was cancelled just now, when its git may still be at it',
    [folder('workspace', 1)],
    [run(1, 0.005, { state: 'cancelled', hasChanges: false })],
    [],
  ],
  [
    'one that was cancelled after it had changed something, or ended otherwise',
    [folder('workspace', 1), folder('workspace', 2)],
    [run(1, 1, { state: 'cancelled' }), run(2, 1, { state: 'failed', hasChanges: false })],
    [],
  ],
  [
    'a winner of long ago',
    [folder('workspace', 1), folder('logs', 1), artifacts(1)],
    [run(1, 91, { state: 'succeeded' }), newest],
    [`logs-1: ${AGE}`],
  ],
  [
    'the newest run of a project, however old it is',
    [folder('workspace', 1), folder('logs', 1)],
    [run(1, 1000)],
    [],
  ],
  [
    'the newest run that ended, while another is alive',
    [folder('logs', 1)],
    [run(1, 1000), run(2, null)],
    [],
  ],
  [
    'a failed and a cancelled run',
    [folder('logs', 1), folder('logs', 2)],
    [run(1, 91, { state: 'failed' }), run(2, 91, { state: 'cancelled' }), newest],
    [`logs-1: ${AGE}`, `logs-2: ${AGE}`],
  ],
  [
    'runs beyond the number kept',
    [1, 2, 3, 4].map((id) => folder('logs', id)),
    [run(1, 4), run(2, 3), run(3, 2), run(4, 1)],
    [`logs-1: ${COUNT}`],
  ],
  [
    'runs that are alive, which do not count',
    [folder('logs', 1)],
    [run(1, 4), run(2, null), run(3, null), run(4, null), run(5, 1)],
    [],
  ],
  [
    'runs of other projects, which do not count',
    [folder('logs', 1)],
    [run(1, 4), ...[2, 3, 4].map((id) => run(id, 1, { projectId: 2 }))],
    [],
  ],
  [
    'files of a trial that is not the best',
    [artifacts(1, false), artifacts(1)],
    [run(1, 1)],
    ['artifacts-1-other: not of the best trial'],
  ],
  [
    'a winner that is not the newest run: files of its other trials',
    [artifacts(1, false), artifacts(1)],
    [run(1, 500, { state: 'succeeded' }), newest],
    ['artifacts-1-other: not of the best trial'],
  ],
  [
    'what belongs to no known run',
    [folder('workspace', 77), folder('logs', 77), artifacts(77)],
    [newest],
    [],
  ],
  [
    'mirror and cache of a project that rests',
    [ofProject('mirror', 1), ofProject('cache', 1)],
    [run(1, 91)],
    ['mirror-1: its project has had no run for 90 days', 'cache-1: its project has had no run for 90 days'],
  ],
  [
    'mirror and cache of a project that works',
    [ofProject('mirror', 1), ofProject('cache', 1)],
    [run(1, 91), run(2, null)],
    [],
  ],
  [
    'mirror and cache of a project without runs',
    [ofProject('mirror', 2)],
    [run(1, 91)],
    ['mirror-2: its project has had no run for 90 days'],
  ],
])('of %s', (_what, leavings, runs, removed) => {
  expect(names(leavings, runs)).toEqual(removed)
})

describe('of images', () => {
  const trained = (age: number | null) => run(1, age, { trainedIn: 'hone/keras:a' })
  test.each([
    [
      'the one that would be built today',
      image('hone/keras:a', 500, { current: true }),
      [trained(50), newest],
      false,
    ],
    ['one that a container uses', image('hone/keras:a', 500, { used: true }), [trained(50), newest], false],
    ['one that a run trains in', image('hone/keras:a', 500), [trained(null), newest], false],
    ['one that the newest run of a project trained in', image('hone/keras:a', 500), [trained(50)], false],
    ['one that was used within a week', image('hone/keras:a', 500), [trained(6), newest], false],
    ['one that was not', image('hone/keras:a', 500), [trained(8), newest], true],
    ["one that none of this Hone's runs used", image('hone/keras:b', 80), [trained(50), newest], false],
    ['such a one after the days that are kept', image('hone/keras:b', 91), [trained(50), newest], true],
  ])('%s', (_what, leaving, runs, goes) => {
    expect(names([leaving], runs)).toHaveLength(goes ? 1 : 0)
  })
})

describe('on a full disk', () => {
  const FULL = 'the disk is more than 90 % full'
  const runs = [run(1, 30), run(2, 20), run(3, 10), run(4, null)]
  const leavings = [3, 1, 2, 4].map((id) => folder('workspace', id))

  it('the oldest goes first, and only as much as is needed', () => {
    expect(names(leavings, runs, { data: { total: 1000, free: 95 } })).toEqual([`workspace-1: ${FULL}`])
    expect(names(leavings, runs, { data: { total: 1000, free: 85 } })).toEqual([
      `workspace-1: ${FULL}`,
      `workspace-2: ${FULL}`,
    ])
  })

  it('neither the newest run nor one that is alive goes, however full it is', () => {
    expect(names(leavings, runs, { data: { total: 1000, free: 0 } })).toHaveLength(2)
  })

  it('what goes anyway counts', () => {
    const old = [...leavings, { ...folder('logs', 0), bytes: 50 }]
    expect(names(old, [run(0, 91), ...runs], { data: { total: 1000, free: 60 } })).toEqual([
      `logs-0: ${COUNT}`,
    ])
  })

  it('each disk counts for itself', () => {
    const all = [...leavings, image('hone/keras:b', 8), image('hone/keras:c', 6)]
    expect(names(all, runs, { engine: { total: 1000, free: 50 } })).toEqual([`hone/keras:b: ${FULL}`])
  })

  it('nothing goes of a run that ended within a day', () => {
    const runs = [run(1, 0.9), run(2, 0.1)]
    expect(names(leavings, runs, { data: { total: 1000, free: 0 } })).toEqual([])
  })

  it('nothing more goes where nobody knows how full it is', () => {
    expect(names(leavings, runs, { data: null })).toEqual([])
  })
})
