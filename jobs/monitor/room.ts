import { DISK_PARTS, type Disks, lowDisks } from '../../src/domain/disk.ts'
import type { HoneError } from '../../src/domain/failure.ts'
import type { Health } from '../../src/domain/health.ts'

/** Whether the disks have room for another training. */
export class Room {
  readonly #health: Health
  readonly #disks: () => Promise<Disks>
  #none: HoneError | null = null

  constructor(health: Health, disks: () => Promise<Disks>) {
    this.#health = health
    this.#disks = disks
  }

  /** @throws HoneError `disk-low`, `unavailable`, while a disk has too little of it */
  require(): void {
    if (this.#none) throw this.#none
  }

  /** @returns whether there is room again after there was none */
  async look(): Promise<boolean> {
    const disks = await this.#disks().catch(() => ({ data: null, engine: null }))
    this.#health.know('disks', disks)
    const low = lowDisks(disks)
    for (const part of DISK_PARTS) {
      const found = low.find((one) => one.part === part)?.error.failure
      if (found) this.#health.report(part, found.message, found.remedy)
      else this.#health.clear(part)
    }
    const hadNone = this.#none !== null
    this.#none = low[0]?.error ?? null
    return hadNone && this.#none === null
  }
}
