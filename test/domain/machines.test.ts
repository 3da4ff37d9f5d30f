import { describe, expect, test } from 'vitest'
import { attemptMachine, signalOf } from '../../src/domain/attempt.ts'
import { jobMachine } from '../../src/domain/job.ts'
import { IllegalTransition, type Machine } from '../../src/domain/machine.ts'
import { branchOf, runMachine } from '../../src/domain/run.ts'
import { trialMachine } from '../../src/domain/trial.ts'

/** Every transition that is legal; all others are not. */
const legal: Record<string, [Machine<string>, string]> = {
  run: [
    runMachine as Machine<string>,
    `queued>running queued>failed queued>cancelled queued>superseded
     running>succeeded running>exhausted running>failed running>cancelled running>superseded`,
  ],
  job: [
    jobMachine as Machine<string>,
    'queued>running queued>cancelled running>done running>failed running>queued running>cancelled',
  ],
  trial: [
    trialMachine as Machine<string>,
    `queued>running queued>failed queued>cancelled
     running>completed running>pruned running>failed running>cancelled pruned>queued`,
  ],
  attempt: [
    attemptMachine as Machine<string>,
    `starting>running starting>failed starting>lost starting>cancelled
     running>succeeded running>stopped running>failed running>lost running>cancelled`,
  ],
}

describe.each(Object.entries(legal))('a %s', (_, [machine, list]) => {
  const allowed = new Set(list.split(/\s+/))
  const pairs = machine.states.flatMap((from) => machine.states.map((to) => [from, to] as const))

  test.each(pairs)('from %s to %s', (from, to) => {
    const may = allowed.has(`${from}>${to}`)
    expect(machine.can(from, to)).toBe(may)
    if (may) expect(() => machine.assert(from, to)).not.toThrow()
    else expect(() => machine.assert(from, to)).toThrow(IllegalTransition)
  })

  test('nothing leaves a final state, and every other one can end', () => {
    for (const state of machine.states) {
      expect(machine.isFinal(state)).toBe(![...allowed].some((pair) => pair.startsWith(`${state}>`)))
      const ends = machine.states.filter((to) => machine.isFinal(to) && machine.can(state, to))
      // What was given up ends with its run.
      expect(ends.length > 0).toBe(!machine.isFinal(state) && state !== 'pruned')
    }
  })
})

test('an illegal transition says which', () => {
  expect(() => runMachine.assert('succeeded', 'running')).toThrow(
    "A run cannot go from 'succeeded' to 'running'",
  )
})

test('signalOf reads the exit code as the shell does', () => {
  expect([137, 143, 139, 134, 255, 1, 0, 128].map(signalOf)).toEqual([
    'SIGKILL',
    'SIGTERM',
    'SIGSEGV',
    'SIGABRT',
    null,
    null,
    null,
    null,
  ])
})

test('branchOf takes the name out of a ref', () => {
  expect(branchOf('refs/heads/feature/x')).toBe('feature/x')
  expect(branchOf('refs/heads/refs/heads/x')).toBe('refs/heads/x')
})
