import type { NextJob } from '../../src/chain/contract.ts'
import { userError } from '../../src/domain/failure.ts'
import { type Run, runMachine } from '../../src/domain/run.ts'
import { stopByHand } from '../../src/search/stop.ts'
import type { Store } from '../../src/store/store.ts'
import { type NotifyInput, notifyOf } from '../notify.ts'

/**
 * Ends a run's search with the best so far as its result. What is to be done is a job, written in the transaction that
 * takes back all others, so that a server killed after it goes on with the stop. Asked again it does nothing more.
 * @throws HoneError `user`: `run-ended`, `run-ending` when it ends for another reason, `no-best` while no trial has a value
 */
export function stopAtBest(
  store: Store,
  chain: { conclude(runId: number, next: NextJob): void },
  runId: number,
): void {
  store.transaction(() => {
    const run = store.runs.get(runId)
    if (isStopped(store, run)) return
    const stop = stopByHand(store.trials.ofRun(runId), run.settings)
    if (stop === null) {
      throw userError(
        'no-best',
        `No trial of run ${run.number} has a value of ${run.settings.metric} yet, so there is no best to stop at.`,
        'Wait for the first trial to end, or cancel the run.',
      )
    }
    chain.conclude(runId, notifyOf({ conclusion: { ...stop, stopped: true } }))
  })
}

/** Whether it was stopped before. @throws HoneError when it ends, or has ended, in another way */
function isStopped(store: Store, { id, number, state, conclusion }: Run): boolean {
  if (conclusion?.stopped) return true
  if (runMachine.isFinal(state)) {
    throw userError('run-ended', `Run ${number} has ended already: ${state}.`, 'There is nothing to stop.')
  }
  const ending = store.jobs.ofRun(id).find(({ name }) => name === 'notify')
  if (ending === undefined) return false
  const { conclusion: coming } = ending.input as NotifyInput
  if (coming.stopped) return true
  throw userError(
    'run-ending',
    `Run ${number} is ending already: ${coming.reason}.`,
    'Its mail and its page say what it came to.',
  )
}
