import { statesOf } from './clean.ts'

export interface Traceback {
  /** The exception's class without its module: `OutOfMemoryError`. */
  error: string
  message: string
  file: string | null
  line: number | null
  /** The source line. */
  code: string | null
  traceback: string
}

const START = /^\s*Traceback \(most recent call last\):/
const FRAME = /^\s{2,}File "([^"]{1,1000})", line (\d{1,9})/
const ERROR = /^([A-Za-z_][\w.]{0,200})(?:: (.*))?$/

/** Characters that are kept of an exception's class, module included, and of its message: scripts can make them of any length. */
export const NAME_LIMIT = 300
export const MESSAGE_LIMIT = 2000

/**
 * The last Python traceback in a log, with the deepest frame in the user's own files, else the deepest of all.
 * @param isUserFile tells the user's files from the libraries'
 */
export function readTraceback(
  logTail: readonly string[],
  isUserFile: (path: string) => boolean,
): Traceback | null {
  const lines = logTail.map((line) => statesOf(line).at(-1) ?? '')
  const lastFrame = lines.findLastIndex((line) => FRAME.test(line))
  if (lastFrame === -1) return null
  const end = lines.findIndex((line, index) => index > lastFrame && ERROR.test(line))
  if (end === -1) return null
  // A syntax error in the script itself comes without the heading.
  const heading = lines.findLastIndex((line, index) => index < lastFrame && START.test(line))
  const before = lines.findLastIndex((line, index) => index < lastFrame && ERROR.test(line))
  const start = heading === -1 || before > heading ? lastFrame : heading
  const frames = lines.slice(start, end).flatMap((line, index) => {
    const match = FRAME.exec(line)
    return match ? [{ file: match[1] ?? '', line: Number(match[2]), at: start + index }] : []
  })
  const frame = frames.findLast(({ file }) => isUserFile(file)) ?? frames.at(-1)
  const code = frame && /^\s{4}\S/.test(lines[frame.at + 1] ?? '') ? lines[frame.at + 1]?.trim() : undefined
  const match = ERROR.exec(lines[end] ?? '')
  return {
    error: match?.[1]?.split('.').at(-1) ?? 'Exception',
    message: (match?.[2] ?? '').slice(0, MESSAGE_LIMIT),
    file: frame?.file ?? null,
    line: frame?.line ?? null,
    code: code ?? null,
    traceback: lines.slice(start, end + 1).join('\n'),
  }
}

/** Whose the remedy is: see ExceptionSeen. */
export type ExceptionCause = 'source' | 'values' | 'memory' | 'shared-memory' | 'data'

const CAUSES: readonly (readonly [ExceptionCause, RegExp])[] = [
  ['source', /^(ImportError|ModuleNotFoundError|SyntaxError|IndentationError|TabError)$/],
  ['source', /^(NameError|UnboundLocalError|AttributeError|NotImplementedError)$/],
  ['source', /^(FileNotFoundError|IsADirectoryError|NotADirectoryError|PermissionError)$/],
  ['memory', /^(MemoryError|_ArrayMemoryError|OutOfMemoryError|ResourceExhaustedError)$/],
  [
    'data',
    /^(URLError|HTTPError|gaierror|SSLError|timeout|Timeout\w*|Connect\w*Error|\w*Connection\w*Error)$/,
  ],
  ['data', /^(KeyError|EOFError|UnicodeDecodeError|JSONDecodeError|ParserError|EmptyDataError|BadZipFile)$/],
]

/**
 * PyTorch's and Python's words where /dev/shm is full, in small letters: a bus error in a loader's process, or a file in it
 * that cannot grow. Each is a list of words that follow one another.
 */
const SHARED_MEMORY: readonly (readonly (readonly string[])[])[] = [
  [
    [
      'shared memory (shm)',
      'out of shared memory',
      'raise your shared memory limit',
      'killed by signal: bus error',
    ],
  ],
  [
    ['unable to write to', 'unable to resize', 'unable to allocate shared memory'],
    ['torch_'],
    ['no space left', 'resource temporarily'],
  ],
  [['no space left on device'], ['/psm_', '/pym-', '/torch_']],
]

/** Whether one of each group's words follows one of the group before; a pattern with `.*` between them may take cubic time. */
function holdsInOrder(text: string, groups: readonly (readonly string[])[]): boolean {
  let at = 0
  return groups.every((words) => {
    const ends = words.flatMap((word) => {
      const found = text.indexOf(word, at)
      return found === -1 ? [] : [found + word.length]
    })
    at = Math.min(...ends)
    return ends.length > 0
  })
}

/**
 * What an exception says about its cause. All that is not known to be otherwise may lie at the trial's values.
 * @param message tells an allocator's RuntimeError from others
 */
export function classifyException(error: string, message = ''): ExceptionCause {
  const name = error.slice(0, NAME_LIMIT).split('.').at(-1) ?? error
  const words = message.slice(0, MESSAGE_LIMIT)
  if (SHARED_MEMORY.some((groups) => holdsInOrder(words.toLowerCase(), groups))) return 'shared-memory'
  if (/out of memory|can't allocate memory|unable to allocate/i.test(words)) return 'memory'
  return CAUSES.find(([, pattern]) => pattern.test(name))?.[0] ?? 'values'
}
