import { describe, expect, it } from 'vitest'
import { type AttemptEnd, type ExceptionSeen, explain } from '../../src/domain/attempt-end.ts'

const LIMITS = { timeLimit: 60, runTimeLimit: 600, silentLimit: 15 }
const ENDED: AttemptEnd = {
  exitCode: 1,
  outOfMemory: false,
  timedOut: null,
  silent: false,
  exception: null,
  logTail: [],
  linesLost: 0,
  report: null,
  epochsSaved: null,
  shm: { bytes: 1, most: 1 },
  gone: null,
}

describe('what to do about a missing module or network', () => {
  const remedyOf = (error: string, message: string, network?: boolean, traceback: string | null = null) => {
    const exception: ExceptionSeen = { error, message, file: 'train.py', line: 7, traceback, cause: 'source' }
    return explain({ ...ENDED, exception }, { ...LIMITS, ...(network === undefined ? {} : { network }) })
      .remedy
  }

  it.each([
    [
      'ModuleNotFoundError',
      "No module named 'cv2'",
      /add the line `opencv-python-headless` to requirements\.txt/,
    ],
    ['ModuleNotFoundError', "No module named 'einops.layers'", /add the line `einops`/],
    ['ModuleNotFoundError', "No module named 'my_own'", /commit it if it is yours/],
    ['ImportError', 'libGL.so.1: cannot open shared object file', /take the import out/],
  ])('%s: %s', (error, message, expected) => {
    expect(remedyOf(error, message)).toMatch(expected)
  })

  it.each([
    [
      "cannot import name 'acuracy_score' from 'sklearn.metrics' (/usr/lib/sklearn/metrics/__init__.py)",
      '`sklearn.metrics` is there, but has no `acuracy_score`. Correct the name, or pin the version of `scikit-learn` that has it in requirements.txt.',
    ],
    [
      "cannot import name 'Adm' from 'torch.optim' (/usr/lib/x.py). Did you mean: 'Adam'?",
      '`torch.optim` is there, but has no `Adm`: did you mean `Adam`? Correct the name, or pin the version of `torch` that has it in requirements.txt.',
    ],
    [
      "cannot import name 'trian' from 'helpers' (/workspace/helpers.py)",
      '`helpers` is there, but has no `trian`. Correct the name; if `helpers` is a package, pin the version that has it in requirements.txt.',
    ],
    [
      "cannot import name 'Net' from partially initialized module 'model' (most likely due to a circular import) (/workspace/model.py)",
      '`model` imports, directly or through others, the file that imports it: move what both need to a file of its own.',
    ],
  ])('a module without the name: %s', (message, expected) => {
    expect(remedyOf('ImportError', message)).toBe(expected)
  })

  it("keeps Python's guess, which only the traceback has", () => {
    const message = "cannot import name 'acuracy_score' from 'sklearn.metrics' (/usr/lib/m.py)"
    const traceback = `Traceback ...\nImportError: ${message}. Did you mean: 'accuracy_score'?\n`
    const remedy = remedyOf('ImportError', message, undefined, traceback)
    expect(remedy).toContain('has no `acuracy_score`: did you mean `accuracy_score`?')
    expect(remedy).not.toContain('The image does not have it')
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
