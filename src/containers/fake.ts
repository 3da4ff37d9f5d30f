import { once } from 'node:events'
import { systemError, userError } from '../domain/failure.ts'
import { engineAway } from './errors.ts'
import type { ContainerSpec, EngineEvent, EngineImage, EngineInfo, Executor, LogLine } from './executor.ts'
import { FakeContainer, type FakeProgram } from './fake-container.ts'
import { type Files, filesBelow, packFiles, unpackFiles } from './fake-files.ts'
import { CursorFilter } from './log-frames.ts'

export interface FakeOptions {
  /** What every container does. */
  program: FakeProgram
  /** ms since the epoch. */
  now?: () => number
  info?: Partial<EngineInfo>
}

export interface FakeImage extends Omit<EngineImage, 'used'> {
  spec: ContainerSpec
  files: Files
}

/** An executor in memory, with switches for what may go wrong. */
export interface FakeExecutor extends Executor {
  /** By name. Also those that ended; not those that were removed. */
  readonly containers: ReadonlyMap<string, FakeContainer>
  /** Volume name -> its labels and files, by paths relative to the volume. */
  readonly volumes: Map<string, { labels: Record<string, string>; files: Files }>
  /** Every container ever made, in order. */
  readonly created: readonly ContainerSpec[]
  /** Made by `commit`, with what was in the container. */
  readonly images: FakeImage[]
  /** While true, every call fails as if the engine were stopped; containers go on. */
  away: boolean
  /** Ends a running container from outside, as `docker kill` does. */
  kill(name: string, exitCode?: number): void
  /** Ends a running container as the kernel does when its memory is used up. */
  outOfMemory(name: string): void
  /** The engine forgets the container, as after `docker rm -f` by somebody else. */
  lose(name: string): void
  /** Resolves when the container has written this many lines, or has ended. */
  written(name: string, lines: number): Promise<void>
}

/**
 * A real executor without an engine: containers are generators, file systems are maps. For tests.
 * @param options.program gets the container's spec, files and a count of attempts; what it yields is its log
 */
