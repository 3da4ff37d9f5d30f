import { afterEach, describe, expect, it } from 'vitest'
import { gpusFor } from '../../jobs/detect-model/image.ts'
import { freeGpus, GPU_LABEL, withGpus } from '../../jobs/train/gpus.ts'
import type { ContainerSpec } from '../../src/containers/executor.ts'
import { fakeExecutor } from '../../src/containers/fake.ts'
import type { HoneError } from '../../src/domain/failure.ts'

const holder = (name: string, gpus: string, state: 'created' | 'running' | 'exited' = 'running') => ({
  ...{ name, state },
  labels: gpus === '' ? ({} as Record<string, string>) : { [GPU_LABEL]: gpus },
})

describe('free graphics cards', () => {
  it.each([
    ['all', [], 2, ['0', '1']],
    ['those that nobody holds', [holder('a', '0')], 1, ['1']],
    ['not those of a container that is yet to start', [holder('a', '0', 'created')], 1, ['1']],
    ['those of one that has ended', [holder('a', '0,1', 'exited'), holder('b', '')], 2, ['0', '1']],
    ['too few', [holder('a', '0')], 2, null],
    ['those that this container has already', [holder('own', '1'), holder('a', '0')], 1, ['1']],
  ])('are %s', (_, holders, wanted, expected) => {
    expect(freeGpus(['0', '1'], holders, 'own', wanted)).toEqual(expected)
  })
})

describe('cards for a container', () => {
  const executor = fakeExecutor({
    program: async function* ({ signal }: { signal?: AbortSignal }) {
      yield 'trains'
      await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    } as never,
    info: { gpus: ['0', '1'] },
  })
  const labels = { 'hone.instance': 'x' }
  const start = (name: string, wanted: number) =>
    withGpus(executor, { wanted, name, labels }, async (gpus, held) => {
      const spec = { name, image: '', command: [], env: {}, workdir: '/', network: false, volumes: [] }
      const limits = { memoryBytes: 1, cpus: 1, pids: 1, shmBytes: 1 }
      const id = await executor.create({
        ...spec,
        limits,
        gpus,
        labels: { ...labels, ...held },
      } as ContainerSpec)
      return { id, gpus }
    })
  afterEach(async () => {
    for (const { id } of await executor.list(labels)) await executor.remove(id)
  })

  it('are never shared, also when several begin at once', async () => {
    const started = await Promise.all([start('a', 1), start('b', 1), start('c', 0)])
    expect(started.map(({ gpus }) => gpus)).toEqual([['0'], ['1'], []])
  })

  it('are waited for when too few are free, and given on when they are', async () => {
    const first = await start('a', 2)
    const waiting = await start('b', 1).catch((error: unknown) => error)
    expect((waiting as HoneError).failure).toMatchObject({
      ...{ kind: 'unavailable', code: 'gpus-busy' },
      message: "The training waits for a graphics card: of the engine's 2 too few are free.",
    })
    await executor.remove(first.id)
    expect((await start('b', 1)).gpus).toEqual(['0'])
  })
})

describe('how many a training gets', () => {
  it('is one where the engine has some and the framework can use it, or what is set', () => {
    expect(gpusFor({}, 4, true)).toBe(1)
    expect(gpusFor({}, 4, false)).toBe(0)
    expect(gpusFor({}, 0, true)).toBe(0)
    expect(gpusFor({ gpus: 2 }, 4, false)).toBe(2)
    expect(gpusFor({ gpus: 0 }, 4, true)).toBe(0)
  })

  it('is refused when the engine has fewer', () => {
    expect(() => gpusFor({ gpus: 1 }, 0, true)).toThrow(
      'The settings ask for 1 graphics card, but the engine has none.',
    )
    expect(() => gpusFor({ gpus: 3 }, 2, true)).toThrow('3 graphics cards, but the engine has 2.')
  })
})
