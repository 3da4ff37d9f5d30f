import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContainerSpec, Executor } from '../../src/containers/executor.ts'

const never = new AbortController().signal

/**
 * One suite for what every Executor does with images made from containers.
 * @param makeProgramSpec a container that prints /tmp/kept.txt
 */
export function imageContract(
  name: string,
  makeExecutor: () => Executor,
  makeProgramSpec: () => Pick<ContainerSpec, 'image' | 'command'>,
) {
  describe(`${name} and images`, () => {
    let executor: Executor
    let instance: string
    let label: string
    let image: string
    let count = 0
    beforeEach(() => {
      executor = makeExecutor()
      const id = randomUUID().slice(0, 13)
      instance = `test-${id}`
      label = `hone.test.${id}`
      image = `hone/test-${id}:run-1`
    })
    afterEach(async () => {
      for (const { id } of await executor.list({ 'hone.instance': instance })) await executor.remove(id)
      for (const { id } of await executor.listImages(label)) await executor.removeImage(id)
    })

    const create = (more: Partial<ContainerSpec> = {}) =>
      executor.create({
        name: `${instance}-${++count}`,
        ...makeProgramSpec(),
        env: {},
        workdir: '/',
        labels: { 'hone.instance': instance, 'hone.run': '7' },
        limits: { memoryBytes: 64 * 2 ** 20, cpus: 1, pids: 64, shmBytes: 2 ** 20 },
        network: false,
        volumes: [],
        ...more,
      })
    const keep = async (content: string) => {
      const tar = pack()
      tar.entry({ name: 'tmp/kept.txt', uid: 1000, gid: 1000 }, `${content}\n`)
      tar.finalize()
      const id = await create()
      await executor.put(id, tar as unknown as Readable, '/')
      await executor.commit(id, image, { [label]: 'a "b" c', 'hone.instance': '' })
      await executor.remove(id)
    }
    const output = async (id: string) => {
      await executor.start(id)
      const lines: string[] = []
      for await (const { text } of executor.logs(id, null, never)) lines.push(text)
      return lines
    }

    it('keeps a container that was never started, with its files and labels', async () => {
      const before = Date.now() - 2000
      await keep('a model')
      const [found, ...others] = await executor.listImages(label)
      expect(others).toEqual([])
      expect(found).toMatchObject({ names: [image], used: false })
      expect(found?.labels).toMatchObject({ [label]: 'a "b" c', 'hone.instance': '', 'hone.run': '7' })
      expect(found?.bytes).toBeGreaterThan(0)
      expect(found?.createdAt).toBeGreaterThan(before)
      expect(await output(await create({ image }))).toEqual(['a model'])
    })

    it('gives the name to the newer one', async () => {
      await keep('old')
      await keep('new')
      const images = await executor.listImages(label)
      expect(images.map(({ names }) => names).toSorted()).toEqual([[], [image]])
      expect(await output(await create({ image }))).toEqual(['new'])
    })

    it('keeps an image that a container is made from, also an ended one', async () => {
      await keep('a model')
      const id = await create({ image })
      await output(id)
      await executor.wait(id, never)
      expect(await executor.listImages(label)).toMatchObject([{ used: true }])
      await expect(executor.removeImage(image)).rejects.toMatchObject({ failure: { kind: 'system' } })
      await executor.remove(id)
      await executor.removeImage(image)
      expect(await executor.listImages(label)).toEqual([])
      await executor.removeImage(image)
    })
  })
}
