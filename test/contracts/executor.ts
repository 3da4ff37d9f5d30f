import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContainerSpec, Executor, LogCursor, LogLine } from '../../src/containers/executor.ts'
import { HoneError } from '../../src/domain/failure.ts'
import { archive, entries, files } from '../helpers/archives.ts'

/** What the containers of the suite do; each implementation says how. */
export type ProgramName =
  /** Lines `one`, `two`, `three`. */
  | 'lines'
  /** Lines `line 0` to `line 1999`. */
  | 'many'
  /** Line `first`, then `last` without a newline. */
  | 'unfinished'
  /** A line of 200,000 `x`, then line `after`. */
  | 'long'
  /** The bytes `a FF b` and a newline, then the line `grün`. */
  | 'invalid'
  /** Line `out` on stdout, line `err` on stderr. */
  | 'both'
  /** Line `failing`, then exit code 3. */
  | 'fail'
  /** Line `ready`, then nothing until it is stopped. */
  | 'sleep'
  /** Uses memory until there is none. */
  | 'memory'
  /** Prints /tmp/in.txt and writes the same to /tmp/out/copy.txt. */
  | 'copy'
  /** Adds an `x` to /checkpoints/count and prints what is in it. */
  | 'count'

export interface ExecutorUnderTest {
  executor: Executor
  /** An executor whose engine is not there. */
  away: Executor
  /** Ends a container from outside with SIGKILL. */
  kill(name: string): Promise<void>
}

export type MakeProgramSpec = (program: ProgramName) => Pick<ContainerSpec, 'image' | 'command'>

const never = new AbortController().signal

