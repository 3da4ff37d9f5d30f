import { setTimeout as delay } from 'node:timers/promises'
import type { FaultPoint } from '../../src/fault-points.ts'
import type { Chance } from './random.ts'
import { printed, startsOf, writing } from './trainings.ts'
import type { World } from './world.ts'

/** How often the server comes by each of its fault points in a run that nothing disturbs, at least. */
export type Counts = Map<FaultPoint, number>

/** The moment has come. */
export interface Moment {
  /** In words, for a report: `settle 5 of 12, 80 ms later`. */
  what: string
  /** The container that was seen to print something by then; null where nobody looked. */
  heard: string | null
  /** Lets the server go on where it stands still. */
  go(): void
}

/** Of a training. */
const EPOCHS = 5
/** Seen from outside; the server does not stand still at them. */
const IN_CONTAINER: ReadonlySet<FaultPoint> = new Set(['first-line', 'mid-epoch', 'checkpoint', 'last-line'])
const LATEST_MS = 150

/**
 * Which moment of a phase, and how much later, is the seed's.
 * @returns once it listens, a promise of the moment
 */
export async function momentOf(
  world: World,
  phase: FaultPoint,
  counts: Counts,
  chance: Chance,
  signal: AbortSignal,
): Promise<{ come: Promise<Moment> }> {
  return IN_CONTAINER.has(phase)
    ? inContainer(world, phase, chance, signal)
    : { come: atPoint(world, phase, counts, chance, signal) }
}

async function atPoint(
  { server }: World,
  phase: FaultPoint,
  counts: Counts,
  chance: Chance,
  signal: AbortSignal,
): Promise<Moment> {
  const times = counts.get(phase) ?? 1
  const nth = chance.whole(1, times)
  // Standing still at the very moment, or some time after it.
  const late = chance.next() < 0.5 ? 0 : chance.whole(1, LATEST_MS)
  const held = await server.at(phase, nth, signal)
  const what = `${phase} ${nth} of ${times}${late > 0 ? `, ${late} ms later` : ''}`
  if (late === 0) return { what, heard: null, go: held.go }
  held.go()
  await delay(late)
  return { what, heard: null, go: () => {} }
}

async function inContainer(world: World, phase: FaultPoint, chance: Chance, signal: AbortSignal) {
  const { docker, instance, settings } = world
  const next = await startsOf(docker, instance, signal)
  /** As they begin. */
  const trial = chance.whole(0, settings.trials - 1)
  const epoch = chance.whole(1, EPOCHS - 1)
  const late = phase === 'mid-epoch' ? chance.whole(10, 80) : 0
  const come = async (): Promise<Moment> => {
    for (let other = 0; other < trial; other++) await next()
    const container = await next()
    if (phase === 'checkpoint') {
      await writing(docker, container.replace(/-attempt-\d+$/, ''), epoch, signal)
    } else {
      const line = { 'first-line': /./, 'last-line': /^Test/ }[phase as string] ?? RegExp(`^Epoch ${epoch}/`)
      await printed(docker, container, line)
      await delay(late)
    }
    const where = phase === 'mid-epoch' || phase === 'checkpoint' ? `, epoch ${epoch}` : ''
    const what = `${phase} of trial ${trial}${where}${late > 0 ? `, ${late} ms later` : ''}`
    return { what, heard: phase === 'checkpoint' ? null : container, go: () => {} }
  }
  return { come: come() }
}
