import { expect, test } from 'vitest'
import { decide, type Observed, stateOf } from '../../src/domain/watch.ts'

const exited = (exitCode: number) => ({ state: 'exited', exitCode }) as const
const created = { state: 'created', exitCode: null } as const
const runs = { state: 'running', exitCode: null } as const

const table: [what: string, seen: Partial<Observed>, state: string, action: string][] = [
  ['no container yet', { attempt: 'starting', container: null }, 'starting', 'start'],
  ['a container that was not started', { attempt: 'starting', container: created }, 'starting', 'start'],
  ['one of an attempt that was to run', { container: created }, 'starting', 'start'],
  ['started, but not yet on record', { attempt: 'starting', container: runs }, 'running', 'follow'],
  ['in training', { container: runs }, 'running', 'follow'],
  ['a little silent', { container: runs, silentMs: 899_999 }, 'running', 'follow'],
  ['silent for too long', { container: runs, silentMs: 900_000 }, 'silent', 'stop'],
  ['silent, but over', { container: exited(0), silentMs: 900_000 }, 'finished', 'read-result'],
  ['over', { container: exited(0) }, 'finished', 'read-result'],
  ['over before it was on record', { attempt: 'starting', container: exited(0) }, 'finished', 'read-result'],
  ['crashed', { container: exited(137) }, 'failed', 'read-cause'],
  ['crashed at once', { attempt: 'starting', container: exited(1) }, 'failed', 'read-cause'],
  ['gone', { container: null }, 'lost', 'restart'],
  [
    'ended on record, its container still there',
    { attempt: 'failed', container: exited(1) },
    'orphaned',
    'remove',
  ],
  ['cancelled, its container still running', { attempt: 'cancelled', container: runs }, 'orphaned', 'remove'],
  ['not on record', { attempt: null, container: runs }, 'orphaned', 'remove'],
  ['in training when the engine went', { engine: 'away', container: null }, 'away', 'wait'],
  ['unknown while the engine is away', { engine: 'away', attempt: null }, 'away', 'wait'],
]

test.each(table)('%s: %o is %s', (_, seen, state, action) => {
  const all: Observed = {
    ...{ engine: 'here', attempt: 'running', container: runs, silentMs: 0, silentLimitMs: 900_000 },
    ...seen,
  }
  expect(stateOf(all)).toBe(state)
  expect(decide(all)).toBe(action)
})
