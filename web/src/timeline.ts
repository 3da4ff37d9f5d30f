import type { AttemptView, FailureView, RunView } from '../../src/http/contract.ts'
import { reasonOf } from './attempts.ts'
import { formatDuration } from './format.ts'
import { factsOf, resumedWords } from './report.ts'
import { wordOf } from './stages.ts'

/** Something that took a while, in ms since the epoch. */
export interface Span {
  /** One of its row, and no other, has this. */
  key: string
  state: string
  from: number
  /** Null while it goes on. */
  to: number | null
  /** `attempt 2, after a restart: failed`. */
  title: string
  /** More on it, one line each. */
  lines: string[]
}

/** Something that happened at one moment. */
export interface Moment {
  key: string
  kind: 'checkpoint' | 'restart' | 'went on'
  at: number
  title: string
  lines: string[]
}

export interface TimelineRow {
  key: string
  label: string
  /** The trial that it opens; null for a job. */
  trial: number | null
  spans: Span[]
  moments: Moment[]
}

export interface Timeline {
  from: number
  /** Null while the run goes on. */
  to: number | null
  rows: TimelineRow[]
}

const endOf = (failure: FailureView | null): string[] =>
  failure === null ? [] : [failure.message, ...(failure.remedy === '' ? [] : [failure.remedy])]

/** Jobs by their stage, but for the trainings, which their trials show. */
const STAGES = ['git-import', 'detect-model', 'tweak', 'notify'] as const

function jobRows({ jobs, state }: RunView): TimelineRow[] {
  return STAGES.flatMap((name) => {
    const spans = jobs
      .filter((job) => job.name === name && job.startedAt !== null)
      .map(
        (job): Span => ({
          key: String(job.id),
          state: job.state,
          from: job.startedAt as number,
          to: job.endedAt,
          title: `${job.key}: ${wordOf(job.state, state)}`,
          lines: [
            ...endOf(job.failure),
            ...(job.tries > 0 ? [`tried again ${job.tries === 1 ? 'once' : `${job.tries} times`}`] : []),
          ],
        }),
      )
    return spans.length === 0 ? [] : [{ key: name, label: name, trial: null, spans, moments: [] }]
  })
}

const AFTER = { restart: ', after a restart', 'went on': ', gone on' }

/** How a container ended, in a few words. */
const exitOf = ({ exitCode, signal, outOfMemory }: AttemptView): string[] => {
  const words = [
    exitCode === null ? null : `exit code ${exitCode}`,
    signal,
    outOfMemory ? 'out of memory' : null,
  ].filter((word) => word !== null)
  return words.length === 0 ? [] : [words.join(', ')]
}

function trialRow(run: RunView, { number, attempts }: RunView['trials'][number]): TimelineRow {
  const spans = attempts.flatMap((attempt, index): Span[] => {
    if (attempt.startedAt === null) return []
    const reason = reasonOf(attempts[index - 1])
    const resumed = attempt.report && resumedWords(attempt.report)
    return [
      {
        key: String(attempt.id),
        state: attempt.state,
        from: attempt.startedAt,
        to: attempt.endedAt,
        title: `attempt ${attempt.number}${reason === null ? '' : AFTER[reason]}: ${wordOf(attempt.state, run.state)}`,
        lines: [
          ...(resumed ? [resumed] : []),
          ...exitOf(attempt),
          ...endOf(attempt.failure),
          ...factsOf(attempt),
        ],
      },
    ]
  })
  return {
    key: `trial ${number}`,
    label: `trial ${number}`,
    trial: number,
    spans,
    moments: momentsOf(attempts),
  }
}

/** Restarts with their cause, and the last checkpoint of each attempt. */
function momentsOf(attempts: readonly AttemptView[]): Moment[] {
  return attempts.flatMap((attempt, index): Moment[] => {
    const before = attempts[index - 1]
    const reason = reasonOf(before)
    const checkpoint = attempt.report?.checkpoint
    const moments: Moment[] = []
    if (reason !== null && before && attempt.startedAt !== null) {
      const gap = attempt.startedAt - (before.endedAt ?? attempt.startedAt)
      moments.push({
        key: `start ${attempt.id}`,
        kind: reason,
        at: attempt.startedAt,
        title: reason === 'restart' ? `restart ${attempt.number - 1}` : 'the search lets it go on',
        lines: [...endOf(before.failure), `${formatDuration(Math.max(0, gap))} after the attempt before it`],
      })
    }
    if (checkpoint && checkpoint.at > 0) {
      moments.push({
        key: `checkpoint ${attempt.id}`,
        kind: 'checkpoint',
        at: checkpoint.at,
        title: `last checkpoint of attempt ${attempt.number}`,
        lines: factsOf(attempt).filter((fact) => fact.includes('checkpoint')),
      })
    }
    return moments
  })
}

/** What a run did when: a row for each stage of the chain, and one for each trial with its attempts. Pure. */
export function timelineOf(run: RunView): Timeline {
  const rows = [...jobRows(run), ...run.trials.map((trial) => trialRow(run, trial))]
  return {
    from: run.startedAt ?? run.createdAt,
    to: run.endedAt,
    rows: rows.filter(({ spans }) => spans.length > 0),
  }
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400].map(
  (seconds) => seconds * 1000,
)
const TICKS = 6

/** Round times since the beginning, in ms, up to about six. Pure. */
export function timeTicks(length: number): number[] {
  const whole = STEPS.find((one) => length / one <= TICKS)
  const day = STEPS.at(-1) as number
  const step = whole ?? Math.ceil(length / TICKS / day) * day
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step)
}
