import { setTimeout as delay } from 'node:timers/promises'

const LOOK_MS = 50
const LONGEST_MS = 60_000

/** Resolves once it holds. @throws after a minute */
export async function until(holds: () => boolean): Promise<void> {
  for (const over = Date.now() + LONGEST_MS; !holds(); await delay(LOOK_MS)) {
    if (Date.now() > over) throw new Error(`it did not come to: ${holds}`)
  }
}
