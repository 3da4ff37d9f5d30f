/** The part of the data that a metric was measured on, the most trustworthy first. */
export const SPLITS = ['test', 'validation', 'unknown', 'train'] as const
export type Split = (typeof SPLITS)[number]

/** `variable`: only found in a variable of the script, so that it counts where nothing else says the same metric. */
export const METRIC_SOURCES = ['log', 'event', 'file', 'variable'] as const
export type MetricSource = (typeof METRIC_SOURCES)[number]

/** Those that a training told of itself; where there are none of these, those found in its variables. */
export function trusted<M extends Pick<Metric, 'source'>>(metrics: readonly M[]): M[] {
  const told = metrics.filter(({ source }) => source !== 'variable')
  return told.length > 0 ? told : [...metrics]
}

/** One value that a training reported, with the evidence it was read from. */
export interface Metric {
  name: string
  split: Split
  /** As a fraction where the metric is one: 81 % is 0.81. */
  value: number
  /** Epoch or boosting round, counted as the script counts; null for a result of the whole training. */
  step: number | null
  source: MetricSource
  /** The log line, event or file content it was read from, word for word. */
  evidence: string
  /** Line of the log or file, counted from 1. */
  line: number | null
}

/** What a point of a curve is made of. */
export type StepMetric = Pick<Metric, 'name' | 'split' | 'source' | 'step' | 'value'>

const FRACTIONS = /(^|_)(accuracy|f1|precision|recall|auc|iou|dice|sensitivity|specificity)(_|$)/

/** Words of metrics of which less is better; of all others more is. */
const LESS_IS_BETTER =
  /(^|_)(loss|logloss|cost|error|err|mse|rmse|mae|mape|smape|msle|rmsle|nll|perplexity|ppl|deviance|fid|wer|cer)(_|$)/

/** Which way a metric of this name gets better. */
export const directionOf = (name: string): 'maximize' | 'minimize' =>
  LESS_IS_BETTER.test(name.toLowerCase().replaceAll(/[^a-z\d]+/g, '_')) ? 'minimize' : 'maximize'

/** Whether a metric lies between 0 and 1, so that people print it as a percentage too. */
export const isFraction = (name: string) => FRACTIONS.test(name)
