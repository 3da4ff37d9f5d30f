import { type Capacity, slotFor } from '../../../domain/slots.ts'
import type { Store } from '../../../store/store.ts'
import type { SlotsView } from '../../contract.ts'
import { runName, waitOfRun } from '../../views.ts'

const NOTHING = { memoryBytes: null, cpus: undefined, gpus: 0 }

/** What there is for trainings, which of them hold it, and who waits. @param capacity null: the engine is away */
export function slotsView(store: Store, capacity: Capacity | null): SlotsView {
  const share = capacity === null ? null : slotFor(NOTHING, capacity)
  return {
    capacity,
    held: store.attempts.open().map((attempt) => {
      const run = store.runs.get(store.attempts.runOf(attempt.trialId))
      // One that was made by an earlier Hone says nothing of its slot, and counts as an even share.
      const { memoryBytes, cpus, gpus } = attempt.slot ?? share ?? { memoryBytes: 0, cpus: 0, gpus: 0 }
      return {
        ...{ memoryBytes, cpus, gpus },
        ...{ runId: run.id, run: runName(store, run) },
        ...{ trial: store.trials.byId(attempt.trialId)?.number ?? 0, attempt: attempt.number },
        ...{ state: attempt.state, since: attempt.startedAt },
      }
    }),
    waiting: store.runs.alive().flatMap((run) => {
      const wait = waitOfRun(store, run)
      if (wait === null) return []
      return [{ runId: run.id, run: runName(store, run), for: wait.for, text: wait.text, since: wait.since }]
    }),
  }
}
