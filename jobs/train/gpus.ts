import type { ContainerStatus, Executor } from '../../src/containers/executor.ts'
import { unavailable } from '../../src/domain/failure.ts'

/** On a container that has graphics cards: their ids, with commas. */
export const GPU_LABEL = 'hone.gpus'

type Holder = Pick<ContainerStatus, 'name' | 'labels' | 'state'>

/**
 * Cards that no training holds, or those that this one held already. Pure.
 * @param own name of the container that wants them
 * @returns null when too few are free
 */
export function freeGpus(
  all: readonly string[],
  holders: readonly Holder[],
  own: string,
  wanted: number,
): string[] | null {
  const idsOf = ({ labels }: Holder) => labels[GPU_LABEL]?.split(',') ?? []
  const mine = holders.find(({ name }) => name === own)
  if (mine) return idsOf(mine)
  const held = new Set(holders.filter(({ state }) => state !== 'exited').flatMap(idsOf))
  const free = all.filter((id) => !held.has(id))
  return free.length < wanted ? null : free.slice(0, wanted)
}

/** Between looking for free cards and making the container that holds them nobody else may look. */
const turns = new WeakMap<Executor, Promise<unknown>>()

/**
 * Makes a container with cards that no other training of this installation has.
 * @param create gets the ids of the cards, and the labels that say so
 * @throws HoneError `unavailable`, `gpus-busy`, when too few are free: the training waits for them
 */
export async function withGpus<T>(
  executor: Executor,
  { wanted, name, labels }: { wanted: number; name: string; labels: Record<string, string> },
  create: (gpus: string[], labels: Record<string, string>) => Promise<T>,
): Promise<T> {
  if (wanted === 0) return create([], {})
  const turn = (turns.get(executor) ?? Promise.resolve()).then(async () => {
    const { gpus: all } = await executor.info()
    const free = freeGpus(all, await executor.list(labels), name, wanted)
    if (!free) throw busy(wanted, all.length)
    return create(free, { [GPU_LABEL]: free.join(',') })
  })
  turns.set(
    executor,
    turn.catch(() => {}),
  )
  return turn
}

const busy = (wanted: number, there: number) =>
  unavailable(
    'gpus-busy',
    `The training waits for ${wanted === 1 ? 'a graphics card' : `${wanted} graphics cards`}: of the engine's ${there} too few are free.`,
    'It begins when another training ends. Set HONE_PARALLEL to the number of cards, so that none waits.',
  )
