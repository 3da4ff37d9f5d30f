import type { HoneError } from '../domain/failure.ts'
import type { Engine } from './engine.ts'

/** An engine that was killed in the middle of a start finds a part of it with its containerd, at every further try. */
const HALF_STARTED = /\btask \S+: already exists/

/**
 * Starts a container; one that its engine can never start any more is removed, so that the next try makes it anew.
 * @throws HoneError where it was not started
 */
export async function startContainer({ docker, ask }: Engine, id: string): Promise<void> {
  const container = docker.getContainer(id)
  try {
    await ask(`start container ${id}`, (abortSignal) => container.start({ abortSignal }), [304])
  } catch (error) {
    if (HALF_STARTED.test((error as HoneError).message)) {
      const remove = (abortSignal: AbortSignal) => container.remove({ force: true, abortSignal })
      await ask(`remove container ${id}`, remove, [404, 409])
    }
    throw error
  }
}
