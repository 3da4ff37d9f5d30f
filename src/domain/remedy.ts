import { type Attempt, signalOf } from './attempt.ts'
import type { Failure } from './failure.ts'
import { packageOf } from './packages.ts'

/** How a container ended, with what is known of the reason. */
export interface AttemptEnd {
  /** Null when the engine no longer knows the container. */
  exitCode: number | null
  outOfMemory: boolean
  /** Hone stopped it because the time of one training, that of all trainings together, or that of the whole run was up. */
  timedOut: 'training' | 'budget' | 'run' | null
  /** The Python exception that ended it, when there was one. */
  exception: ExceptionSeen | null
  /** The end of the log, for failures that say nothing else. */
  logTail: readonly string[]
  /** Epochs that the next attempt need not train again; null where there is no checkpoint of Hone's. */
  epochsSaved: number | null
}

export interface ExceptionSeen {
  error: string
  message: string
  file: string | null
  line: number | null
  traceback: string | null
  /** `source`: no values can mend it. `values`: other hyperparameters may. */
  cause: 'source' | 'values' | 'memory' | 'data'
}

/** In minutes. */
interface Limits {
  timeLimit: number
  runTimeLimit: number
}

export type Remedy =
  | { action: 'finish' }
  | { action: 'restart'; delayMs: number; failure: Failure }
  /** The search learns from it and goes on. */
  | { action: 'fail-trial'; failure: Failure }
  | { action: 'fail-run'; failure: Failure }

const BACK_OFF_MS = 1000
const BACK_OFF_LIMIT_MS = 60_000
const OUT_OF_MEMORY_RESTARTS = 1
/** Of the end of the log, in a failure that names no error. */
const SHOWN_LINES = 20
/** Both go into events, mails and lists of runs, and user code decides how long they are. */
const MESSAGE_CHARACTERS = 1000
const DETAIL_CHARACTERS = 20_000
/** The shell's codes for a command that cannot be run. */
const NO_COMMAND = new Set([126, 127])

/** Exponential: 1 s, 2 s, 4 s ... up to a minute. */
export const backOff = (restarts: number) => Math.min(BACK_OFF_MS * 2 ** restarts, BACK_OFF_LIMIT_MS)

/**
 * What to do about an attempt that has ended.
 * @param earlier the attempts of this trial before it, oldest first
 * @param first whether this is trial 0: the user's own values, so that nothing but the user can mend it
 */
export function decideRemedy(
  end: AttemptEnd,
  earlier: readonly Pick<Attempt, 'outOfMemory'>[],
  first: boolean,
  settings: Limits & { restarts: number; network?: boolean },
): Remedy {
  if (end.exitCode === 0) return { action: 'finish' }
  const failure = explain(end, settings)
  const failed: Remedy = { action: first ? 'fail-run' : 'fail-trial', failure }
  const restart: Remedy = { action: 'restart', delayMs: backOff(earlier.length), failure }
  if (end.timedOut === 'run' || end.timedOut === 'budget') return { action: 'fail-trial', failure }
  if (end.timedOut) return failed
  if (end.outOfMemory) {
    const before = earlier.filter((attempt) => attempt.outOfMemory).length
    return before < Math.min(OUT_OF_MEMORY_RESTARTS, settings.restarts) ? restart : failed
  }
  if (end.exception) return end.exception.cause === 'source' ? { action: 'fail-run', failure } : failed
  if (end.exitCode !== null && NO_COMMAND.has(end.exitCode)) return { action: 'fail-run', failure }
  if (end.exitCode === null || signalOf(end.exitCode) !== null || end.exitCode === 255) {
    if (earlier.length < settings.restarts) return restart
    const message = `${failure.message} It was restarted ${earlier.length} times.`
    const remedy = 'Look at the end of the log for why it dies, or raise `restarts` in hone.yaml.'
    return { action: 'fail-run', failure: { ...failure, message, remedy } }
  }
  return failed
}

