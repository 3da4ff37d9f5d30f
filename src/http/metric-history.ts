import { branchOf } from '../domain/run.ts'
import type { Store } from '../store/store.ts'
import { bestOf } from './best.ts'
import type { MetricHistoryView } from './contract.ts'

/** Runs that are looked at: more points than a chart has room for. */
const NEWEST = 300

/** The best metric of each of the newest runs that have one, the oldest first; of one branch where it is given. */
export function metricHistory(store: Store, projectId: number, ref?: string): MetricHistoryView {
  const valued = store.runs.recent(projectId, NEWEST, ref).flatMap((run) => {
    const { bestTrialId, direction } = run
    const best = bestOf({ bestTrialId, settings: { direction } }, store.trials.results(run.id))
    return best === null ? [] : [{ run, best: best.metric }]
  })
  const [newest] = valued
  const metric = newest?.run.metric ?? null
  const shown = valued.filter(({ run }) => run.metric === metric)
  return {
    metric,
    direction: newest?.run.direction ?? 'maximize',
    points: shown.toReversed().map(({ run, best }) => ({
      run: run.id,
      number: run.number,
      sha: run.sha,
      ref: branchOf(run.ref),
      message: run.message,
      state: run.state,
      best,
      target: run.target,
    })),
    others: valued.length - shown.length,
  }
}
