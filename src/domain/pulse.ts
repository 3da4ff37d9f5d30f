/** What a container has used since its start, as its engine counts it. */
export interface Usage {
  /** Of all its processes together, ms. */
  cpuMs: number
  /** Read, written, received and sent. */
  ioBytes: number
}

/** For how long an attempt has shown no sign of life, and what it had used when that was last looked at. */
export interface Pulse {
  silentMs: number
  /** Null before the first look. */
  usage: Usage | null
}

/**
 * Of one processor: less than that is spent by a process that only waits, which wakes up now and then; the slowest of
 * loaders takes more.
 */
const WAITING_SHARE = 0.01
/** A look that comes soon after another one. */
const LEAST_CPU_MS = 50
const LEAST_IO_BYTES = 64 * 1024

/**
 * The pulse after another look. Pure. Time in which nobody looked, such as that of a server that was down, is not silence:
 * it is not known what happened in it.
 * @param heard whether it wrote to its log, or reported something, since the last look
 * @param usage null where the engine does not tell; then it counts as alive, since nothing says otherwise
 * @param elapsedMs since the last look of this process, by a clock that does not jump; 0 for its first
 */
export function pulseAfter(before: Pulse, heard: boolean, usage: Usage | null, elapsedMs: number): Pulse {
  if (heard || usage === null) return { silentMs: 0, usage: usage ?? before.usage }
  if (before.usage === null) return { silentMs: 0, usage }
  const cpuMs = usage.cpuMs - before.usage.cpuMs
  const ioBytes = usage.ioBytes - before.usage.ioBytes
  const isBusy = cpuMs >= Math.max(LEAST_CPU_MS, WAITING_SHARE * elapsedMs) || ioBytes >= LEAST_IO_BYTES
  return { silentMs: isBusy ? 0 : before.silentMs + elapsedMs, usage }
}
