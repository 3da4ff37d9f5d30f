import { ENGINE_LOST_IT, signalOf } from './attempt.ts'
import type { AttemptReport } from './attempt-report.ts'
import { bytesInWords } from './bytes.ts'
import type { Failure } from './failure.ts'
import { CHECKPOINTS_LOST } from './progress.ts'
import { remedyFor } from './script-remedy.ts'

/** How a container ended, with what is known of the reason. */
export interface AttemptEnd {
  /** Null when the engine no longer knows the container. */
  exitCode: number | null
  outOfMemory: boolean
  /** Hone stopped it because the time of one training, that of all trainings together, or that of the whole run was up. */
  timedOut: 'training' | 'budget' | 'run' | null
  /** Hone stopped it because it showed no sign of life. */
  silent: boolean
  /** The Python exception that ended it, when there was one. */
  exception: ExceptionSeen | null
  /** The end of the log, for failures that say nothing else. */
  logTail: readonly string[]
  /** Of what it printed, lines that the engine lost. */
  linesLost: number
  /** What its runtime told; null where it told nothing. */
  report: AttemptReport | null
  /** Epochs that the next attempt need not train again; null where there is no checkpoint of Hone's. */
  epochsSaved: number | null
  /** Its /dev/shm, and the most that an attempt may have. */
  shm: { bytes: number; most: number }
  /** Where the engine no longer knows the container: whether its checkpoints went with it, and whether both may have gone before Hone was restored from a backup. */
  gone: { checkpoints: boolean; sinceBackup: boolean } | null
}

export interface ExceptionSeen {
  error: string
  message: string
  file: string | null
  line: number | null
  traceback: string | null
  /** `source`: no values can mend it. `values`: other hyperparameters may. */
  cause: 'source' | 'values' | 'memory' | 'shared-memory' | 'data'
}

/** In minutes. */
export interface Limits {
  timeLimit: number
  runTimeLimit: number
  silentLimit: number
  /** Whether the training had a network; undefined where that is not known. */
  network?: boolean
}

/** Of the end of the log, in a failure that names no error. */
const SHOWN_LINES = 20
/** Both go into events, mails and lists of runs, and user code decides how long they are. */
const MESSAGE_CHARACTERS = 1000
const DETAIL_CHARACTERS = 20_000
const SIGBUS = 135
/** PyTorch's words where a loader's process died of a bus error and the script ended without an exception. */
const SHARED_MEMORY_WORDS = /insufficient shared memory|out of shared memory/i

/** The cause of an attempt that did not end well, in words. Pure. */
export function explain(end: AttemptEnd, settings: Limits): Failure {
  return (
    ofLimit(end, settings) ??
    ofMemory(end) ??
    ofException(end, settings) ??
    ofEngine(end) ??
    ofLog(end) ??
    ofExitCode(end)
  )
}

const detailOf = ({ logTail }: AttemptEnd) =>
  logTail.length > 0 ? lastOf(logTail.slice(-SHOWN_LINES).join('\n'), DETAIL_CHARACTERS) : undefined

/** Hone stopped it. */
function ofLimit(end: AttemptEnd, { timeLimit, runTimeLimit, silentLimit }: Limits): Failure | null {
  const detail = detailOf(end)
  if (end.timedOut === 'run') {
    return {
      kind: 'user',
      code: 'run-time-limit',
      message: `The training was stopped: the ${runTimeLimit} minutes of its run were over.`,
      remedy:
        'Raise `runTimeLimit` (minutes) in hone.yaml, or `HONE_PARALLEL` when runs wait for each other.',
      detail,
    }
  }
  if (end.timedOut === 'budget') {
    return {
      kind: 'user',
      code: 'training-budget',
      message: 'The training was stopped: the minutes of training of its run were over.',
      remedy: 'Raise `trainingBudget` (minutes) in hone.yaml.',
      detail,
    }
  }
  if (end.timedOut === 'training') {
    return {
      kind: 'user',
      code: 'time-limit',
      message: `The training took longer than its limit of ${timeLimit} minutes and was stopped.`,
      remedy: 'Train for fewer epochs, or raise `timeLimit` (minutes) in hone.yaml.',
      detail,
    }
  }
  if (!end.silent) return null
  return {
    kind: 'system',
    code: 'silent',
    message: `The training showed no sign of life for ${silentLimit} minutes and was stopped: no output, no event, and next to no use of processor, disk or network.`,
    remedy: 'Look for what it waits for, or raise `silentLimit` (minutes) in hone.yaml.',
    detail,
  }
}

