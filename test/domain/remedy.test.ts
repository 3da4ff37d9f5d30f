import { describe, expect, it } from 'vitest'
import type { Failure } from '../../src/domain/failure.ts'
import { type AttemptEnd, backOff, decideRemedy, type ExceptionSeen } from '../../src/domain/remedy.ts'

const settings = { restarts: 3, timeLimit: 60, runTimeLimit: 600 }
const ended = (end: Partial<AttemptEnd>): AttemptEnd => ({
  exitCode: 1,
  outOfMemory: false,
  timedOut: null,
  exception: null,
  logTail: ['the last line'],
  epochsSaved: null,
  ...end,
})
const raised = (error: string, cause: ExceptionSeen['cause']): ExceptionSeen => ({
  error,
  message: 'said so',
  file: 'train.py',
  line: 7,
  traceback: 'Traceback ...',
  cause,
})
const crashes = (n: number, outOfMemory = false) => Array.from({ length: n }, () => ({ outOfMemory }))

const table: {
  what: string
  end: Partial<AttemptEnd>
  earlier?: { outOfMemory: boolean }[]
  first?: boolean
  action: string
  code?: string
}[] = [
  { what: 'exit 0', end: { exitCode: 0 }, action: 'finish' },
  { what: 'exit 0 although its time was up', end: { exitCode: 0, timedOut: null }, action: 'finish' },
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
    earlier: crashes(1, true),
    action: 'fail-trial',
    code: 'out-of-memory',
  },
  {
    what: "out of memory a second time with the user's own values",
    end: { exitCode: 137, outOfMemory: true },
    earlier: crashes(1, true),
    first: true,
    action: 'fail-run',
    code: 'out-of-memory',
  },
  {
    what: 'MemoryError',
    end: { exception: raised('MemoryError', 'memory') },
    action: 'fail-trial',
    code: 'out-of-memory',
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

  it('waits twice as long before each restart, up to a minute', () => {
    expect([0, 1, 2, 3, 10].map(backOff)).toEqual([1000, 2000, 4000, 8000, 60_000])
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
      expect(said({ exitCode })).toContain('no checkpoint was written, so it begins anew')
    },
  )

  it('promise no further restart after the last one', () => {
    expect(said({ exitCode: 137, epochsSaved: 7 }, 3)).not.toContain('starts it again')
  })

  it('do not stand where its time was up: it is not gone on with', () => {
    const end = ended({ exitCode: 143, timedOut: 'training', epochsSaved: 7 })
    const remedy = decideRemedy(end, [], false, settings)
    expect(remedy).toMatchObject({ action: 'fail-trial', failure: { code: 'time-limit' } })
  })
})

describe('what to do about a missing module or network', () => {
  const remedyOf = (error: string, message: string, network?: boolean) => {
    const exception = { ...raised(error, 'source'), message }
    const remedy = decideRemedy(ended({ exception }), [], true, {
      ...settings,
      ...(network === undefined ? {} : { network }),
    })
    return 'failure' in remedy ? remedy.failure.remedy : ''
  }

  it.each([
    [
      'ModuleNotFoundError',
      "No module named 'cv2'",
      /add the line `opencv-python-headless` to requirements\.txt/,
    ],
    ['ModuleNotFoundError', "No module named 'einops.layers'", /add the line `einops`/],
    ['ModuleNotFoundError', "No module named 'my_own'", /commit it if it is yours/],
    ['ImportError', "cannot import name 'x' from 'torch'", /take the import out/],
  ])('%s: %s', (error, message, expected) => {
    expect(remedyOf(error, message)).toMatch(expected)
  })

  it.each([
    ['URLError', '<urlopen error>'],
    ['ConnectionError', "HTTPSConnectionPool(host='x', port=443): Max retries exceeded"],
    ['OSError', "We couldn't connect to 'https://huggingface.co' to load this file"],
    ['Exception', 'URL fetch failure on https://x: None -- [Errno -3] Temporary failure in name resolution'],
    ['RuntimeError', 'Error downloading train-images-idx3-ubyte.gz'],
  ])('%s: %s', (error, message) => {
    expect(remedyOf(error, message, false)).toMatch(/had no network: set `network: true`/)
    expect(remedyOf(error, message, true)).toMatch(/the other end does not answer/)
  })
})
