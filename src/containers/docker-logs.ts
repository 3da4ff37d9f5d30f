import type { Readable } from 'node:stream'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Engine } from './engine.ts'
import { engineError } from './errors.ts'
import type { ContainerStatus, LogCursor, LogLine } from './executor.ts'
import { CursorFilter, DISORDER_MS, LogReader } from './log-frames.ts'
import { type OutputPace, openPace, sizeInLog } from './output-pace.ts'

/** An engine is mostly on this machine, so that its clock is set with this one's. */
const clockBase = () => Date.now() - performance.now()
const SET_BACK_MS = 1000

/** After a stream broke off in the middle, unless the container ends before. */
const REOPEN_AFTER_MS = 1000

interface Container {
  id: string
  inspect(): Promise<ContainerStatus | null>
  /** Resolves when the container is not running any more. */
  ended(signal: AbortSignal): Promise<void>
}

/**
 * Lines from the cursor on until the container has ended. A stream that follows may break off early, go on for a while
 * after the end, or begin to repeat itself; so it is left then, and a last reading that does not follow gives the rest.
 */
export async function* followLogs(
  engine: Engine,
  container: Container,
  from: LogCursor | null,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const doing = `read the log of container ${container.id}`
  let cursor = from
  const base = clockBase()
  // The parts of a line carry the time of its first part, which `since` could leave out.
  let since = 0
  const stepsBack = new Set<string>()
  let pace: OutputPace | null = null
  try {
    for (;;) {
      signal.throwIfAborted()
      const status = await container.inspect()
      if (status === null) return
      const running = status.state === 'running'
      const leave = new AbortController()
      const inner = AbortSignal.any([signal, leave.signal])
      const over = running ? settled(container.ended(inner)) : Promise.resolve(null)
      if (running) void over.then(() => leave.abort())
      const reader = new LogReader(running ? stepsBack : null)
      const filter = new CursorFilter(cursor)
      if (running) pace ??= await openPace(engine, container.id, signal)
      try {
        const stream = await openLogs(engine, container.id, doing, running, since, inner)
        if (stream === null) return
        yield* linesOf(stream, reader, filter, pace)
        if (running && reader.repeatsFrom === null)
          await Promise.race([over, setTimeout(REOPEN_AFTER_MS, null, { signal: inner, ref: false })])
      } catch (error) {
        signal.throwIfAborted()
        if (!leave.signal.aborted) throw engineError(error, doing)
      } finally {
        leave.abort()
      }
      if (!running) {
        for (const line of reader.end()) if (filter.passes(line)) yield line
        return
      }
      cursor = filter.cursor
      const isInOrder = !reader.sawParts && !reader.wentBack && clockBase() > base - SET_BACK_MS
      since = cursor && isInOrder ? secondsBefore(cursor.at, reader.repeatsFrom ?? cursor.at) : 0
      if (reader.repeatsFrom !== null) {
        // What was left unread still holds the container back.
        stepsBack.add(reader.repeatsFrom)
      } else {
        pace?.close()
        pace = null
      }
    }
  } finally {
    pace?.close()
  }
}

/** Of a stream until its end, or until it repeats itself. */
async function* linesOf(
  stream: Readable,
  reader: LogReader,
  filter: CursorFilter,
  pace: OutputPace | null,
): AsyncGenerator<LogLine> {
  let paced = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let isNew = false
    for (const line of reader.push(chunk)) {
      if (!filter.passes(line)) continue
      yield line
      isNew = pace !== null && line.at >= pace.from
    }
    const read = sizeInLog(reader.textBytes, reader.entries)
    pace?.read(isNew ? read - paced : 0)
    paced = read
    if (reader.repeatsFrom !== null) return
    // However fast a container prints, all else in this process gets its turn.
    await setImmediate()
  }
}

/** Unix seconds, shortly before the earlier of two times. */
const secondsBefore = (one: string, other: string) =>
  Math.floor((Date.parse(one < other ? one : other) - DISORDER_MS) / 1000)

const settled = (promise: Promise<void>) => promise.catch(() => {})

function openLogs(
  engine: Engine,
  id: string,
  doing: string,
  follow: boolean,
  since: number,
  signal: AbortSignal,
): Promise<Readable | null> {
  const query = {
    stdout: '1',
    stderr: '1',
    timestamps: '1',
    follow: follow ? '1' : '0',
    since: String(Math.max(0, since)),
  }
  const path = `/containers/${encodeURIComponent(id)}/logs`
  return engine.open(doing, { method: 'GET', path, query, signal, absent: [404] })
}
