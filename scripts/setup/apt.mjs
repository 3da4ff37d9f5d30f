import { installable, missing, thisHost } from './host.mjs'
import { say, task } from './task.mjs'

/** Waits for another apt or unattended upgrade to end, but not for ever. */
const LOCK = ['-o', 'DPkg::Lock::Timeout=120']
const QUIET = { DEBIAN_FRONTEND: 'noninteractive' }

/**
 * Installs a program's packages where set-up may do so.
 * @param {Parameters<typeof missing>[1]} what
 * @param {string} message what is missing and what it is needed for
 * @param {string} otherwise what to do on a system whose commands are not known
 * @throws SetupProblem with the commands to type, anywhere but on Debian and Ubuntu as root
 */
export async function install(what, message, otherwise) {
  const host = thisHost()
  const packages = installable(host, what)
  if (!packages) throw missing(host, what, message, otherwise)
  say(`${message} Installing ${packages.join(' and ')} from ${host.name}'s packages.`)
  await task('apt-get update', 'apt-get', [...LOCK, 'update'], { env: QUIET })
  const args = [...LOCK, 'install', '-y', '--no-install-recommends', ...packages]
  await task(`apt-get install ${packages.join(' ')}`, 'apt-get', args, { env: QUIET })
}
