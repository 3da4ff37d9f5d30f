import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { packageRoot } from '../../src/paths.ts'
import { type Ended, trainingTrial } from './training.ts'

const scripts = join(packageRoot, 'test', 'fixtures', 'scripts', 'resume')
export const fixture = (name: string) => readFileSync(join(scripts, name), 'utf8')

/** What a script of test/fixtures/scripts/resume prints: an `epoch` line for each epoch, and a `result` at its end. */
export const resultOf = ({ lines }: Pick<Ended, 'lines'>) =>
  lines.find((line) => line.startsWith('result')) ?? lines.slice(-15).join('\n')
export const epochsOf = ({ lines }: { lines: readonly string[] }, epoch = /^epoch/) =>
  lines.filter((line) => epoch.test(line))

/** Pseudo-random integers of [from, to), the same for the same seed (mulberry32). */
function integers(seed: number) {
  let state = seed
  return (from: number, to: number) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return from + (((t ^ (t >>> 14)) >>> 0) % (to - from))
  }
}

/**
 * Trains a script straight, and once more with the container killed twice in random epochs: its result has to be the
 * same, and no more than one epoch a kill may be trained again.
 * @returns the attempts, the straight one first
 */
export async function expectExact(options: {
  instance: string
  image: string
  script: string
  epochs: number
  seed: number
  /** Where the script lies in the repository; train.py when left out. */
  entry?: string
  /** Other files beside the script. */
  more?: Record<string, string>
  args?: string[]
  signal?: 'SIGKILL' | 'SIGTERM'
  /** The line that a framework prints for each epoch or round. */
  epoch?: RegExp
}): Promise<Ended[]> {
  const { instance, image, script, epochs, seed, signal = 'SIGKILL', epoch = /^epoch/ } = options
  const entry = options.entry ?? 'train.py'
  const files = { [entry]: fixture(script), ...options.more }
  const command = [entry, ...(options.args ?? [])]
  const trained = { instance, image, files, command }
  const between = integers(seed)
  const trial = trainingTrial(trained)
  const kill = (at: number) =>
    trial.attempt({
      signal,
      killAt: (line, lines) => epoch.test(line) && epochsOf({ lines }, epoch).length === at,
    })
  const killedTwice = async () => [
    await kill(between(2, Math.ceil(epochs / 2))),
    await kill(between(2, Math.floor(epochs / 2))),
    await trial.attempt(),
  ]
  // Both at once: most of an attempt is a framework being imported, by one core.
  const [straight, attempts] = await Promise.all([trainingTrial(trained).attempt(), killedTwice()])
  const [, second, third] = attempts as [Ended, Ended, Ended]
  expect(resultOf(straight)).toMatch(/^result/)
  expect(epochsOf(straight, epoch)).toHaveLength(epochs)
  expect(resultOf(third)).toBe(resultOf(straight))
  expect(attempts.map(({ exitCode }) => exitCode)).toEqual(
    signal === 'SIGKILL' ? [137, 137, 0] : [143, 143, 0],
  )
  expect(attempts.flatMap((one) => epochsOf(one, epoch)).length).toBeLessThanOrEqual(epochs + 2)
  for (const { events } of [second, third]) {
    expect(events.filter(({ type }) => type === 'resumed').length).toBeGreaterThan(0)
    expect(events.filter(({ code }) => code === 'checkpoint-refused')).toEqual([])
  }
  return [straight, ...attempts]
}
