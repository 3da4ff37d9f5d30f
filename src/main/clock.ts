import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'

/** Smaller differences are the usual work of a time service. */
const JUMP_MS = 2000

/** The machine's clocks. */
export interface Machine {
  /** The wall clock, ms since the epoch. Somebody may set it at any time. */
  wall(): number
  /** ms, at the wall clock's pace, never set. Stands still while the machine sleeps. */
  elapsed(): number
  /** ms since the machine was started, with its sleep. */
  uptime(): number
  /** Another one after each start of the machine; null where that cannot be told. */
  bootId: string | null
}

const BOOT_ID = '/proc/sys/kernel/random/boot_id'

export function thisMachine(): Machine {
  let bootId: string | null = null
  try {
    bootId = readFileSync(BOOT_ID, 'utf8').trim()
  } catch {
    // Only Linux has it.
  }
  return { wall: Date.now, elapsed: () => performance.now(), uptime: () => uptime() * 1000, bootId }
}

/** What of the wall clock is remembered over a restart of the server. */
export interface Bearing {
  bootId: string
  /** The wall clock as the machine was started, ms since the epoch: another one after the clock was set. */
  bootedAt: number
}

export interface Clock {
  /** ms since the epoch, whole: the wall clock, but when that one is set this one goes on as before until `follow`. */
  now(): number
  /** By how much the wall clock was set since the last `follow`, ms; 0 when it was not. */
  jump(): number
  /** Goes by the wall clock again. */
  follow(): void
  /** Null where the machine's starts cannot be told apart. */
  bearing(): Bearing | null
}

/** A clock that is only set when everything that goes by it is ready. */
export function steadyClock(machine: Machine): Clock {
  const { wall, elapsed, bootId } = machine
  let at = wall()
  let since = elapsed()
  const now = () => Math.round(at + elapsed() - since)
  return {
    now,
    jump() {
      const difference = Math.round(wall() - now())
      return Math.abs(difference) < JUMP_MS ? 0 : difference
    },
    follow() {
      at = wall()
      since = elapsed()
    },
    bearing: () => (bootId === null ? null : { bootId, bootedAt: Math.round(wall() - machine.uptime()) }),
  }
}

/** By how much the wall clock was set between the two, ms; 0 when it was not, or the machine was started in between. Pure. */
export function jumpBetween(before: Bearing | null, after: Bearing | null): number {
  if (!before || !after || before.bootId !== after.bootId) return 0
  const difference = after.bootedAt - before.bootedAt
  return Math.abs(difference) < JUMP_MS ? 0 : difference
}
