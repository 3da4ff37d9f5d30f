import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { jobMachine } from '../domain/job.ts'
import { runMachine } from '../domain/run.ts'
import type { HttpDeps } from './deps.ts'
import type { Streams } from './streams.ts'

/** What Prometheus reads at `/metrics`; counted when it asks. */
export function metricsRegistry({ store, health }: HttpDeps, streams: Streams): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const byState = (
    name: string,
    help: string,
    states: readonly string[],
    count: () => Record<string, number>,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: ['state'],
      registers: [registry],
      collect() {
        const counts = count()
        for (const state of states) this.set({ state }, counts[state] ?? 0)
      },
    })
  const single = (name: string, help: string, count: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(count())
      },
    })
  byState('hone_runs', 'Runs by state', runMachine.states, () => store.runs.countByState())
  byState('hone_jobs', 'Jobs by state', jobMachine.states, () => store.jobs.countByState())
  single('hone_mails_pending', 'Mails that wait to be sent', () => store.mails.pendingCount())
  single('hone_problems', 'Problems of the surroundings right now', () => health.problems().length)
  single('hone_streams', 'Open live streams', () => streams.count)
  return registry
}
