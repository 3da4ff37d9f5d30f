import { describe, expect, it } from 'vitest'
import type { AttemptEnd, ExceptionSeen } from '../../src/domain/attempt-end.ts'
import type { AttemptReport } from '../../src/domain/attempt-report.ts'
import type { Failure } from '../../src/domain/failure.ts'
import { backOff, decideRemedy, type EarlierAttempt } from '../../src/domain/remedy.ts'
import { emptyReport } from '../../src/metrics/report.ts'

const GIB = 2 ** 30
const settings = { restarts: 3, timeLimit: 60, runTimeLimit: 600, silentLimit: 15 }
const ended = (end: Partial<AttemptEnd>): AttemptEnd => ({
  exitCode: 1,
  outOfMemory: false,
  timedOut: null,
  silent: false,
  exception: null,
  logTail: ['the last line'],
  linesLost: 0,
  report: null,
  epochsSaved: null,
  shm: { bytes: GIB, most: 4 * GIB },
  gone: null,
  ...end,
})
/** What an attempt told that came to this epoch. */
const reached = (step: number): AttemptReport => ({
  ...emptyReport(),
  last: { name: 'accuracy', split: 'validation', value: 0.5, step },
})
const raised = (error: string, cause: ExceptionSeen['cause']): ExceptionSeen => ({
  error,
  message: 'said so',
  file: 'train.py',
  line: 7,
  traceback: 'Traceback ...',
  cause,
})
const crashes = (n: number, code = 'killed', report: AttemptReport | null = null): EarlierAttempt[] =>
  Array.from({ length: n }, () => ({
    ...{ state: 'failed', report, shmBytes: null },
    failure: { kind: 'system', code, message: '', remedy: '' },
  }))

