import { z } from 'zod'
import { RERUN_FROM } from '../../domain/run.ts'

const time = z.number().int().describe('ms since the epoch')
const number = z.number().int()

/** What a run that is alive has left of its budgets. */
export const LeftView = z
  .object({
    /** Trials that may still begin. */
    trials: number,
    /** When its time is over; null before it began. */
    deadline: time.nullable(),
    /** Of `trainingBudget`, ms; null where there is none. */
    trainingMs: z.number().nullable(),
    /** When the trials will have been spent, probably in between; null while nothing is known of that. */
    eta: z
      .object({ earliest: time, latest: time, from: number.describe('trainings that it is based on') })
      .nullable(),
  })
  .meta({ id: 'Left' })
export type LeftView = z.infer<typeof LeftView>

/** The run that one repeats, and the job from which on. */
export const RerunView = z.object({ run: number, number, from: z.enum(RERUN_FROM) }).meta({ id: 'Rerun' })
export type RerunView = z.infer<typeof RerunView>

const Neighbour = z.object({ id: number, number }).nullable()

/** The runs of the same branch. */
export const NeighboursView = z.object({ before: Neighbour, after: Neighbour }).meta({ id: 'Neighbours' })
export type NeighboursView = z.infer<typeof NeighboursView>
