import type { Origin } from '../flow/flow.ts'
import { isHeldOut, protectedArgument, protectedName } from '../knowledge/protected.ts'
import { nameAt } from './held-out.ts'
import { isAfterTraining, isSearched } from './own-search.ts'
import type { Use } from './uses.ts'

/** How a loader goes through its data. */
const READING = /batch|shuffle|repeat|buffer|epochs|drop|workers|#/

const HELD_OUT = 'how the held-out data is read, which changes no result'

/** Why a value must not change; null when nothing speaks against it. */
export function protectionOf(origin: Origin, uses: readonly Use[]): string | null {
  const { literal } = origin
  if (literal.kind === 'constant' && literal.value === null) return null
  const veto = uses.find((use) => use.veto !== null)?.veto
  if (veto) return veto
  const judged = uses.flatMap(({ callee, name }) =>
    callee === null ? [] : { name, reason: protectedArgument(callee, name) },
  )
  const free = judged.some(({ reason }) => reason === null)
  for (const { name, reason } of judged) {
    // One batch size for training and evaluation is the training's.
    if (reason !== null && !(free && /batch/i.test(name))) return reason
  }
  for (const name of [...origin.names, ...uses.map((use) => use.name)]) {
    const reason = protectedName(name)
    if (reason) return reason
  }
  if (uses.every(({ name }) => READING.test(name)) && isHeldOut(nameOfPlace(origin))) return HELD_OUT
  const known = uses.filter((use) => use.callee !== null)
  if (known.length === 0) return null
  const all = (says: (callee: string, use: Use) => boolean) =>
    known.every((use) => says(use.callee ?? '', use))
  if (
    all((callee, { name, subject }) => READING.test(name) && isHeldOut(subject) && !/\.fit$/.test(callee))
  ) {
    return HELD_OUT
  }
  if (all(isAfterTraining)) return 'how the trained model is used'
  if (all(isSearched)) return 'the script searches it by itself'
  return all((_, use) => use.vain !== null) ? (known[0]?.vain ?? null) : null
}

const nameOfPlace = ({ scope, literal }: Origin) => (scope ? nameAt(scope.module, literal.start) : '')
