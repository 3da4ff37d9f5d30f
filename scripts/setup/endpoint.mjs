import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** How long one answer of the engine may take, in ms. */
const PATIENCE = 5_000

export const DEFAULT_SOCKET = 'unix:///var/run/docker.sock'

/**
 * Where an engine may listen, the likeliest first. A DOCKER_HOST is the person's choice: nothing else is tried.
 * @param {Record<string, string | undefined>} env
 * @param {string | null} context address of the docker CLI's current context
 * @returns {string[]} addresses such as `unix:///var/run/docker.sock`
 */
export function candidates(env, context, home = homedir()) {
  if (env.DOCKER_HOST) return [env.DOCKER_HOST]
  const all = [
    context,
    DEFAULT_SOCKET,
    env.XDG_RUNTIME_DIR && `unix://${env.XDG_RUNTIME_DIR}/docker.sock`,
    `unix://${home}/.docker/run/docker.sock`,
  ]
  return [...new Set(all.filter(Boolean))]
}

/**
 * The address that the docker CLI's current context names; null for the default one.
 * The layout is the CLI's own: ~/.docker/contexts/meta/<sha256 of the name>/meta.json.
 */
export function currentContext(env = process.env, home = homedir()) {
  const folder = env.DOCKER_CONFIG || join(home, '.docker')
  try {
    const json = (path) => JSON.parse(readFileSync(join(folder, path), 'utf8'))
    const name = env.DOCKER_CONTEXT || json('config.json').currentContext
    if (!name || name === 'default') return null
    const id = createHash('sha256').update(name).digest('hex')
    return json(join('contexts', 'meta', id, 'meta.json')).Endpoints.docker.Host ?? null
  } catch {
    return null
  }
}

/**
 * @param {string} address
 * @param {Record<string, string | undefined>} env
 * @returns {{ client: typeof http, options: object } | null} null for an address that HTTP cannot reach, such as ssh
 */
export function transport(address, env = process.env) {
  const socket = /^unix:\/\/(.+)$/.exec(address)
  if (socket) return { client: http, options: { socketPath: socket[1] } }
  const tcp = /^(tcp|https?):\/\/([^:/]+|\[[^\]]+\])(?::(\d+))?\/?$/.exec(address)
  if (!tcp) return null
  const secure = tcp[1] === 'https' || Boolean(env.DOCKER_TLS_VERIFY)
  const options = { host: tcp[2].replace(/[[\]]/g, ''), port: Number(tcp[3] ?? (secure ? 2376 : 2375)) }
  if (!secure) return { client: http, options }
  const folder = env.DOCKER_CERT_PATH || join(homedir(), '.docker')
  const read = (name) => readFileSync(join(folder, name))
  return {
    client: https,
    options: { ...options, ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') },
  }
}

/**
 * One GET to the engine.
 * @param {string} address
 * @param {string} path
 * @param {number} [patience] ms
 * @returns {Promise<number>} the HTTP status
 */
export function ask(address, path, patience = PATIENCE) {
  return new Promise((resolve, reject) => {
    const way = transport(address)
    if (!way) return reject(new Error(`Hone cannot speak to ${address}; use unix://, tcp:// or https://`))
    const request = way.client.get({ ...way.options, path, agent: false, timeout: patience }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${patience / 1000} s`)))
    request.on('error', reject)
  })
}
