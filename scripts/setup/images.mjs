import { install } from './apt.mjs'
import { ask, DEFAULT_SOCKET } from './endpoint.mjs'
import { inRoot } from './paths.mjs'
import { SetupProblem } from './problem.mjs'
import { task } from './task.mjs'

/** Either will do; the second is made here where no registry can be reached. */
const BASES = ['debian:trixie-slim', 'hone/debian:trixie']

/** An engine that answered may still be busy, as with a large image: ms. */
const BUSY = 60_000

/** What `hone images base` ends with when the tool that makes an image from packages is not there. */
const NO_MMDEBSTRAP = 3

/** Needs a build and an engine. */
export const imagesStep = {
  name: 'base image',
  async needed() {
    const address = process.env.DOCKER_HOST || DEFAULT_SOCKET
    try {
      const statuses = await Promise.all(BASES.map((name) => ask(address, `/images/${name}/json`, BUSY)))
      return !statuses.includes(200)
    } catch (error) {
      throw new SetupProblem(
        `The Docker engine at ${address} does not say which images it has: ${error.message}.`,
        ['It may only be busy: type the same command again in a minute.'],
      )
    }
  },
  async run() {
    const make = (allow) =>
      task(
        'base image: pull debian:trixie-slim, or make it from packages',
        process.execPath,
        [inRoot('dist', 'src', 'cli.js'), 'images', 'base'],
        { allow },
      )
    const { code } = await make([NO_MMDEBSTRAP])
    if (code !== NO_MMDEBSTRAP) return
    await install(
      'mmdebstrap',
      'debian:trixie-slim cannot be pulled, and mmdebstrap, which makes the same from packages, is not installed.',
      'Let this machine reach a Docker registry, or load the image: docker load < debian-trixie-slim.tar',
    )
    await make([])
  },
}
