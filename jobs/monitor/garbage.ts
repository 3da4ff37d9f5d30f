import { lstat, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Executor, LABEL } from '../../src/containers/executor.ts'
import type { Disks } from '../../src/domain/disk.ts'
import { toFailure } from '../../src/domain/failure.ts'
import {
  garbageOf,
  type Leaving,
  projectOfCache,
  type Removal,
  type Retention,
} from '../../src/domain/retention.ts'
import { WINNER_LABEL } from '../../src/domain/winner.ts'
import type { DataPaths } from '../../src/paths.ts'
import type { Store } from '../../src/store/store.ts'

export interface GarbageOptions {
  store: Store
  executor: Executor
  paths: DataPaths
  instance: string
  retention: Retention
  /** Names of images that are to stay, whoever uses them. */
  currentImages: () => Promise<string[]>
  disks: () => Promise<Disks>
}

/** Names that Hone gives: an image that somebody made on one of them carries its label, too. */
const OWN_IMAGE = /^hone\/(?:debian:trixie|[a-z0-9-]+:[0-9a-f]{12})$/

/** Enough to know an image by: `sha256:` and what `docker images` shows. */
const ID_LENGTH = 19

/**
 * What may go now, with why.
 * @param sized whether to say how much room each takes, which means a look at every file
 * @throws HoneError `unavailable` when the engine is away
 */
export async function findGarbage(options: GarbageOptions, sized: boolean): Promise<Removal[]> {
  const { store, retention } = options
  const disks = await options.disks()
  const isFull = [disks.data, disks.engine].some(
    (disk) => disk !== null && disk.total - disk.free > disk.total * retention.diskShare,
  )
  const leavings = [...(await onEngine(options)), ...(await inFolders(options, sized || isFull))]
  const known = isFull ? disks : { data: null, engine: null }
  return garbageOf(leavings, store.runs.retained(), retention, known, store.now())
}

/** Removes each, one after the other; one that cannot be removed keeps none of the others. */
export async function removeGarbage(
  { executor, paths }: Pick<GarbageOptions, 'executor' | 'paths'>,
  removals: readonly Removal[],
  failed: (removal: Removal, why: string) => void,
  removed: (removal: Removal) => void,
): Promise<void> {
  for (const removal of removals) {
    const { leaving } = removal
    try {
      if (leaving.kind === 'image') for (const tag of leaving.tags) await executor.removeImage(tag)
      else if (leaving.kind === 'cache') await executor.removeVolume(leaving.name)
      else await rm(join(paths.data, leaving.name), { recursive: true, force: true })
      removed(removal)
    } catch (error) {
      failed(removal, toFailure(error).message)
    }
  }
}

async function onEngine({ executor, instance, currentImages }: GarbageOptions): Promise<Leaving[]> {
  const current = new Set(await currentImages())
  const all = await executor.listImages('hone.image')
  const images = all.filter(
    ({ names, labels }) =>
      names.length > 0 && names.every((name) => OWN_IMAGE.test(name)) && !(WINNER_LABEL.winner in labels),
  )
  // Of builds that failed or were cut off, and of winners whose name went to a newer one. All are made on what Hone built.
  const unnamed = all.filter(
    ({ names, labels }) => names.length === 0 && (labels[WINNER_LABEL.instance] ?? instance) === instance,
  )
  const volumes = await executor.listVolumes({ [LABEL.instance]: instance })
  return [
    ...images.map(
      ({ names, bytes, createdAt, used }): Leaving => ({
        ...{ kind: 'image', place: 'engine', name: names.join(', '), tags: names, bytes, createdAt, used },
        current: names.some((name) => current.has(name)),
      }),
    ),
    ...unnamed.map(
      ({ id, bytes, createdAt, used }): Leaving => ({
        ...{
          kind: 'image',
          place: 'engine',
          name: id.slice(0, ID_LENGTH),
          tags: [id],
          bytes,
          createdAt,
          used,
        },
        ...{ current: false, unnamed: true },
      }),
    ),
    ...volumes.flatMap((name): Leaving[] => {
      const projectId = projectOfCache(instance, name)
      if (projectId === null) return []
      return [{ kind: 'cache', place: 'engine', name, bytes: null, projectId }]
    }),
  ]
}

/** Those of runs and projects that are known. */
async function inFolders({ store, paths }: GarbageOptions, sized: boolean): Promise<Leaving[]> {
  const leaving = async (path: string) => ({
    place: 'data' as const,
    name: path.slice(paths.data.length + 1),
    bytes: sized ? await bytesOf(path) : null,
  })
  const found: Leaving[] = []
  for (const [folder, kind] of [
    [paths.workspaces, 'workspace'],
    [paths.logs, 'logs'],
  ] as const) {
    for (const [path, runId] of await numbered(folder, /^run-(\d+)$/))
      found.push({ kind, runId, ...(await leaving(path)) })
  }
  for (const [folder, runId] of await numbered(paths.artifacts, /^run-(\d+)$/)) {
    const best = bestOf(store, runId)
    for (const [path, number] of await numbered(folder, /^trial-(\d+)$/))
      found.push({ kind: 'artifacts', runId, best: number === best, ...(await leaving(path)) })
  }
  for (const { id, name } of store.projects.all()) {
    const path = paths.mirror(name)
    const isThere = await lstat(path).then(
      () => true,
      () => false,
    )
    if (isThere) found.push({ kind: 'mirror', projectId: id, ...(await leaving(path)) })
  }
  return found
}

/** Number of the trial that a run's files are kept of. */
function bestOf(store: Store, runId: number): number | null {
  const id = store.runs.byId(runId)?.bestTrialId
  const trial = id == null ? null : store.trials.byId(id)
  return trial && (trial.repeats ?? trial.number)
}

/** What lies in a folder under names with a number; nothing where there is no folder. */
async function numbered(folder: string, pattern: RegExp): Promise<[path: string, number: number][]> {
  const names = await readdir(folder).catch(() => [])
  return names.flatMap((name): [string, number][] => {
    const number = pattern.exec(name)?.[1]
    return number === undefined ? [] : [[join(folder, basename(name)), Number(number)]]
  })
}

/** Of all files below; what goes away meanwhile counts nothing. */
async function bytesOf(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries) {
    if (!entry.isFile()) continue
    bytes += await lstat(join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0,
    )
  }
  return bytes
}
