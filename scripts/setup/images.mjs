import { install } from './apt.mjs'
import { ask, DEFAULT_SOCKET } from './endpoint.mjs'
import { inRoot } from './paths.mjs'
import { task } from './task.mjs'

/** Either will do; the second is made here where no registry can be reached. */
const BASES = ['debian:trixie-slim', 'hone/debian:trixie']

/** What `hone images base` ends with when the tool that makes an image from packages is not there. */
const NO_MMDEBSTRAP = 3

/** Needs a build and an engine. */
export const imagesStep = {
  name: 'base image',
  async needed() {
    const address = process.env.DOCKER_HOST || DEFAULT_SOCKET
    const statuses = await Promise.all(BASES.map((name) => ask(address, `/images/${name}/json`)))
    return !statuses.includes(200)
  },
  async run() {
    const make = (allow) =>
      task('base image', process.execPath, [inRoot('dist', 'src', 'cli.js'), 'images', 'base'], { allow })
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
