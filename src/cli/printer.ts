import { oneLine } from '../domain/clean.ts'
import type { StoredEvent } from '../domain/event.ts'
import { describeFailure, type Failure } from '../domain/failure.ts'
import { isBetter, meetsTarget } from '../domain/settings.ts'
import { changedValues } from '../domain/take.ts'
import type { Trial } from '../domain/trial.ts'
import type { Store } from '../store/store.ts'
import { duration, short, style } from './style.ts'

type Data = Record<string, unknown>

/**
 * Prints the chain of one run as it goes, a line for each thing that happened, from the store's events.
 * @param mailbox folder that mails lie in where no mail server is set; null: one is
 * @returns the line for an event, or null when there is nothing to say
 */
export function chainPrinter(
  store: Store,
  runId: number,
  mailbox: string | null = null,
): (event: StoredEvent) => string | null {
  const started = store.runs.get(runId).createdAt
  const line = (event: StoredEvent, text: string) =>
    `${style.dim(duration(event.at - started).padStart(9))}  ${text}`
  const say: Partial<Record<StoredEvent['type'], (data: Data) => string | null>> = {
    job: (data) => jobLine(data),
    trial: (data) => trialLine(store, runId, data),
    attempt: (data) => attemptLine(data),
    progress: (data) => style.dim(oneLine(String(data.text))),
    mail: (data) => mailLine(data, mailbox),
    run: (data) => runLine(store, runId, data),
  }
  return (event) => {
    const text = say[event.type]?.(event.data)
    return text ? line(event, text) : null
  }
}

/** What a training, a script or a remote says may hold control characters: the terminal is to see none. */
const told = (failure: Failure) => oneLine(describeFailure(failure))

function jobLine({ name, key, state, failure }: Data): string | null {
  const label = style.bold(String(name).padEnd(12))
  const trial = /:(\d+)$/.exec(String(key))?.[1]
  if (state === 'running') return `${label} ${trial ? `trial ${trial}` : '...'}`
  if (state === 'queued' && failure)
    return `${label} ${style.yellow(`waits: ${oneLine((failure as Failure).message)}`)}`
  if (state === 'failed') return `${label} ${style.red(told(failure as Failure))}`
  return null
}

function trialLine(
  store: Store,
  runId: number,
  { number, state, values, metric, failure }: Data,
): string | null {
  const label = `${' '.repeat(12)} trial ${number}`
  const trial = store.trials.ofRun(runId).find((one) => one.number === number)
  const repeats = trial?.repeats ?? null
  if (state === 'queued' && repeats !== null) {
    return `${label}: the values of trial ${repeats} with another seed, ${trial?.seed}`
  }
  if (state === 'queued') {
    const changed = changes(store.trials.ofRun(runId)[0], { values: values as Trial['values'] })
    return changed === '' ? null : `${label}: ${changed}`
  }
  if (state === 'failed') return `${label}: ${style.red(told(failure as Failure))}`
  if (state !== 'completed') return null
  const { settings } = store.runs.get(runId)
  const met = meetsTarget(metric as number, settings)
  const sign = settings.direction === 'maximize' ? (met ? '≥' : '<') : met ? '≤' : '>'
  const text = `${oneLine(settings.metric)} ${short(metric as number)} ${sign} ${settings.target}`
  const isBest = repeats === null && isRecord(store, runId, number as number, metric as number)
  const best = isBest ? style.dim(' (best so far)') : ''
  return `${label}: ${met ? style.green(style.bold(text)) : style.yellow(text)}${best}`
}

function isRecord(store: Store, runId: number, number: number, metric: number): boolean {
  const { direction } = store.runs.get(runId).settings
  const earlier = store.trials
    .ofRun(runId)
    .filter(
      ({ number: before, metric: value, repeats }) => before < number && value !== null && repeats === null,
    )
  return earlier.length > 0 && earlier.every((trial) => isBetter(metric, trial.metric, direction))
}

/** `lr 0.5 -> 0.012, batch_size 4 -> 32`, against the user's own values. */
const changes = (...trials: Parameters<typeof changedValues>) =>
  changedValues(...trials)
    .map(
      ({ name, before, after }) =>
        `${oneLine(`${name} ${before}`)} ${style.dim('->')} ${style.cyan(oneLine(after))}`,
    )
    .join(', ')

function attemptLine({ number, state, failure }: Data): string | null {
  const label = ' '.repeat(12)
  if (state === 'starting' && (number as number) > 1)
    return `${label} ${style.yellow(`restart: attempt ${number}`)}`
  if (state === 'failed' || state === 'lost') {
    return failure
      ? `${label} attempt ${number}: ${style.yellow(oneLine((failure as Failure).message))}`
      : null
  }
  return null
}

function mailLine({ state, subject, to, error }: Data, mailbox: string | null): string | null {
  if (error) return style.yellow(oneLine(`mail to ${to} not sent yet: ${error}`))
  const line = `${style.bold('mail'.padEnd(12))} ${oneLine(`to ${to}: ${subject}`)}`
  if (state === 'written') return `${line} ${style.dim(`(written to ${mailbox ?? 'the mailbox folder'})`)}`
  return state === 'sent' ? line : null
}

function runLine(store: Store, runId: number, { state, number }: Data): string | null {
  const { conclusion } = store.runs.get(runId)
  const reason = oneLine(conclusion?.reason ?? '')
  const label = `run ${number}`.padEnd(12)
  if (state === 'succeeded') return style.green(style.bold(`${label} target met: ${reason}`))
  if (state === 'exhausted') return style.yellow(style.bold(`${label} target not met: ${reason}`))
  if (state === 'failed') {
    const why = conclusion?.failure ? told(conclusion.failure) : reason
    return style.red(style.bold(`${label} failed: ${why}`))
  }
  if (state === 'cancelled' || state === 'superseded') return style.yellow(`${label} ${state}`)
  return null
}
