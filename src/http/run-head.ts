import { z } from 'zod'
import { type Attempt, attemptMachine } from '../domain/attempt.ts'
import { etaOf } from '../domain/eta.ts'
import { type Job, jobMachine } from '../domain/job.ts'
import { type Run, runMachine } from '../domain/run.ts'
import { SPENT_STATES, type Trial } from '../domain/trial.ts'
import type { Store } from '../store/store.ts'
import type { LeftView, RerunView } from './contract.ts'

interface Parts {
  trials: readonly Trial[]
  attempts: readonly Attempt[]
  jobs: readonly Job[]
}

/**
 * What a run has left of its budgets, and when they are spent; null once it ends.
 * @param most trainings at a time, of all runs together
 */
export function leftOf(run: Run, parts: Parts, now: number, most: number): LeftView | null {
  const isEnding = parts.jobs.some(({ name, state }) => name === 'notify' && !jobMachine.isFinal(state))
  if (runMachine.isFinal(run.state) || isEnding) return null
  const { trials: budget, trainingBudget } = run.settings
  const parallel = Math.min(run.settings.parallel, most)
  const own = parts.trials.filter(({ repeats }) => repeats === null)
  const queued = parts.trials.filter(({ state }) => state === 'queued').length
  const trials = Math.max(0, budget - own.length)
  const times = parts.trials.map((trial) => ({ state: trial.state, ms: timeOf(trial, parts.attempts, now) }))
  const took = times.filter(({ state }) => SPENT_STATES.has(state)).map(({ ms }) => ms)
  const running = times.filter(({ state }) => state === 'running').map(({ ms }) => ms)
  const spent = times.reduce((sum, { ms }) => sum + ms, 0)
  const trainingMs = trainingBudget === undefined ? null : Math.max(0, trainingBudget * 60_000 - spent)
  const bounds = { parallel, now, deadline: run.deadline, budgetMs: trainingMs }
  const eta = etaOf({ took, running, waiting: trials + queued, ...bounds })
  return {
    trials,
    deadline: run.deadline,
    trainingMs,
    eta: eta && { ...eta, from: took.length },
  }
}

/** Of all its attempts, ms. */
const timeOf = ({ id }: Trial, attempts: readonly Attempt[], now: number) =>
  attempts
    .filter(({ trialId }) => trialId === id)
    .reduce((sum, { startedAt, endedAt, state }) => {
      const end = endedAt ?? (attemptMachine.isFinal(state) ? startedAt : now)
      return sum + (startedAt === null ? 0 : (end ?? 0) - startedAt)
    }, 0)

/** The run that it repeats. */
export function rerunView(store: Store, { rerun }: Run): RerunView | null {
  return rerun && { ...rerun, number: store.runs.get(rerun.run).number }
}

/** What a train job is given, and a tweak job answers. */
const WithTrial = z.object({ number: z.number() })

/** Number of the trial that a job trains, or that it proposed; null for any other. Pure. */
export function trialOf({ name, input, output }: Pick<Job, 'name' | 'input' | 'output'>): number | null {
  if (name !== 'train' && name !== 'tweak') return null
  return WithTrial.safeParse(name === 'train' ? input : output).data?.number ?? null
}
