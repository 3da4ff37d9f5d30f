import type Docker from 'dockerode'
import type { ContainerStatus } from './executor.ts'

const STATES: Record<string, ContainerStatus['state']> = {
  created: 'created',
  running: 'running',
  paused: 'running',
  restarting: 'running',
  removing: 'exited',
  exited: 'exited',
  dead: 'exited',
}

/** The engine writes the year 1 for "not yet". */
const time = (text: string | undefined): number | null => {
  const at = Date.parse(text ?? '')
  return at > 0 ? at : null
}

/** What `inspect` of the engine says, in Hone's words. */
export function toStatus(found: Docker.ContainerInspectInfo): ContainerStatus {
  const state = STATES[found.State.Status] ?? 'exited'
  const startedAt = time(found.State.StartedAt)
  const endedAt = state === 'exited' ? time(found.State.FinishedAt) : null
  return {
    id: found.Id,
    name: found.Name.replace(/^\//, ''),
    labels: found.Config.Labels ?? {},
    state,
    exitCode: state === 'exited' ? found.State.ExitCode : null,
    outOfMemory: found.State.OOMKilled,
    startedAt,
    // The engine notes the start of a short container after its end.
    endedAt: endedAt !== null && startedAt !== null ? Math.max(endedAt, startedAt) : endedAt,
  }
}
