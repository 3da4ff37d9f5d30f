import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ClockSetter, clockSetter } from './clock-setter.ts'

let clock: ClockSetter
beforeEach(async () => {
  clock = await clockSetter()
})
afterEach(() => clock.dispose())

/** Prints a clock for each line it is given. */
const SCRIPT = `process.stdin.on('data', () => console.log(JSON.stringify(
  [Date.now(), new Date().getTime(), performance.now(), new Date(5).getTime(), new Date() instanceof Date])))`

test('sets the wall clock of a process that runs, and no other', async () => {
  const child = spawn(process.execPath, ['--import', clock.preload, '-e', SCRIPT], {
    env: { ...process.env, ...clock.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const lines = createInterface({ input: child.stdout })
    const ask = async () => {
      child.stdin.write('.')
      const [line] = await once(lines, 'line')
      return JSON.parse(line)
    }
    const HOUR = 3_600_000
    const elapsed: number[] = []
    for (const offset of [0, 3 * HOUR, -5 * HOUR, 0]) {
      await clock.set(offset)
      const [now, made, performance, given, isDate] = await ask()
      expect(Math.abs(now - Date.now() - offset)).toBeLessThan(60_000)
      expect(Math.abs(made - now)).toBeLessThan(60_000)
      expect([given, isDate]).toEqual([5, true])
      elapsed.push(performance)
    }
    expect(elapsed).toEqual(elapsed.toSorted((a, b) => a - b))
    expect(elapsed.at(-1)).toBeLessThan(60_000)
  } finally {
    child.kill()
  }
})
