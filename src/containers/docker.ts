import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { systemError, userError } from '../domain/failure.ts'
import { followEvents } from './docker-events.ts'
import { listImages } from './docker-images.ts'
import { followLogs } from './docker-logs.ts'
import { startContainer } from './docker-start.ts'
import { connect, type Engine } from './engine.ts'
import { engineAway, engineError, statusOf } from './errors.ts'
import type { ContainerSpec, ContainerStatus, Executor } from './executor.ts'
import { gpusOf } from './gpus.ts'
import { withImageLists } from './image-environment.ts'
import { withOutOfMemory } from './out-of-memory.ts'
import { createOptions, isFolder } from './sandbox.ts'
import { toStatus } from './status.ts'
import { toUsage } from './usage.ts'

const QUESTION_WITHIN_MS = 30_000
const ARCHIVE_WITHIN_MS = 600_000

const filters = (labels: Record<string, string>) => ({
  label: Object.entries(labels).map(([name, value]) => `${name}=${value}`),
})

/**
 * Containers on a Docker engine from API 1.41 (20.10) on.
 * @param options.dockerHost as in DOCKER_HOST; null: the default socket
 * @param options.gpus number of graphics cards; null: as many as the engine tells
 */
export function dockerExecutor(options: { dockerHost: string | null; gpus?: number | null }): Executor {
  const engine = connect(options.dockerHost)
  const { docker, ask } = engine

  const inspect = async (id: string): Promise<ContainerStatus | null> => {
    const found = await ask(
      `inspect container ${id}`,
      (abortSignal) => docker.getContainer(id).inspect({ abortSignal }),
      [404],
      QUESTION_WITHIN_MS,
    )
    return found && toStatus(found)
  }

  return {
    inspect,
    async info(withinMs = QUESTION_WITHIN_MS) {
      // The types know of no options.
      const { info: question } = docker as { info(options: object): ReturnType<typeof docker.info> }
      const call = (abortSignal: AbortSignal) => question.call(docker, { abortSignal })
      const info = await ask('ask for its version', call, [], withinMs)
      return {
        ...{ version: info?.ServerVersion, cpus: info?.NCPU, memoryBytes: info?.MemTotal },
        ...{ host: info?.Name ?? '', system: info?.OperatingSystem ?? '' },
        ...{ storageDriver: info?.Driver ?? '', imageCount: info?.Images ?? 0 },
        rootFolder: isLocal(options.dockerHost) ? (info?.DockerRootDir ?? null) : null,
        gpus: gpusOf(info, options.gpus ?? null),
      }
    },

    create: (spec) => create(engine, spec, inspect),

    async put(id, tar, path) {
      let failed: unknown
      tar.once('error', (error) => {
        failed = error
      })
      const call = (abortSignal: AbortSignal) =>
        docker.getContainer(id).putArchive(tar, { path, abortSignal } as object)
      try {
        await ask(`put files into container ${id}`, call, [], ARCHIVE_WITHIN_MS)
      } catch (error) {
        throw failed ?? error
      } finally {
        tar.destroy()
      }
    },

    async start(id) {
      const before = await inspect(id)
      // The engine would start an ended container once more.
      if (before !== null && before.state !== 'created') return
      await startContainer(engine, id)
    },

    logs(id, from, signal) {
      const container = {
        id,
        inspect: () => inspect(id),
        ended: (until: AbortSignal) => waitEnd(engine, id, until),
      }
      return followLogs(engine, container, from, signal)
    },

    async wait(id, signal) {
      await waitEnd(engine, id, signal)
      const status = await inspect(id)
      if (status?.state === 'running') throw engineAway(`wait for container ${id}`)
      return status && withOutOfMemory(engine, status)
    },

    async usage(id) {
      const call = (abortSignal: AbortSignal) =>
        docker.getContainer(id).stats({ stream: false, 'one-shot': true, abortSignal } as { stream: false })
      return toUsage(await ask(`measure container ${id}`, call, [404], QUESTION_WITHIN_MS))
    },

    async stop(id, graceSeconds) {
      const call = (abortSignal: AbortSignal) =>
        docker.getContainer(id).stop({ t: Math.ceil(graceSeconds), abortSignal })
      await ask(`stop container ${id}`, call, [304, 404], graceSeconds * 1000 + 120_000)
    },

    get: (id, path) =>
      engine.open(`read ${path} of container ${id}`, {
        method: 'GET',
        path: `/containers/${encodeURIComponent(id)}/archive`,
        query: { path },
        absent: [404],
      }),

    async commit(id, name, labels) {
      const [repo, tag] = name.split(':')
      const changes = Object.entries(labels).map(([key, value]) => `LABEL ${key}=${JSON.stringify(value)}`)
      const call = (abortSignal: AbortSignal) =>
        docker
          .getContainer(id)
          .commit({ _query: { container: id, repo, tag, changes }, _body: {}, abortSignal } as object)
      await ask(`keep container ${id} as an image`, call, [], ARCHIVE_WITHIN_MS)
    },

    listImages: (label) => listImages(engine, label),

    async removeImage(name) {
      const call = (abortSignal: AbortSignal) => docker.getImage(name).remove({ abortSignal })
      await ask(`remove image ${name}`, call, [404])
    },

    async remove(id) {
      const call = (abortSignal: AbortSignal) =>
        docker.getContainer(id).remove({ force: true, v: true, abortSignal })
      // 409: it is being removed already.
      await ask(`remove container ${id}`, call, [404, 409])
    },

    async list(labels) {
      const call = (abortSignal: AbortSignal) =>
        docker.listContainers({ all: true, filters: filters(labels), abortSignal })
      const found = (await ask('list containers', call)) ?? []
      const statuses = await Promise.all(found.map(({ Id }) => inspect(Id)))
      return statuses.filter((status) => status !== null)
    },

    events: (labels, signal) => followEvents(engine, filters(labels), signal),

    async listVolumes(labels) {
      const found = await ask('list volumes', () => docker.listVolumes({ filters: filters(labels) }))
      return (found?.Volumes ?? []).map(({ Name }) => Name)
    },

    async removeVolume(name) {
      const call = (abortSignal: AbortSignal) => docker.getVolume(name).remove({ abortSignal })
      await ask(`remove volume ${name}`, call, [404])
    },
  }
}

