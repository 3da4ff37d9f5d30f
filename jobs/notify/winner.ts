import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pack } from 'tar-stream'
import type { Running } from '../../src/chain/contract.ts'
import { LABEL, TRAINING_USER } from '../../src/containers/executor.ts'
import type { Artifact } from '../../src/domain/artifacts.ts'
import { describeFailure, toFailure } from '../../src/domain/failure.ts'
import type { Project } from '../../src/domain/project.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { WINNER_LABEL, winnerRepository } from '../../src/domain/winner.ts'
import { imageFor } from '../../src/images/plan.ts'
import type { JobContext } from '../context.ts'
import type { RunDetection } from '../schemas.ts'
import { isNotebook, scriptArchive, startOf, WORKDIR } from '../train/entry.ts'

/** The container is never started. */
const LIMITS = { memoryBytes: 64 * 2 ** 20, cpus: 1, pids: 16, shmBytes: 2 ** 20 }

/**
 * Keeps the winner as an image: what it trained in, its source, and what it wrote where it wrote it. Neither checkpoints nor
 * Hone's runtime nor any secret are in it. A run that met its target does not fail for want of it: an
 * engine that is away is waited for while the run has time.
 * @returns the image's name; null where none is wanted or none could be made, which is said
 */
export async function keepWinner(
  context: JobContext & Running,
  project: Project,
  best: Trial,
): Promise<string | null> {
  const { store, run, monitor, signal, progress } = context
  if (!run.settings.keepImage) return null
  try {
    const image = await nameOf(context, project)
    await make(context, project, best, image)
    return image
  } catch (error) {
    const failure = toFailure(error)
    const { deadline } = store.runs.get(run.id)
    const isInTime = deadline === null || store.now() < deadline
    const isWaitedFor = failure.code === 'engine-away' && isInTime && !monitor.giveUp(failure)
    if (signal.aborted || isWaitedFor) throw error
    progress(`The winner is not kept as an image: ${describeFailure(failure)}`)
    return null
  }
}

/** Another Hone on this engine may have a project and a run of the same name and number. */
async function nameOf({ executor, instance, run }: JobContext & Running, project: Project): Promise<string> {
  const name = `${winnerRepository(project)}:run-${run.number}`
  const there = (await executor.listImages(WINNER_LABEL.winner)).find(({ names }) => names.includes(name))
  const isOurs = there === undefined || there.labels[WINNER_LABEL.instance] === instance
  return isOurs ? name : `${name}-${instance}`
}

async function make(context: JobContext & Running, project: Project, best: Trial, image: string) {
  const { executor, images, git, paths, run, instance, signal, progress } = context
  const detection = run.detection as RunDetection
  const workspace = paths.workspace(run.id)
  const base = await images.prepare(
    detection.image ?? imageFor(detection),
    () => git.archive(workspace, run.sha, TRAINING_USER),
    progress,
    signal,
  )
  const { command, workdir } = startOf(detection, ['python3', '-u'])
  const name = `hone-${instance}-run-${run.id}-winner`
  // One that a dead server left may be half made.
  await executor.remove(name)
  try {
    const id = await executor.create({
      ...{ name, image: base, command, workdir },
      env: { ...detection.env, HONE_SEED: String(best.seed) },
      labels: { [LABEL.instance]: instance, [LABEL.run]: String(run.id) },
      limits: LIMITS,
      network: true,
      volumes: [],
    })
    await executor.put(id, git.archive(workspace, best.sha, TRAINING_USER) as Readable, WORKDIR)
    if (isNotebook(detection.entry)) {
      const notebook = await git.readFile(workspace, best.sha, detection.entry)
      await executor.put(id, scriptArchive(detection.entry, notebook), WORKDIR)
    }
    const folder = paths.trialArtifacts(run.id, best.number)
    await executor.put(id, archiveOf(folder, best.artifacts?.kept ?? []), WORKDIR)
    await executor.commit(id, image, {
      [WINNER_LABEL.winner]: project.name,
      [WINNER_LABEL.instance]: instance,
      [WINNER_LABEL.run]: String(run.id),
      // Else a container that somebody runs from it would be taken for one of this run's, and removed.
      [LABEL.instance]: '',
      [LABEL.run]: '',
    })
  } finally {
    await executor.remove(name)
  }
}

/** The files as a tar stream, under the paths that they were written to. */
function archiveOf(folder: string, files: readonly Artifact[]): Readable {
  const tar = pack()
  const fill = async () => {
    for (const { name, path } of files) {
      const { size } = await stat(join(folder, name))
      const entry = tar.entry({ name: path, size, mode: 0o644, ...TRAINING_USER })
      await pipeline(createReadStream(join(folder, name)), entry)
    }
    tar.finalize()
  }
  fill().catch((error: Error) => tar.destroy(error))
  return Readable.from(tar as unknown as AsyncIterable<Buffer>)
}
