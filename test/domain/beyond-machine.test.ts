import { describe, expect, it } from 'vitest'
import { beyondMachine } from '../../src/domain/beyond-machine.ts'
import { capacityOf } from '../../src/domain/slots.ts'

const GIB = 1024 ** 3
/** Trainings may have 16 GiB of it. */
const machine = capacityOf({ cpus: 4, memoryBytes: 20 * GIB, gpus: ['0'] }, 2)

describe('what a machine cannot give', () => {
  it.each([
    [
      { memory: '900g' },
      [
        'memory is more than the 16 GiB of memory that trainings may have on this engine: a run with it fails',
      ],
    ],
    [
      { cpus: 5 },
      ['cpus is more than the 4 processors that trainings may have on this engine: a run with it fails'],
    ],
    [
      { gpus: 2 },
      ['gpus is more than the 1 graphics card that trainings may have on this engine: a run with it fails'],
    ],
    [
      { parallel: 9 },
      ['parallel has no effect above 2: HONE_PARALLEL lets no more trainings go on at a time'],
    ],
    [{ memory: '16g', cpus: 4, gpus: 1, parallel: 2 }, []],
    [{}, []],
  ])('%j', (settings, expected) => {
    expect(beyondMachine(settings, machine, 2).map(({ field, message }) => `${field} ${message}`)).toEqual(
      expected,
    )
  })

  it('is not known of an engine that is away, but for HONE_PARALLEL', () => {
    const settings = { memory: '900g', parallel: 9 }
    expect(beyondMachine(settings, null, 2).map(({ field }) => field)).toEqual(['parallel'])
  })
})
