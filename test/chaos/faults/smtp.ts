import { everywhere, type Fault } from '../fault.ts'
import { peek } from '../peek.ts'
import { type MailRule, take } from '../post.ts'
import { until } from '../until.ts'
import type { World } from '../world.ts'

/** A push that the server is just taking has made its run by then. */
const LATEST_MS = 3000

/** How often mails were tried. */
const tries = (world: World) => Number(peek(world, 'SELECT total(tries) FROM mails')[0])

/** Tries when the fault began. */
const before = new WeakMap<World, number>()

const isQuiet = (world: World) =>
  peek(world, `SELECT 1 FROM runs WHERE state IN ('queued', 'running')`).length === 0 &&
  peek(world, `SELECT 1 FROM mails WHERE state = 'pending'`).length === 0

/** Once the fault has met the run's mail, unless that one was out already. @returns whether it has */
async function isMet(world: World): Promise<boolean> {
  const over = Date.now() + LATEST_MS
  const isTried = () => tries(world) > (before.get(world) as number)
  await until(() => isTried() || (Date.now() > over && isQuiet(world)))
  return isTried()
}

async function mend({ post }: World): Promise<void> {
  post.rule = take
  await post.open()
}

const rules: readonly MailRule[] = [() => 'refuse', () => 'deny']
/** Another one at first for each seed. */
let turn = Number(process.env.HONE_CHAOS_SEED) || 0

/** For now, for good, and by not being there: one after the other. */
export const smtpRefusing: Fault = {
  name: 'SMTP refusing, then accepting',
  notAt: everywhere,
  restarts: false,
  async inject(world) {
    before.set(world, tries(world))
    const rule = rules[turn++ % (rules.length + 1)]
    if (rule) world.post.rule = rule
    else await world.post.close()
  },
  heal: (world) => isMet(world).finally(() => mend(world)),
}

export const smtpDropping: Fault = {
  name: 'SMTP dropping after DATA',
  notAt: everywhere,
  restarts: false,
  repeatsMail: true,
  async inject(world) {
    before.set(world, tries(world))
    world.post.rule = () => 'lose'
  },
  heal: (world) => isMet(world).finally(() => mend(world)),
}
