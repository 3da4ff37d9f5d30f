import type { FaultPoint } from '../../../src/fault-points.ts'
import type { Fault } from '../fault.ts'

/** Where two trainings of a run are under way, or the end of one is written beside the other. */
const TOGETHER: ReadonlySet<FaultPoint> = new Set([
  'container-create',
  'mid-epoch',
  'checkpoint',
  'exit',
  'tweak-commit',
  'settle',
])

/**
 * The same fault for runs with two trainings at a time. What the quasi-random sampler proposes depends on how many trials there are, not on
 * which of them ended first, so that such a run can be compared with an undisturbed one as well.
 */
export const withTwoTrainings = (fault: Fault): Fault => ({
  ...fault,
  name: `${fault.name}, two trainings`,
  notAt: (phase) => (TOGETHER.has(phase) ? fault.notAt(phase) : 'as with one training at a time'),
  async prepare(setup) {
    const undo = (await fault.prepare?.(setup)) ?? (async () => {})
    setup.env.HONE_PARALLEL = '2'
    setup.settings = { parallel: 2, trials: 3, sampler: 'quasi-random' }
    return undo
  },
})
