import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Vitest itself leaves one core free, which on a machine of two is half of it. */
const cores = availableParallelism()

/** What is waited for may take long on a busy machine: a test that fails after a second would measure the machine. */
const patient = { poll: { timeout: 15_000 } }

const chaos = {
  test: {
    name: 'chaos',
    expect: patient,
    include: ['test/chaos/**/*.chaos.ts'],
    testTimeout: 240_000,
    hookTimeout: 600_000,
    maxWorkers: Number(process.env.HONE_CHAOS_WORLDS ?? 3),
    sequence: { groupOrder: 4 },
  },
}

const bench = {
  test: {
    name: 'bench',
    include: ['bench/**/*.bench.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
  },
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          expect: patient,
          include: ['test/**/*.test.ts'],
          exclude: ['test/docker/**', 'test/browser/**'],
          testTimeout: 20_000,
          maxWorkers: cores,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'docker',
          expect: patient,
          include: ['test/docker/**/*.test.ts'],
          exclude: ['test/docker/resume/**'],
          testTimeout: 300_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          // Each training keeps one core busy, and they know nothing of each other.
          name: 'resume',
          expect: patient,
          include: ['test/docker/resume/**/*.test.ts'],
          testTimeout: 300_000,
          maxWorkers: Math.min(2, cores),
          sequence: { groupOrder: 2 },
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'browser',
          expect: patient,
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 180_000,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
          hookTimeout: 300_000,
        },
      },
      // Not part of `npm test`: `npm run chaos` names it.
      ...(process.env.HONE_CHAOS_SEED ? [chaos] : []),
      // Neither: `npm run bench:web` does.
      ...(process.env.HONE_BENCH ? [bench] : []),
    ],
  },
})
