import { isIPv6 } from 'node:net'
import type { Request } from 'express'
import type { Store } from '../store/store.ts'

/** Between two writes: who guesses tokens must not keep the disk busy. */
const WRITE_EVERY_MS = 1000
/** Addresses that are counted between two writes. */
const MOST_ADDRESSES = 100

/** An IPv4 address as such, also where the server listens on IPv6. */
export const addressOf = (request: Request): string | null => request.ip?.replace(/^::ffff:/, '') ?? null

/**
 * What one party's addresses have in common: an IPv4 address itself, of an IPv6 address its network, as anybody has 2^64 of them in one.
 * Pure.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const groups = hexadecimal(address).split('::')
  const [first = [], last = []] = groups.map((part) => part.split(':').filter(Boolean))
  const zeros = Array.from({ length: groups.length === 1 ? 0 : 8 - first.length - last.length }, () => '0')
  const network = [...first, ...zeros, ...last].slice(0, 4).join(':')
  return `${hexadecimal(`${network}::`)}/64`
}

/** As RFC 5952 writes it, without a zone, and without an IPv4 part. */
const hexadecimal = (address: string): string =>
  new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)

/** Counts the sign-ins that were refused, and writes them into the record once in a while. */
export class Refusals {
  readonly #store: Store
  #pending = new Map<string, { subject: string; count: number }>()
  #writtenAt = Number.NEGATIVE_INFINITY
  readonly #tell: (line: string) => void

  /** @param tell gets a line for the server's log with each write: one, of however many addresses */
  constructor(store: Store, tell: (line: string) => void = () => {}) {
    this.#store = store
    this.#tell = tell
  }

  /** @param subject what was refused, in words: never the token itself */
  note(request: Request, subject: string): void {
    const address = networkOf(addressOf(request) ?? 'unknown')
    const known = this.#pending.get(address)
    if (known) known.count++
    else if (this.#pending.size < MOST_ADDRESSES) this.#pending.set(address, { subject, count: 1 })
    const since = this.#store.now() - this.#writtenAt
    if (since < 0 || since >= WRITE_EVERY_MS) this.flush()
  }

  /** Writes what has been counted; for who reads the record, too. */
  flush(): void {
    const pending = this.#pending
    if (pending.size === 0) return
    this.#pending = new Map()
    this.#writtenAt = this.#store.now()
    this.#store.transaction(() => {
      for (const [address, { subject, count }] of pending) this.#store.audit.refused(address, subject, count)
    })
    const [first] = pending
    if (first === undefined) return
    const [address, { subject, count }] = first
    const others = pending.size > 1 ? `, and ${pending.size - 1} other addresses` : ''
    this.#tell(`refused: ${subject}, from ${address}${count > 1 ? `, ${count} times` : ''}${others}`)
  }
}
