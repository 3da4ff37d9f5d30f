import { userError } from '../domain/failure.ts'
import type { Project } from '../domain/project.ts'
import { type RerunFrom, type Run, runMachine, type Trigger } from '../domain/run.ts'
import type { Settings } from '../domain/settings.ts'
import type { Store } from '../store/store.ts'
import { type IntakeChain, requireQueueRoom, startRun } from './intake.ts'
import { checkSettings } from './projects.ts'

export interface RerunRequest {
  from: RerunFrom
  /** Over those of the run that is repeated. */
  settings: Partial<Settings>
  trigger: Trigger
}

/** @throws HoneError `user`, `run-alive` */
export function requireEnded({ number, state }: Run): void {
  if (runMachine.isFinal(state)) return
  throw userError(
    'run-alive',
    `Run ${number} has not ended: it is ${state}.`,
    'Wait for its end, stop it at its best, or cancel it; then run it again.',
  )
}

/**
 * A further run of the same commit. The settings are those that were in force, as far as that was known, with the given ones
 * over them; who gets mails and which branches count are the project's matter, as it is now.
 * @throws BadSettings for a target that the metric never comes to
 * @throws HoneError `user`: `run-alive`, `no-detection` when there is none to keep; `unavailable`: `queue-full`
 */
export function rerun(
  store: Store,
  run: Run,
  { from, settings, trigger }: RerunRequest,
  chain: Pick<IntakeChain, 'first' | 'maxWaiting'>,
): Run {
  return store.transaction(() => {
    requireEnded(run)
    if (from === 'train' && run.detection === null) {
      throw userError(
        'no-detection',
        `Run ${run.number} ended before its code was looked at, so there is nothing to train from.`,
        'Run it again from git-import.',
      )
    }
    const project = store.projects.byId(run.projectId) as Project
    requireQueueRoom(store, project, chain)
    const { ref, sha, author, message } = run
    const overrides = checkSettings({ ...settingsToKeep(run), ...settings })
    const request = { ref, sha, author, message, trigger, overrides, rerun: { run: run.id, from } }
    return startRun(store, project, request, chain)
  })
}

/** Until hone.yaml was read, only what the run itself had set is known for certain. */
function settingsToKeep({ detection, settings, overrides }: Run): Partial<Settings> {
  if (detection === null) return overrides
  const { mail: _, branches: __, ...kept } = settings
  return kept
}

/**
 * Puts the mails of an ended run into the outbox once more, with the same words. Each is sent under a new Message-ID, and what is known
 * of it from then on is of this sending.
 * @throws HoneError `user`: `run-alive`, `no-mails`
 */
export function mailAgain(store: Store, run: Run): void {
  store.transaction(() => {
    requireEnded(run)
    if (store.mails.repeat(run.id) > 0) return
    throw userError(
      'no-mails',
      `Run ${run.number} has no mails that could be sent again: it was ${run.state}.`,
      'Run it again from git-import or train.',
    )
  })
}
