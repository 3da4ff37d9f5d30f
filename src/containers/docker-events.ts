import { createInterface } from 'node:readline'
import type { Engine } from './engine.ts'
import { engineError } from './errors.ts'
import type { EngineEvent } from './executor.ts'

const ACTIONS = ['start', 'die', 'oom', 'destroy'] as const

/** What the engine adds to the labels. */
const OWN_ATTRIBUTES = new Set(['image', 'name', 'exitCode', 'signal', 'execDuration'])

const isAction = (action: string): action is EngineEvent['action'] =>
  (ACTIONS as readonly string[]).includes(action)

/** Subscribes at once, also when nobody reads yet. */
export function followEvents(
  engine: Engine,
  filters: { label: string[] },
  signal: AbortSignal,
): AsyncIterable<EngineEvent> {
  const doing = 'listen to its events'
  const opened = engine.open(doing, {
    method: 'GET',
    path: '/events',
    query: { filters: JSON.stringify({ ...filters, type: ['container'], event: ACTIONS }) },
    signal,
  })
  opened.catch(() => {})
  return (async function* () {
    try {
      const stream = await opened
      if (stream === null) return
      // The interface hides errors of its input: they end the lines.
      for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
        const event = parseEvent(line)
        if (event) yield event
      }
    } catch (error) {
      if (!signal.aborted) throw engineError(error, doing)
    }
  })()
}

/** One line of the engine's stream; null for what is not wanted. */
export function parseEvent(line: string): EngineEvent | null {
  if (line.trim() === '') return null
  const { Action, Actor } = JSON.parse(line) as {
    Action: string
    Actor: { Attributes: Record<string, string> }
  }
  if (!isAction(Action)) return null
  const labels = Object.entries(Actor.Attributes).filter(([name]) => !OWN_ATTRIBUTES.has(name))
  return { action: Action, labels: Object.fromEntries(labels) }
}
