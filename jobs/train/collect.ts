import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import type { Executor } from '../../src/containers/executor.ts'
import {
  type Artifact,
  areInTheWay,
  artifactName,
  chosenArtifacts,
  MOST_BYTES,
  MOST_FILE_BYTES,
  MOST_FILES,
  type TrialArtifacts,
} from '../../src/domain/artifacts.ts'
import { WORKDIR } from './entry.ts'

/** Sentences about what is left out. */
const MOST_SAID = 20

/** What of an ended container is kept, from where to where. */
export interface Wanted {
  container: string
  /** Absolute paths that the training added or changed. */
  changed: readonly string[]
  /** Of hone.yaml: see src/domain/glob.ts. */
  patterns: readonly string[]
  /** On this machine; what lies in it is replaced. */
  folder: string
}

/** Copies what the training wrote, each file wholly or not at all. @returns what is kept and what is not */
export async function collectArtifacts(
  executor: Executor,
  { container, changed, patterns, folder }: Wanted,
  signal: AbortSignal,
): Promise<TrialArtifacts> {
  await rm(folder, { recursive: true, force: true })
  const inside = changed
    .map((path) => posix.relative(WORKDIR, path))
    .filter((path) => !/^(\.\.(\/|$)|$)/.test(path))
  const kept: Artifact[] = []
  const leftOut: string[] = []
  const wanted = chosenArtifacts(inside, patterns)
  const half = join(folder, '.part')
  for (const path of wanted) {
    const name = artifactName(path)
    const other = kept.find((one) => areInTheWay(one.name, name))
    if (other) {
      leftOut.push(`${path}: it would be kept by the same name as ${other.path}`)
      continue
    }
    if (kept.length === MOST_FILES) {
      leftOut.push(`of ${wanted.length} files only ${MOST_FILES} are kept`)
      break
    }
    await mkdir(dirname(join(folder, name)), { recursive: true })
    const left = MOST_BYTES - kept.reduce((sum, { size }) => sum + size, 0)
    const limit = Math.min(MOST_FILE_BYTES, left)
    const copied = await copyOut(
      executor,
      { container, path: posix.join(WORKDIR, path), limit },
      () => createWriteStream(half, { flush: true }),
      signal,
    )
    if (copied === null) continue
    if (copied.tooLarge) {
      const why = copied.size > MOST_FILE_BYTES ? 'more than 512 MiB' : 'with the others more than 1 GiB'
      leftOut.push(`${path}: ${Math.ceil(copied.size / 1024 ** 2)} MiB, ${why}`)
      continue
    }
    await rename(half, join(folder, name))
    kept.push({ name, path, size: copied.size })
  }
  return { kept, leftOut: leftOut.slice(0, MOST_SAID) }
}

/** Streams one regular file into a sink. @returns its size; null when there is no such file */
async function copyOut(
  executor: Executor,
  { container, path, limit }: { container: string; path: string; limit: number },
  sink: () => Writable,
  signal: AbortSignal,
): Promise<{ size: number; tooLarge: boolean } | null> {
  const tar = await executor.get(container, path)
  if (!tar) return null
  const unpacking = extract()
  const reading = pipeline(tar, unpacking, { signal })
  // What goes wrong is thrown by the loop.
  reading.catch(() => {})
  try {
    for await (const entry of unpacking) {
      const { type, size = 0 } = entry.header
      if (type !== 'file') return null
      if (size > limit) return { size, tooLarge: true }
      await pipeline(entry, sink(), { signal })
      return { size, tooLarge: false }
    }
    return null
  } finally {
    // What is not read to its end keeps the engine's answer open.
    tar.destroy()
  }
}
