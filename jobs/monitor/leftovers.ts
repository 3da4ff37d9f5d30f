import type { Logger } from 'pino'
import { type ContainerStatus, type Executor, LABEL } from '../../src/containers/executor.ts'
import { toFailure } from '../../src/domain/failure.ts'
import { isLeftover } from '../../src/domain/leftovers.ts'
import { projectOfCache } from '../../src/domain/retention.ts'
import { runMachine } from '../../src/domain/run.ts'
import { trialMachine } from '../../src/domain/trial.ts'
import type { Store } from '../../src/store/store.ts'

interface Parts {
  store: Store
  executor: Pick<Executor, 'remove' | 'removeVolume' | 'listVolumes'>
  instance: string
  logger: Logger
}

/** Containers and volumes of this Hone that no run and no trial needs any more. */
export class Leftovers {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Of a container that belongs to no attempt: one for data or for the winner. */
  isOne({ labels }: ContainerStatus): boolean {
    const run = this.#parts.store.runs.byId(Number(labels[LABEL.run]))
    return isLeftover(run && { ended: runMachine.isFinal(run.state) })
  }

  async remove({ id, name }: ContainerStatus): Promise<void> {
    const { executor, logger } = this.#parts
    logger.debug({ container: name }, 'removing a leftover container')
    await this.#removing(name, () => executor.remove(id))
  }

  async removeVolumes(): Promise<void> {
    const { executor, store, instance } = this.#parts
    for (const name of await executor.listVolumes({ [LABEL.instance]: instance })) {
      // Those outlive trials and runs.
      if (projectOfCache(instance, name) !== null) continue
      const trial = store.trials.byId(Number(/-trial-(\d+)(?:-workspace)?$/.exec(name)?.[1]))
      const ended =
        trial && (trialMachine.isFinal(trial.state) || runMachine.isFinal(store.runs.get(trial.runId).state))
      if (isLeftover(trial && { ended: ended === true })) {
        await this.#removing(name, () => executor.removeVolume(name))
      }
    }
  }

  /** One that cannot be removed now, such as a volume still in use, keeps nothing else from being looked at. */
  async #removing(name: string, remove: () => Promise<void>): Promise<void> {
    try {
      await remove()
    } catch (error) {
      const { code, message } = toFailure(error)
      if (code === 'engine-away') throw error
      // Mostly a volume whose container is just being stopped.
      this.#parts.logger.debug(
        { name, reason: message },
        'a leftover could not be removed; the next sweep tries again',
      )
    }
  }
}
