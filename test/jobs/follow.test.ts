import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { followLog } from '../../jobs/train/follow.ts'
import type { LogLine } from '../../src/containers/executor.ts'
import type { Metric } from '../../src/domain/metric.ts'
import { openLogFile, readTail } from '../../src/store/log-file.ts'

const LINES = 100_000
const LIMIT_BYTES = 64 * 1024

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hone-follow-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** A flood with one result in its midst. */
async function* flood(): AsyncGenerator<LogLine> {
  for (let number = 0; number < LINES; number++) {
    const at = `2026-01-01T00:00:00.${String(number).padStart(9, '0')}Z`
    yield { at, text: number === LINES / 2 ? 'Test accuracy: 0.8765' : `flood ${number} of too many lines` }
  }
}

it('finds the metric in the midst of a flood, in a log that stays within its limit', async () => {
  const path = join(folder, 'attempt-1.log')
  const stored: Metric[] = []
  const told: boolean[] = []
  const context = {
    executor: { logs: flood, inspect: async () => null },
    paths: { attemptLog: () => path },
    run: { id: 1, settings: { metric: 'accuracy', logLimit: LIMIT_BYTES } },
    signal: new AbortController().signal,
    store: {
      transaction: (work: () => unknown) => work(),
      metrics: { insert: (_about: unknown, metric: Metric) => stored.push(metric) },
    },
    progress: () => {},
    openLog: openLogFile,
    monitor: { heard: () => {} },
    logGrown: (_run: number, _attempt: number, _bytes: number, held: boolean) => told.push(held),
  } as unknown as Parameters<typeof followLog>[0]
  const [trial, attempt] = [{ id: 1 }, { id: 1, container: 'c' }] as unknown as [
    Parameters<typeof followLog>[1],
    Parameters<typeof followLog>[2],
  ]
  const log = await followLog(context, trial, attempt, { line: () => {}, metrics: () => {} })
  const found = { name: 'accuracy', split: 'test', value: 0.8765, line: LINES / 2 + 1 }
  expect(log.metrics).toMatchObject([found])
  expect(stored).toMatchObject([found])
  expect([told[0], told.at(-2), told.at(-1)]).toEqual([false, true, false])
  expect(log.tail.length).toBeLessThanOrEqual(400)
  expect((await stat(path)).size).toBeLessThanOrEqual(LIMIT_BYTES)
  expect(await readTail(path, 1)).toEqual([`flood ${LINES - 1} of too many lines`])
})
