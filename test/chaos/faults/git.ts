import { everywhere, type Fault } from '../fault.ts'
import { peek } from '../peek.ts'
import { until } from '../until.ts'
import type { World } from '../world.ts'
import type { OriginMode } from './git-origin.ts'

const MODES = ['away', 'failing', 'cut', 'silent'] as const satisfies OriginMode[]
/** Longer than the chain waits before it asks again. */
const SILENT_MS = 1500
let turn = 0

/** Whether the newest run's import has been disturbed, or is over. */
const isDisturbed = (world: World) =>
  peek(
    world,
    `SELECT state = 'done' OR json_extract(failure, '$.code') IS 'git-host-unreachable' FROM jobs
     WHERE name = 'git-import' ORDER BY id DESC LIMIT 1`,
  )[0] === 1

export const gitGone: Fault = {
  name: 'git remote gone',
  notAt: everywhere,
  restarts: false,
  async inject(world) {
    const mode = MODES[turn++ % MODES.length] as OriginMode
    await world.origin.switchTo(mode)
  },
  async heal(world) {
    // One that is silent for ever is left by git itself, after a minute.
    const over = Date.now() + SILENT_MS
    try {
      await until(() => isDisturbed(world) || (world.origin.mode() === 'silent' && Date.now() > over))
    } finally {
      await world.origin.switchTo('there')
    }
  },
}
