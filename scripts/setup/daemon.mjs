import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from './endpoint.mjs'
import { findProgram } from './paths.mjs'
import { SetupProblem } from './problem.mjs'
import { ended, say, tail, task, withProgress } from './task.mjs'

const DEADLINE = 60_000
const LOG = '/var/log/hone-dockerd.log'
const PID_FILES = ['/var/run/docker.pid', '/run/docker.pid']

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

function isRunning() {
  return PID_FILES.some((file) => {
    try {
      const pid = Number(readFileSync(file, 'utf8').trim())
      return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'dockerd'
    } catch {
      return false
    }
  })
}
