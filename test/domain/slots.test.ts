import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HoneError } from '../../src/domain/failure.ts'
import {
  capacityOf,
  type Holding,
  PATIENCE_MS,
  refusal,
  type Slot,
  slotFor,
  type Waiting,
} from '../../src/domain/slots.ts'

const GIB = 1024 ** 3
const capacity = capacityOf({ cpus: 4, memoryBytes: 10 * GIB, gpus: ['0', '1'] }, 4)
const slot = (memory: number, cpus = 1, gpus = 0): Slot => ({ memoryBytes: memory * GIB, cpus, gpus })
const held = (run: string, ...of: Parameters<typeof slot>): Holding => ({ run, slot: slot(...of) })
const NOW = 1_700_000_000_000
const times = { now: NOW, own: NOW }

const failureOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof HoneError) return error.failure
  }
  throw new Error('nothing was thrown')
}
const answer = (wanted: Slot, holding: Holding[], waiting: Waiting[] = [], when = times) =>
  refusal(wanted, capacity, holding, waiting, when)?.failure ?? null

describe('what a training asks for', () => {
  it('is its even share of four fifths of the memory and all processors', () => {
    expect(slotFor({ memoryBytes: null, cpus: undefined, gpus: 0 }, capacity)).toEqual(slot(2))
  })

  it('is what is set, also more than its share', () => {
    expect(slotFor({ memoryBytes: 8 * GIB, cpus: 4, gpus: 2 }, capacity)).toEqual(slot(8, 4, 2))
  })

  it.each([
    [
      'memory',
      { memoryBytes: 9 * GIB, cpus: 1, gpus: 0 },
      'ask for 9 GiB of memory for one training, but trainings may have 8 GiB',
    ],
    [
      'cpus',
      { memoryBytes: GIB, cpus: 4.5, gpus: 0 },
      'ask for 4.5 processors for one training, but trainings may have 4 processors',
    ],
    [
      'gpus',
      { memoryBytes: GIB, cpus: 1, gpus: 3 },
      'ask for 3 graphics cards for one training, but trainings may have 2 graphics',
    ],
  ])('fails where the machine never has as much %s', (setting, wanted, message) => {
    const failure = failureOf(() => slotFor(wanted, capacity))
    expect(failure).toMatchObject({ kind: 'user', code: 'slot-too-large' })
    expect(failure.message).toContain(message)
    expect(failure.remedy).toContain(`Lower \`${setting}\``)
  })
})

describe('a slot', () => {
  it('is given while there is room, to so many even shares as train side by side', () => {
    const share = slotFor({ memoryBytes: null, cpus: undefined, gpus: 0 }, capacity)
    const three = ['a', 'b', 'c'].map((run) => ({ run, slot: share }))
    expect(answer(share, three)).toBeNull()
    expect(answer(share, [...three, { run: 'd', slot: share }])).toMatchObject({ code: 'slots-busy' })
  })

  it.each([
    [
      'memory',
      slot(4),
      [held('digits #12', 3), held('plants #13', 2)],
      'waits for memory: 5 of 8 GiB are held by digits #12 and plants #13, and it wants 4 GiB of memory.',
    ],
    [
      'processors',
      slot(1, 2),
      [held('digits #12', 1, 3)],
      'waits for processors: 3 of 4 are held by digits #12, and it wants 2 processors.',
    ],
    [
      'graphics cards',
      slot(1, 1, 1),
      [held('a #1', 1, 1, 2), held('b #2', 1, 1)],
      'waits for graphics cards: 2 of 2 are held by a #1, and it wants 1 graphics card.',
    ],
  ])('is waited for while others hold the %s, and it says who', (_, wanted, holding, message) => {
    expect(answer(wanted, holding)).toMatchObject({
      kind: 'unavailable',
      code: 'slots-busy',
      message: `The training ${message}`,
    })
  })

  it('counts a run that trains twice once in the words', () => {
    expect(answer(slot(8), [held('a #1', 1), held('a #1', 1)])?.message).toContain(
      '2 of 8 GiB are held by a #1,',
    )
  })

  it('holds for thirds of a processor, which do not add up exactly', () => {
    const thirds = capacityOf({ cpus: 1, memoryBytes: GIB, gpus: [] }, 3)
    const share = slotFor({ memoryBytes: null, cpus: undefined, gpus: 0 }, thirds)
    const two = ['a', 'b'].map((run) => ({ run, slot: share }))
    expect(refusal(share, thirds, two, [], times)).toBeNull()
  })
})

describe('one that waits for a large slot', () => {
  const large = (waitedMs: number): Waiting => ({ ...held('large #1', 8), since: NOW - waitedMs })
  const holding = [held('a #1', 2)]

  it('is overtaken by what fits beside the others, for a while', () => {
    expect(answer(slot(2), holding, [large(PATIENCE_MS - 1)])).toBeNull()
  })

  it('is not overtaken any more once it has waited long', () => {
    expect(answer(slot(2), holding, [large(PATIENCE_MS)])).toMatchObject({
      ...{ code: 'slots-busy', message: expect.stringContaining('waits behind large #1') },
    })
  })

  it('does not stand behind one that came later', () => {
    const own = NOW - 2 * PATIENCE_MS
    expect(answer(slot(2), holding, [large(PATIENCE_MS)], { now: NOW, own })).toBeNull()
  })

  it('lets those pass that leave it its room', () => {
    const smaller = { ...held('large #1', 4), since: NOW - PATIENCE_MS }
    expect(answer(slot(2), holding, [smaller])).toBeNull()
  })
})

it('never gives more than there is, and everyone who waits gets a slot in the end', () => {
  const wish = fc.record({
    memoryBytes: fc.integer({ min: 1, max: 8 }),
    cpus: fc.integer({ min: 1, max: 4 }),
    gpus: fc.integer({ min: 0, max: 2 }),
  })
  const property = fc.property(fc.array(wish, { minLength: 1, maxLength: 12 }), (wishes) => {
    const queue: Waiting[] = wishes.map((wanted, index) => ({
      ...{ run: `r${index}`, since: index, slot: { ...wanted, memoryBytes: wanted.memoryBytes * GIB } },
    }))
    const holding: Holding[] = []
    for (let now = PATIENCE_MS; queue.length > 0; now += PATIENCE_MS) {
      // The newest asks first: the worst order for the oldest.
      for (const one of queue.toReversed()) {
        const others = queue.filter((other) => other !== one)
        if (refusal(one.slot, capacity, holding, others, { now: now + queue.length, own: one.since }))
          continue
        holding.push(...queue.splice(queue.indexOf(one), 1))
      }
      for (const kind of ['memoryBytes', 'cpus', 'gpus'] as const)
        expect(holding.reduce((sum, { slot }) => sum + slot[kind], 0)).toBeLessThanOrEqual(capacity[kind])
      expect(holding.length).toBeGreaterThan(0)
      holding.shift()
    }
  })
  fc.assert(property, { seed: 7, numRuns: 200 })
})
