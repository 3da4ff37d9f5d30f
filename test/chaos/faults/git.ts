import { everywhere, type Fault } from '../fault.ts'
import { peek } from '../peek.ts'
import { until } from '../until.ts'
import type { World } from '../world.ts'

const MODES = ['away', 'failing', 'cut', 'silent'] as const
/** Longer than the chain waits before it asks again. An origin that is silent is left by git itself, after a minute. */
const GONE_MS = 1500
let turn = 0

const imports = (world: World) =>
  Number(peek(world, `SELECT count(*) FROM jobs WHERE name = 'git-import' AND state = 'done'`)[0])
const hasImported = (world: World) =>
  peek(
    world,
    `SELECT 1 FROM jobs JOIN runs ON runs.id = run_id
     WHERE name = 'git-import' AND jobs.state = 'done' AND runs.state = 'running'`,
  ).length > 0
const waits = (world: World) =>
  peek(
    world,
    `SELECT 1 FROM jobs WHERE state = 'queued' AND json_extract(failure, '$.code') = 'git-host-unreachable'`,
  ).length > 0

/** Imports when the fault began; null where the run needs the origin no more. */
const before = new WeakMap<World, number | null>()

/** Resolves once the run's import has been disturbed, or it is time to be there again. */
async function isMet(world: World): Promise<void> {
  const over = Date.now() + GONE_MS
  const done = before.get(world) ?? null
  const mayWait = done !== null && world.origin.mode() !== 'silent'
  await until(() => waits(world) || (mayWait ? imports(world) > done : Date.now() > over))
}

/** Nobody listens, errors, a pack that breaks off, silence: one after the other. */
export const gitGone: Fault = {
  name: 'git remote gone',
  notAt: everywhere,
  restarts: false,
  async inject(world) {
    before.set(world, hasImported(world) ? null : imports(world))
    await world.origin.switchTo(MODES[turn++ % MODES.length] as (typeof MODES)[number])
  },
  heal: (world) => isMet(world).finally(() => world.origin.switchTo('there')),
}
