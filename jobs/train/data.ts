import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { Running } from '../../src/chain/contract.ts'
import { LABEL } from '../../src/containers/executor.ts'
import type { DataMount, DataSet } from '../../src/domain/data.ts'
import { toFailure, userError } from '../../src/domain/failure.ts'
import type { JobContext } from '../context.ts'

/** See docker/runtime/hone/_hone/fingerprint.py. */
const SCRIPT = '/opt/hone/_hone/fingerprint.py'
/** Many times what it says of a hundred folders: the image's Python may be one that prints without end. */
const MOST_BYTES = 1024 ** 2
const LIMITS = { memoryBytes: 1024 ** 3, cpus: 1, pids: 64, shmBytes: 2 ** 20, logBytes: MOST_BYTES }
/** Of a folder with millions of files a fingerprint would take longer than it is worth. */
const WITHIN_MS = 600_000

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const whole = z.number().int().min(0)
const Line = z.union([
  z.object({ path: z.string(), error: z.enum(['not-a-folder', 'unreadable']) }),
  z.object({
    path: z.string(),
    files: whole,
    bytes: whole,
    unreadable: whole,
    content: digest,
    times: digest,
  }),
])

/**
 * Keeps with the run what its data sets are now, in a container that sees them as a training does; once a run. A
 * fingerprint that cannot be taken is said, and keeps nothing from training.
 * @throws HoneError `no-data-folder` or `data-unreadable`, user failures
 */
export async function fingerprintData(context: JobContext & Running, image: string): Promise<void> {
  const { store, run, signal, progress } = context
  const { data: mounts } = run.settings
  if (mounts.length === 0 || store.runs.get(run.id).data !== null) return
  progress(`data: reading the fingerprint of ${mounts.map(({ path }) => path).join(', ')}`)
  try {
    const lines = await readLines(context, image)
    const data = mounts.map((mount) => dataSetOf(mount, lines))
    store.runs.update(run.id, { data })
  } catch (error) {
    const { kind, message } = toFailure(error)
    if (signal.aborted || kind !== 'system') throw error
    progress(`data: no fingerprint could be taken, so a change will not be seen: ${message}`)
    store.runs.update(run.id, { data: [] })
  }
}

function dataSetOf(mount: DataMount, lines: readonly string[]): DataSet {
  const about = lines.map((line) => Line.parse(JSON.parse(line))).find(({ path }) => path === mount.path)
  if (!about) throw new Error(`the fingerprint of ${mount.path} ended without an answer`)
  if (!('error' in about)) return { ...about, ...mount }
  if (about.error === 'not-a-folder') {
    throw userError(
      'no-data-folder',
      `${mount.source}, which the project's setting \`data\` names, is not a folder.`,
      'Name the folder that the file lies in.',
    )
  }
  throw userError(
    'data-unreadable',
    `The training may not read ${mount.source}, which the project's setting \`data\` names.`,
    'Trainings run as user 1000: on the host, `chmod -R a+rX` lets everybody read the folder.',
  )
}

async function readLines({ executor, runtime, run, instance, signal }: JobContext & Running, image: string) {
  const name = `hone-${instance}-run-${run.id}-data`
  const { data } = run.settings
  // One that a dead server left may be half made.
  await executor.remove(name)
  try {
    const id = await executor.create({
      name,
      image,
      command: ['python3', '-I', SCRIPT, ...data.map(({ path }) => path)],
      env: {},
      workdir: '/',
      labels: { [LABEL.instance]: instance, [LABEL.run]: String(run.id) },
      limits: LIMITS,
      network: false,
      volumes: [],
      mounts: data,
    })
    await executor.put(id, runtime.archive() as Readable, '/')
    await executor.start(id)
    const lines: string[] = []
    const until = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)])
    let length = 0
    for await (const { text } of executor.logs(id, null, until)) {
      length += text.length + 1
      if (length > MOST_BYTES) throw new Error('the fingerprint does not end')
      lines.push(text)
    }
    return lines
  } finally {
    await executor.remove(name)
  }
}
