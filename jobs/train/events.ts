import { StringDecoder } from 'node:string_decoder'
import { setTimeout as delay } from 'node:timers/promises'
import type { Running } from '../../src/chain/contract.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import type { AttemptReport } from '../../src/domain/attempt-report.ts'
import type { Metric } from '../../src/domain/metric.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { createEventReader, type Events, isOfEpoch } from '../../src/metrics/events.ts'
import { readName } from '../../src/metrics/names.ts'
import { lastOf } from '../../src/metrics/report.ts'
import type { JobContext } from '../context.ts'
import { MAX_METRICS, metricBatch } from './batch.ts'
import { readFrom } from './files.ts'

const FIRST_LOOK_MS = 500
const LOOK_MS = 2_000
/** Of a file that does not grow. */
const SLOWEST_LOOK_MS = 15_000
/** Looking takes at most a twentieth of the time, however large the file has become. */
const REST_PER_LOOK = 20
/** What comes after is not read: a training that reports so much says the same all the time. */
const MOST_BYTES = 64 * 1024 * 1024
/** Between two changes of a report that only repeat, such as another checkpoint, until the dashboards hear of it. */
const QUIET_MS = 15_000
/** Metrics besides the objective whose last value is stored. */
const MOST_OTHERS = 50

export interface FollowedEvents extends Omit<Events, 'badLines'> {
  /** Of the metrics, those to store: of what epochs report besides the objective only the last values. */
  worthStoring: Metric[]
}

/**
 * Reads the runtime's event file while the training runs, and stores what it tells. What was read by an earlier server
 * is read again: a metric is stored only once.
 * @param heard hears all metrics so far, also those that are not stored one by one, until the container has ended
 */
export function followEvents(
  context: JobContext & Running,
  trial: Trial,
  attempt: Attempt,
  heard: (all: readonly Metric[]) => void,
) {
  const { executor, monitor, run, runtime, store, progress } = context
  const about = { runId: run.id, trialId: trial.id, attemptId: attempt.id }
  const over = new AbortController()
  const signal = AbortSignal.any([context.signal, over.signal])
  const reader = createEventReader()
  const decoder = new StringDecoder('utf8')
  const metrics: Metric[] = []
  const wanted = readName(run.settings.metric).name
  const isStored = (metric: Metric) => !isOfEpoch(metric) || readName(metric.name).name === wanted
  const batch = metricBatch(context, about, 'the events of one training')
  const teller = createTeller((report, aloud) => store.attempts.tell(attempt.id, report, aloud))
  let offset = 0
  // An earlier server may have said it.
  let isResumeSaid = Boolean(attempt.report?.resumed)

  const take = (found: readonly Metric[]) => {
    metrics.push(...found)
    if (metrics.length > 2 * MAX_METRICS) metrics.splice(0, MAX_METRICS)
    batch.add(found.filter(isStored))
  }
  // What an earlier server read already is no new sign of life.
  let isKnown = attempt.report !== null
  const readOn = async (until: AbortSignal) => {
    if (offset >= MOST_BYTES) return
    const before = reader.report
    let found = 0
    for await (const part of readFrom(executor, attempt.container, runtime.events, offset, until)) {
      offset += part.length
      const news = reader.push(decoder.write(part))
      found += news.length
      take(news)
      if (offset >= MOST_BYTES) break
    }
    if (!isKnown && (found > 0 || tellsMore(before, reader.report))) monitor.heard(attempt.id)
    isKnown = false
  }
  const report = (): AttemptReport => ({
    ...reader.report,
    last: lastOf(metrics, run.settings.metric),
  })
  const sayResumed = () => {
    const { resumed } = reader.report
    if (!resumed || isResumeSaid) return
    isResumeSaid = true
    const from = resumed.by === 'script' ? 'from a checkpoint of its own' : `after epoch ${resumed.step ?? 0}`
    progress(`trial ${trial.number}: attempt ${attempt.number} goes on ${from}.`)
  }
  const look = async (): Promise<boolean> => {
    const before = offset
    await readOn(signal)
    if (offset === before) return false
    batch.flush()
    if (!over.signal.aborted) heard(metrics)
    sayResumed()
    teller.tell(report())
    return true
  }
  const lookAgainAndAgain = async () => {
    for (let wait = FIRST_LOOK_MS; ; ) {
      await delay(wait, null, { signal })
      const began = performance.now()
      // What goes wrong here is seen by those who wait for the container, or when the rest is read.
      const grew = await look().catch(() => false)
      const took = performance.now() - began
      wait = Math.max(grew ? LOOK_MS : Math.min(wait * 1.5, SLOWEST_LOOK_MS), REST_PER_LOOK * took)
    }
  }
  const looking = lookAgainAndAgain().catch(() => {})
  const stop = async () => {
    over.abort()
    await looking
    batch.stop()
  }
  return {
    stop,
    /**
     * Reads the rest, once the container has ended.
     * @throws HoneError `unavailable` when the engine is away
     */
    async finish(): Promise<FollowedEvents> {
      await stop()
      await readOn(context.signal)
      take([...reader.push(decoder.end()), ...reader.end()])
      batch.stop()
      batch.flush()
      sayResumed()
      const { exception, printed } = reader
      return { metrics, exception, printed, report: report(), worthStoring: worthStoring(metrics, isStored) }
    },
  }
}

/** Whether a report says more of the training; a heartbeat says only that its process is there. */
const tellsMore = (before: AttemptReport, after: AttemptReport) =>
  before.python !== after.python ||
  before.frameworks !== after.frameworks ||
  before.resumed !== after.resumed ||
  before.checkpoint !== after.checkpoint

/** The last ones of what is stored, and the last value of each of the others. */
function worthStoring(metrics: readonly Metric[], isStored: (metric: Metric) => boolean): Metric[] {
  const others = new Map(
    metrics
      .filter((metric) => !isStored(metric))
      .map((metric) => [`${metric.split} ${metric.name}`, metric] as const),
  )
  return [...metrics.filter(isStored), ...[...others.values()].slice(0, MOST_OTHERS)]
}

/** Stores a report when it changes, and tells the dashboards of it: at once when something new is in it, else now and then. */
function createTeller(store: (report: AttemptReport, aloud: boolean) => void) {
  let news = ''
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    tell(report: AttemptReport): void {
      const { python, frameworks, resumed, warnings, end } = report
      const newer = JSON.stringify({ python, frameworks, resumed, warnings, end })
      const aloud = newer !== news || performance.now() - toldAt >= QUIET_MS
      store(report, aloud)
      if (!aloud) return
      news = newer
      toldAt = performance.now()
    },
  }
}
