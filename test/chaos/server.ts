import { type ChildProcess, spawn } from 'node:child_process'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { FaultPoint } from '../../src/fault-points.ts'
import { TestServer } from '../helpers/server.ts'

const HOOK = fileURLToPath(new URL('hook.mjs', import.meta.url))

/** A server that stands still at a fault point. */
export interface Held {
  point: FaultPoint
  /** Lets it go on; nothing more when called again, or when the server is dead. */
  go(): void
}

interface Wish {
  point: FaultPoint
  /** How often the point is still passed by before. */
  passes: number
  met(held: Held): void
}

/** A real server whose fault points can be waited for. It stands still at one only while somebody waits for it. */
export class ChaosServer extends TestServer {
  readonly #preloads: readonly string[]
  #wishes: Wish[] = []
  /** How often each point was reached, over all lives of the server. */
  readonly reached = new Map<FaultPoint, number>()

  /** @param preloads modules that are loaded into the server before all else */
  constructor(data: string, environment: Record<string, string>, preloads: readonly string[] = []) {
    super(data, environment)
    this.#preloads = preloads
  }

  /**
   * Resolves when the server stands still at the point for the `occurrence`-th time from now, counted from 1.
   * Who waits has to let it go.
   */
  at(point: FaultPoint, occurrence = 1, signal?: AbortSignal): Promise<Held> {
    return new Promise((met, reject) => {
      const wish = { point, passes: occurrence - 1, met }
      this.#wishes.push(wish)
      signal?.addEventListener('abort', () => {
        this.#wishes = this.#wishes.filter((other) => other !== wish)
        reject(signal.reason)
      })
    })
  }

  protected override spawn(args: string[], env: NodeJS.ProcessEnv): ChildProcess {
    const imports = [HOOK, ...this.#preloads].flatMap((path) => ['--import', path])
    const child = spawn(process.execPath, [...imports, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    const channel = child.stdio[3] as Duplex
    // The server was killed while it stood still.
    channel.on('error', () => {})
    channel.on('data', (chunk: Buffer) => {
      for (const point of chunk.toString().split('\n').filter(Boolean))
        this.#hear(point as FaultPoint, channel)
    })
    return child
  }

  #hear(point: FaultPoint, channel: Duplex): void {
    this.reached.set(point, (this.reached.get(point) ?? 0) + 1)
    let held = true
    const go = () => {
      if (held && !channel.destroyed) channel.write('.')
      held = false
    }
    const wish = this.#wishes.find((one) => one.point === point && one.passes-- === 0)
    if (!wish) {
      go()
      return
    }
    this.#wishes = this.#wishes.filter((other) => other !== wish)
    wish.met({ point, go })
  }
}
