import type { Request } from 'express'
import type { Store } from '../store/store.ts'

/** Between two writes: who guesses tokens must not keep the disk busy. */
const WRITE_EVERY_MS = 1000
/** Addresses that are counted between two writes. */
const MOST_ADDRESSES = 100

/** An IPv4 address as such, also where the server listens on IPv6. */
export const addressOf = (request: Request): string | null => request.ip?.replace(/^::ffff:/, '') ?? null

/** Counts the sign-ins that were refused, and writes them into the record once in a while. */
export class Refusals {
  readonly #store: Store
  #pending = new Map<string, { subject: string; count: number }>()
  #writtenAt = Number.NEGATIVE_INFINITY

  constructor(store: Store) {
    this.#store = store
  }

  /** @param subject what was refused, in words: never the token itself */
  note(request: Request, subject: string): void {
    const address = addressOf(request) ?? 'unknown'
    const known = this.#pending.get(address)
    if (known) known.count++
    else if (this.#pending.size < MOST_ADDRESSES) this.#pending.set(address, { subject, count: 1 })
    const since = this.#store.now() - this.#writtenAt
    if (since < 0 || since >= WRITE_EVERY_MS) this.flush()
  }

  /** Writes what has been counted; for who reads the record, too. */
  flush(): void {
    if (this.#pending.size === 0) return
    const pending = this.#pending
    this.#pending = new Map()
    this.#writtenAt = this.#store.now()
    this.#store.transaction(() => {
      for (const [address, { subject, count }] of pending) this.#store.audit.refused(address, subject, count)
    })
  }
}
