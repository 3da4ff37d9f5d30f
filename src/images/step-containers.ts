import type { Engine } from '../containers/engine.ts'

/** By engine, the containers that steps of a build ran in when it broke off. */
const left = new WeakMap<Engine, Set<string>>()

/** An engine takes such a container away itself, unless it dies before. */
export const leaveBehind = (engine: Engine, id: string) =>
  left.set(engine, (left.get(engine) ?? new Set()).add(id))

/** Removes what builds that broke off have left on an engine. @throws HoneError `unavailable` when the engine is away */
export async function removeLeftBehind(engine: Engine): Promise<void> {
  for (const id of left.get(engine) ?? []) {
    const call = (abortSignal: AbortSignal) =>
      engine.docker.getContainer(id).remove({ force: true, v: true, abortSignal })
    // 409: it is being removed already.
    await engine.ask(`remove container ${id} of a build`, call, [404, 409])
    left.get(engine)?.delete(id)
  }
}
