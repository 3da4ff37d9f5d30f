import { Agent } from 'node:http'
import type { Readable } from 'node:stream'
import { inspect } from 'node:util'
import Docker from 'dockerode'
import { engineError } from './errors.ts'

const ANSWER_WITHIN_MS = 120_000

/** A connection to one engine, with every error made a HoneError. */
export interface Engine {
  docker: Docker
  /**
   * One question with one answer.
   * @param doing for the error: `start container x`
   * @param absent statuses that mean "not there" or "done already" and answer null
   */
  ask<T>(
    doing: string,
    call: (signal: AbortSignal) => Promise<T>,
    absent?: number[],
    withinMs?: number,
  ): Promise<T | null>
  /** An answer that is a stream; errors that come while it is read are not yet HoneErrors. */
  open(doing: string, request: StreamRequest): Promise<Readable | null>
}

export interface StreamRequest {
  method: 'GET' | 'POST'
  /** Without a query. */
  path: string
  query: Record<string, string>
  signal?: AbortSignal | undefined
  /** Statuses that answer null. */
  absent?: number[]
}

/**
 * Options for dockerode.
 * @param dockerHost as in DOCKER_HOST: `unix:///path`, `tcp://host:port`, `ssh://user@host`; null: the default
 */
export function connectionOptions(dockerHost: string | null): Docker.DockerOptions {
  // A kept connection that the engine has closed meanwhile would fail the next request.
  // docker-modem formats the options of every request for its debug output, whether somebody reads it or not.
  const agent = Object.assign(new Agent({ keepAlive: false }), { [inspect.custom]: () => 'Agent' })
  if (dockerHost === null) return { agent } as Docker.DockerOptions
  if (dockerHost.startsWith('unix://')) {
    const socketPath = dockerHost.slice('unix://'.length)
    // An explicit `undefined` overrides what dockerode reads from the environment.
    return {
      agent,
      host: undefined,
      ...(socketPath ? { socketPath } : {}),
    } as unknown as Docker.DockerOptions
  }
  const url = new URL(dockerHost.includes('//') ? dockerHost : `tcp://${dockerHost}`)
  if (url.protocol === 'ssh:') {
    return { protocol: 'ssh', host: url.hostname, port: url.port || 22, username: url.username }
  }
  // 2376 is the port for TLS; dockerode takes the certificates from DOCKER_CERT_PATH.
  const secure = url.port === '2376' || url.protocol === 'https:'
  return { host: url.hostname, port: url.port || 2375, ...(secure ? { protocol: 'https' } : {}) }
}

export function connect(dockerHost: string | null): Engine {
  const docker = new Docker(connectionOptions(dockerHost))
  return {
    docker,
    async ask(doing, call, absent = [], withinMs = ANSWER_WITHIN_MS) {
      try {
        const signal = AbortSignal.timeout(withinMs)
        // Of its own too: an answer that breaks off in the middle would leave dockerode waiting for ever.
        return await Promise.race([call(signal), aborted(signal)])
      } catch (error) {
        if (absent.includes((error as { statusCode?: number }).statusCode ?? 0)) return null
        throw engineError(error, doing)
      }
    },
    open(doing, { method, path, query, signal, absent = [] }) {
      const codes = Object.fromEntries([200, 201, ...absent].map((code) => [code, true]))
      const request = {
        path: `${path}?`,
        options: { _query: query, _body: {} },
        method,
        isStream: true,
        statusCodes: codes,
        abortSignal: signal,
      }
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        docker.modem.dial(request, (error, answer) => {
          if (error) return reject(signal?.aborted ? signal.reason : engineError(error, doing))
          const response = answer as Readable & { statusCode: number }
          if (!absent.includes(response.statusCode)) return resolve(response)
          response.resume()
          resolve(null)
        })
      })
    },
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