const table: {
  what: string
  end: Partial<AttemptEnd>
  earlier?: EarlierAttempt[]
  first?: boolean
  action: string
  code?: string
}[] = [
  { what: 'exit 0', end: { exitCode: 0 }, action: 'finish' },
  { what: 'exit 0 although its time was up', end: { exitCode: 0, timedOut: null }, action: 'finish' },
  {
    what: 'exit 0 with output lost',
    end: { exitCode: 0, linesLost: 3 },
    action: 'restart',
    code: 'log-lost',
  },
  {
    what: 'output lost at the limit',
    end: { exitCode: 0, linesLost: 1 },
    earlier: crashes(3),
    action: 'fail-run',
    code: 'log-lost',
  },
  {
    what: 'an error of the script with output lost',
    end: { exitCode: 1, linesLost: 3 },
    first: true,
    action: 'fail-run',
    code: 'exit-code',
  },
  { what: 'SIGKILL', end: { exitCode: 137 }, action: 'restart', code: 'killed' },
  { what: 'SIGTERM', end: { exitCode: 143 }, action: 'restart', code: 'killed' },
  { what: 'SIGSEGV', end: { exitCode: 139 }, action: 'restart', code: 'killed' },
  {
    what: 'SIGKILL at the limit',
    end: { exitCode: 137 },
    earlier: crashes(3),
    action: 'fail-run',
    code: 'killed',
  },
  { what: 'lost container', end: { exitCode: null }, action: 'restart', code: 'container-lost' },
  {
    what: 'out of memory',
    end: { exitCode: 137, outOfMemory: true },
    action: 'restart',
    code: 'out-of-memory',
  },
  {
    what: 'out of memory a second time',
    end: { exitCode: 137, outOfMemory: true },
    earlier: crashes(1, 'out-of-memory'),
    action: 'fail-trial',
    code: 'out-of-memory',
  },
  {
    what: "out of memory a second time with the user's own values",
    end: { exitCode: 137, outOfMemory: true },
    earlier: crashes(1, 'out-of-memory'),
    first: true,
    action: 'fail-run',
    code: 'out-of-memory',
  },
  {
    what: 'out of memory again, but further than the last time',
    end: { exitCode: 137, outOfMemory: true, report: reached(5) },
    earlier: crashes(1, 'out-of-memory', reached(4)),
    action: 'restart',
    code: 'out-of-memory',
  },
  {
    what: 'MemoryError',
    end: { exception: raised('MemoryError', 'memory') },
    action: 'restart',
    code: 'out-of-memory',
  },
  {
    what: 'MemoryError a second time',
    end: { exception: raised('MemoryError', 'memory') },
    earlier: crashes(1, 'out-of-memory'),
    action: 'fail-trial',
    code: 'out-of-memory',
  },
  { what: 'SIGBUS', end: { exitCode: 135 }, action: 'restart', code: 'shared-memory' },
  {
    what: 'a loader that says that shared memory is out',
    end: { exception: raised('RuntimeError', 'shared-memory') },
    action: 'restart',
    code: 'shared-memory',
  },
  {
    what: 'a bus error that only the log tells of',
    end: { logTail: ['ERROR: ... caused by insufficient shared memory (shm).'] },
    action: 'restart',
    code: 'shared-memory',
  },
  {
    what: 'SIGBUS with all the shared memory that there is',
    end: { exitCode: 135, shm: { bytes: 4 * GIB, most: 4 * GIB } },
    action: 'fail-trial',
    code: 'shared-memory',
  },
  { what: 'silence', end: { exitCode: 137, silent: true }, action: 'restart', code: 'silent' },
  {
    what: 'silence at the limit',
    end: { exitCode: 137, silent: true },
    earlier: crashes(3, 'silent'),
    action: 'fail-trial',
    code: 'silent',
  },
  {
    what: "silence at the limit with the user's own values",
    end: { exitCode: 143, silent: true },
    earlier: crashes(3, 'silent'),
    first: true,
    action: 'fail-run',
    code: 'silent',
  },
  {
    what: 'SIGSEGV at the limit, which other values may not bring on',
    end: { exitCode: 139 },
    earlier: crashes(3),
    action: 'fail-trial',
    code: 'killed',
  },
  { what: 'gone with its engine', end: { exitCode: 255 }, action: 'restart', code: 'killed' },
  {
    what: 'exit 255 of its own',
    end: { exitCode: 255, report: { ...emptyReport(), end: 'failed' } },
    action: 'fail-trial',
    code: 'exit-code',
  },
  {
    what: 'SIGKILL after more restarts than the limit, but further than ever',
    end: { exitCode: 137, report: reached(9) },
    earlier: crashes(5, 'killed', reached(8)),
    action: 'restart',
    code: 'killed',
  },
  {
    what: 'SIGKILL at the limit after the last progress',
    end: { exitCode: 137, report: reached(8) },
    earlier: [...crashes(7), ...crashes(3, 'killed', reached(8))],
    action: 'fail-run',
    code: 'killed',
  },
  {
    what: 'time over',
    end: { exitCode: 143, timedOut: 'training' },
    action: 'fail-trial',
    code: 'time-limit',
  },
  {
    what: 'time over in trial 0',
    end: { exitCode: 137, timedOut: 'training' },
    first: true,
    action: 'fail-run',
    code: 'time-limit',
  },
  {
    what: 'ImportError',
    end: { exception: raised('ImportError', 'source') },
    action: 'fail-run',
    code: 'script-error',
  },
  {
    what: 'ValueError',
    end: { exception: raised('ValueError', 'values') },
    action: 'fail-trial',
    code: 'script-error',
  },
  {
    what: 'ValueError in trial 0',
    end: { exception: raised('ValueError', 'values') },
    first: true,
    action: 'fail-run',
    code: 'script-error',
  },
  { what: 'exit 3 without a word', end: { exitCode: 3 }, action: 'fail-trial', code: 'exit-code' },
  { what: 'no such command', end: { exitCode: 127 }, action: 'fail-run', code: 'exit-code' },
]

describe('what is done about an attempt that ended', () => {
  it.each(table)('$what: $action', ({ end, earlier = [], first = false, action, code }) => {
    const remedy = decideRemedy(ended(end), earlier, first, settings)
    expect(remedy.action).toBe(action)
    if (remedy.action !== 'finish') expect(remedy.failure.code).toBe(code)
  })

  it('names the error, its file and its line', () => {
    const remedy = decideRemedy(
      ended({ exception: raised('ModuleNotFoundError', 'source') }),
      [],
      true,
      settings,
    )
    expect(remedy).toMatchObject({
      failure: {
        message: 'ModuleNotFoundError: said so',
        file: 'train.py',
        line: 7,
        detail: 'Traceback ...',
      },
    })
  })

  it('never restarts when the limit is none', () => {
    const none = { ...settings, restarts: 0 }
    expect(decideRemedy(ended({ exitCode: 137 }), [], true, none).action).toBe('fail-run')
    expect(decideRemedy(ended({ exitCode: 137, outOfMemory: true }), [], false, none).action).toBe(
      'fail-trial',
    )
  })

  it('waits twice as long before each restart, up to a minute, and begins again once it got further', () => {
    expect([0, 1, 2, 3, 10].map(backOff)).toEqual([1000, 2000, 4000, 8000, 60_000])
    const many = { ...settings, restarts: 10 }
    const remedyAfter = (earlier: EarlierAttempt[], step: number) =>
      decideRemedy(ended({ exitCode: 137, report: reached(step) }), earlier, true, many)
    expect(remedyAfter(crashes(4, 'killed', reached(2)), 2)).toMatchObject({ delayMs: 16_000 })
    expect(remedyAfter(crashes(4, 'killed', reached(2)), 3)).toMatchObject({ delayMs: 1000 })
  })

  it('doubles the shared memory, up to what there is, and says so', () => {
    const bus = (bytes: number) =>
      decideRemedy(ended({ exitCode: 135, shm: { bytes, most: 3 * GIB } }), [], true, settings)
    expect(bus(GIB)).toMatchObject({
      shmBytes: 2 * GIB,
      failure: { remedy: expect.stringContaining('with 2.0 GiB of /dev/shm instead of 1.0 GiB') },
    })
    expect(bus(2 * GIB)).toMatchObject({ shmBytes: 3 * GIB })
  })

  it('tells whose the fault is where values need too much memory', () => {
    const end = ended({ exitCode: 137, outOfMemory: true })
    expect(decideRemedy(end, crashes(1, 'out-of-memory'), false, settings)).toMatchObject({
      failure: { message: expect.stringContaining('the batch size or the model was too big') },
    })
  })
})

