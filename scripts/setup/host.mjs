import { readFileSync } from 'node:fs'
import { SetupProblem } from './problem.mjs'

/**
 * @typedef {object} Host
 * @property {'debian' | 'ubuntu' | 'fedora' | 'arch' | 'alpine' | 'macos' | 'other'} family
 * @property {string} name for a person, such as `Debian GNU/Linux 13 (trixie)`
 * @property {boolean} root
 */

const FAMILIES = ['ubuntu', 'debian', 'fedora', 'rhel', 'arch', 'alpine']

/** Programs that set-up may need, by what they are called in each family's packages. */
const PACKAGES = {
  docker: {
    debian: ['docker.io', 'iptables'],
    fedora: ['moby-engine'],
    arch: ['docker'],
    alpine: ['docker'],
  },
  git: { debian: ['git'], fedora: ['git'], arch: ['git'], alpine: ['git'] },
  chromium: { debian: ['chromium'], fedora: ['chromium'], arch: ['chromium'], alpine: ['chromium'] },
  mmdebstrap: { debian: ['mmdebstrap'], fedora: ['mmdebstrap'] },
  compiler: {
    debian: ['python3', 'make', 'g++'],
    fedora: ['python3', 'make', 'gcc-c++'],
    arch: ['base-devel', 'python'],
  },
}

const MACOS = {
  docker: ['brew install --cask docker   # then open Docker once'],
  git: ['xcode-select --install'],
  chromium: ['brew install --cask google-chrome'],
  compiler: ['xcode-select --install'],
}

const INSTALL = {
  debian: 'apt-get update && apt-get install -y --no-install-recommends',
  fedora: 'dnf install -y',
  arch: 'pacman -S --needed',
  alpine: 'apk add',
}

/**
 * @param {{ platform: string, osRelease: string | null, uid: number }} facts `osRelease`: text of /etc/os-release
 * @returns {Host}
 */
export function hostOf({ platform, osRelease, uid }) {
  const root = uid === 0
  if (platform === 'darwin') return { family: 'macos', name: 'macOS', root }
  const fields = Object.fromEntries(
    [...(osRelease ?? '').matchAll(/^([A-Z_]+)=["']?(.*?)["']?\s*$/gm)].map((match) => [match[1], match[2]]),
  )
  const ids = `${fields.ID ?? ''} ${fields.ID_LIKE ?? ''}`.trim().split(/\s+/)
  const found = ids.find((id) => FAMILIES.includes(id)) ?? 'other'
  const family = found === 'rhel' ? 'fedora' : found
  return { family, name: fields.PRETTY_NAME ?? fields.ID ?? platform, root }
}

/** @returns {Host} */
export function thisHost() {
  return hostOf({
    platform: process.platform,
    osRelease: readOr('/etc/os-release') ?? readOr('/usr/lib/os-release'),
    uid: process.getuid?.() ?? -1,
  })
}

/**
 * Debian's own packages that set-up may install without asking: only as root, so that no password is ever needed.
 * @param {Host} host
 * @param {keyof typeof PACKAGES} what
 * @returns {string[] | null} null where a person has to do it
 */
export function installable(host, what) {
  if (!host.root) return null
  // Ubuntu's chromium package only installs a snap, which does not run in most containers.
  if (host.family === 'ubuntu' && what === 'chromium') return null
  return host.family === 'debian' || host.family === 'ubuntu' ? PACKAGES[what].debian : null
}

/**
 * @param {Host} host
 * @param {keyof typeof PACKAGES} what
 * @returns {string[]} what a person types to install it, one command a line
 */
export function installCommands(host, what) {
  if (host.family === 'macos') return MACOS[what] ?? []
  const sudo = host.root ? '' : 'sudo '
  if (host.family === 'ubuntu' && what === 'chromium') return [`${sudo}snap install chromium`]
  const family = host.family === 'ubuntu' ? 'debian' : host.family
  const packages = PACKAGES[what][family]
  if (!packages) return []
  const command = `${INSTALL[family]} ${packages.join(' ')}`.replace(/(^|&& )/g, `$1${sudo}`)
  return what === 'docker' ? [command, ...startCommands(host)] : [command]
}

/**
 * @param {Host} host
 * @returns {string[]} what a person types to start an installed Docker engine
 */
export function startCommands(host) {
  const sudo = host.root ? '' : 'sudo '
  if (host.family === 'macos') return ['open -a Docker']
  if (host.family === 'alpine') return [`${sudo}rc-service docker start`]
  return [`${sudo}systemctl enable --now docker`]
}

/**
 * @param {Host} host
 * @param {keyof typeof PACKAGES} what
 * @param {string} message what is missing and what it is needed for
 * @param {string} otherwise what to do where the commands are not known
 */
export function missing(host, what, message, otherwise) {
  const commands = installCommands(host, what)
  return new SetupProblem(message, commands.length > 0 ? commands : [otherwise])
}

function readOr(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
