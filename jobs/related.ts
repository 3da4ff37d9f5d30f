import type { Run } from '../src/domain/run.ts'
import type { RelatedStudy } from '../src/search/sampler.ts'
import type { Store } from '../src/store/store.ts'
import { studyOf } from './study.ts'

/** Earlier searches that are looked at, and those of them that count. */
const LOOKED_AT = 20
const RELATED = 3
/** Fewer completed trials tell nothing about a space. */
const LEAST_TRIALS = 2

/**
 * Earlier runs of the project that aimed at the same metric, those of the same branch first, then the newest; with what
 * they found.
 */
export function relatedRuns(store: Store, run: Run): { run: Run; study: RelatedStudy }[] {
  const { metric, direction } = run.settings
  return store.runs
    .list({ projectId: run.projectId, before: run.id, limit: LOOKED_AT })
    .filter(
      (other) =>
        other.detection !== null &&
        other.settings.metric === metric &&
        other.settings.direction === direction &&
        store.trials.ofRun(other.id).filter(({ state }) => state === 'completed').length >= LEAST_TRIALS,
    )
    .sort((a, b) => Number(b.ref === run.ref) - Number(a.ref === run.ref) || b.id - a.id)
    .slice(0, RELATED)
    .map((other) => {
      const { space, trials } = studyOf(store, other).study
      return {
        run: other,
        study: { space, trials: trials.filter(({ state }) => state === 'completed' || state === 'failed') },
      }
    })
}
