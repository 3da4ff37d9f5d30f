import type { Config } from '../../config.ts'
import type { EngineImage, Executor } from '../../containers/executor.ts'
import { HoneError, toFailure } from '../../domain/failure.ts'
import type { RetainedRun } from '../../domain/retention.ts'
import { capacityOf } from '../../domain/slots.ts'
import { WINNER_LABEL } from '../../domain/winner.ts'
import type { AdminDeps } from '../../http/api/admin/deps.ts'
import type { EngineImageView, EngineView } from '../../http/contract.ts'
import type { DockerImages } from '../../images/docker-images.ts'
import type { Store } from '../../store/store.ts'
import { knownCapacity } from '../capacity.ts'

interface Parts {
  store: Store
  executor: Executor
  images: Pick<DockerImages, 'current'>
  config: Pick<Config, 'dockerHost' | 'parallel'>
  /** This Hone's, as its winners' labels have it. */
  instance: string
}

/** What the page Admin asks of the engine. */
export function engineAdmin({
  store,
  executor,
  images,
  config,
  instance,
}: Parts): Pick<AdminDeps, 'engine' | 'capacity' | 'knownCapacity'> {
  const about = { address: addressOf(config.dockerHost) }
  return {
    async engine() {
      try {
        const [info, found, current] = await Promise.all([
          executor.info(),
          executor.listImages('hone.image'),
          images.current(),
        ])
        const { version, host, system, storageDriver, cpus, memoryBytes, gpus, imageCount } = info
        const facts = { version, host, system, storageDriver, cpus, memoryBytes, gpus: [...gpus], imageCount }
        return {
          ...about,
          away: null,
          facts,
          images: imageViews(found, current, store.runs.retained(), store.now(), instance),
        }
      } catch (error) {
        if (!isAway(error)) throw error
        const { message, remedy } = toFailure(error)
        const since = store.engineAway.get()?.since ?? store.now()
        return { ...about, away: { since, message, remedy }, facts: null, images: [] }
      }
    },
    async capacity() {
      try {
        return capacityOf(await executor.info(), config.parallel)
      } catch (error) {
        if (isAway(error)) return null
        throw error
      }
    },
    knownCapacity: knownCapacity(executor, config.parallel, store.now),
  }
}

const isAway = (error: unknown) => error instanceof HoneError && error.failure.kind === 'unavailable'

/** As in DOCKER_HOST, without a password. Pure. */
export function addressOf(dockerHost: string | null): string {
  if (dockerHost === null) return 'the default socket of this machine'
  if (!URL.canParse(dockerHost)) return dockerHost
  const url = new URL(dockerHost)
  if (url.password === '') return dockerHost
  url.password = '***'
  return url.href
}

/** The latest use first, then the newest. Pure. @param current names of images that would be built today */
export function imageViews(
  images: readonly EngineImage[],
  current: readonly string[],
  runs: readonly Pick<RetainedRun, 'trainedIn' | 'endedAt'>[],
  now: number,
  instance: string,
): EngineView['images'] {
  const lastUse = new Map<string, number>()
  for (const { trainedIn, endedAt } of runs) {
    if (trainedIn === null) continue
    lastUse.set(trainedIn, Math.max(lastUse.get(trainedIn) ?? 0, endedAt ?? now))
  }
  return images
    .map(({ names, bytes, createdAt, used, labels }): EngineImageView => {
      const uses = names.flatMap((name) => lastUse.get(name) ?? [])
      const isOwn = (labels[WINNER_LABEL.instance] ?? instance) === instance
      const kind = (): EngineImageView['kind'] => {
        if (!isOwn) return 'other'
        if (WINNER_LABEL.winner in labels) return 'winner'
        if (names.some((name) => current.includes(name))) return 'library'
        return names.length > 0 && uses.length === 0 ? 'other' : 'older'
      }
      const lastUsedAt = uses.length > 0 ? Math.max(...uses) : null
      return { names, bytes, createdAt, used, kind: kind(), lastUsedAt }
    })
    .toSorted((a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0) || b.createdAt - a.createdAt)
}
