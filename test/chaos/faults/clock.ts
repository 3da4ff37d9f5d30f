import { setTimeout as delay } from 'node:timers/promises'
import { everywhere, type Fault } from '../fault.ts'
import type { World } from '../world.ts'
import { type ClockSetter, clockSetter } from './clock-setter.ts'

const HOUR = 3_600_000
/** Forwards and backwards, by more than any limit of a training or of a run. */
const OFFSETS = [3, -5, 26, -2, 0, -30, 0].map((hours) => hours * HOUR)
/** Now and then it is set twice in a row, before or after the server has noticed the first time. */
const TWICE_AFTER_MS = [null, 100, null, 1500]

const clocks = new WeakMap<World['setup'], ClockSetter>()
let turn = 0
const setNext = ({ setup }: World) =>
  (clocks.get(setup) as ClockSetter).set(OFFSETS[turn++ % OFFSETS.length] as number)

export const clockJumping: Fault = {
  name: 'clock jumping',
  notAt: everywhere,
  restarts: false,
  async prepare(setup) {
    const clock = await clockSetter()
    clocks.set(setup, clock)
    Object.assign(setup.env, clock.env)
    setup.preloads.push(clock.preload)
    return clock.dispose
  },
  inject: setNext,
  async heal(world) {
    const wait = TWICE_AFTER_MS[turn % TWICE_AFTER_MS.length] ?? null
    if (wait === null) return
    await delay(wait)
    await setNext(world)
  },
}
