import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from './endpoint.mjs'
import { findProgram } from './paths.mjs'
import { SetupProblem } from './problem.mjs'
import { ended, say, tail, task, withProgress } from './task.mjs'

const DEADLINE = 60_000
const LOG = '/var/log/hone-dockerd.log'
const DAEMON_PIDS = ['/var/run/docker.pid', '/run/docker.pid']
const CONTAINERD_PIDS = ['/var/run/docker/containerd/containerd.pid', '/run/docker/containerd/containerd.pid']

/**
 * Starts the installed daemon and waits until it answers: through systemd where it runs, else in the background,
 * where it stays when this program ends.
 * @param {string} address
 * @throws SetupProblem with the end of the daemon's log
 */
export async function startDaemon(address) {
  if (await answers(address)) return
  if (existsSync('/run/systemd/system')) {
    say('Starting the Docker engine through systemd.')
    await task('systemctl start docker', 'systemctl', ['start', 'docker'], {
      remedy: ['systemctl status docker', 'journalctl -u docker -n 50'],
    })
    return await withProgress('wait for the Docker engine', () => untilAnswers(address, () => null))
  }
  // The package's own script may have started it already.
  if (isRunning())
    return await withProgress('wait for the Docker engine', () => untilAnswers(address, () => null))
  removeStale()
  say(`Starting the Docker engine in the background (dockerd); its log is ${LOG}.`)
  const log = openSync(LOG, 'a')
  const child = spawn(findProgram('dockerd'), [], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    // In Debian's packages the daemon looks for iptables and containerd in the sbin folders.
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin` },
  })
  closeSync(log)
  let death = null
  ended(child).then(({ why }) => {
    death = why
  })
  await withProgress('wait for the Docker engine', () => untilAnswers(address, () => death))
  child.unref()
}

/**
 * @param {string} address
 * @param {() => string | null} died why the daemon ended, once it has
 */
async function untilAnswers(address, died) {
  const deadline = performance.now() + DEADLINE
  while (!(await answers(address))) {
    const why = died()
    if (why !== null || performance.now() > deadline) {
      throw new SetupProblem(
        why
          ? `dockerd ended at once (${why}).`
          : `The Docker engine does not answer after ${DEADLINE / 1000} s.`,
        [
          'Start the engine yourself: dockerd',
          'In a container without the right to run one, pass in an engine instead:',
          '  DOCKER_HOST, or -v /var/run/docker.sock:/var/run/docker.sock',
        ],
        existsSync(LOG) ? tail(readFileSync(LOG, 'utf8')) : '',
      )
    }
    await pause(100)
  }
}

const answers = (address) =>
  ask(address, '/_ping').then(
    (status) => status === 200,
    () => false,
  )

const isRunning = () => DAEMON_PIDS.some((file) => isAlive(file, 'dockerd'))

/**
 * After a kill the engine's notes of who runs stay, and while any process has that number, or is still to be collected by its
 * parent, a new engine would refuse to start.
 */
function removeStale() {
  for (const file of DAEMON_PIDS) if (!isAlive(file, 'dockerd')) rmSync(file, { force: true })
  for (const file of CONTAINERD_PIDS) if (!isAlive(file, 'containerd')) rmSync(file, { force: true })
}

/** Whether the process that a file names is a living one of this program. */
function isAlive(file, program) {
  try {
    const pid = Number(readFileSync(file, 'utf8').trim())
    return isProcess(readFileSync(`/proc/${pid}/stat`, 'utf8'), program)
  } catch {
    return false
  }
}

/**
 * @param {string} stat the text of /proc/PID/stat
 * @param {string} program
 * @returns {boolean} false for a zombie too
 */
export function isProcess(stat, program) {
  const [, name, state] = /^\d+ \((.*)\) (\S)/s.exec(stat) ?? []
  return name === program && state !== 'Z' && state !== 'X'
}