/** The cause of an attempt that did not end well, in words. */
function explain(end: AttemptEnd, settings: Limits & { network?: boolean }): Failure {
  const detail =
    end.logTail.length > 0 ? lastOf(end.logTail.slice(-SHOWN_LINES).join('\n'), DETAIL_CHARACTERS) : undefined
  if (end.timedOut === 'run') {
    return {
      kind: 'user',
      code: 'run-time-limit',
      message: `The training was stopped: the ${settings.runTimeLimit} minutes of its run were over.`,
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
  if (end.timedOut) {
    return {
      kind: 'user',
      code: 'time-limit',
      message: `The training took longer than its limit of ${settings.timeLimit} minutes and was stopped.`,
      remedy: 'Train for fewer epochs, or raise `timeLimit` (minutes) in hone.yaml.',
      detail,
    }
  }
  if (end.outOfMemory || end.exception?.cause === 'memory') {
    return {
      kind: 'user',
      code: 'out-of-memory',
      message: 'The training needed more memory than its container may use.',
      remedy: 'Use a smaller batch or model, or raise `memory` in hone.yaml.',
      detail,
    }
  }
  if (end.exception) {
    const { error, message, file, line, traceback } = end.exception
    return {
      kind: 'user',
      code: 'script-error',
      message: firstOf(`${error}: ${message}`, MESSAGE_CHARACTERS),
      remedy: remedyFor(error, message, settings.network),
      file: file ?? undefined,
      line: line ?? undefined,
      detail: traceback === null ? detail : lastOf(traceback, DETAIL_CHARACTERS),
    }
  }
  if (end.exitCode === null) {
    return {
      kind: 'system',
      code: 'container-lost',
      message: 'The engine no longer knows the training container.',
      remedy: `Something removed it from outside (\`docker rm\`, \`docker system prune\`). ${startsAgain(end)}`,
    }
  }
  const signal = signalOf(end.exitCode)
  if (signal !== null) {
    return {
      kind: 'system',
      code: 'killed',
      message: `The training was ended by ${signal} (exit code ${end.exitCode}).`,
      remedy: startsAgain(end),
      detail,
    }
  }
  return {
    kind: 'user',
    code: 'exit-code',
    message: `The script ended with exit code ${end.exitCode} and named no error.`,
    remedy: 'Look at the end of the log, and run the script by hand with the same arguments.',
    detail,
  }
}

const startsAgain = ({ epochsSaved }: AttemptEnd) =>
  epochsSaved === null
    ? 'Hone starts it again, up to the limit `restarts`; no checkpoint was written, so it begins anew unless the script goes on from one of its own.'
    : `Hone starts it again from its checkpoint after epoch ${epochsSaved}, up to the limit \`restarts\`.`

const firstOf = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)
const lastOf = (text: string, most: number) => (text.length > most ? `…${text.slice(1 - most)}` : text)

/** What is said where no network is, or the other end does not answer; several libraries put it into an error of their own. */
const NETWORK_ERRORS =
  /^(URLError|HTTPError|ConnectionError|ConnectTimeout|ConnectError|NewConnectionError|MaxRetryError|SSLError|gaierror|TimeoutError|LocalEntryNotFoundError|OfflineModeIsEnabled|CommError)$/
const NETWORK_MESSAGES =
  /name resolution|Name or service not known|URL fetch failure|Max retries exceeded|couldn't connect to|Network is unreachable|Failed to establish a new connection|Error downloading|Connection refused/i

function remedyFor(error: string, message: string, network: boolean | undefined): string {
  if (/^(ModuleNotFoundError|ImportError)$/.test(error)) return importRemedy(message)
  if (/^(SyntaxError|IndentationError|TabError)$/.test(error)) return 'Correct the line and push again.'
  if (/^FileNotFoundError$/.test(error)) {
    return 'Commit the file, or write its path relative to the root of the repository.'
  }
  if (NETWORK_ERRORS.test(error) || NETWORK_MESSAGES.test(message)) {
    return network === false
      ? 'The training had no network: set `network: true` in hone.yaml, or commit the data.'
      : 'The address is wrong, or the other end does not answer: see whether containers of the engine reach it, or commit the data.'
  }
  return 'Correct the line and push again.'
}

function importRemedy(message: string): string {
  const module = /No module named '([\w.]+)'/.exec(message)?.[1]?.split('.')[0]
  const named = module === undefined ? null : packageOf(module)
  return named === null
    ? 'The image does not have it: add its package to requirements.txt, commit it if it is yours, or take the import out.'
    : `The image does not have it: add the line \`${named}\` to requirements.txt and push again.`
}