function ofMemory(end: AttemptEnd): Failure | null {
  const detail = detailOf(end)
  if (isOutOfSharedMemory(end)) {
    return {
      kind: 'user',
      code: 'shared-memory',
      message: `The training needed more shared memory than the ${bytesInWords(end.shm.bytes)} of its /dev/shm (a bus error).`,
      remedy: 'Use fewer processes or smaller batches in the data loader, or raise `memory` and `shm`.',
      detail,
    }
  }
  if (!end.outOfMemory && end.exception?.cause !== 'memory') return null
  return {
    kind: 'user',
    code: 'out-of-memory',
    message: end.outOfMemory
      ? 'The training needed more memory than its container may use.'
      : `The training found no more memory (${end.exception?.error}).`,
    remedy: 'Use a smaller batch or model, or raise `memory` in hone.yaml.',
    detail,
  }
}

const isOutOfSharedMemory = ({ exception, exitCode, outOfMemory, logTail }: AttemptEnd) =>
  !outOfMemory &&
  (exception?.cause === 'shared-memory' ||
    exitCode === SIGBUS ||
    (exception === null && exitCode !== null && logTail.some((line) => SHARED_MEMORY_WORDS.test(line))))

function ofException(end: AttemptEnd, settings: Limits): Failure | null {
  if (!end.exception) return null
  const { error, message, file, line, traceback } = end.exception
  return {
    kind: 'user',
    code: 'script-error',
    message: firstOf(`${error}: ${message}`, MESSAGE_CHARACTERS),
    remedy: remedyFor(end.exception, settings.network),
    file: file ?? undefined,
    line: line ?? undefined,
    detail: traceback === null ? detailOf(end) : lastOf(traceback, DETAIL_CHARACTERS),
  }
}

/** What nobody but the engine can tell: the container is gone, or something ended it. */
function ofEngine(end: AttemptEnd): Failure | null {
  if (end.exitCode === null) return ofLostContainer(end)
  const signal = signalOf(end.exitCode)
  // A script may end with this code too; then its runtime has said so.
  const wentWithEngine = end.exitCode === ENGINE_LOST_IT && !end.report?.end
  if (signal === null && !wentWithEngine) return null
  return {
    kind: 'system',
    code: 'killed',
    message: signal
      ? `The training was ended by ${signal} (exit code ${end.exitCode}).`
      : `The training ended with its engine (exit code ${end.exitCode}).`,
    remedy: 'Look for what ends it: the log of the engine or of its host may say more.',
    detail: detailOf(end),
  }
}

const FROM_OUTSIDE =
  'The engine no longer knows the training container: something removed it from outside (`docker rm`, `docker system prune`).'
const SINCE_BACKUP =
  'The engine does not know the training container that ran when the backup was made which Hone was restored from: it was removed since, as after the end of a training, or this is another engine.'

const ofLostContainer = ({ gone }: AttemptEnd): Failure => ({
  kind: 'system',
  code: gone?.checkpoints ? CHECKPOINTS_LOST : 'container-lost',
  message: [
    gone?.sinceBackup ? SINCE_BACKUP : FROM_OUTSIDE,
    gone?.checkpoints ? 'Its checkpoints are gone too.' : '',
  ]
    .join(' ')
    .trim(),
  remedy: 'Look for what removes containers and volumes on the engine.',
})

/** A result may have been among what was lost. */
const ofLog = ({ exitCode, linesLost }: AttemptEnd): Failure | null =>
  exitCode !== 0 || linesLost === 0
    ? null
    : {
        kind: 'system',
        code: 'log-lost',
        message: `The training came to its end while the engine was away, which lost the last ${linesLost === 1 ? 'line' : `${linesLost} lines`} that it printed.`,
        remedy: 'Look for what ends the engine: its log or that of its host may say more.',
      }

const ofExitCode = (end: AttemptEnd): Failure => ({
  kind: 'user',
  code: 'exit-code',
  message: `The script ended with exit code ${end.exitCode} and named no error.`,
  remedy: 'Look at the end of the log, and run the script by hand with the same arguments.',
  detail: detailOf(end),
})

const firstOf = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)
const lastOf = (text: string, most: number) => (text.length > most ? `…${text.slice(1 - most)}` : text)
