import type { Running } from '../../src/chain/contract.ts'
import type { Failure } from '../../src/domain/failure.ts'
import { type Metric, SPLITS } from '../../src/domain/metric.ts'
import { meetsTarget } from '../../src/domain/settings.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { curveOf } from '../../src/metrics/curve.ts'
import { createLossWatch, isLossLost } from '../../src/metrics/loss.ts'
import { readName } from '../../src/metrics/names.ts'
import { hasDiverged, prunerFor } from '../../src/search/pruners/index.ts'
import type { JobContext } from '../context.ts'
import { curvesOf } from '../study.ts'

/** Why the search ends a training before its end. */
export type Halt =
  | { kind: 'pruned'; reason: string }
  | { kind: 'diverged'; failure: Failure }
  /** The epoch that meets the target. */
  | { kind: 'target'; metric: Metric }

/**
 * Listens to a training, and stops it when the search has no use for the rest of it.
 * @param stop called once
 */
export function watchTraining(
  context: JobContext & Running,
  trial: Trial,
  attemptId: number,
  stop: () => void,
): {
  halt: Halt | null
  line(text: string): void
  /** All metrics so far of one source: of the log, or of the events. */
  metrics(source: 'log' | 'events', all: readonly Metric[]): void
} {
  const hasLost = createLossWatch()
  const judge = watchCurve(context, trial, attemptId)
  const heard: Record<'log' | 'events', readonly Metric[]> = { log: [], events: [] }
  const end = (halt: Halt | null) => {
    if (watched.halt || !halt) return
    watched.halt = halt
    stop()
  }
  const watched = {
    halt: null as Halt | null,
    line: (text: string) => end(hasLost(text) ? lost() : null),
    metrics: (source: 'log' | 'events', all: readonly Metric[]) => {
      heard[source] = all
      if (watched.halt) return
      end(isLossLost(heard.events) ? lost() : judge([...heard.events, ...heard.log]))
    },
  }
  return watched
}

/**
 * Looks at a training's curve as it grows.
 * @returns a function of all metrics of this attempt so far that says why the training is to end now; null: it goes on
 */
function watchCurve(
  { store, run }: JobContext & Running,
  trial: Trial,
  attemptId: number,
): (metrics: readonly Metric[]) => Halt | null {
  const { settings } = run
  const pruner = prunerFor(settings.pruner, settings.trials)
  // The user's own values are what all others are compared with; a confirmation has to come to its end.
  const mayPrune = settings.pruner !== 'none' && trial.number !== 0 && trial.repeats === null
  const earlier = store.metrics.ofTrial(trial.id).filter((metric) => metric.attemptId !== attemptId)
  const others = remembered(() =>
    curvesOf(store, run, store.trials.ofRun(run.id)).filter(({ number }) => number !== trial.number),
  )
  let seen = 0
  return (metrics) => {
    const points = curveOf([...earlier, ...metrics], settings)
    const last = points.at(-1)
    if (!last || last.step === seen) return null
    seen = last.step
    if (hasDiverged(points)) {
      const what = `after ${last.step} epochs its ${settings.metric} is ${last.value}`
      return { kind: 'diverged', failure: diverged(what) }
    }
    if (settings.stopAtTarget && meetsTarget(last.value, settings)) {
      return { kind: 'target', metric: evidenceOf(last.value, metrics, settings.metric) }
    }
    if (!mayPrune) return null
    const curve = { number: trial.number, state: 'running', points } as const
    const pruning = pruner.shouldPrune(curve, others(), settings.direction)
    return pruning && { kind: 'pruned', reason: pruning.reason }
  }
}

/** The curves of a run are many numbers: they are read again only after some time. */
const CURVES_AGE_MS = 2000

function remembered<T>(read: () => T): () => T {
  let at = Number.NEGATIVE_INFINITY
  let value: T
  return () => {
    if (performance.now() - at >= CURVES_AGE_MS) {
      value = read()
      at = performance.now()
    }
    return value
  }
}

/** The report of an epoch that the curve's last value is from: of the objective, of its most trustworthy split. */
function evidenceOf(value: number, metrics: readonly Metric[], wanted: string): Metric {
  const { name, split } = readName(wanted)
  const own = metrics.filter(
    (metric) => metric.step !== null && metric.value === value && readName(metric.name).name === name,
  )
  const found = (split ? [split] : SPLITS)
    .map((one) => own.findLast((metric) => metric.split === one))
    .find((metric) => metric !== undefined)
  if (!found) throw new Error('a curve holds only what a training reported')
  return found
}

const lost = (): Halt => ({ kind: 'diverged', failure: diverged('its loss is no number any more') })

const diverged = (what: string): Failure => ({
  kind: 'user',
  code: 'diverged',
  message: `The training was ended early: ${what}.`,
  remedy:
    'Mostly the learning rate is too high or a division by zero is in the loss; the search goes on elsewhere.',
})
