import type { createColors } from 'picocolors'
import { clean, oneLine } from '../domain/clean.ts'

/** What pino writes of an event, as far as a line for people is made of it. */
export interface LogRecord {
  level: number
  /** ms since the epoch. */
  time: number
  msg?: string
  err?: { message?: string; stack?: string }
  [field: string]: unknown
}

type Colours = ReturnType<typeof createColors>

const WARN = 40
const ERROR = 50
/** In every record of pino's, and nothing to a reader at the terminal. */
const HIDDEN = new Set(['level', 'time', 'msg', 'err', 'pid', 'hostname', 'quiet'])

const clock = (time: number) => {
  const at = new Date(time)
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}

/** Those that say more than the message: `container=hone-1a2b`. */
function fieldsOf(record: LogRecord): string {
  if (record.quiet === true) return ''
  return Object.entries(record)
    .filter(([name, value]) => !HIDDEN.has(name) && value !== null && typeof value !== 'object')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

/** Where it was thrown, and what caused it. The rest of a message of several lines is in the line above already. */
const framesOf = (stack: string) =>
  clean(stack)
    .split('\n')
    .filter((line) => /^(?: {4}at |caused by: )/.test(line))
    .join('\n')

/** One line of an event: local time, what happened, its fields; what no one expected has its stack below it. Pure. */
export function logLine(record: LogRecord, colours: Colours): string {
  const { level, time, msg = '', err } = record
  const colour = level >= ERROR ? colours.red : level >= WARN ? colours.yellow : (text: string) => text
  const why = err?.message && !msg.includes(err.message) ? `: ${err.message}` : ''
  const fields = oneLine(fieldsOf(record))
  const text = oneLine(`${msg}${why}`)
  const line = `${colours.dim(clock(time))}  ${colour(text)}${fields === '' ? '' : ` ${colours.dim(fields)}`}`
  const frames = level >= ERROR ? framesOf(err?.stack ?? '') : ''
  return frames === '' ? line : `${line}\n${colours.dim(frames)}`
}
