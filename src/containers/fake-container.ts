import { posix } from 'node:path'
import type { Usage } from '../domain/pulse.ts'
import type { ContainerSpec, ContainerStatus, EngineEvent, LogLine } from './executor.ts'
import { type Files, writtenAt } from './fake-files.ts'
import { LineSplitter } from './log-frames.ts'

/** What a program of the fake may see and do. */
export interface FakeContext {
  spec: ContainerSpec
  env: Record<string, string>
  /** Counts from 1 among the containers with the same run and trial labels. */
  attempt: number
  /** Content of a file as text, by a path relative to the working directory or absolute; null when it is not there. */
  read(path: string): string | null
  write(path: string, content: string | Buffer): void
  /** Aborts when the container ends from outside. */
  signal: AbortSignal
  /** Never resolves: a training that hangs. */
  hang(): Promise<never>
  /** Ends the container here. */
  exit(exitCode: number): never
  /** Ends the container here, as when its memory is used up. */
  outOfMemory(): never
}

/** A string is one line; a Buffer is raw output of stdout, an object of the stream that it names. */
export type FakeOutput = string | Buffer | { stderr: Buffer }

/** Exit code 0 at its end; 1 with a line when it throws. */
export type FakeProgram = (context: FakeContext) => Iterable<FakeOutput> | AsyncIterable<FakeOutput>

class Ended extends Error {
  readonly exitCode: number
  readonly oom: boolean
  constructor(exitCode: number, oom: boolean) {
    super('the program ended')
    this.exitCode = exitCode
    this.oom = oom
  }
}

interface Parts {
  id: string
  spec: ContainerSpec
  attempt: number
  mounts: { path: string; files: Files; readOnly?: boolean }[]
  program: FakeProgram
  now: () => number
  emit(action: EngineEvent['action'], container: FakeContainer): void
}

export class FakeContainer {
  readonly id: string
  readonly spec: ContainerSpec
  readonly attempt: number
  readonly files: Files = new Map()
  readonly lines: LogLine[] = []
  state: ContainerStatus['state'] = 'created'
  exitCode: number | null = null
  oom = false
  lost = false
  /** What it has used: nothing, unless a test says so. */
  usage: Usage = { cpuMs: 0, ioBytes: 0 }
  startedAt: number | null = null
  endedAt: number | null = null
  readonly #parts: Parts
  readonly #stop = new AbortController()
  readonly #split = { stdout: new LineSplitter(), stderr: new LineSplitter() }
  #listeners: (() => void)[] = []

  constructor(parts: Parts) {
    this.#parts = parts
    this.id = parts.id
    this.spec = parts.spec
    this.attempt = parts.attempt
  }

  start(): void {
    if (this.state !== 'created') return
    this.state = 'running'
    this.startedAt = this.#parts.now()
    this.#parts.emit('start', this)
    void this.#run()
  }

  /** Ends a running container; does nothing to others. */
  end(exitCode: number, oom: boolean): void {
    if (this.state !== 'running') return
    for (const split of Object.values(this.#split)) for (const text of split.end()) this.#line(text)
    this.state = 'exited'
    this.exitCode = exitCode
    this.oom = oom
    this.endedAt = this.#parts.now()
    this.#stop.abort()
    if (oom) this.#parts.emit('oom', this)
    this.#parts.emit('die', this)
    this.changed()
  }

  status(): ContainerStatus {
    return {
      id: this.id,
      name: this.spec.name,
      labels: this.spec.labels,
      state: this.state,
      exitCode: this.exitCode,
      outOfMemory: this.oom,
      startedAt: this.startedAt,
      endedAt: this.endedAt,
    }
  }

  writeFile(path: string, content: Buffer): void {
    const mount = this.#parts.mounts.find((one) => path.startsWith(`${one.path}/`))
    if (mount?.readOnly) throw new Error(`EROFS: read-only file system, open '${path}'`)
    if (mount) mount.files.set(posix.relative(mount.path, path), content)
    else this.files.set(path, content)
  }

  /** Its own files and those of its volumes, by absolute path. */
  allFiles(): Files {
    const all: Files = new Map(this.files)
    for (const { path, files } of this.#parts.mounts) {
      for (const [name, content] of files) all.set(posix.join(path, name), content)
    }
    return all
  }

  changed(): void {
    for (const listener of this.#listeners.splice(0)) listener()
  }

  /** Resolves at the next line, end or loss; rejects with the signal's reason. */
  nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const abort = () => reject(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      this.#listeners.push(() => {
        signal.removeEventListener('abort', abort)
        resolve()
      })
    })
  }

  #line(text: string): void {
    const time = Math.max(this.#parts.now(), Date.parse(this.lines.at(-1)?.at ?? '') || 0)
    this.lines.push({ at: new Date(time).toISOString().replace('Z', '000000Z'), text })
    this.changed()
  }

  #output(output: FakeOutput): void {
    if (typeof output === 'string') {
      this.#line(output)
      return
    }
    const { stdout, stderr } = this.#split
    const lines = Buffer.isBuffer(output) ? stdout.push(output) : stderr.push(output.stderr)
    for (const text of lines) this.#line(text)
  }

  #context(): FakeContext {
    const { signal } = this.#stop
    const absolute = (path: string) => posix.resolve(this.spec.workdir, path)
    return {
      spec: this.spec,
      env: this.spec.env,
      attempt: this.attempt,
      signal,
      read: (path) => this.allFiles().get(absolute(path))?.toString() ?? null,
      write: (path, content) =>
        this.writeFile(absolute(path), writtenAt(Buffer.from(content), new Date(this.#parts.now()))),
      hang: () => new Promise<never>(() => {}),
      exit: (exitCode) => {
        throw new Ended(exitCode, false)
      },
      outOfMemory: () => {
        throw new Ended(137, true)
      },
    }
  }

  async #run(): Promise<void> {
    const stopped = new Promise<IteratorResult<FakeOutput>>((resolve) => {
      this.#stop.signal.addEventListener('abort', () => resolve({ done: true, value: undefined }))
    })
    try {
      // The caller of start() goes on first, as with a real engine.
      await Promise.resolve()
      const output = this.#parts.program(this.#context())
      const iterator =
        Symbol.asyncIterator in output ? output[Symbol.asyncIterator]() : output[Symbol.iterator]()
      for (;;) {
        const next = await Promise.race([iterator.next(), stopped])
        if (this.state !== 'running') return
        if (next.done) return this.end(0, false)
        this.#output(next.value)
      }
    } catch (error) {
      const ended = error instanceof Ended ? error : null
      if (!ended) this.#line(String(error))
      this.end(ended?.exitCode ?? 1, ended?.oom ?? false)
    }
  }
}
