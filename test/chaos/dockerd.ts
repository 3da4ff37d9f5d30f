import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Docker from 'dockerode'
import { connectionOptions } from '../../src/containers/engine.ts'

const LOOK_MS = 50
const WITHIN_MS = 60_000
/** A test that is killed leaves no daemon behind. */
const DIES_TOO = ['--pdeathsig', 'KILL']

/**
 * A Docker engine of a test's own that may be killed: with its own data, sockets and processes, and in a network and a mount
 * namespace of its own, so that the machine's engine and its bridge are left alone. Needs root.
 */
export class OwnDockerd {
  readonly folder: string
  readonly #holder: ChildProcess
  #daemon: ChildProcess | null = null

  /** Use `ownDockerd`. */
  constructor(folder: string, holder: ChildProcess) {
    this.folder = folder
    this.#holder = holder
  }

  get dockerHost() {
    return `unix://${join(this.folder, 'docker.sock')}`
  }

  get docker() {
    return new Docker(connectionOptions(this.dockerHost))
  }

  /** Starts it, also again after a kill, on the same data; resolves once it answers. */
  async start(): Promise<void> {
    const at = (name: string) => join(this.folder, name)
    // A killed one leaves it, and another process may have its number by now.
    await rm(at('pid'), { force: true })
    const flags = [
      '--data-root',
      at('root'),
      '--exec-root',
      at('exec'),
      '-H',
      this.dockerHost,
      '--pidfile',
      at('pid'),
    ]
    const inside = ['--target', String(this.#holder.pid), '--net', '--mount', '--', 'dockerd', ...flags]
    const daemon = spawn('setpriv', [...DIES_TOO, 'nsenter', ...inside], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#daemon = daemon
    const log = createWriteStream(at('log'), { flags: 'a' })
    daemon.stdout.pipe(log, { end: false })
    daemon.stderr.pipe(log, { end: false })
    const until = Date.now() + WITHIN_MS
    while (!(await this.docker.ping().catch(() => false))) {
      if (daemon.exitCode !== null || Date.now() > until)
        throw new Error(`dockerd does not start:\n${(await readFile(at('log'), 'utf8')).slice(-2000)}`)
      await delay(LOOK_MS)
    }
  }

  /** `setpriv` and `nsenter` become the daemon: all are one process. */
  signal(signal: NodeJS.Signals): void {
    this.#daemon?.kill(signal)
  }

  /** Sends the signal and waits for the end. */
  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const daemon = this.#daemon
    if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return
    const exited = once(daemon, 'exit')
    daemon.kill(signal)
    await exited
    await this.#containerdEnded()
  }

  /** Its containerd dies with it; the next one waits in vain for it when it is still there, or only its number is. */
  async #containerdEnded(): Promise<void> {
    const file = join(this.folder, 'exec', 'containerd', 'containerd.pid')
    const pid = Number(await readFile(file, 'utf8').catch(() => ''))
    const until = Date.now() + WITHIN_MS
    while (pid && (await isAlive(pid)) && Date.now() < until) await delay(LOOK_MS)
    await rm(file, { force: true })
  }

  /** Copies an image of another engine, by name. */
  async load(from: Docker, name: string): Promise<void> {
    const answer = await this.docker.loadImage(await from.getImage(name).get())
    for await (const _ of answer as AsyncIterable<Buffer>);
  }

  async dispose(): Promise<void> {
    await this.kill('SIGTERM')
    this.#holder.kill('SIGKILL')
    await rm(this.folder, { recursive: true, force: true })
  }
}

export async function ownDockerd(): Promise<OwnDockerd> {
  const folder = await mkdtemp(join(tmpdir(), 'hone-dockerd-'))
  // The namespaces live as long as this process, over all lives of the daemon.
  const apartFrom = ['unshare', '--net', '--mount', '--propagation', 'private', 'sleep', 'infinity']
  const holder = spawn('setpriv', [...DIES_TOO, ...apartFrom], { stdio: 'ignore' })
  await once(holder, 'spawn')
  await apart(holder.pid as number)
  const engine = new OwnDockerd(folder, holder)
  try {
    await engine.start()
  } catch (error) {
    await engine.dispose()
    throw error
  }
  return engine
}

/** Not as a zombie that nobody has waited for. */
export const isAlive = async (pid: number) => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return stat !== null && !/\) [ZX] /.test(stat)
}

/** Until the process has left the namespaces of this one: a daemon in those would take the machine's bridge away. */
async function apart(pid: number): Promise<void> {
  const until = Date.now() + WITHIN_MS
  const isApart = async (kind: string) => {
    const [own, its] = await Promise.all(['self', pid].map((of) => readlink(`/proc/${of}/ns/${kind}`)))
    return own !== its
  }
  while (!((await isApart('net')) && (await isApart('mnt')))) {
    if (Date.now() > until) throw new Error('no namespaces of its own: this needs root')
    await delay(LOOK_MS)
  }
}