const isLocal = (dockerHost: string | null) => dockerHost === null || dockerHost.startsWith('unix://')

async function create(
  { docker, ask }: Engine,
  spec: ContainerSpec,
  inspect: (id: string) => Promise<ContainerStatus | null>,
): Promise<string> {
  const existing = await inspect(spec.name)
  if (existing) return existing.id
  for (const { name } of spec.volumes) {
    const call = (abortSignal: AbortSignal) =>
      docker.createVolume({ Name: name, Labels: spec.labels, abortSignal } as Docker.VolumeCreateOptions)
    await ask(`make volume ${name}`, call)
  }
  // A folder that is missing the engine refuses; a volume it would make, empty.
  for (const { source } of spec.mounts ?? []) {
    if (isFolder(source)) continue
    if ((await ask(`look for volume ${source}`, () => docker.getVolume(source).inspect(), [404])) === null)
      throw noData(source)
  }
  const image = await ask(`look at image ${spec.image}`, () => docker.getImage(spec.image).inspect(), [404])
  const env = withImageLists(spec.env, image?.Config?.Env ?? [])
  try {
    const made = await docker.createContainer(createOptions({ ...spec, env }))
    return made.id
  } catch (error) {
    // Somebody made it in between.
    const other = statusOf(error) === 409 ? await inspect(spec.name) : null
    if (other) return other.id
    if (statusOf(error) === 404) {
      throw systemError('no-image', `The engine has no image ${spec.image}.`, 'Hone builds it anew.', error)
    }
    const missing = /bind source path does not exist: (.*)/.exec(engineAnswer(error))?.[1]?.trim()
    if (missing !== undefined) throw noData(missing)
    throw engineError(error, `create container ${spec.name}`)
  }
}

/** The engine has no code of its own for it: the words are Docker's since 17.06. */
const engineAnswer = (error: unknown) =>
  String((error as { json?: { message?: unknown } }).json?.message ?? (error as Error).message)

const noData = (source: string) =>
  isFolder(source)
    ? userError(
        'no-data-folder',
        `The engine's host has no folder ${source}, which the project's setting \`data\` names.`,
        'Make it there, or correct the setting. On a remote engine the folder has to be on that machine.',
      )
    : userError(
        'no-data-folder',
        `The engine has no volume ${source}, which the project's setting \`data\` names.`,
        `Make it with \`docker volume create ${source}\` and fill it, or correct the setting; a folder begins with '/'.`,
      )

/** Resolves when the container is not running, or is not there. */
async function waitEnd(engine: Engine, id: string, signal: AbortSignal): Promise<void> {
  const doing = `wait for container ${id}`
  const answer = await engine.open(doing, {
    method: 'POST',
    path: `/containers/${encodeURIComponent(id)}/wait`,
    query: { condition: 'not-running' },
    signal,
    absent: [404],
  })
  if (answer === null) return
  await drain(answer, doing, signal)
}

async function drain(stream: Readable, doing: string, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of stream);
  } catch (error) {
    throw signal.aborted ? signal.reason : engineError(error, doing)
  }
}
