import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import Docker from 'dockerode'
import { extract, pack } from 'tar-stream'
import { EVENTS_PATH, LAUNCHER, runtimeArchive, runtimeEnv } from '../../src/containers/runtime.ts'
import { packageRoot } from '../../src/paths.ts'
import { testExecutor } from './docker.ts'

const executor = testExecutor()
const never = new AbortController().signal

/** One line of the runtime's event file. */
export type RawEvent = Record<string, unknown> & { type: string }

export interface Ended {
  /** What the script printed. */
  lines: string[]
  exitCode: number | null | undefined
  events: RawEvent[]
}

export interface AttemptOptions {
  /** Ends the container when the script prints the line for which this is true; SIGKILL unless `signal` says otherwise. */
  killAt?: (line: string, lines: readonly string[]) => boolean
  signal?: 'SIGKILL' | 'SIGTERM'
  env?: Record<string, string>
  /** By Python alone, without the runtime. */
  plain?: boolean
}

/**
 * A trial without a server: its attempts share the workspace and the checkpoints as those of a server do, and have the
 * runtime in them.
 * @param options.instance label by which the test removes all containers and volumes in the end
 * @param options.files the commit: path -> content
 */
export function trainingTrial(options: {
  instance: string
  image: string
  files: Record<string, string | Buffer>
  command?: string[]
  env?: Record<string, string>
  memoryBytes?: number
}) {
  const id = `${options.instance}-${randomUUID().slice(0, 8)}`
  const source = randomUUID()
  let number = 0
  let last = ''
  return {
    /** Runs the next attempt to its end, or to where it is killed. */
    async attempt({ killAt, signal = 'SIGKILL', env, plain = false }: AttemptOptions = {}): Promise<Ended> {
      number++
      const name = await executor.create({
        name: `${id}-${number}`,
        image: options.image,
        command: [...(plain ? ['python3', '-u'] : LAUNCHER), ...(options.command ?? ['train.py'])],
        env: {
          ...runtimeEnv,
          HONE_WORKSPACE: '/workspace',
          HONE_CHECKPOINT_DIR: '/checkpoints',
          HONE_SOURCE: source,
          HONE_SEED: '7',
          HONE_ATTEMPT: String(number),
          // A checkpoint after every epoch, however slow this machine is.
          HONE_CHECKPOINT_SHARE: '100',
          PYTHONHASHSEED: '7',
          OMP_NUM_THREADS: '1',
          ...options.env,
          ...env,
          ...(plain && { PYTHONPATH: '' }),
        },
        workdir: '/workspace',
        labels: { 'hone.instance': options.instance },
        limits: { memoryBytes: options.memoryBytes ?? 2 ** 31, cpus: 2, pids: 512, shmBytes: 2 ** 26 },
        network: false,
        volumes: [
          { name: `${id}-checkpoints`, path: '/checkpoints' },
          { name: `${id}-workspace`, path: '/workspace' },
        ],
      })
      await executor.put(name, runtimeArchive(join(packageRoot, 'docker', 'runtime')), '/')
      if (number === 1) await executor.put(name, archive(options.files), '/workspace')
      await executor.start(name)
      const lines: string[] = []
      let killed = false
      for await (const { text } of executor.logs(name, null, never)) {
        lines.push(text)
        if (killed || !killAt?.(text, lines)) continue
        killed = true
        await new Docker().getContainer(name).kill({ signal })
      }
      const status = await executor.wait(name, never)
      const events = (await read(name, EVENTS_PATH)).toString('utf8').split('\n').filter(Boolean)
      const ended = { lines, exitCode: status?.exitCode, events: events.map((line) => JSON.parse(line)) }
      last = name
      return ended
    },
    /** A file of the last attempt's container; empty when it is not there. */
    file: (path: string) => read(last, path),
    /** Paths of all files below a folder of the last attempt's container, relative to what holds the folder. */
    list: (folder: string) => list(last, folder),
    /** Writes files into a folder that the attempts share. */
    put: (files: Record<string, string | Buffer>, folder: string) =>
      executor.put(last, archive(files), folder),
  }
}

async function read(container: string, path: string): Promise<Buffer> {
  const tar = await executor.get(container, path)
  let content = Buffer.alloc(0)
  if (tar) for await (const entry of tar.pipe(extract())) content = Buffer.from(await buffer(entry))
  return content
}

async function list(container: string, folder: string): Promise<string[]> {
  const tar = await executor.get(container, folder)
  const names: string[] = []
  if (tar) {
    for await (const entry of tar.pipe(extract())) {
      if (entry.header.type === 'file') names.push(entry.header.name)
      entry.resume()
    }
  }
  return names.sort()
}

function archive(files: Record<string, string | Buffer>): Readable {
  const tar = pack()
  for (const [name, content] of Object.entries(files)) tar.entry({ name, uid: 1000, gid: 1000 }, content)
  tar.finalize()
  return tar as unknown as Readable
}
