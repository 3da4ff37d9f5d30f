import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { StoredMetric } from './metrics.ts'

type Packed = { [K in keyof Omit<StoredMetric, 'attemptId'>]: (StoredMetric[K] | string)[] }

const COLUMNS = [
  'id',
  'name',
  'split',
  'value',
  'step',
  'source',
  'evidence',
  'line',
  'decisive',
  'at',
] as const
/** Grow steadily: the differences are small. */
const RISING = new Set<string>(['id', 'at'])

/** All metrics of an attempt, column by column and compressed: a tenth of the room of rows. */
export function packMetrics(metrics: readonly StoredMetric[]): Buffer {
  const columns = COLUMNS.map((column) => {
    const values = metrics.map((metric) => metric[column])
    if (RISING.has(column)) return [column, differences(values as number[])]
    return [column, column === 'value' ? (values as number[]).map(toJson) : values]
  })
  return deflateRawSync(JSON.stringify(Object.fromEntries(columns)), { level: 9 })
}

/** In the order in which they were packed. */
export function unpackMetrics(attemptId: number, data: Buffer): StoredMetric[] {
  const packed = JSON.parse(inflateRawSync(data).toString()) as Packed
  const [ids, times] = [sums(packed.id as number[]), sums(packed.at as number[])]
  return ids.map((id, index) => {
    const of = Object.fromEntries(COLUMNS.map((column) => [column, packed[column][index]]))
    return {
      ...(of as unknown as StoredMetric),
      attemptId,
      id,
      at: times[index] as number,
      value: Number(of.value),
    }
  })
}

/** JSON has neither NaN nor infinities. */
const toJson = (value: number) => (Number.isFinite(value) ? value : String(value))

const differences = (values: readonly number[]) =>
  values.map((value, index) => value - (values[index - 1] ?? 0))

function sums(values: readonly number[]): number[] {
  let sum = 0
  return values.map((value) => {
    sum += value
    return sum
  })
}
