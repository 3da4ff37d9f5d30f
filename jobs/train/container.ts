import type { Readable } from 'node:stream'
import type { Running } from '../../src/chain/contract.ts'
import { type ContainerSpec, LABEL } from '../../src/containers/executor.ts'
import { type Attempt, STOP_GRACE_SECONDS } from '../../src/domain/attempt.ts'
import type { AttemptEnd } from '../../src/domain/attempt-end.ts'
import { networkOf } from '../../src/domain/network.ts'
import { cacheVolume } from '../../src/domain/retention.ts'
import { parseSize, type Settings } from '../../src/domain/settings.ts'
import type { Slot } from '../../src/domain/slots.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { reached } from '../../src/fault-points.ts'
import type { JobContext } from '../context.ts'
import type { RunDetection } from '../schemas.ts'
import { startOf, WORKDIR } from './entry.ts'
import { withGpus } from './gpus.ts'
import { askForSlots, slotOf } from './slots.ts'
import { fillWorkspace } from './workspace.ts'

const CHECKPOINTS = '/checkpoints'
const MAX_PIDS = 1024

export const containerName = (instance: string, trialId: number, attempt: number) =>
  `hone-${instance}-trial-${trialId}-attempt-${attempt}`

/** The volume of a trial's checkpoints. */
export const checkpointsOf = (instance: string, trialId: number) => `hone-${instance}-trial-${trialId}`

/** What the attempts of a trial share. */
export function volumesOf(instance: string, trialId: number): ContainerSpec['volumes'] {
  const name = checkpointsOf(instance, trialId)
  return [
    { name, path: CHECKPOINTS },
    { name: `${name}-workspace`, path: WORKDIR },
  ]
}

/**
 * What one training may use.
 * @param shmBytes of an attempt that was given more than the setting; null: as set
 */
export const limitsOf = (
  slot: Slot,
  settings: Pick<Settings, 'shm'>,
  shmBytes: number | null = null,
): ContainerSpec['limits'] => ({
  memoryBytes: slot.memoryBytes,
  cpus: slot.cpus,
  pids: MAX_PIDS,
  shmBytes: shmBytes ?? parseSize(settings.shm) ?? 0,
})

/** The most of its memory that a training may have as /dev/shm, which counts as memory too. */
const SHM_SHARE = 0.5

/** An attempt's /dev/shm, and the most that the next one may have. */
export async function shmOf(context: JobContext & Running, attempt: Attempt): Promise<AttemptEnd['shm']> {
  const { memoryBytes, shmBytes } = await attemptLimits(context, attempt)
  return { bytes: shmBytes, most: Math.floor(memoryBytes * SHM_SHARE) }
}

async function attemptLimits(context: JobContext & Running, { slot, shmBytes }: Attempt) {
  return limitsOf(slot ?? (await evenShare(context)), context.run.settings, shmBytes)
}

/** Makes the attempt's container with the trial's source and the runtime in it, and starts it. Repeatable. */
export async function startContainer(
  context: JobContext & Running,
  trial: Trial,
  attempt: Attempt,
  image: string,
): Promise<void> {
  const { executor, run, instance, runtime } = context
  const detection = run.detection as RunDetection
  const { command, workdir, env } = startOf(detection, runtime.launcher)
  const limits = await attemptLimits(context, attempt)
  const create = (gpus: string[], held: Record<string, string>) =>
    executor.create({
      name: attempt.container,
      image,
      command,
      workdir,
      env: {
        OMP_NUM_THREADS: String(Math.max(1, Math.floor(limits.cpus))),
        PYTHONHASHSEED: String(trial.seed % 2 ** 32),
        ...withRuntime(runtime.env, detection.env),
        ...env,
        HONE_CHECKPOINT_DIR: CHECKPOINTS,
        HONE_SOURCE: trial.sha,
        HONE_SEED: String(trial.seed),
        HONE_TRIAL: String(trial.number),
        HONE_ATTEMPT: String(attempt.number),
        HONE_STOP_GRACE: String(STOP_GRACE_SECONDS),
      },
      labels: {
        [LABEL.instance]: instance,
        [LABEL.run]: String(run.id),
        [LABEL.trial]: String(trial.id),
        [LABEL.attempt]: String(attempt.id),
        ...held,
      },
      limits,
      gpus,
      network: networkOf(run.settings, detection),
      volumes: [
        ...volumesOf(instance, trial.id),
        { name: cacheVolume(instance, run.projectId), path: runtime.cache },
      ],
      mounts: run.settings.data,
    })
  const holder = {
    wanted: detection.gpus ?? 0,
    name: attempt.container,
    labels: { [LABEL.instance]: instance },
  }
  reached('container-create')
  const id = await withGpus(executor, holder, create)
  reached('container-create')
  await executor.put(id, runtime.archive() as Readable, '/')
  await fillWorkspace(context, id, trial)
  reached('start')
  await executor.start(id)
  reached('start')
}

/** For an attempt that an earlier Hone began. */
const evenShare = async (context: JobContext & Running) =>
  slotOf(context.run, (await askForSlots(context)).capacity)

/** The environment of hone.yaml, but with the runtime before all else that Python is to find. Pure. */
export function withRuntime(runtime: Record<string, string>, own: Record<string, string>) {
  const paths = [runtime.PYTHONPATH, own.PYTHONPATH].filter(Boolean)
  return { ...runtime, ...own, ...(paths.length > 0 ? { PYTHONPATH: paths.join(':') } : {}) }
}
