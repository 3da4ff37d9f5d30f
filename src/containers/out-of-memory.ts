import { createInterface } from 'node:readline'
import { parseEvent } from './docker-events.ts'
import type { Engine } from './engine.ts'
import type { ContainerStatus } from './executor.ts'

const SIGKILL = 137
/** How long the kernel's word may take to reach the engine after the container's end. */
const LATE_MS = 1_000

/**
 * The status of an ended container, with `outOfMemory` as it is in truth: an engine may learn that the kernel killed for
 * memory only after it has learnt of the end, and then the container's state never says so. Its events do.
 */
export async function withOutOfMemory(engine: Engine, status: ContainerStatus): Promise<ContainerStatus> {
  if (status.exitCode !== SIGKILL || status.outOfMemory || status.startedAt === null) return status
  const seconds = (ms: number) => (ms / 1000).toFixed(3)
  const stream = await engine.open(`look why container ${status.id} was killed`, {
    method: 'GET',
    path: '/events',
    query: {
      since: seconds(status.startedAt - 1000),
      until: seconds((status.endedAt ?? Date.now()) + LATE_MS),
      filters: JSON.stringify({ container: [status.id], event: ['oom'] }),
    },
  })
  if (stream === null) return status
  for await (const line of createInterface({ input: stream })) {
    if (parseEvent(line)?.action !== 'oom') continue
    stream.destroy()
    return { ...status, outOfMemory: true }
  }
  return status
}
