import { z } from 'zod'
import type { AttemptReport } from '../domain/attempt-report.ts'
import { type Metric, SPLITS } from '../domain/metric.ts'
import { normaliseValue, readName } from './names.ts'
import { emptyReport, withEvent } from './report.ts'
import { MESSAGE_LIMIT, NAME_LIMIT } from './traceback.ts'

const base = { v: z.literal(1), at: z.number() }
const place = { file: z.string().nullish(), line: z.int().positive().nullish() }
/** JSON has no NaN: the runtime writes the words. */
const value = z.union([
  z.number(),
  z.enum(['nan', 'inf', '-inf']).transform((word) => Number(word.replace('inf', 'Infinity'))),
])

const step = z.number().nullable()
/** Text of the script's own, of which no more than the beginning is of use. */
const cut = (limit: number) => z.string().transform((text) => text.slice(0, limit))

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
    error: cut(NAME_LIMIT),
    message: cut(MESSAGE_LIMIT),
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
    /** That the script's own process printed, standard error included. */
    lines: z.int().nullish(),
  }),
])
export type RuntimeEvent = z.infer<typeof RuntimeEvent>
export type ExceptionEvent = Extract<RuntimeEvent, { type: 'exception' }>

export interface Events {
  metrics: Metric[]
  /** The one that ended the script: the last. */
  exception: ExceptionEvent | null
  report: AttemptReport
  /** Lines that the script said at its end to have printed; null where it did not come to say so. */
  printed: number | null
  /** Lines that are no event of version 1; a last line that a kill cut off is one. */
  badLines: number
}

/** Reads an event file as it grows. Never throws: user code can write there too. */
export interface EventReader extends Readonly<Omit<Events, 'metrics'>> {
  /** @param text the next part of the file. @returns what its whole lines report, in their order */
  push(text: string): Metric[]
  /** The file is at its end: what comes after the last newline is a line too. */
  end(): Metric[]
}

const EVIDENCE_LIMIT = 1000
/** A line that is longer is no event: a traceback, the longest part of one, is cut by the runtime. */
const LINE_LIMIT = 1024 * 1024

export function createEventReader(): EventReader {
  let rest = ''
  let lineNumber = 0
  const take = (line: string): Metric[] => {
    lineNumber++
    if (line.trim() === '') return []
    const event = line.length > LINE_LIMIT ? null : parseEvent(line)
    if (!event) {
      reader.badLines++
      return []
    }
    if (event.type === 'exception') reader.exception = event
    if (event.type === 'end') reader.printed = event.lines ?? null
    reader.report = withEvent(reader.report, event)
    return metricsOf(event, line, lineNumber)
  }
  const reader = {
    exception: null as ExceptionEvent | null,
    report: emptyReport(),
    printed: null as number | null,
    badLines: 0,
    push(text: string) {
      const lines = (rest + text).split('\n')
      // Of an endless line only enough is kept to know that it is none.
      rest = (lines.pop() ?? '').slice(0, LINE_LIMIT + 1)
      return lines.flatMap(take)
    },
    end() {
      const last = rest
      rest = ''
      return last === '' ? [] : take(last)
    },
  }
  return reader
}

/** Reads a whole event file. */
export function parseEvents(text: string): Events {
  const reader = createEventReader()
  const metrics = [...reader.push(text), ...reader.end()]
  const { exception, report, printed, badLines } = reader
  return { metrics, exception, report, printed, badLines }
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

function metricsOf(event: RuntimeEvent, line: string, number: number): Metric[] {
  if (event.type !== 'metric' && event.type !== 'epoch') return []
  const evidence = line.trim().slice(0, EVIDENCE_LIMIT)
  if (event.type === 'epoch') return epochMetrics(event, evidence, number)
  const { name, split } = readName(event.name)
  const value = normaliseValue(name, event.value, false)
  if (value === null) return []
  const known = event.split ?? split ?? 'unknown'
  return [{ name, split: known, value, step: event.step, source: 'event', evidence, line: number }]
}

/**
 * What a framework's own loop reports of an epoch without a split is of the training data; what a variable without one in its
 * name is of, nobody knows, unless another one beside it names its split.
 */
function epochMetrics(event: Extract<RuntimeEvent, { type: 'epoch' }>, evidence: string, line: number) {
  const { step, weak } = event
  const named = Object.entries(event.metrics).map(([text, value]) => ({ ...readName(text), value }))
  const bare = !weak || named.some(({ split }) => split === 'validation' || split === 'test')
  const found = new Map<string, Metric>()
  for (const { name, split: said, value: given } of named) {
    const value = normaliseValue(name, given, false)
    const split = said ?? (bare ? 'train' : 'unknown')
    const key = `${split} ${name}`
    if (value === null || found.has(key)) continue
    found.set(key, { name, split, value, step, source: weak ? 'variable' : 'event', evidence, line })
  }
  return [...found.values()]
}

/** Whether a framework reported it unasked at the end of an epoch. */
export const isOfEpoch = ({ source, step, evidence }: Pick<Metric, 'source' | 'step' | 'evidence'>) =>
  (source === 'event' || source === 'variable') && step !== null && /"type":\s?"epoch"/.test(evidence)

/** The evidence of a metric as a person reads it: a log line as it is, an event as its place and value. */
export function readableEvidence({ source, evidence, value, name, split, step }: Metric): string {
  const of = `${name} ${value}${split === 'unknown' ? '' : ` (${split})`}`
  if (source === 'variable') return `a variable of the script was ${of} after epoch ${step}`
  const event = source === 'event' ? parseEvent(evidence) : null
  if (event?.type === 'metric') {
    const place = event.file ? `${event.file}${event.line ? `:${event.line}` : ''}` : 'the script'
    return `${place} computed ${of}`
  }
  return source === 'event' && step !== null ? `epoch ${step} ended with ${of}` : evidence
}
