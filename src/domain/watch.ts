import { type AttemptState, attemptMachine } from './attempt.ts'

/** What is known of one attempt when the monitor looks at it. */
export interface Observed {
  /** Whether the engine answers. */
  engine: 'here' | 'away'
  /** Of the attempt that the container is named after; null: no such attempt is on record. */
  attempt: AttemptState | null
  /** What the engine says of its container; null: it does not know one. */
  container: { state: 'created' | 'running' | 'exited'; exitCode: number | null } | null
  /** ms without a sign of life, and how many of them are allowed. */
  silentMs: number
  silentLimitMs: number
}

/**
 * An attempt as the monitor sees it. `silent`: it runs, but shows no sign of life. `lost`: the engine does not know its
 * container any more. `orphaned`: nobody waits for the container. `away`: the engine cannot be asked.
 */
export type WatchState =
  | 'starting'
  | 'running'
  | 'silent'
  | 'finished'
  | 'failed'
  | 'lost'
  | 'orphaned'
  | 'away'

/** The one thing that is done in each state. */
export const ACTIONS = {
  starting: 'start',
  running: 'follow',
  /** With a grace period; what has ended by it is failed, and goes on from its checkpoint. */
  silent: 'stop',
  finished: 'read-result',
  /** See remedy.ts for what follows from the cause. */
  failed: 'read-cause',
  lost: 'restart',
  orphaned: 'remove',
  away: 'wait',
} as const satisfies Record<WatchState, string>
export type WatchAction = (typeof ACTIONS)[WatchState]

/** What is observed -> the state. Pure. */
export function stateOf(seen: Observed): WatchState {
  const { attempt, container } = seen
  if (seen.engine === 'away') return 'away'
  if (attempt === null || attemptMachine.isFinal(attempt)) return 'orphaned'
  if (container === null) return attempt === 'starting' ? 'starting' : 'lost'
  if (container.state === 'created') return 'starting'
  if (container.state === 'exited') return container.exitCode === 0 ? 'finished' : 'failed'
  return seen.silentMs >= seen.silentLimitMs ? 'silent' : 'running'
}

/** What is observed -> what is done. Pure. */
export const decide = (seen: Observed): WatchAction => ACTIONS[stateOf(seen)]
