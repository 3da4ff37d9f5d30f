import type { Settings } from '../../src/domain/settings.ts'
import type { FaultPoint } from '../../src/fault-points.ts'
import type { World } from './world.ts'

/** What a fault may change before its world is made. */
export interface Setup {
  /** A new, empty folder for the server's data; a fault may put another in its place, such as a small tmpfs. */
  data: string
  /** Of the server; over the world's own. */
  env: Record<string, string>
  /** Of the project; over the world's own. */
  settings: Partial<Settings>
  /** Paths of modules that the server loads before all else (`node --import`), such as one that makes its clock jump. */
  preloads: string[]
  /** The training script. */
  script: string
  /** Null: the engine of this machine. */
  dockerHost: string | null
  /** Whether the engine is this world's alone, so that nothing at all may be left on it. */
  ownEngine: boolean
}

/**
 * Something that goes wrong while a run goes on. To write one: a file in `test/chaos/faults/` that exports it, and a file
 * `test/chaos/<name>.chaos.ts` with the one line `matrix(theFault)`.
 *
 * Each fault has a world of its own (server, data folder, git origin, SMTP server, project), in which one run after the
 * other is disturbed. For each cell the controller pushes a commit, waits until the run has come to the phase, with the server
 * standing still there where it can, and calls `inject`; then it lets the server go on and calls `heal`. After that the
 * world has to be as before, so that the run, and those of the next cells, can end as if nothing had been.
 *
 * At about half of the faults the server stands still while `inject` works: what needs an answer from it, such as its API,
 * would wait for ever; look at the engine, the files and the database instead. At the other half it was let go on some
 * milliseconds before.
 */
export interface Fault {
  name: string
  /** Why there is no such cell; null where the fault can come at this phase. */
  notAt(phase: FaultPoint): string | null
  /**
   * Whether it may end a training container, so that a trial has further attempts and an epoch may be trained twice.
   * Otherwise the logs have to be equal line for line, in one attempt.
   */
  restarts: boolean
  /** Whether the mail may come twice, with one Message-ID: where its answer, or the note of it, can be lost. */
  repeatsMail?: boolean
  /** How often each cell is tried in a round; 1 unless said. Less than 1: only in some of the rounds. */
  weight?: number
  /** Before the world is made. @returns what undoes it, after the world is gone */
  prepare?(setup: Setup): Promise<() => Promise<void>>
  /** @returns false when there was nothing to hit after all; another moment is tried then */
  // biome-ignore lint/suspicious/noConfusingVoidType: most hit always, and say nothing
  inject(world: World): Promise<void | boolean>
  /** @returns false when nothing was disturbed after all; another moment is tried then */
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  heal(world: World): Promise<void | boolean>
}

export const everywhere = (): null => null