/** One suite for every Executor. */
export function executorContract(
  name: string,
  makeExecutor: () => Promise<ExecutorUnderTest>,
  makeProgramSpec: MakeProgramSpec,
) {
  describe(name, () => {
    let test: ExecutorUnderTest
    let labels: Record<string, string>
    let count = 0

    beforeEach(async () => {
      test = await makeExecutor()
      labels = { 'hone.instance': `test-${randomUUID()}`, 'hone.test': name }
    })
    afterEach(async () => {
      for (const { id } of await test.executor.list(labels)) await test.executor.remove(id)
      for (const volume of await test.executor.listVolumes(labels)) await test.executor.removeVolume(volume)
    })

    const spec = (program: ProgramName, more: Partial<ContainerSpec> = {}): ContainerSpec => ({
      name: `${labels['hone.instance']}-${++count}`,
      ...makeProgramSpec(program),
      env: {},
      workdir: '/',
      labels,
      limits: { memoryBytes: 64 * 2 ** 20, cpus: 1, pids: 64, shmBytes: 2 ** 20 },
      network: false,
      volumes: [],
      ...more,
    })
    const started = async (program: ProgramName, more?: Partial<ContainerSpec>) => {
      const id = await test.executor.create(spec(program, more))
      await test.executor.start(id)
      return id
    }
    const read = async (id: string, from: LogCursor | null = null) => {
      const lines: LogLine[] = []
      for await (const line of test.executor.logs(id, from, never)) lines.push(line)
      return lines
    }
    const texts = async (id: string) => (await read(id)).map(({ text }) => text)
    const ended = async (id: string) => {
      const status = await test.executor.wait(id, never)
      expect(status?.state).toBe('exited')
      return status
    }

    it('runs a container from create to remove', async () => {
      const wanted = spec('lines')
      const id = await test.executor.create(wanted)
      expect(await test.executor.inspect(id)).toMatchObject({
        id,
        name: wanted.name,
        labels,
        state: 'created',
        exitCode: null,
        startedAt: null,
        endedAt: null,
      })
      await test.executor.start(id)
      expect(await texts(id)).toEqual(['one', 'two', 'three'])
      const status = await ended(id)
      expect(status).toMatchObject({ exitCode: 0, outOfMemory: false })
      expect(status?.endedAt).toBeGreaterThanOrEqual(status?.startedAt ?? Number.NaN)
      await test.executor.remove(id)
      expect(await test.executor.inspect(id)).toBeNull()
    })

    it('lets every call be repeated', async () => {
      const wanted = spec('lines')
      const id = await test.executor.create(wanted)
      expect(await test.executor.create(wanted)).toBe(id)
      await test.executor.start(id)
      await test.executor.start(id)
      const first = await ended(id)
      await test.executor.start(id)
      expect(await ended(id)).toEqual(first)
      await test.executor.stop(id, 1)
      await test.executor.remove(id)
      await test.executor.remove(id)
    })

    it('measures a container while it runs, and only then', async () => {
      const id = await test.executor.create(spec('sleep'))
      expect(await test.executor.usage(id)).toBeNull()
      await test.executor.start(id)
      expect(await test.executor.usage(id)).toEqual({
        cpuMs: expect.any(Number),
        ioBytes: expect.any(Number),
      })
      await test.executor.stop(id, 0)
      expect(await test.executor.usage(id)).toBeNull()
      expect(await test.executor.usage('hone-missing')).toBeNull()
      await test.executor.remove(id)
    })

    it('finds a container by its name too', async () => {
      const wanted = spec('lines')
      const id = await test.executor.create(wanted)
      expect((await test.executor.inspect(wanted.name))?.id).toBe(id)
      await test.executor.start(wanted.name)
      expect((await test.executor.wait(wanted.name, never))?.id).toBe(id)
    })

    it('knows nothing of a missing container, and removes it gladly', async () => {
      expect(await test.executor.inspect('hone-missing')).toBeNull()
      expect(await test.executor.wait('hone-missing', never)).toBeNull()
      expect(await test.executor.get('hone-missing', '/tmp')).toBeNull()
      expect(await texts('hone-missing')).toEqual([])
      await test.executor.stop('hone-missing', 1)
      await test.executor.remove('hone-missing')
      await test.executor.removeVolume('hone-missing')
    })

    it('reads a log of many lines whole and in order', async () => {
      const lines = await read(await started('many'))
      expect(lines.map(({ text }) => text)).toEqual(
        Array.from({ length: 2000 }, (_, index) => `line ${index}`),
      )
      const times = lines.map(({ at }) => at)
      expect(times).toEqual(times.toSorted())
      expect(times[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
    })

    it('goes on from any cursor without loss or repetition', async () => {
      const id = await started('many')
      await ended(id)
      const all = await read(id)
      for (const position of [1, 2, 3, 999, 1000, 1998, 1999, 2000]) {
        const at = all[position - 1]?.at ?? ''
        const seen = all.slice(0, position).filter((line) => line.at === at).length
        expect(await read(id, { at, seen })).toEqual(all.slice(position))
      }
    })

    it('keeps a last line without newline', async () => {
      expect(await texts(await started('unfinished'))).toEqual(['first', 'last'])
    })

    it('cuts a very long line in pieces, the same in every reading', async () => {
      const id = await started('long')
      const lines = await read(id)
      expect(lines.at(-1)?.text).toBe('after')
      const pieces = lines.slice(0, -1).map(({ text }) => text)
      expect(pieces.map((piece) => piece.length)).toEqual([65_536, 65_536, 65_536, 3392])
      expect(pieces.join('')).toBe('x'.repeat(200_000))
      expect(await read(id)).toEqual(lines)
      const { at } = lines[1] as LogLine
      const seen = lines.slice(0, 2).filter((line) => line.at === at).length
      expect(await read(id, { at, seen })).toEqual(lines.slice(2))
    })

    it('replaces what is no UTF-8', async () => {
      expect(await texts(await started('invalid'))).toEqual(['a\uFFFDb', 'grün'])
    })

    it('reads both streams', async () => {
      expect((await texts(await started('both'))).toSorted()).toEqual(['err', 'out'])
    })

    it('follows a log while the container runs, and stops following when told', async () => {
      const id = await started('sleep')
      const leave = new AbortController()
      const lines: string[] = []
      const reading = (async () => {
        for await (const { text } of test.executor.logs(id, null, leave.signal)) {
          lines.push(text)
          leave.abort(new Error('enough'))
        }
      })()
      await expect(reading).rejects.toThrow('enough')
      expect(lines).toEqual(['ready'])
      expect((await test.executor.inspect(id))?.state).toBe('running')
    })

    it('stops waiting when told', async () => {
      const id = await started('sleep')
      const leave = new AbortController()
      const waiting = test.executor.wait(id, leave.signal)
      leave.abort(new Error('enough'))
      await expect(waiting).rejects.toThrow('enough')
    })

    it('tells the exit code', async () => {
      const id = await started('fail')
      expect(await texts(id)).toEqual(['failing'])
      expect(await ended(id)).toMatchObject({ exitCode: 3, outOfMemory: false })
    })

    it('stops with SIGTERM', async () => {
      const id = await started('sleep')
      await firstLine(id)
      await test.executor.stop(id, 30)
      expect(await ended(id)).toMatchObject({ exitCode: 143 })
    })

    it('tells that a container was killed, and ends those who follow it', async () => {
      const wanted = spec('sleep')
      const id = await test.executor.create(wanted)
      await test.executor.start(id)
      const waiting = test.executor.wait(id, never)
      const reading = texts(id)
      await firstLine(id)
      await test.kill(wanted.name)
      expect(await waiting).toMatchObject({ exitCode: 137, outOfMemory: false })
      expect(await reading).toEqual(['ready'])
    })

    it('tells that a container ran out of memory', async () => {
      expect(await ended(await started('memory'))).toMatchObject({ exitCode: 137, outOfMemory: true })
    })

    it('puts files in and gets files out', async () => {
      const id = await test.executor.create(spec('copy'))
      await test.executor.put(id, archive({ 'tmp/in.txt': 'content\n', 'tmp/out/': '' }), '/')
      await test.executor.start(id)
      await ended(id)
      expect(await texts(id)).toEqual(['content'])
      expect(await files(await test.executor.get(id, '/tmp/out/copy.txt'))).toEqual({
        'copy.txt': 'content\n',
      })
      expect(await files(await test.executor.get(id, '/tmp/out'))).toEqual({ 'out/copy.txt': 'content\n' })
      expect(await test.executor.get(id, '/tmp/none')).toBeNull()
    })

    it('keeps what lies in a volume for the next container', async () => {
      const volumes = [{ name: `${labels['hone.instance']}-volume`, path: '/checkpoints' }]
      const first = await started('count', { volumes })
      await ended(first)
      await test.executor.remove(first)
      const second = await started('count', { volumes })
      expect(await texts(second)).toEqual(['xx'])
      expect(await test.executor.listVolumes(labels)).toEqual([volumes[0]?.name])
      await test.executor.remove(second)
      await test.executor.removeVolume(volumes[0]?.name ?? '')
      expect(await test.executor.listVolumes(labels)).toEqual([])
    })

    it('puts files into a volume and gets them out, before the start, while it runs and for the next container', async () => {
      const volumes = [{ name: `${labels['hone.instance']}-volume`, path: '/checkpoints' }]
      const old = new Date('2020-02-20T20:20:20Z')
      const note = async (id: string) => {
        const [found] = await entries(await test.executor.get(id, '/checkpoints/note'))
        return found
      }
      const first = await test.executor.create(spec('sleep', { volumes }))
      expect(await test.executor.get(first, '/checkpoints/note')).toBeNull()
      await test.executor.put(first, archive({ note: 'kept' }, old), '/checkpoints')
      expect(await note(first)).toEqual({ name: 'note', size: 4, mtime: old })
      await test.executor.start(first)
      await firstLine(first)
      expect(await note(first)).toEqual({ name: 'note', size: 4, mtime: old })
      await test.executor.stop(first, 30)
      await test.executor.remove(first)

      const began = Date.now()
      const second = await started('count', { volumes })
      await ended(second)
      const found = await entries(await test.executor.get(second, '/checkpoints'))
      expect(found.find(({ name }) => name === 'checkpoints/note')).toMatchObject({ mtime: old })
      const written = found.find(({ name }) => name === 'checkpoints/count')
      expect(written?.mtime.getTime()).toBeGreaterThanOrEqual(Math.floor(began / 1000) * 1000)
    })

    it('lists by all labels, the ended ones too', async () => {
      const more = { ...labels, 'hone.run': '7' }
      const id = await started('lines', { labels: more })
      await ended(id)
      const other = await test.executor.create(spec('lines'))
      const ids = async (wanted: Record<string, string>) =>
        (await test.executor.list(wanted)).map((status) => status.id).toSorted()
      expect(await ids(more)).toEqual([id])
      expect(await ids(labels)).toEqual([id, other].toSorted())
      expect(await ids({ ...labels, 'hone.run': '8' })).toEqual([])
    })

    it('tells what happens to containers with the labels', async () => {
      const stop = new AbortController()
      const events = test.executor.events(labels, stop.signal)[Symbol.asyncIterator]()
      const id = await started('lines')
      await ended(id)
      const actions = [(await events.next()).value, (await events.next()).value]
      expect(actions).toMatchObject([
        { action: 'start', labels },
        { action: 'die', labels },
      ])
      await test.executor.remove(id)
      expect((await events.next()).value).toMatchObject({ action: 'destroy' })
      const last = events.next()
      stop.abort()
      expect((await last).done).toBe(true)
    })

    it('says that the engine is away', async () => {
      const { away } = test
      const calls: (() => Promise<unknown>)[] = [
        () => away.info(),
        () => away.create(spec('lines')),
        () => away.put('x', archive({}), '/'),
        () => away.start('x'),
        () => away.inspect('x'),
        () => away.logs('x', null, never)[Symbol.asyncIterator]().next(),
        () => away.wait('x', never),
        () => away.stop('x', 1),
        () => away.get('x', '/'),
        () => away.commit('x', 'hone/x:1', {}),
        () => away.listImages('hone.x'),
        () => away.removeImage('hone/x:1'),
        () => away.remove('x'),
        () => away.list(labels),
        () => away.events(labels, never)[Symbol.asyncIterator]().next(),
        () => away.listVolumes(labels),
        () => away.removeVolume('x'),
      ]
      for (const call of calls) {
        const error = await call().then(
          () => expect.fail(`${call} went well`),
          (thrown: unknown) => thrown,
        )
        expect(error).toBeInstanceOf(HoneError)
        expect((error as HoneError).failure).toMatchObject({ kind: 'unavailable', code: 'engine-away' })
      }
    })

    it('says what the engine refuses', async () => {
      const error = await test.executor
        .put('hone-missing', archive({}), '/')
        .catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(HoneError)
      expect((error as HoneError).failure.kind).toBe('system')
    })

    it('passes on the error of a broken archive', async () => {
      const id = await test.executor.create(spec('lines'))
      const broken = Readable.from(
        (async function* () {
          yield Buffer.alloc(512)
          throw new Error('source broke')
        })(),
      )
      await expect(test.executor.put(id, broken, '/')).rejects.toThrow('source broke')
    })

    async function firstLine(id: string) {
      const leave = new AbortController()
      const lines = test.executor.logs(id, null, leave.signal)[Symbol.asyncIterator]()
      await lines.next()
      leave.abort()
      await lines.return?.().catch(() => {})
    }
  })
}
