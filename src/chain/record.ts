import { toFailure } from '../domain/failure.ts'
import type { NewAuditEntry } from '../store/audit.ts'
import type { Store } from '../store/store.ts'

/**
 * Does what is no change of the database alone, with its row of the record: written before, so that a kill on the way does not lose
 * it, and completed with what came of it.
 * A row that cannot be completed stays as it was, and says nothing of the work: what that says counts.
 * @param told what is to stand in the place of the subject afterwards; never a secret
 */
export async function recordAround<T>(
  store: Pick<Store, 'audit'>,
  entry: NewAuditEntry,
  work: () => Promise<T>,
  told: (done: T) => string = () => entry.subject,
): Promise<T> {
  const id = begin(store, entry)
  const settle = (subject: string) => {
    try {
      if (id === null) store.audit.append({ ...entry, subject })
      else store.audit.settle(id, subject)
    } catch (error) {
      process.emitWarning(error as Error)
    }
  }
  let done: T
  try {
    done = await work()
  } catch (error) {
    const { code } = error as { code?: unknown }
    settle(`${entry.subject}: failed (${typeof code === 'string' ? code : toFailure(error).code})`)
    throw error
  }
  settle(told(done))
  return done
}

/** Null: the disk is full, and the deed is what makes room for the row. */
function begin(store: Pick<Store, 'audit'>, entry: NewAuditEntry): number | null {
  try {
    return store.audit.append({ ...entry, subject: `${entry.subject}: asked for` })
  } catch (error) {
    if (entry.action !== 'cleaned up' || toFailure(error).code !== 'disk-full') throw error
    return null
  }
}
