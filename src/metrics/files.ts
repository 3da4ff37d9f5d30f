import type { Metric } from '../domain/metric.ts'
import { createLogReader } from './log-lines.ts'
import { normaliseValue, readName } from './names.ts'
import { readNumber } from './numbers.ts'

/** Names of the result files that a script may write, at the repository's root or wherever it likes. */
export const METRIC_FILES = ['accuracy.txt', 'metrics.json'] as const

const SIZE_LIMIT = 1024 * 1024

/**
 * Metrics from result files. One that cannot be read gives none: a training is not lost over it.
 * @param files text by path
 */
export function readMetricFiles(files: Record<string, string>): Metric[] {
  return Object.entries(files).flatMap(([path, text]) => {
    if (text.length > SIZE_LIMIT) return []
    const name = path.split('/').at(-1)
    if (name === 'accuracy.txt') return readAccuracyFile(text)
    if (name === 'metrics.json') return readMetricsFile(text)
    return []
  })
}

function readAccuracyFile(text: string): Metric[] {
  const reader = createLogReader('accuracy')
  const found = text.split('\n').flatMap((line, index) => {
    const bare = readNumber(line.trim())
    if (!bare || bare.length !== line.trim().length) return reader.read(line, index + 1)
    const value = normaliseValue('accuracy', bare.value, bare.percent)
    if (value === null) return []
    return [metric('accuracy', value, `accuracy.txt: ${line.trim()}`, index + 1)]
  })
  const last = found.at(-1)
  return last ? [{ ...last, step: null, source: 'file' }] : []
}

function readMetricsFile(text: string): Metric[] {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return []
  }
  if (!isRecord(content)) return []
  return Object.entries(content).flatMap(([key, value]) =>
    isRecord(value)
      ? Object.entries(value).flatMap(([inner, value]) => fromEntry(`${key}.${inner}`, value))
      : fromEntry(key, value),
  )
}

function fromEntry(key: string, value: unknown): Metric[] {
  if (typeof value !== 'number') return []
  const { name } = readName(key)
  const normal = normaliseValue(name, value, false)
  return normal === null ? [] : [metric(key, normal, `metrics.json: ${key} = ${value}`, null)]
}

function metric(key: string, value: number, evidence: string, line: number | null): Metric {
  const { name, split } = readName(key)
  return { name, split: split ?? 'unknown', value, step: null, source: 'file', evidence, line }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
