import type { Engine } from '../containers/engine.ts'
import { HoneError } from '../domain/failure.ts'

/** By engine, the containers that steps of a build ran in when it broke off, with when the build had begun, ms since the epoch. */
const left = new WeakMap<Engine, Map<string, number>>()

/** An engine takes such a container away itself, unless it dies before. */
export const leaveBehind = (engine: Engine, id: string, begunAt: number) =>
  left.set(engine, (left.get(engine) ?? new Map()).set(id, begunAt))

/** What the clocks of two machines may differ by. */
const CLOCK_MS = 60_000

/**
 * Removes what builds that broke off have left on an engine. A command of a Dockerfile can print what the engine says of a step, so
 * that the word for an id is not enough: what has a label, runs, or was there before the build is left alone.
 * @throws HoneError `unavailable` when the engine is away
 */
export async function removeLeftBehind(engine: Engine): Promise<void> {
  const ids = left.get(engine)
  for (const [id, begunAt] of ids ?? []) {
    try {
      await removeOne(engine, id, begunAt)
    } catch (error) {
      if (error instanceof HoneError && error.failure.kind === 'unavailable') throw error
      // No build is kept waiting for it.
    }
    ids?.delete(id)
  }
}

async function removeOne({ docker, ask }: Engine, id: string, begunAt: number): Promise<void> {
  const doing = `container ${id} of a build`
  const container = docker.getContainer(id)
  const found = await ask(`look at ${doing}`, (abortSignal) => container.inspect({ abortSignal }), [404])
  if (found === null || found.State.Running || Date.parse(found.Created) < begunAt - CLOCK_MS) return
  if ('hone.instance' in (found.Config.Labels ?? {})) return
  // 409: it is being removed already.
  await ask(`remove ${doing}`, (abortSignal) => container.remove({ v: true, abortSignal }), [404, 409])
}
