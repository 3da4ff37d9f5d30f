import { afterEach, describe, expect, it } from 'vitest'
import { FAULT_POINTS, type FaultPoint, reached } from '../src/fault-points.ts'

const listeners = globalThis as Record<symbol, unknown>
const LISTENER = Symbol.for('hone.fault-points')

afterEach(() => {
  delete listeners[LISTENER]
})

describe('fault points', () => {
  it('do nothing without a listener', () => {
    for (const point of FAULT_POINTS) expect(reached(point)).toBeUndefined()
  })

  it('tell the listener that a test has put in their place, at once', () => {
    const heard: FaultPoint[] = []
    listeners[LISTENER] = (point: FaultPoint) => heard.push(point)
    reached('settle')
    expect(heard).toEqual(['settle'])
  })
})
