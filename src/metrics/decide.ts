import type { Failure } from '../domain/failure.ts'
import { isFraction, type Metric, SPLITS, trusted } from '../domain/metric.ts'
import type { Settings } from '../domain/settings.ts'
import { isOfEpoch } from './events.ts'
import { readName } from './names.ts'

/**
 * The value that counts for the target. Test counts before validation, unknown and train; in the best split a result
 * of the whole training counts before the last step's. A line that repeats the form of an earlier one continues it;
 * lines of different form that disagree are refused, for nobody can tell which one is meant. What a framework reports unasked
 * at the end of its epochs decides only where the script itself reports no result, and what was found in variables only where
 * nothing else says the metric.
 * @param metrics in the order in which they were reported
 */
export function decideObjective(
  metrics: readonly Metric[],
  settings: Pick<Settings, 'metric'>,
): { metric: Metric } | { failure: Failure } {
  const wanted = readName(settings.metric)
  const all = trusted(
    metrics.filter(
      ({ name, split }) => readName(name).name === wanted.name && (!wanted.split || split === wanted.split),
    ),
  )
  const hasResult = all.some(({ step, split }) => step === null && split !== 'train')
  const own = hasResult ? all.filter((metric) => !isOfEpoch(metric)) : all
  const best = SPLITS.find((split) => own.some((metric) => metric.split === split))
  if (!best) return { failure: noMetric(metrics, settings.metric) }
  const candidates = latest(own.filter((metric) => metric.split === best))
  const broken = candidates.find((metric) => !Number.isFinite(metric.value))
  if (broken) return { failure: notFinite(broken, settings.metric) }
  const [first, ...others] = candidates.sort((a, b) => decimals(b.value) - decimals(a.value))
  if (!first) return { failure: noMetric(metrics, settings.metric) }
  const other = others.find((metric) => !agrees(first, metric))
  return other ? { failure: disagrees(first, other, settings.metric) } : { metric: first }
}

/** The last of each form: results of the whole training, or, where there are none, those of the last step. */
function latest(metrics: readonly Metric[]): Metric[] {
  const results = metrics.filter((metric) => metric.step === null)
  if (results.length > 0) return lastOfForms(results)
  const unasked = metrics.findLast(isOfEpoch)
  const told = ofLastStep(metrics.filter((metric) => !isOfEpoch(metric)))
  if (!unasked) return told
  if (told.length === 0) return [unasked]
  // Their steps may count from different numbers.
  return told.every((metric) => areOne(metric, unasked)) ? [...told, unasked] : told
}

function ofLastStep(metrics: readonly Metric[]): Metric[] {
  const lasts = lastOfForms(metrics)
  const end = Math.max(...lasts.map((metric) => metric.step ?? 0))
  return lasts.filter((metric) => metric.step === end)
}

function lastOfForms(metrics: readonly Metric[]): Metric[] {
  const last = new Map<string, Metric>()
  const ordinals = new Map<string, number>()
  for (const metric of metrics) {
    // Two values on one line are two results, however alike they look.
    const place = `${metric.source}:${metric.line}:${metric.evidence}`
    const ordinal = (ordinals.get(place) ?? 0) + 1
    ordinals.set(place, ordinal)
    last.set(`${metric.source}#${ordinal}#${formOf(metric)}`, metric)
  }
  return [...last.values()]
}

/** The evidence without its numbers; of an event only what names it and its place. */
function formOf({ source, evidence }: Metric): string {
  if (source === 'event') return evidence.replaceAll(/"(?:at|value|step)":\s?"?[-+.\w]*"?,?\s?/g, '')
  return evidence
    .toLowerCase()
    .replaceAll(/[-+]?[\d.]+(?:e[-+]?\d+)?|\bnan\b|\binf\b/g, '#')
    .replaceAll(/\s+/g, ' ')
}

/** Digits after the point, as printed. */
function decimals(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e')
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent))
}

const areOne = (a: Metric, b: Metric) =>
  decimals(a.value) >= decimals(b.value) ? agrees(a, b) : agrees(b, a)

/** Equal as far as the shorter one goes; scripts round and cut alike. */
function agrees(exact: Metric, shorter: Metric): boolean {
  // 81 % has two decimals of a fraction, even where it is 80 % and prints as 0.8.
  const least = isFraction(exact.name) ? 2 : 0
  const unit = 10 ** -Math.max(least, decimals(shorter.value))
  return Math.abs(exact.value - shorter.value) < unit * (1 - 1e-9) || exact.value === shorter.value
}

const show = ({ source, line, evidence }: Metric) => {
  const where = line === null ? 'file' : source === 'log' ? `log line ${line}` : `${source} line ${line}`
  return `${where}: ${evidence}`
}

function disagrees(a: Metric, b: Metric, name: string): Failure {
  const [first, second] = (a.line ?? 0) <= (b.line ?? 0) ? [a, b] : [b, a]
  return {
    kind: 'user',
    code: 'metric-disagrees',
    message: `The script reports two different values of ${name}: ${first.value} and ${second.value}.`,
    remedy:
      'Print only the one that counts, say `test accuracy: ...` for it, or name the metric with `metric:` in hone.yaml.',
    detail: `${show(first)}\n${show(second)}`,
  }
}

function notFinite(metric: Metric, name: string): Failure {
  return {
    kind: 'user',
    code: 'metric-not-finite',
    message: `The training ended with ${name} = ${metric.value}.`,
    remedy:
      'Mostly the learning rate is too high or a division by zero is in the loss; the search goes on elsewhere.',
    detail: show(metric),
  }
}

function noMetric(metrics: readonly Metric[], name: string): Failure {
  const others = [...new Set(metrics.map((metric) => metric.name))].slice(0, 5)
  const seen = others.length > 0 ? ` It reported ${others.join(', ')}.` : ''
  return {
    kind: 'user',
    code: 'no-metric',
    message: `The script ended well but reported no ${name}.${seen}`,
    remedy: `Print a line such as \`${name}: 0.93\` at the end, write it to metrics.json, or set \`metric:\` in hone.yaml to a name that the script prints.`,
  }
}
