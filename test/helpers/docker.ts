import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { dockerExecutor } from '../../src/containers/docker.ts'
import type { Executor } from '../../src/containers/executor.ts'
import { LABEL } from '../../src/containers/executor.ts'
import { toFailure } from '../../src/domain/failure.ts'
import { WINNER_LABEL } from '../../src/domain/winner.ts'
import { dockerImages } from '../../src/images/docker-images.ts'
import type { ImageName } from '../../src/images/plan.ts'
import { packageRoot } from '../../src/paths.ts'

export const dockerHost = process.env.DOCKER_HOST ?? null
export const testExecutor = (): Executor => dockerExecutor({ dockerHost })

export const testImages = (environment = process.env, more: { diskReserve?: number } = {}) =>
  dockerImages({
    ...more,
    dockerHost,
    folder: join(packageRoot, 'docker', 'images'),
    caBundle: process.env.NODE_EXTRA_CA_CERTS || null,
    environment,
  })

/** For the labels of one test's containers: nobody else's are ever touched. */
export const uniqueInstance = () => `test-${randomUUID().slice(0, 13)}`

/** Builds an image unless it is there; the tags are those of a server on this engine, so both share them. */
export const ensureTestImage = (name: ImageName): Promise<string> =>
  testImages().ensure(name, (line) => console.info(line))

/**
 * As ensureTestImage, for an image whose packages come from PyPI: null where they cannot be had, so that its tests are
 * skipped; `npm run test:all` (HONE_TEST_ALL) fails instead. To be awaited at the top of a test file.
 */
export async function imageOrNull(name: ImageName): Promise<string | null> {
  try {
    return await ensureTestImage(name)
  } catch (error) {
    if (process.env.HONE_TEST_ALL || toFailure(error).code !== 'image-build') throw error
    console.warn(`The image ${name} cannot be built here; its tests are skipped: ${toFailure(error).message}`)
    return null
  }
}

/** Removes the containers, volumes and winners of one instance, whatever state they are in. */
export async function removeInstance(instance: string, executor: Executor = testExecutor()): Promise<void> {
  const labels = { [LABEL.instance]: instance }
  for (const { id } of await executor.list(labels)) await executor.remove(id)
  // One that a killed server was removing is still there, and so are its volumes.
  await vi.waitFor(async () => expect(await executor.list(labels)).toEqual([]), { timeout: 60_000 })
  for (const name of await executor.listVolumes(labels)) await executor.removeVolume(name)
  for (const image of await executor.listImages(WINNER_LABEL.instance)) {
    if (image.labels[WINNER_LABEL.instance] === instance) await executor.removeImage(image.id)
  }
}
