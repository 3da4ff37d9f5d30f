import { z } from 'zod'
import { type Metric, SPLITS } from '../domain/metric.ts'
import { normaliseValue, readName } from './names.ts'

const base = { v: z.literal(1), at: z.number() }
const place = { file: z.string().nullish(), line: z.int().positive().nullish() }
/** JSON has no NaN: the runtime writes the words. */
const value = z.union([
  z.number(),
  z.enum(['nan', 'inf', '-inf']).transform((word) => Number(word.replace('inf', 'Infinity'))),
])

const step = z.number().nullable()

/** One line of the runtime's event file, version 1. `at` and `seconds` are in seconds, `memory` and `bytes` in bytes. */
export const RuntimeEvent = z.discriminatedUnion('type', [
  z.object({ ...base, type: z.literal('start'), python: z.string(), argv: z.array(z.string()) }),
  z.object({
    ...base,
    ...place,
    type: z.literal('metric'),
    name: z.string().min(1).max(200),
    value,
    step,
    split: z.enum(SPLITS).nullish(),
  }),
  z.object({
    ...base,
    ...place,
    type: z.literal('exception'),
    error: z.string(),
    message: z.string(),
    code: z.string().nullish(),
    traceback: z.string().nullish(),
  }),
  z.object({ ...base, type: z.literal('framework'), name: z.string(), version: z.string().nullable() }),
  /** An epoch or boosting round is over. `weak`: its values were only found in variables. */
  z.object({
    ...base,
    type: z.literal('epoch'),
    step: z.int(),
    total: z.int().nullish(),
    metrics: z.record(z.string().max(200), value),
    seconds: z.number().nullish(),
    weak: z.boolean().nullish(),
  }),
  z.object({
    ...base,
    type: z.literal('checkpoint'),
    place: z.string(),
    step,
    bytes: z.number(),
    seconds: z.number(),
  }),
  /** `by`: who goes on from a checkpoint, Hone or the script from one of its own; `why` then says which. */
  z.object({
    ...base,
    type: z.literal('resumed'),
    place: z.string(),
    step,
    attempt: z.int().nullable(),
    by: z.enum(['hone', 'script']),
    why: z.string().nullish(),
  }),
  z.object({ ...base, type: z.literal('heartbeat'), memory: z.number().nullable() }),
  z.object({ ...base, type: z.literal('warning'), code: z.string(), message: z.string() }),
  z.object({
    ...base,
    type: z.literal('end'),
    exit: z.int(),
    reason: z.enum(['finished', 'failed', 'stopped']).nullish(),
    memory: z.number().nullish(),
  }),
])
export type RuntimeEvent = z.infer<typeof RuntimeEvent>
export type ExceptionEvent = Extract<RuntimeEvent, { type: 'exception' }>

export interface Events {
  metrics: Metric[]
  /** The one that ended the script: the last. */
  exception: ExceptionEvent | null
  /** Lines that are no event of version 1; a last line that a kill cut off is one. */
  badLines: number
}

const EVIDENCE_LIMIT = 1000

/** Reads the event file of one attempt. Never throws: user code can write there too. */
export function parseEvents(text: string): Events {
  const events: Events = { metrics: [], exception: null, badLines: 0 }
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const event = parseEvent(line)
    if (!event) events.badLines++
    else if (event.type === 'exception') events.exception = event
    else if (event.type === 'metric') events.metrics.push(...toMetric(event, line, index + 1))
  }
  return events
}

function parseEvent(line: string): RuntimeEvent | null {
  try {
    // Python's json writes NaN and infinities bare unless it is told not to.
    const strict = line.replaceAll(/(?<=:\s?)(-?)(NaN|Infinity)(?=\s?[,}])/g, (_, sign, word) =>
      word === 'NaN' ? '"nan"' : `"${sign}inf"`,
    )
    return RuntimeEvent.safeParse(JSON.parse(strict)).data ?? null
  } catch {
    return null
  }
}

function toMetric(event: Extract<RuntimeEvent, { type: 'metric' }>, line: string, number: number): Metric[] {
  const { name, split } = readName(event.name)
  const value = normaliseValue(name, event.value, false)
  if (value === null) return []
  const evidence = line.trim().slice(0, EVIDENCE_LIMIT)
  const known = event.split ?? split ?? 'unknown'
  return [{ name, split: known, value, step: event.step, source: 'event', evidence, line: number }]
}

/** The evidence of a metric as a person reads it: a log line as it is, an event as its place and value. */
export function readableEvidence({ source, evidence, value, name, split }: Metric): string {
  const event = source === 'event' ? parseEvent(evidence) : null
  if (event?.type !== 'metric') return evidence
  const place = event.file ? `${event.file}${event.line ? `:${event.line}` : ''}` : 'the script'
  return `${place} computed ${name} ${value}${split === 'unknown' ? '' : ` (${split})`}`
}
