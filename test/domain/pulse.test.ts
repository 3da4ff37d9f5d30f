import { describe, expect, it } from 'vitest'
import { type Pulse, pulseAfter } from '../../src/domain/pulse.ts'

const SECOND = 1000
const used = (cpuMs: number, ioBytes = 0) => ({ cpuMs, ioBytes })
const silentFor = (silentMs: number): Pulse => ({ silentMs, usage: used(5000) })

describe('the pulse of a training', () => {
  it.each([
    ['that writes to its log', true, used(5000), 0],
    ['that computes a long epoch', false, used(5000 + 25_000), 0],
    ['that reads a large file', false, used(5000, 10_000_000), 0],
    ['that only waits', false, used(5000), 90 * SECOND],
    ['whose threads wake up now and then', false, used(5000 + 20, 2000), 90 * SECOND],
    ['that the engine tells nothing of', false, null, 0],
  ])('%s', (_, heard, usage, silentMs) => {
    expect(pulseAfter(silentFor(60 * SECOND), heard, usage, 30 * SECOND).silentMs).toBe(silentMs)
  })

  it('is not counted before there is something to compare with', () => {
    expect(pulseAfter({ silentMs: 0, usage: null }, false, used(100), 30 * SECOND)).toEqual({
      silentMs: 0,
      usage: used(100),
    })
  })

  it('goes on after a restart of the server, without the time between', () => {
    expect(pulseAfter(silentFor(60 * SECOND), false, used(5010), 0).silentMs).toBe(60 * SECOND)
    expect(pulseAfter(silentFor(60 * SECOND), false, used(9000), 0).silentMs).toBe(0)
  })
})