describe('what user code printed', () => {
  it('is bounded: the beginning of a message, the end of a traceback or log', () => {
    const long = `begin${'x'.repeat(100_000)}end`
    const exception = { ...raised('ValueError', 'values'), message: long, traceback: long }
    const told = decideRemedy(ended({ exception }), [], true, settings) as { failure: Failure }
    expect(told.failure.message).toMatch(/^ValueError: begin.{900,}…$/)
    expect(told.failure.message.length).toBeLessThanOrEqual(1000)
    expect(told.failure.detail).toMatch(/^…x+end$/)
    expect(told.failure.detail?.length).toBeLessThanOrEqual(20_000)
    const silent = decideRemedy(ended({ logTail: [long, long] }), [], true, settings) as { failure: Failure }
    expect(silent.failure.detail?.length).toBeLessThanOrEqual(20_000)
  })
})

describe('the words of a restart', () => {
  const said = (end: Partial<AttemptEnd>, earlier = 0) => {
    const remedy = decideRemedy(ended(end), crashes(earlier), false, settings)
    return remedy.action === 'finish' ? '' : remedy.failure.remedy
  }

  it.each([137, null])(
    'name the epoch that it goes on after, or that there is no checkpoint (%s)',
    (exitCode) => {
      expect(said({ exitCode, epochsSaved: 7 })).toContain('from its checkpoint after epoch 7')
      expect(said({ exitCode })).toContain('there is no checkpoint, so it begins anew')
    },
  )

  it('promise no further restart after the last one', () => {
    expect(said({ exitCode: 137, epochsSaved: 7 }, 3)).not.toContain('starts it again')
    expect(said({ exitCode: 137, epochsSaved: 7 }, 2)).toContain('restart 3 of 3')
  })

  it('do not stand where its time was up: it is not gone on with', () => {
    const end = ended({ exitCode: 143, timedOut: 'training', epochsSaved: 7 })
    const remedy = decideRemedy(end, [], false, settings)
    expect(remedy).toMatchObject({ action: 'fail-trial', failure: { code: 'time-limit' } })
  })
})

describe('a container that is lost', () => {
  const gone = { checkpoints: false, sinceBackup: false }
  const of = (end: Partial<AttemptEnd>, restarts = 3) => {
    const remedy = decideRemedy(ended({ exitCode: null, gone, ...end }), [], true, { ...settings, restarts })
    return remedy as { action: string; failure: Failure }
  }

  it('was removed from outside, as far as Hone knows', () => {
    const { code, message } = of({}).failure
    expect([code, message]).toEqual(['container-lost', expect.stringContaining('docker rm')])
  })

  it('may have lost its checkpoints, too, so that it begins anew', () => {
    const { code, message, remedy } = of({ gone: { ...gone, checkpoints: true } }).failure
    expect([code, message]).toEqual(['checkpoints-lost', expect.stringContaining('checkpoints are gone too')])
    expect(remedy).toContain('there is no checkpoint, so it begins anew')
  })

  it('blames nobody where it went after the backup that Hone was restored from, and needs none of its restarts', () => {
    const { action, failure } = of({ epochsSaved: 3, gone: { ...gone, sinceBackup: true } }, 0)
    expect(action).toBe('restart')
    expect(failure.message).toContain('removed since')
    expect(failure.message).not.toContain('docker rm')
    expect(failure.remedy).toBe('Hone starts it again in 1 s, from its newest checkpoint.')
  })
})
