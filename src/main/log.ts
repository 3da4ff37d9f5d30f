import pc from 'picocolors'
import pino, { type Logger } from 'pino'
import type { Config } from '../config.ts'
import { HoneError } from '../domain/failure.ts'
import { type LogRecord, logLine } from './log-line.ts'

interface Output {
  write(text: string): unknown
  isTTY?: boolean | undefined
}

/** Where an error comes from only helps where it is Hone's own: a user's mistake has what to do about it instead. */
export function serializeError(error: Error) {
  if (!(error instanceof HoneError) || error.failure.kind === 'system') return pino.stdSerializers.err(error)
  const { kind, code, message, remedy } = error.failure
  return { type: error.name, kind, code, message, remedy }
}

/** For people: a line an event. A record that cannot be read is written as it is. */
export const linesTo = (output: Output) => ({
  write(json: string) {
    const colours = pc.createColors(pc.isColorSupported && output.isTTY === true)
    try {
      output.write(`${logLine(JSON.parse(json) as LogRecord, colours)}\n`)
    } catch {
      output.write(json)
    }
  },
})

/**
 * The server's log, on stdout: lines for people at a terminal, JSON for programs anywhere else; `HONE_LOG_FORMAT` says
 * otherwise.
 * @param level of the least important event that is written
 */
export function createLogger(
  { logFormat }: Pick<Config, 'logFormat'>,
  level: string,
  output: Output = process.stdout,
): Logger {
  const isText = logFormat === 'text' || (logFormat === 'auto' && output.isTTY === true)
  const options = { level, serializers: { err: serializeError } }
  if (isText) return pino(options, linesTo(output))
  return output === process.stdout ? pino(options) : pino(options, output as pino.DestinationStream)
}
