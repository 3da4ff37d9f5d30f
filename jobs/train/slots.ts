import type { Running } from '../../src/chain/contract.ts'
import { LABEL } from '../../src/containers/executor.ts'
import { type Attempt, attemptMachine } from '../../src/domain/attempt.ts'
import { HoneError } from '../../src/domain/failure.ts'
import type { Run } from '../../src/domain/run.ts'
import { parseSize } from '../../src/domain/settings.ts'
import {
  type Capacity,
  capacityOf,
  type Holding,
  refusal,
  SLOTS_BUSY,
  type Slot,
  slotFor,
  type Waiting,
} from '../../src/domain/slots.ts'
import type { JobContext } from '../context.ts'
import type { RunDetection } from '../schemas.ts'

/** What only the engine can say of the slots. */
export interface EngineSlots {
  capacity: Capacity
  /** Attempts that have ended and whose containers still run: they are being stopped. */
  stopping: Attempt[]
}

export async function askForSlots({ executor, store, instance, config }: JobContext): Promise<EngineSlots> {
  const capacity = capacityOf(await executor.info(), config.parallel)
  const containers = await executor.list({ [LABEL.instance]: instance })
  const stopping = containers.flatMap(({ state, labels }) => {
    const attempt = state === 'running' ? store.attempts.byId(Number(labels[LABEL.attempt])) : null
    return attempt && attemptMachine.isFinal(attempt.state) ? [attempt] : []
  })
  return { capacity, stopping }
}

/**
 * What a training of the run may have now. The caller writes it with the attempt in the same transaction: what open attempts
 * hold is all that is held, also after a restart of the server.
 * @throws HoneError `unavailable`, `slots-busy`, while others hold it; `user`, `slot-too-large`, when the engine never has it
 */
export function takeSlot(context: JobContext & Running, { capacity, stopping }: EngineSlots): Slot {
  const { store, run, job } = context
  const slot = slotOf(run, capacity)
  const now = store.now()
  const held = [...store.attempts.open(), ...stopping].map((attempt) => holdingOf(context, attempt, capacity))
  const times = { now, own: job.waitingSince ?? now }
  const error = refusal(slot, capacity, held, waitingFor(context, capacity), times)
  if (error) throw error
  return slot
}

/** What a training of the run asks for. @throws HoneError `user`, `slot-too-large` */
export const slotOf = ({ settings, detection }: Run, capacity: Capacity): Slot =>
  slotFor(
    {
      memoryBytes: settings.memory === undefined ? null : parseSize(settings.memory),
      cpus: settings.cpus,
      gpus: (detection as RunDetection).gpus ?? 0,
    },
    capacity,
  )

function holdingOf({ store }: JobContext, { trialId, slot }: Attempt, capacity: Capacity): Holding {
  const run = store.runs.get(store.attempts.runOf(trialId))
  const share = { memoryBytes: null, cpus: undefined, gpus: 0 }
  return { run: nameOf(store, run), slot: slot ?? slotFor(share, capacity) }
}

function waitingFor({ store, job }: JobContext & Running, capacity: Capacity): Waiting[] {
  return store.jobs.keptWaiting(SLOTS_BUSY).flatMap((other) => {
    if (other.id === job.id) return []
    const run = store.runs.get(other.runId)
    try {
      return [
        { run: nameOf(store, run), slot: slotOf(run, capacity), since: other.waitingSince ?? store.now() },
      ]
    } catch (error) {
      // It asks for more than there ever is, and fails at its next try.
      if (error instanceof HoneError) return []
      throw error
    }
  })
}

const nameOf = (store: JobContext['store'], { projectId, number }: Run) =>
  `${store.projects.byId(projectId)?.name ?? 'a project'} #${number}`
