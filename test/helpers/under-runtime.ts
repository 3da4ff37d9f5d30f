import { join } from 'node:path'
import { expect } from 'vitest'
import { readText } from '../../jobs/train/files.ts'
import { EVENTS_PATH, PRINTED_PATH, runtimeArchive, runtimeEnv } from '../../src/containers/runtime.ts'
import { parseEvents } from '../../src/metrics/events.ts'
import { readPrinted } from '../../src/metrics/lost-lines.ts'
import { packageRoot } from '../../src/paths.ts'
import { tarOf } from '../../src/tar.ts'
import { ensureTestImage, removeInstance, testExecutor, uniqueInstance } from './docker.ts'

const never = new AbortController().signal

const archive = (files: Record<string, string>) =>
  tarOf(Object.entries(files).map(([name, text]) => [{ name, uid: 1000, gid: 1000 }, text]))

/** Runs scripts in containers under the runtime, once it is prepared, until it is disposed of. */
export function runtimeRunner() {
  const instance = uniqueInstance()
  const executor = testExecutor()
  let image: string
  let count = 0
  /** Runs files of a working directory under the runtime, as a training is run. */
  async function run(
    files: Record<string, string>,
    more: {
      command?: string[]
      env?: Record<string, string>
      root?: Record<string, string>
      workdir?: string
    } = {},
  ) {
    const id = await executor.create({
      name: `${instance}-${++count}`,
      image,
      command: more.command ?? ['python3', '-u', 'train.py'],
      env: { ...runtimeEnv, ...more.env },
      workdir: more.workdir ?? '/workspace',
      labels: { 'hone.instance': instance },
      limits: { memoryBytes: 2 ** 30, cpus: 2, pids: 256, shmBytes: 2 ** 26 },
      network: false,
      volumes: [],
    })
    await executor.put(id, runtimeArchive(join(packageRoot, 'docker', 'runtime')), '/')
    await executor.put(id, archive(files), '/workspace')
    if (more.root) await executor.put(id, archive(more.root), '/')
    await executor.start(id)
    const lines: string[] = []
    for await (const { text } of executor.logs(id, null, never)) lines.push(text)
    const status = await executor.wait(id, never)
    const read = async (path: string) => (await readText(executor, id, path, never)) ?? ''
    const text = await read(EVENTS_PATH)
    const events = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(parseEvents(text).badLines).toBe(0)
    const kept = readPrinted((await read(`${PRINTED_PATH}.1`)) + (await read(PRINTED_PATH)))
    return {
      lines,
      kept,
      exitCode: status?.exitCode,
      events: events.filter(({ type }) => type !== 'framework'),
      metrics: events.filter(({ type }) => type === 'metric'),
    }
  }
  return {
    run,
    prepare: async () => {
      image = await ensureTestImage('sklearn')
    },
    dispose: () => removeInstance(instance),
  }
}
