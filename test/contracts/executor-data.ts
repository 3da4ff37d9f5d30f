import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContainerSpec, Executor } from '../../src/containers/executor.ts'
import { HoneError } from '../../src/domain/failure.ts'

export type DataProgram =
  /** Writes `cat` to /checkpoints/animal. */
  | 'fill'
  /** Prints /data/animal, then tries to write there and prints `refused` when it may not. */
  | 'read'

const never = new AbortController().signal

/** One suite for what every Executor does with data that containers may only read. */
export function dataContract(
  name: string,
  makeExecutor: () => Executor,
  makeProgramSpec: (program: DataProgram) => Pick<ContainerSpec, 'image' | 'command'>,
) {
  describe(`${name} and data`, () => {
    let executor: Executor
    let instance: string
    beforeEach(() => {
      executor = makeExecutor()
      instance = `test-${randomUUID().slice(0, 13)}`
    })
    afterEach(async () => {
      const labels = { 'hone.instance': instance }
      for (const { id } of await executor.list(labels)) await executor.remove(id)
      for (const volume of await executor.listVolumes(labels)) await executor.removeVolume(volume)
    })

    const create = (program: DataProgram, more: Partial<ContainerSpec>) =>
      executor.create({
        name: `${instance}-${program}`,
        ...makeProgramSpec(program),
        env: {},
        workdir: '/',
        labels: { 'hone.instance': instance },
        limits: { memoryBytes: 64 * 2 ** 20, cpus: 1, pids: 64, shmBytes: 2 ** 20 },
        network: false,
        volumes: [],
        ...more,
      })
    const output = async (id: string) => {
      await executor.start(id)
      const lines: string[] = []
      for await (const { text } of executor.logs(id, null, never)) lines.push(text)
      return lines
    }

    it('shows a volume to a container, which cannot change it', async () => {
      const volume = `${instance}-data`
      await output(await create('fill', { volumes: [{ name: volume, path: '/checkpoints' }] }))
      const mounts = [{ source: volume, path: '/data' }]
      expect(await output(await create('read', { mounts }))).toEqual(['cat', 'refused'])
    })

    it.each([
      ['a folder', '/nowhere/on/this/host'],
      ['a volume', 'hone-test-no-such-volume'],
    ])('says that %s is missing, as an error of the project', async (_what, source) => {
      const error = await create('read', { mounts: [{ source, path: '/data' }] }).then(
        () => expect.fail('the container was made'),
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(HoneError)
      const { failure } = error as HoneError
      expect(failure).toMatchObject({ kind: 'user', code: 'no-data-folder' })
      expect(failure.message).toContain(source)
      expect(await executor.list({ 'hone.instance': instance })).toEqual([])
      expect(await executor.listVolumes({ 'hone.instance': instance })).toEqual([])
    })
  })
}
