/** What is known of a run's trainings; times in ms. */
export interface Pace {
  /** How long each training took that has ended. */
  took: readonly number[]
  /** For how long each training has gone on that is under way. */
  running: readonly number[]
  /** Trainings of the budget that have not begun. */
  waiting: number
  /** Trainings at a time. */
  parallel: number
  now: number
  /** When the run ends in any case, ms since the epoch; null: never. */
  deadline: number | null
  /** Training that it may still do, summed over all that go on at a time; null: no bound. */
  budgetMs: number | null
}

/** When a run's budget is spent, ms since the epoch: probably in between. */
export interface Eta {
  earliest: number
  latest: number
}

/** Of a normal distribution, 80 % lie within so many standard deviations. */
const MOST = 1.28
/** Of the mean; what one training alone says nothing about. */
const UNKNOWN_SPREAD = 0.5
/** Of the mean: what one that takes longer than the others still needs, as nobody knows it. */
const OVERDUE = 0.1

/**
 * When the trainings that are left will have ended, from those that have: the sum of their times with its spread, which is wider
 * the fewer there were. The target may end the run earlier. Pure.
 * @returns null before a training has ended, and when none is left
 */
export function etaOf({ took, running, waiting, parallel, now, deadline, budgetMs }: Pace): Eta | null {
  const left = waiting + running.length
  if (took.length === 0 || left === 0) return null
  const mean = took.reduce((sum, ms) => sum + ms, 0) / took.length
  const rests = running.map((ms) => Math.max(mean - ms, mean * OVERDUE))
  const lanes = Math.max(1, Math.min(parallel, left))
  const work = waiting * mean + rests.reduce((sum, ms) => sum + ms, 0)
  const time = Math.max(work / lanes, ...rests)
  const spread = (MOST * deviation(took, mean) * Math.sqrt(left + left ** 2 / took.length)) / lanes
  const end = Math.min(
    deadline ?? Number.POSITIVE_INFINITY,
    budgetMs === null ? Number.POSITIVE_INFINITY : now + budgetMs / lanes,
  )
  const at = (ms: number) => Math.round(Math.min(now + Math.max(0, ms), Math.max(now, end)))
  return { earliest: at(time - spread), latest: at(time + spread) }
}

/** Of a sample. */
function deviation(values: readonly number[], mean: number): number {
  if (values.length === 1) return mean * UNKNOWN_SPREAD
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}
