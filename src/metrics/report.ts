import type { AttemptReport } from '../domain/attempt-report.ts'
import { type Metric, trusted } from '../domain/metric.ts'
import type { RuntimeEvent } from './events.ts'
import { readName } from './names.ts'

const MOST_WARNINGS = 20
const MOST_FRAMEWORKS = 20
const MOST_TEXT = 500

export const emptyReport = (): AttemptReport => ({
  python: null,
  frameworks: {},
  resumed: null,
  checkpoint: null,
  memory: null,
  heartbeatAt: null,
  warnings: [],
  last: null,
  end: null,
})

/** Adds what one event tells, in their order. Pure: a new report, or the same where the event tells nothing. */
export function withEvent(report: AttemptReport, event: RuntimeEvent): AttemptReport {
  switch (event.type) {
    case 'start':
      return { ...report, python: cut(event.python) }
    case 'framework':
      return withFramework(report, event)
    case 'resumed': {
      const { step, attempt, by, why } = event
      return { ...report, resumed: { step, attempt, by, why: why == null ? null : cut(why) } }
    }
    case 'checkpoint':
      return withCheckpoint(report, event)
    case 'heartbeat':
      return { ...report, heartbeatAt: event.at * 1000, memory: most(report.memory, event.memory) }
    case 'warning':
      return withWarning(report, event)
    case 'end':
      return { ...report, end: event.reason ?? null, memory: most(report.memory, event.memory ?? null) }
    default:
      return report
  }
}

type Of<Type> = Extract<RuntimeEvent, { type: Type }>

function withFramework(report: AttemptReport, { name, version }: Of<'framework'>): AttemptReport {
  if (Object.keys(report.frameworks).length >= MOST_FRAMEWORKS) return report
  return {
    ...report,
    frameworks: { ...report.frameworks, [cut(name)]: version === null ? null : cut(version) },
  }
}

function withCheckpoint(report: AttemptReport, { step, at, bytes, seconds }: Of<'checkpoint'>) {
  const { count, totalSeconds } = report.checkpoint ?? { count: 0, totalSeconds: 0 }
  const all = { count: count + 1, totalSeconds: totalSeconds + seconds }
  return { ...report, checkpoint: { step, at: at * 1000, bytes, seconds, ...all } }
}

/** The same thing is said once. */
function withWarning(report: AttemptReport, event: Of<'warning'>): AttemptReport {
  const [code, message] = [cut(event.code), cut(event.message)]
  const isKnown = report.warnings.some((other) => other.code === code && other.message === message)
  if (isKnown || report.warnings.length >= MOST_WARNINGS) return report
  return { ...report, warnings: [...report.warnings, { code, message }] }
}

/**
 * The last value that an attempt reported, of the objective where it did. Pure.
 * @param metrics of each source in the order in which they were reported
 */
export function lastOf(metrics: readonly Metric[], objective: string): AttemptReport['last'] {
  const wanted = readName(objective).name
  const told = trusted(metrics)
  const own = told.filter(({ name }) => readName(name).name === wanted)
  const metric = latestOf(own.length > 0 ? own : told)
  if (!metric) return null
  const { name, split, value, step } = metric
  return { name, split, value: Number.isFinite(value) ? value : null, step }
}

/** A result of the whole training comes after its last step. */
function latestOf(metrics: readonly Metric[]): Metric | undefined {
  const order = ({ step }: Metric) => step ?? Number.POSITIVE_INFINITY
  return metrics.reduce<Metric | undefined>(
    (last, metric) => (last && order(last) > order(metric) ? last : metric),
    undefined,
  )
}

const cut = (text: string) => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text)
const most = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.max(a, b))
