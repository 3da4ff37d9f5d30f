import type { Running } from '../../src/chain/contract.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import { unavailableUntil } from '../../src/domain/failure.ts'
import { isEmpty, NO_SLOT, type Slot } from '../../src/domain/slots.ts'
import { BACKING_OFF } from '../../src/domain/waiting.ts'
import type { JobContext } from '../context.ts'
import { askForSlots, takeSlot } from './slots.ts'

/** A restart that waits for longer leaves its slot and its worker to others meanwhile. */
const HELD_MS = 3_000

/** What an attempt holds from the crash of the one before it to its own start. Pure. */
export const slotDuring = (delayMs: number, slot: Slot | null): Slot | null =>
  delayMs > HELD_MS ? NO_SLOT : slot

const isWaiting = ({ state, slot }: Attempt) => state === 'starting' && slot !== null && isEmpty(slot)

/** @throws HoneError `unavailable`, `backing-off`, while a restart that holds no slot has to wait */
export function requireTurn({ now }: JobContext, attempt: Attempt | undefined): void {
  if (!attempt || !isWaiting(attempt) || attempt.notBefore === null || attempt.notBefore <= now()) return
  throw unavailableUntil(
    attempt.notBefore,
    BACKING_OFF,
    'The training crashed, and waits before it is started again.',
    'Others may train meanwhile; look at its log for why it crashes.',
  )
}

/** The attempt with a slot again, when it held none while it waited. @throws HoneError `unavailable`, `slots-busy` */
export async function withSlot(context: JobContext & Running, attempt: Attempt): Promise<Attempt> {
  if (!isWaiting(attempt)) return attempt
  const { store, signal } = context
  const engine = await askForSlots(context)
  signal.throwIfAborted()
  return store.transaction(() => store.attempts.hold(attempt.id, takeSlot(context, engine)))
}
