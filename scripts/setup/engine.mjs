import { install } from './apt.mjs'
import { startDaemon } from './daemon.mjs'
import { ask, candidates, currentContext, DEFAULT_SOCKET } from './endpoint.mjs'
import { startCommands, thisHost } from './host.mjs'
import { findProgram } from './paths.mjs'
import { SetupProblem } from './problem.mjs'

const WHY = 'No Docker engine answers; Hone trains in containers.'

/**
 * Asks every candidate at once.
 * @returns {Promise<{ address: string | null, refused: Record<string, string> }>} the first that answers, and why the
 *   others do not
 */
async function probe() {
  const addresses = candidates(process.env, currentContext())
  const refused = {}
  const answers = await Promise.all(
    addresses.map(async (address) => {
      try {
        const status = await ask(address, '/_ping')
        if (status === 200) return address
        refused[address] = `HTTP ${status}`
      } catch (error) {
        refused[address] = error.code ?? error.message
      }
      return null
    }),
  )
  return { address: answers.find(Boolean) ?? null, refused }
}

/**
 * Why set-up must not install or start an engine itself, if so.
 * @param {Record<string, string>} refused address -> error code
 * @param {{ dockerHost: string | undefined, user: string }} facts
 * @returns {SetupProblem | null}
 */
export function refusal(refused, { dockerHost, user }) {
  if (dockerHost) {
    return new SetupProblem(
      `DOCKER_HOST is ${dockerHost}, but no engine answers there (${refused[dockerHost]}).`,
      ['Start that engine, or unset DOCKER_HOST to use the one on this machine.'],
    )
  }
  const denied = Object.keys(refused).find((address) => refused[address] === 'EACCES')
  if (denied) {
    return new SetupProblem(`${user} may not use the Docker engine at ${denied}.`, [
      `sudo usermod -aG docker ${user}`,
      'Then log out and in again.',
    ])
  }
  return null
}

/** Leaves the engine's address in DOCKER_HOST when it is not the usual one. */
export const engineStep = {
  name: 'Docker engine',
  async needed() {
    const { address } = await probe()
    if (address && address !== DEFAULT_SOCKET) process.env.DOCKER_HOST = address
    return address === null
  },
  async run() {
    const { refused } = await probe()
    const user = process.env.USER || process.env.LOGNAME || 'This user'
    const problem = refusal(refused, { dockerHost: process.env.DOCKER_HOST, user })
    if (problem) throw problem
    if (!findProgram('dockerd')) {
      await install('docker', WHY, 'Install Docker: https://docs.docker.com/engine/install/')
    }
    const host = thisHost()
    if (!host.root || process.platform !== 'linux') {
      throw new SetupProblem(`${WHY} It is installed, but not running.`, startCommands(host))
    }
    await startDaemon(DEFAULT_SOCKET)
  },
}
