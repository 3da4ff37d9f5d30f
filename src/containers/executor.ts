import type { Readable } from 'node:stream'
import type { Usage } from '../domain/pulse.ts'

export interface EngineInfo {
  version: string
  /** Name of the machine that it runs on. */
  host: string
  /** Its operating system, in words. */
  system: string
  storageDriver: string
  /** How many it has, Hone's and others. */
  imageCount: number
  cpus: number
  memoryBytes: number
  /** Folder of this machine that it keeps its images and volumes in; null where the engine runs elsewhere. */
  rootFolder: string | null
  /** Ids of its graphics cards, for `ContainerSpec.gpus`. */
  gpus: readonly string[]
}

export interface ContainerSpec {
  /** Unique on the engine: creating the same name twice is creating it once. */
  name: string
  image: string
  command: string[]
  /** A PYTHONPATH of the image's own stays, behind this one. */
  env: Record<string, string>
  workdir: string
  labels: Record<string, string>
  /** `logBytes`: of the log, how much the engine keeps; it is enough for any training where it is left out. */
  limits: { memoryBytes: number; cpus: number; pids: number; shmBytes: number; logBytes?: number }
  network: boolean
  /** Ids of the graphics cards that it may use. */
  gpus?: readonly string[]
  volumes: { name: string; path: string }[]
  /** Seen read-only: a folder of the engine's host, or else a volume; both have to be there. */
  mounts?: { source: string; path: string }[]
}

export interface ContainerStatus {
  id: string
  name: string
  labels: Record<string, string>
  state: 'created' | 'running' | 'exited'
  exitCode: number | null
  outOfMemory: boolean
  /** ms since the epoch. */
  startedAt: number | null
  endedAt: number | null
}

export interface LogLine {
  /** RFC 3339 with nanoseconds, as the engine gave it; never decreasing within one container. */
  at: string
  text: string
}

/** Where to go on in a log: after the first `seen` lines that carry the time `at`. */
export interface LogCursor {
  at: string
  seen: number
}

export interface EngineEvent {
  action: 'start' | 'die' | 'oom' | 'destroy'
  labels: Record<string, string>
}

export interface EngineImage {
  id: string
  /** `hone/sklearn:39be32665835`; none when the name went to a newer one. */
  names: string[]
  labels: Record<string, string>
  /** What it takes with all that it is made on. */
  bytes: number
  /** ms since the epoch. */
  createdAt: number
  /** Whether a container, also an ended one, is made from it. */
  used: boolean
}

/**
 * Runs training containers on an engine.
 *
 * Order of calls for one container: create, put (any number), start, then logs, wait, inspect and get at any time, remove
 * last. All calls may be made concurrently for different containers; `inspect`, `logs`, `wait` and `get`
 * also for the same one. Every call may be repeated after a crash of the caller: `create` returns the existing
 * container of that name, `start` of a started, `stop` of a stopped and `remove` of a missing one do nothing.
 *
 * Every call throws a HoneError of kind `unavailable` when the engine does not answer, of kind `system` when it refuses.
 */
export interface Executor {
  /** @param withinMs how long an answer is waited for, where less is wanted than for other questions */
  info(withinMs?: number): Promise<EngineInfo>
  /**
   * Missing volumes are made, with the container's labels.
   * @returns the container's id
   * @throws HoneError `user`, `no-data-folder`, when what is to be mounted is not there
   */
  create(spec: ContainerSpec): Promise<string>
  /** Unpacks a tar stream at an absolute path of the container; owners and modes are those of the tar's entries. */
  put(id: string, tar: Readable, path: string): Promise<void>
  /** A container that ended is not started again. */
  start(id: string): Promise<void>
  /** By id or name; null when the engine does not know it. */
  inspect(id: string): Promise<ContainerStatus | null>
  /**
   * Lines of both streams from the cursor on (from the first one with null), following until the container ends.
   * No line is lost and none comes twice; the last line comes also without a newline; invalid UTF-8 is replaced;
   * a line longer than 64 KiB comes in pieces. Ends only when all is read; throws the signal's reason when it aborts.
   */
  logs(id: string, from: LogCursor | null, signal: AbortSignal): AsyncIterable<LogLine>
  /**
   * Resolves when the container has ended; at once if it had, or was never started (see its state). Null when the
   * engine does not know it. Rejects with the signal's reason when it aborts.
   */
  wait(id: string, signal: AbortSignal): Promise<ContainerStatus | null>
  /** What a running container has used since its start; null when it does not run, or the engine does not tell. */
  usage(id: string): Promise<Usage | null>
  /** SIGTERM, then SIGKILL after the grace period. */
  stop(id: string, graceSeconds: number): Promise<void>
  /** A file or folder of the container as a tar stream; null when it is not there. */
  get(id: string, path: string): Promise<Readable | null>
  /**
   * Keeps the file system of a container that does not run as an image, with its command, environment, working directory
   * and labels, these among them; volumes are left out. The name is taken from an image that had it.
   */
  commit(id: string, name: string, labels: Record<string, string>): Promise<void>
  /** Those that carry a label of this name, whatever its value. */
  listImages(label: string): Promise<EngineImage[]>
  /** By name or id. Refused, as `system`, while a container is made from it; nothing happens when it is not there. */
  removeImage(name: string): Promise<void>
  remove(id: string): Promise<void>
  /** Containers, also ended ones, that carry all these labels. */
  list(labels: Record<string, string>): Promise<ContainerStatus[]>
  /** What happens to containers with these labels, from now on until the signal aborts or the engine goes away. */
  events(labels: Record<string, string>, signal: AbortSignal): AsyncIterable<EngineEvent>
  /** Names of the volumes that carry all these labels. */
  listVolumes(labels: Record<string, string>): Promise<string[]>
  removeVolume(name: string): Promise<void>
}

/** On every container and volume of one Hone installation: only those are ever touched. */
export const LABEL = {
  instance: 'hone.instance',
  run: 'hone.run',
  trial: 'hone.trial',
  attempt: 'hone.attempt',
} as const

/** The user that trainings run as; the images have it, and give it its folders. */
export const TRAINING_USER = { uid: 1000, gid: 1000 }
