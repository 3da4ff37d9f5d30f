import { z } from 'zod'
import type { Store } from '../store/store.ts'
import { type Bearing, type Clock, jumpBetween } from './clock.ts'

const LOOK_MS = 1000
const KEY = 'clock'
/** Between the bearing that is stored and the present one, before it is stored anew. */
const DRIFT_MS = 500

const Stored = z.object({ bootId: z.string(), bootedAt: z.number() })

export interface FollowOptions {
  store: Pick<Store, 'transaction' | 'shiftTimes' | 'meta'>
  clock: Clock
  logger: { warn(data: object, text: string): void; error(data: object, text: string): void }
}

/**
 * When somebody sets the machine's clock, moves the stored times of all that goes on along with it: deadlines, back-offs and
 * leases are as far away afterwards as before. Also for a clock that was set while no server ran, unless the machine was
 * started in between.
 */
export function followClock({ store, clock, logger }: FollowOptions) {
  let timer: NodeJS.Timeout | undefined
  let stored = read(store.meta.get(KEY))
  let isBehind = false

  function moveBy(ms: number): void {
    const bearing = clock.bearing()
    store.transaction(() => {
      if (ms !== 0) store.shiftTimes(ms)
      if (bearing) store.meta.set(KEY, JSON.stringify(bearing))
    })
    stored = bearing
    clock.follow()
    if (ms !== 0) {
      logger.warn({ seconds: Math.round(ms / 1000) }, 'the clock was set; deadlines are moved along with it')
    }
  }

  const hasDrifted = () => {
    const bearing = clock.bearing()
    return bearing !== null && Math.abs(bearing.bootedAt - (stored?.bootedAt ?? 0)) > DRIFT_MS
  }

  function look(): void {
    const jump = clock.jump()
    try {
      if (jump !== 0 || hasDrifted()) moveBy(jump)
      else clock.follow()
      isBehind = false
    } catch (error) {
      // On a full disk, for example: after a jump this clock goes on as before until the times can be moved.
      if (jump === 0) clock.follow()
      if (!isBehind) logger.error({ err: error }, failed(jump))
      isBehind = true
    }
  }

  return {
    look,
    /** Before anything reads the stored times. */
    start(): void {
      moveBy(jumpBetween(stored, clock.bearing()))
      timer = setInterval(look, LOOK_MS)
      timer.unref()
    },
    stop: () => clearInterval(timer),
  }
}

const failed = (jump: number) =>
  jump === 0
    ? 'how the clock goes could not be written down; it is tried again every second'
    : 'the clock was set, and the deadlines could not be moved yet; it is tried again every second'

function read(text: string | null): Bearing | null {
  return text === null ? null : Stored.parse(JSON.parse(text))
}
