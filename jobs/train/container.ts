import type { Readable } from 'node:stream'
import type { Running } from '../../src/chain/contract.ts'
import { type ContainerSpec, LABEL, TRAINING_USER } from '../../src/containers/executor.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import { parseSize, type Settings } from '../../src/domain/settings.ts'
import type { Trial } from '../../src/domain/trial.ts'
import type { JobContext } from '../context.ts'
import type { RunDetection } from '../schemas.ts'
import { isNotebook, scriptArchive, startOf, WORKDIR } from './entry.ts'

const CHECKPOINTS = '/checkpoints'
/** Between SIGTERM and SIGKILL. */
export const STOP_GRACE_SECONDS = 10
const MAX_PIDS = 1024
/** Of the engine's memory; the rest is for the engine itself and the server. */
const MEMORY_SHARE = 0.8

export const containerName = (instance: string, trialId: number, attempt: number) =>
  `hone-${instance}-trial-${trialId}-attempt-${attempt}`

export const volumeName = (instance: string, trialId: number) => `hone-${instance}-trial-${trialId}`

/** What one training may use: what is set, but never more than its share of the engine. */
export function limitsOf(
  settings: Pick<Settings, 'memory' | 'cpus' | 'shm'>,
  engine: { cpus: number; memoryBytes: number },
  parallel: number,
): ContainerSpec['limits'] {
  const share = Math.floor((engine.memoryBytes * MEMORY_SHARE) / parallel)
  const wanted = settings.memory === undefined ? null : parseSize(settings.memory)
  return {
    memoryBytes: Math.min(wanted ?? share, share),
    cpus: Math.min(settings.cpus ?? engine.cpus / parallel, engine.cpus),
    pids: MAX_PIDS,
    shmBytes: parseSize(settings.shm) ?? 0,
  }
}

/** Makes the attempt's container with the trial's source and the runtime in it, and starts it. Repeatable. */
export async function startContainer(
  context: JobContext & Running,
  trial: Trial,
  attempt: Attempt,
  image: string,
): Promise<void> {
  const { executor, git, paths, run, instance, runtime, config } = context
  const detection = run.detection as RunDetection
  const { entry } = detection
  const workspace = paths.workspace(run.id)
  const { command, workdir, env } = startOf(detection)
  const limits = limitsOf(run.settings, await executor.info(), config.parallel)
  const id = await executor.create({
    name: attempt.container,
    image,
    command,
    workdir,
    env: {
      ...runtime.env,
      OMP_NUM_THREADS: String(Math.max(1, Math.floor(limits.cpus))),
      ...detection.env,
      ...env,
      HONE_CHECKPOINT_DIR: CHECKPOINTS,
      HONE_SEED: String(trial.seed),
      HONE_TRIAL: String(trial.number),
      HONE_ATTEMPT: String(attempt.number),
    },
    labels: {
      [LABEL.instance]: instance,
      [LABEL.run]: String(run.id),
      [LABEL.trial]: String(trial.id),
      [LABEL.attempt]: String(attempt.id),
    },
    limits,
    network: run.settings.network,
    volumes: [{ name: volumeName(instance, trial.id), path: CHECKPOINTS }],
    mounts: run.settings.data,
  })
  await executor.put(id, runtime.archive() as Readable, '/')
  await executor.put(id, git.archive(workspace, trial.sha, TRAINING_USER) as Readable, WORKDIR)
  if (isNotebook(entry)) {
    const notebook = await git.readFile(workspace, trial.sha, entry)
    await executor.put(id, scriptArchive(entry, notebook), WORKDIR)
  }
  await executor.start(id)
}
