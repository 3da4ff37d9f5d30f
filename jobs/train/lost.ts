import { LABEL } from '../../src/containers/executor.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import type { AttemptEnd } from '../../src/domain/attempt-end.ts'
import { epochsSaved } from '../../src/domain/attempt-report.ts'
import { sinceAnew } from '../../src/domain/progress.ts'
import type { JobContext } from '../context.ts'
import type { AttemptResult } from './attempt.ts'
import { checkpointsOf } from './container.ts'
import type { FollowedEvents } from './events.ts'
import type { FollowedLog } from './follow.ts'

/** What the attempts told that this one's checkpoints are from, oldest first. */
export const earlierReports = ({ store }: JobContext, { trialId, number }: Attempt) =>
  sinceAnew(store.attempts.ofTrial(trialId).filter((other) => other.number < number)).map(
    ({ report }) => report,
  )

/**
 * The end of an attempt whose container the engine does not know any more.
 * @param heard what was followed of it until it was gone
 */
export async function lost(
  context: JobContext,
  attempt: Attempt,
  heard?: { log: FollowedLog; events: FollowedEvents },
): Promise<AttemptResult> {
  const { log, events } = heard ?? {}
  // Without a Python in it nothing could be read any more.
  const report = events?.report.python ? events.report : attempt.report
  const gone = await whatIsGone(context, attempt)
  return {
    status: null,
    end: {
      exitCode: null,
      outOfMemory: false,
      timedOut: null,
      silent: false,
      exception: null,
      logTail: log?.tail ?? [],
      linesLost: 0,
      report,
      shm: { bytes: 0, most: 0 },
      epochsSaved: gone.checkpoints ? null : epochsSaved([...earlierReports(context, attempt), report]),
      gone,
    },
    metrics: [...(log?.metrics ?? []), ...(events?.metrics ?? [])],
    unstored: [],
    halt: null,
    report,
    trainedMs: null,
  }
}

async function whatIsGone(
  { executor, store, instance }: JobContext,
  { id, trialId }: Attempt,
): Promise<NonNullable<AttemptEnd['gone']>> {
  const volumes = await executor.listVolumes({ [LABEL.instance]: instance })
  return {
    checkpoints: !volumes.includes(checkpointsOf(instance, trialId)),
    sinceBackup: store.restored.has(id),
  }
}
