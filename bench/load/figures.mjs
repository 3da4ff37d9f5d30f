/** Numbers for the tables, and waiting. */
import { cpus, totalmem } from 'node:os'
import { setTimeout } from 'node:timers/promises'

/** @param share 0.5: the median; the nearest rank */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}

const most = (values) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)

/** `median / p99 / max`, in the unit of the values. */
export const spread = (values, digits = 0) =>
  values.length === 0
    ? 'none'
    : [percentile(values, 0.5), percentile(values, 0.99), most(values)]
        .map((value) => value.toFixed(digits))
        .join(' / ')

export const machine = () =>
  `${cpus().length} cores (${cpus()[0].model}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`

export const needs = (server) =>
  [
    `server memory before / most / growth, MiB   ${server.rssBefore.toFixed(0)} / ${server.rssMost.toFixed(0)} / ${server.rssGrowth.toFixed(0)}`,
    `server heap, most, MiB                      ${server.heapMost.toFixed(0)}`,
    `server processor, of one core               ${(100 * server.cpuShare).toFixed(0)} %`,
    `event-loop delay, ms: median / worst p99 of a second / max   ${server.delayP50.toFixed(1)} / ${server.delayP99Most.toFixed(0)} / ${server.delayMost.toFixed(0)}`,
  ].join('\n')

/** Asks until it is so. @throws after ten minutes */
export async function until(isSo, everyMs = 200) {
  for (const end = Date.now() + 600_000; Date.now() < end; await setTimeout(everyMs)) {
    const answer = await isSo()
    if (answer) return answer
  }
  throw new Error(`never came true: ${isSo}`)
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
