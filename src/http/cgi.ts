import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { systemError } from '../domain/failure.ts'

const MAX_HEAD = 64 * 1024
const MAX_STDERR = 8 * 1024

export interface CgiProgram {
  command: string
  args: string[]
  /** All that the program sees besides the variables that RFC 3875 makes of the request. */
  env: Record<string, string>
  /** Path below the script, as RFC 3875 means it. */
  pathInfo: string
  remoteUser: string
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** The request as RFC 3875 hands it to a program; a header named `Proxy` is left out, as it would set HTTP_PROXY. */
export function cgiEnvironment(request: IncomingMessage, program: CgiProgram): Record<string, string> {
  const env: Record<string, string> = {
    ...program.env,
    GATEWAY_INTERFACE: 'CGI/1.1',
    SERVER_PROTOCOL: `HTTP/${request.httpVersion}`,
    SERVER_SOFTWARE: 'Hone',
    REQUEST_METHOD: request.method ?? 'GET',
    PATH_INFO: program.pathInfo,
    QUERY_STRING: (request.url ?? '').split('?')[1] ?? '',
    REMOTE_USER: program.remoteUser,
    REMOTE_ADDR: request.socket.remoteAddress ?? '',
  }
  const { 'content-type': type, 'content-length': length } = request.headers
  if (type !== undefined) env.CONTENT_TYPE = type
  if (length !== undefined) env.CONTENT_LENGTH = length
  for (const name of ['accept', 'content-encoding', 'git-protocol', 'user-agent']) {
    const value = request.headers[name]
    if (typeof value === 'string') env[`HTTP_${name.toUpperCase().replaceAll('-', '_')}`] = value
  }
  return env
}

/** Splits what a program prints into its header lines and the beginning of its body; null while they are incomplete. */
export function splitHead(
  bytes: Buffer,
): { status: number; headers: [string, string][]; rest: Buffer } | null {
  const match = /\r?\n\r?\n/.exec(bytes.toString('latin1'))
  if (!match) return null
  let status = 200
  const headers: [string, string][] = []
  for (const line of bytes.toString('latin1', 0, match.index).split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon < 1) continue
    const name = line.slice(0, colon).trim()
    const value = line.slice(colon + 1).trim()
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10) || 500
    else headers.push([name, value])
  }
  return { status, headers, rest: bytes.subarray(match.index + match[0].length) }
}

/** Reads up to the end of the headers. The response is not touched before, so that a failure can still be told. */
async function readHead(chunks: AsyncIterator<Buffer>) {
  let bytes = Buffer.alloc(0)
  for (;;) {
    const { done, value } = await chunks.next()
    if (done) throw new Error('the program ended without an answer')
    bytes = Buffer.concat([bytes, value])
    const head = splitHead(bytes)
    if (head) return head
    if (bytes.length > MAX_HEAD) throw new Error('the program printed no end of its headers')
  }
}

async function answer(stdout: Readable, response: ServerResponse): Promise<void> {
  const chunks = stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const { status, headers, rest } = await readHead(chunks)
  response.statusCode = status
  for (const [name, value] of headers) response.setHeader(name, value)
  response.flushHeaders()
  await pipeline(async function* () {
    yield rest
    yield* { [Symbol.asyncIterator]: () => chunks }
  }, response)
}

export interface CgiEnd {
  /** False when the client left before it had the whole answer. */
  complete: boolean
  /** The end of what the program said to its operator. */
  stderr: string
}

/**
 * Runs a CGI program on a request and streams both ways. The program is ended when the client leaves.
 * @throws HoneError `cgi-failed` when it gives no answer
 */
export async function runCgi(
  request: IncomingMessage,
  response: ServerResponse,
  program: CgiProgram,
): Promise<CgiEnd> {
  const child: Child = spawn(program.command, program.args, {
    env: cgiEnvironment(request, program),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-MAX_STDERR)
  })
  const ended = new Promise<Error | null>((resolve) => {
    child.once('error', resolve)
    child.once('close', () => resolve(null))
  })
  const kill = () => child.kill('SIGTERM')
  response.once('close', kill)
  // A program may answer before it has read everything: the rest is read and dropped, so that the answer arrives.
  child.stdin.on('error', () => {
    request.unpipe(child.stdin)
    request.resume()
  })
  request.pipe(child.stdin)
  try {
    await answer(child.stdout, response)
    return { complete: true, stderr }
  } catch (error) {
    kill()
    if (response.destroyed) return { complete: false, stderr }
    const why = (await ended)?.message ?? (stderr.trim() || (error as Error).message)
    throw systemError('cgi-failed', `git could not serve this: ${why}`, 'Try again.', error)
  } finally {
    response.off('close', kill)
    await ended
  }
}
