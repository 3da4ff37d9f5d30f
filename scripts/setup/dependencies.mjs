import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { install } from './apt.mjs'
import { installable, installCommands, thisHost } from './host.mjs'
import { findProgram, inRoot } from './paths.mjs'
import { digest, readStamp, writeStamp } from './stamp.mjs'
import { task } from './task.mjs'

const LOCK = inRoot('package-lock.json')
const STAMP = inRoot('node_modules', '.hone-stamp')
const NATIVE = inRoot('node_modules', 'better-sqlite3', 'build', 'Release', 'better_sqlite3.node')

/** What takes its time: the network, and the compiler where there is no built one for this Node and machine. */
const LABEL = 'npm ci: download the packages, and build better-sqlite3 (once, minutes on a slow machine)'

/** How far npm is, which does not say it itself. */
function unpacked() {
  const all = Object.entries(JSON.parse(readFileSync(LOCK, 'utf8')).packages)
  // Optional ones are mostly for other machines.
  const paths = all.filter(([path, { optional }]) => path !== '' && !optional).map(([path]) => path)
  const there = paths.filter((path) => existsSync(inRoot(path, 'package.json'))).length
  return `${there} of ${paths.length} packages are there`
}

/** better-sqlite3 is native: a node_modules made for another Node or machine does not fit. */
const wantedStamp = () =>
  digest(`${digest(readFileSync(LOCK))} ${process.platform} ${process.arch} abi ${process.versions.modules}`)

/**
 * Whether what npm says it installed is what the lock file asks for.
 * @param {Record<string, { version?: string, integrity?: string, optional?: boolean, link?: boolean }>} lock its
 *   `packages`
 * @param {Record<string, { version?: string, integrity?: string }>} installed those of npm's own record
 */
export function matchesLock(lock, installed) {
  const wanted = Object.entries(lock).filter(([path]) => path !== '')
  const same = wanted.every(([path, entry]) => {
    const have = installed[path]
    if (!have) return entry.optional === true
    return have.version === entry.version && have.integrity === entry.integrity
  })
  return same && Object.keys(installed).every((path) => path === '' || path in lock)
}

export const dependenciesStep = {
  name: 'dependencies',
  needed() {
    // An installed package has no lock file, and its dependencies beside it.
    if (!existsSync(LOCK)) return false
    if (readStamp(STAMP) === wantedStamp()) return false
    if (!installedByHand()) return true
    finish()
    return false
  },
  async run() {
    const npm = npmCommand()
    const ci = () =>
      task(LABEL, npm[0], [...npm.slice(1), 'ci', '--include=dev', '--no-audit', '--no-fund'], {
        detail: unpacked,
        remedy: [
          'If the network is at fault, try again.',
          'If better-sqlite3 could not be compiled, install a compiler:',
          ...installCommands(thisHost(), 'compiler'),
        ],
      })
    try {
      await ci()
    } catch (error) {
      const wantsCompiler = /node-gyp|gyp ERR/.test(error.detail ?? '') && !hasCompiler()
      if (!wantsCompiler || !installable(thisHost(), 'compiler')) throw error
      await install('compiler', 'better-sqlite3 has to be compiled here, and there is no compiler.', '')
      await ci()
    }
    finish()
  },
}

/** Someone ran npm ci or npm install without us: no reason to do it again, if it fits. */
function installedByHand() {
  try {
    const read = (path) => JSON.parse(readFileSync(path, 'utf8')).packages
    if (!matchesLock(read(LOCK), read(inRoot('node_modules', '.package-lock.json')))) return false
    process.dlopen({ exports: {} }, NATIVE)
    return true
  } catch {
    return false
  }
}

/** npx finds a package's own command there at once, without making a copy in its cache. */
function finish() {
  const link = inRoot('node_modules', '.bin', 'hone')
  const target = inRoot('bin', 'hone.mjs')
  if (existsSync(target) && !existsSync(link)) {
    mkdirSync(inRoot('node_modules', '.bin'), { recursive: true })
    chmodSync(target, 0o755)
    symlinkSync('../../bin/hone.mjs', link)
  }
  writeStamp(STAMP, wantedStamp())
}

const hasCompiler = () => ['python3', 'make', 'g++'].every((name) => findProgram(name))

/** The npm that started us, so that its settings stay the same. */
function npmCommand() {
  const running = process.env.npm_execpath
  return running?.endsWith('npm-cli.js') ? [process.execPath, running] : ['npm']
}
