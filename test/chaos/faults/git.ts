import type { Fault } from '../fault.ts'
import { peek } from '../peek.ts'
import { until } from '../until.ts'
import type { World } from '../world.ts'

const MODES = ['away', 'failing', 'cut', 'silent'] as const
/** A push that the server is just taking has made its run by then. An origin that is silent is left by git itself, after a minute. */
const GONE_MS = 1500
/** Another one at first for each seed. */
let turn = Number(process.env.HONE_CHAOS_SEED) || 0

const needsOrigin = (world: World) =>
  peek(
    world,
    `SELECT 1 FROM runs WHERE state IN ('queued', 'running') AND NOT EXISTS (
       SELECT 1 FROM jobs WHERE run_id = runs.id AND name = 'git-import' AND state = 'done')`,
  ).length > 0
const waits = (world: World) =>
  peek(
    world,
    `SELECT 1 FROM jobs WHERE state = 'queued' AND json_extract(failure, '$.code') = 'git-host-unreachable'`,
  ).length > 0

/** Requests that were disturbed when the fault began. */
const before = new WeakMap<World, number>()

/** Once the run's import has been disturbed, or needs the origin no more. @returns whether it was disturbed */
async function isMet(world: World): Promise<boolean> {
  const over = Date.now() + GONE_MS
  const isSilent = world.origin.mode() === 'silent'
  let met = false
  await until(() => {
    met ||= waits(world) || world.origin.disturbed() > (before.get(world) as number)
    return met ? !isSilent || Date.now() > over : Date.now() > over && !needsOrigin(world)
  })
  return met
}

/** Nobody listens, errors, a pack that breaks off, silence: one after the other. */
export const gitGone: Fault = {
  name: 'git remote gone',
  // Each of its modes.
  weight: MODES.length,
  // What begins there meets the whole import: the points of `git-import` are behind what asks the origin.
  notAt: (phase) => (phase === 'webhook' ? null : 'the code is there already, and git is not asked again'),
  restarts: false,
  async inject(world) {
    before.set(world, world.origin.disturbed())
    await world.origin.switchTo(MODES[turn++ % MODES.length] as (typeof MODES)[number])
  },
  heal: (world) => isMet(world).finally(() => world.origin.switchTo('there')),
}
