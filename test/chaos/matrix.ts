import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAULT_POINTS, type FaultPoint } from '../../src/fault-points.ts'
import { type Calm, type Cell, calmRuns, disturb } from './cell.ts'
import type { Fault } from './fault.ts'
import { chanceOf } from './random.ts'
import { makeWorld, type World } from './world.ts'

export const SEED = process.env.HONE_CHAOS_SEED ?? '1'
const ROUNDS = Number(process.env.HONE_CHAOS_ROUNDS ?? '1')
/** Moments that are tried for a fault that hit nothing. */
const MORE_TRIES = 5
/** A run that is stuck is told by the cell itself, long before. */
const TEST_MS = 900_000
const RESULTS = process.env.HONE_CHAOS_RESULTS

function record(fault: Fault, phase: FaultPoint, cell: Partial<Cell> & { notAt?: string }): void {
  if (!RESULTS) return
  mkdirSync(RESULTS, { recursive: true })
  appendFileSync(join(RESULTS, 'cells.jsonl'), `${JSON.stringify({ fault: fault.name, phase, ...cell })}\n`)
}

/** How often a cell is tried: a weight that is no whole number is rounded by chance, which the seed decides. */
function timesOf({ name, weight = 1 }: Fault, phase: FaultPoint): number {
  return Math.floor(ROUNDS * weight + chanceOf(`${SEED} ${name} ${phase}`).next())
}

async function cellTest(world: World, fault: Fault, phase: FaultPoint, calm: Calm, round: number) {
  const chance = chanceOf(`${SEED} ${fault.name}, ${phase}, ${round}`)
  let cell = await disturb(world, fault, phase, calm, chance)
  for (let more = 0; cell.missed && cell.lost.length === 0 && more < MORE_TRIES; more++)
    cell = await disturb(world, fault, phase, calm, chance)
  if (cell.missed && cell.lost.length === 0) cell.lost.push('the fault hit nothing')
  record(fault, phase, cell)
  expect(cell.lost, `${cell.what}\n${world.server.output.slice(-2000)}`).toEqual([])
}

/** All cells of one fault as tests, one after the other in one world. */
export function matrix(fault: Fault): void {
  describe(fault.name, () => {
    let world: World
    let calm: Calm
    beforeAll(async () => {
      try {
        world = await makeWorld(fault)
        calm = await calmRuns(world, true)
      } catch (error) {
        // The table would else say nothing of cells that were never tried.
        for (const phase of FAULT_POINTS.filter((one) => fault.notAt(one) === null))
          record(fault, phase, { what: 'its world did not begin', lost: [String(error)] })
        throw error
      }
    })
    afterAll(() => world?.dispose())

    for (const phase of FAULT_POINTS) {
      const notAt = fault.notAt(phase)
      if (notAt !== null) {
        record(fault, phase, { notAt })
        continue
      }
      const times = Math.max(1, timesOf(fault, phase))
      for (let round = 1; round <= times; round++)
        it(
          `at ${phase}${times > 1 ? `, ${round} of ${times}` : ''}`,
          () => cellTest(world, fault, phase, calm, round),
          TEST_MS,
        )
    }
  })
}

/** An engine of the test's own, and signals to its containers' processes. */
const isRoot = process.getuid?.() === 0

/** Some cells of several faults, all in one world: that of the first of them. Each is skipped, and counted, without root. */
export function sample(name: string, first: Fault, cells: readonly [Fault, FaultPoint][]): void {
  describe.skipIf(!isRoot)(name, () => {
    let world: World
    let calm: Calm
    beforeAll(async () => {
      world = await makeWorld(first)
      calm = await calmRuns(world, false)
    })
    afterAll(() => world?.dispose())

    for (const [fault, phase] of cells)
      it(`${fault.name} at ${phase}`, () => cellTest(world, fault, phase, calm, 1), TEST_MS)
  })
}
