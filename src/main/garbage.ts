import { statfs } from 'node:fs/promises'
import type { GarbageOptions } from '../../jobs/monitor/garbage.ts'
import type { Config } from '../config.ts'
import type { Disk } from '../domain/retention.ts'
import type { DockerImages } from '../images/docker-images.ts'
import { dataPaths } from '../paths.ts'

type Parts = Pick<GarbageOptions, 'store' | 'executor' | 'instance'> & { images: DockerImages }

/** What decides on what ended runs left, and removes it. */
export function garbageOptions(config: Config, { images, ...parts }: Parts): GarbageOptions {
  /** It stays the same as long as the engine runs. */
  let engineFolder: string | null | undefined
  return {
    ...parts,
    paths: dataPaths(config.data),
    retention: config.retention,
    currentImages: () => images.current(),
    async disks() {
      // An engine that is away is told elsewhere.
      engineFolder ??= (await parts.executor.info().catch(() => undefined))?.rootFolder
      return {
        data: await diskOf(config.data),
        engine: engineFolder ? await diskOf(engineFolder) : null,
      }
    },
  }
}

/** As `df` counts; null for a folder that is not there: for a server in a container, the engine's is not. */
async function diskOf(folder: string): Promise<Disk | null> {
  const found = await statfs(folder).catch(() => null)
  if (!found) return null
  const { blocks, bfree, bavail, bsize } = found
  // What is kept back for root is neither used nor free.
  return { total: (blocks - bfree + bavail) * bsize, free: bavail * bsize }
}