export function fakeExecutor(options: FakeOptions): FakeExecutor {
  const now = options.now ?? Date.now
  const containers = new Map<string, FakeContainer>()
  const volumes = new Map<string, { labels: Record<string, string>; files: Files }>()
  const created: ContainerSpec[] = []
  const images: FakeImage[] = []
  const bus = new EventTarget()
  let away = false
  /** Who follows something notices an outage also when it is over before they look. */
  let outages = 0

  const check = async (doing: string) => {
    // As over a socket: nothing answers in the same tick.
    await Promise.resolve()
    if (away) throw engineAway(doing)
  }
  const find = (id: string) =>
    containers.get(id) ?? [...containers.values()].find((one) => one.id === id) ?? null
  const need = (id: string) => {
    const container = find(id)
    if (!container) throw systemError('engine-not-found', `There is no container ${id}.`, '')
    return container
  }
  const byName = (name: string) => {
    const container = containers.get(name)
    if (!container)
      throw new Error(`The fake has no container '${name}', only: ${[...containers.keys()].join(', ')}`)
    return container
  }
  const emit = (action: EngineEvent['action'], container: FakeContainer) =>
    bus.dispatchEvent(new CustomEvent('engine', { detail: { action, labels: container.spec.labels } }))
  const drop = (container: FakeContainer) => {
    container.end(137, false)
    containers.delete(container.spec.name)
    container.lost = true
    container.changed()
    emit('destroy', container)
  }
  /** Answers a function that waits for a change of the container, and fails when the engine went away meanwhile. */
  const follow = (container: FakeContainer, signal: AbortSignal, doing: string) => {
    const before = outages
    const check = () => {
      if (outages !== before) throw engineAway(doing)
    }
    return async () => {
      check()
      await container.nextChange(signal)
      check()
    }
  }

  return {
    containers,
    volumes,
    created,
    images,
    get away() {
      return away
    },
    set away(value) {
      away = value
      if (value) {
        outages++
        for (const container of containers.values()) container.changed()
        bus.dispatchEvent(new Event('away'))
      }
    },
    kill: (name, exitCode = 137) => byName(name).end(exitCode, false),
    outOfMemory: (name) => byName(name).end(137, true),
    lose: (name) => drop(byName(name)),
    async written(name, lines) {
      const container = byName(name)
      const forever = new AbortController().signal
      while (container.lines.length < lines && container.state !== 'exited')
        await container.nextChange(forever)
    },

    async info() {
      await check('ask for its version')
      return {
        version: 'fake',
        ...{ host: 'fake-host', system: 'Fake OS', storageDriver: 'memory', imageCount: images.length },
        cpus: 4,
        memoryBytes: 8 * 2 ** 30,
        rootFolder: null,
        gpus: [],
        ...options.info,
      }
    },

    async create(spec) {
      await check('create container')
      const existing = containers.get(spec.name)
      if (existing) return existing.id
      const missing = spec.mounts?.find(({ source }) => !volumes.has(source))
      if (missing) throw userError('no-data-folder', `There is no ${missing.source}.`, 'Make it.')
      const readOnly = (spec.mounts ?? []).map(({ source, path }) => {
        return { path, files: volumes.get(source)?.files ?? new Map(), readOnly: true }
      })
      const own = spec.volumes.map(({ name, path }) => {
        const volume = volumes.get(name) ?? { labels: spec.labels, files: new Map() }
        volumes.set(name, volume)
        return { path, files: volume.files }
      })
      const mounts = [...own, ...readOnly]
      const key = ({ labels }: ContainerSpec) => `${labels['hone.run']}/${labels['hone.trial']}`
      const attempt = 1 + created.filter((other) => key(other) === key(spec)).length
      const id = `fake-${created.length + 1}`
      created.push(spec)
      const container = new FakeContainer({ id, spec, attempt, mounts, now, program: options.program, emit })
      const image = images.find(({ names }) => names.includes(spec.image))
      for (const [path, content] of image?.files ?? []) container.files.set(path, content)
      containers.set(spec.name, container)
      return id
    },

    async put(id, tar, path) {
      await check('put files')
      const container = need(id)
      for (const [name, content] of await unpackFiles(tar, path)) container.writeFile(name, content)
    },

    async start(id) {
      await check('start container')
      need(id).start()
    },

    async inspect(id) {
      await check('inspect container')
      return find(id)?.status() ?? null
    },

    async *logs(id, from, signal) {
      const doing = 'read the log'
      await check(doing)
      const container = find(id)
      if (!container) return
      const filter = new CursorFilter(from)
      const change = follow(container, signal, doing)
      for (let next = 0; ; ) {
        signal.throwIfAborted()
        const line: LogLine | undefined = container.lines[next]
        if (line) {
          next++
          if (filter.passes(line)) yield line
        } else if (container.state !== 'running') return
        else await change()
      }
    },

    async wait(id, signal) {
      await check('wait')
      const container = find(id)
      if (!container) return null
      const change = follow(container, signal, 'wait')
      while (container.state === 'running') await change()
      return !container.lost ? container.status() : null
    },

    async usage(id) {
      await check('measure')
      const container = find(id)
      return container?.state === 'running' ? { ...container.usage } : null
    },

    async stop(id) {
      await check('stop')
      find(id)?.end(143, false)
    },

    async get(id, path) {
      await check('read files')
      const files = filesBelow(find(id)?.allFiles() ?? new Map(), path)
      return files.size === 0 ? null : packFiles(files)
    },

    async commit(id, name, labels) {
      await check('keep a container as an image')
      const { spec, files } = need(id)
      for (const image of images) image.names = image.names.filter((other) => other !== name)
      images.push({
        id: `fake-image-${images.length + 1}`,
        names: [name],
        labels: { ...spec.labels, ...labels },
        bytes: [...files.values()].reduce((sum, { length }) => sum + length, 0),
        createdAt: now(),
        spec,
        files: new Map(files),
      })
    },

    async listImages(label) {
      await check('list images')
      const isUsed = ({ names }: { names: string[] }) =>
        [...containers.values()].some(({ spec }) => names.includes(spec.image))
      return images
        .filter(({ labels }) => label in labels)
        .map(({ spec: _, files: __, ...image }) => ({ ...image, used: isUsed(image) }))
    },

    async removeImage(name) {
      await check('remove image')
      const at = images.findIndex(({ id, names }) => id === name || names.includes(name))
      if (at < 0) return
      const used = [...containers.values()].some(({ spec }) => images[at]?.names.includes(spec.image))
      if (used) throw systemError('engine-conflict', `${name} is in use.`, '')
      images.splice(at, 1)
    },

    async remove(id) {
      await check('remove container')
      const container = find(id)
      if (container) drop(container)
    },

    async list(labels) {
      await check('list containers')
      return [...containers.values()]
        .filter(({ spec }) => carries(spec.labels, labels))
        .map((one) => one.status())
    },

    events(labels, signal) {
      const seen: (EngineEvent | null)[] = []
      const arrived = new EventTarget()
      const add = (event: EngineEvent | null) => {
        seen.push(event)
        arrived.dispatchEvent(new Event('event'))
      }
      bus.addEventListener('engine', (event) => {
        const { detail } = event as CustomEvent<EngineEvent>
        if (carries(detail.labels, labels)) add(detail)
      })
      bus.addEventListener('away', () => add(null))
      signal.addEventListener('abort', () => add(null))
      return (async function* () {
        await check('listen to its events')
        if (signal.aborted) return
        for (;;) {
          while (seen.length > 0) {
            const event = seen.shift()
            if (!event) return
            yield event
          }
          await once(arrived, 'event')
        }
      })()
    },

    async listVolumes(labels) {
      await check('list volumes')
      return [...volumes].filter(([, volume]) => carries(volume.labels, labels)).map(([name]) => name)
    },

    async removeVolume(name) {
      await check('remove volume')
      volumes.delete(name)
    },
  }
}

const carries = (labels: Record<string, string>, wanted: Record<string, string>) =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value)
