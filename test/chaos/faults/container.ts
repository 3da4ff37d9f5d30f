import type { Container } from 'dockerode'
import { LABEL } from '../../../src/containers/executor.ts'
import type { FaultPoint } from '../../../src/fault-points.ts'
import { isAlive } from '../dockerd.ts'
import type { Fault } from '../fault.ts'
import type { World } from '../world.ts'

const RUNNING: ReadonlySet<FaultPoint> = new Set([
  'start',
  'first-line',
  'mid-epoch',
  'checkpoint',
  'last-line',
])

const notAt = (phase: FaultPoint) => (RUNNING.has(phase) ? null : 'no training container runs then')

async function runningOf({ docker, instance }: World) {
  const filters = { label: [`${LABEL.instance}=${instance}`, LABEL.attempt], status: ['running'] }
  const [found] = await docker.listContainers({ filters })
  return found ? docker.getContainer(found.Id) : null
}

export const containerKilled: Fault = {
  name: 'container docker kill',
  notAt,
  restarts: true,
  async inject(world) {
    const container = await runningOf(world)
    // One that has just ended by itself has no process to kill.
    return (
      (await container?.kill().then(
        () => true,
        () => false,
      )) ?? false
    )
  },
  async heal() {},
}

/** Takes memory until the kernel ends something, and lets it choose all others before itself. */
const HOG = `
import os
for pid in os.listdir("/proc"):
    if pid.isdigit() and int(pid) != os.getpid():
        try:
            with open(f"/proc/{pid}/oom_score_adj", "w") as file:
                file.write("1000")
        except OSError:
            pass
taken = []
while True:
    taken.append(bytearray(1 << 20))
`

/** Of a container's processes but its first, which has to see the others end, by the numbers that they have on this machine. */
async function trainingOf(container: Container): Promise<number[]> {
  const [{ State }, { Processes }] = await Promise.all([
    container.inspect(),
    container.top({ ps_args: '-o pid' }),
  ])
  return Processes.map(([pid]: string[]) => Number(pid)).filter((pid: number) => pid !== State.Pid)
}

/** @returns whether all of them were still there for it */
function signalAll(pids: readonly number[], signal: NodeJS.Signals): boolean {
  try {
    for (const pid of pids) process.kill(pid, signal)
    return true
  } catch {
    return false
  }
}

export const outOfMemory: Fault = {
  name: 'container out of memory',
  notAt,
  restarts: true,
  async inject(world) {
    const container = await runningOf(world)
    if (!container) return false
    let training: number[] = []
    try {
      training = await trainingOf(container)
      // It stands still where it is until the other has taken what is left of the memory.
      if (training.length === 0 || !signalAll(training, 'SIGSTOP')) return false
      // Without its output the answer would end before it does.
      const output = { AttachStdout: true, AttachStderr: true }
      const hog = await container.exec({ Cmd: ['python3', '-c', HOG], Env: ['PYTHONPATH='], ...output })
      const stream = await hog.start({})
      stream.resume()
      await new Promise((resolve) =>
        stream.once('close', resolve).once('end', resolve).once('error', resolve),
      )
      return !(await Promise.all(training.map(isAlive))).every(Boolean)
    } catch {
      // It has just ended by itself.
      return false
    } finally {
      for (const pid of training) signalAll([pid], 'SIGCONT')
    }
  },
  async heal() {},
}
