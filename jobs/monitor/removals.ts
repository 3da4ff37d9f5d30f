import { existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Executor } from '../../src/containers/executor.ts'
import { type Failure, toFailure } from '../../src/domain/failure.ts'
import { cacheVolume } from '../../src/domain/retention.ts'
import { WINNER_LABEL } from '../../src/domain/winner.ts'
import type { DataPaths } from '../../src/paths.ts'
import type { Removal } from '../../src/store/removals.ts'
import type { Store } from '../../src/store/store.ts'

export interface RemovalOptions {
  store: Pick<Store, 'removals'>
  executor: Pick<Executor, 'listImages' | 'removeImage' | 'removeVolume'>
  paths: DataPaths
  instance: string
  /** Whether a job of the run is still being stopped: it may write yet. */
  isAtWork: (runId: number) => boolean
}

type Failed = (removal: Removal, failure: Failure) => void

/**
 * Takes what is named by deleted projects out of the way, so that their names are free when the call returns.
 * @param failed hears of a project that has to wait for the next call
 */
export function setAsideNamed(options: RemovalOptions, failed: Failed): void {
  for (const removal of readyOf(options)) {
    try {
      setAside(options, removal)
    } catch (error) {
      failed(removal, toFailure(error))
    }
  }
}

/**
 * Removes what deleted projects left: folders, images of winners, downloads. Each step may be repeated, and what a project left is
 * forgotten only when all of it is gone, so that a kill or an engine that is away leaves the rest for the next call.
 * Containers and volumes of trials go as those of any run that is not known.
 * @param failed hears of a project that has to wait for the next call
 */
export async function finishRemovals(options: RemovalOptions, failed: Failed): Promise<void> {
  setAsideNamed(options, failed)
  for (const removal of readyOf(options)) {
    if (removal.name !== null) continue
    try {
      await removeFolders(options.paths, removal)
      await removeFromEngine(options, removal)
      options.store.removals.done(removal.projectId)
    } catch (error) {
      failed(removal, toFailure(error))
    }
  }
}

const readyOf = ({ store, isAtWork }: RemovalOptions) =>
  store.removals.all().filter(({ runIds }) => !runIds.some(isAtWork))

const asideOf = (paths: DataPaths, projectId: number) => join(paths.removed, `project-${projectId}`)

/** Renaming takes no time, whatever lies in a folder. */
function setAside({ paths, store }: RemovalOptions, { projectId, name }: Removal): void {
  if (name === null) return
  const folder = asideOf(paths, projectId)
  mkdirSync(folder, { recursive: true })
  // A call that was cut off may have set something aside already.
  const aside = mkdtempSync(join(folder, 'named-'))
  for (const [path, as] of [
    [paths.ownRemote(name), 'git'],
    [paths.mirror(name), 'mirror'],
  ] as const) {
    if (existsSync(path)) renameSync(path, join(aside, as))
  }
  store.removals.freeName(projectId)
}

async function removeFolders(paths: DataPaths, { projectId, runIds }: Removal): Promise<void> {
  const ofRuns = [paths.workspaces, paths.logs, paths.artifacts].flatMap((folder) =>
    runIds.map((id) => join(folder, `run-${id}`)),
  )
  for (const path of [asideOf(paths, projectId), ...ofRuns]) await rm(path, { recursive: true, force: true })
}

async function removeFromEngine(
  { executor, instance }: RemovalOptions,
  { projectId, runIds }: Removal,
): Promise<void> {
  const runs = new Set(runIds.map(String))
  const winners = (await executor.listImages(WINNER_LABEL.winner)).filter(
    ({ labels }) => labels[WINNER_LABEL.instance] === instance && runs.has(labels[WINNER_LABEL.run] ?? ''),
  )
  // By id: a name may be another image's by now. One with several names is not taken away by its id.
  for (const { id, names } of winners)
    for (const image of names.length > 1 ? names : [id]) await executor.removeImage(image)
  await executor.removeVolume(cacheVolume(instance, projectId))
}
