import { describe, expect, it } from 'vitest'
import type { ContainerSpec } from '../../src/containers/executor.ts'
import { fakeExecutor } from '../../src/containers/fake.ts'
import type { FakeContext, FakeOutput } from '../../src/containers/fake-container.ts'
import { executorContract, type ProgramName } from '../contracts/executor.ts'

const PROGRAMS: Record<
  ProgramName,
  (context: FakeContext) => AsyncIterable<FakeOutput> | Iterable<FakeOutput>
> = {
  lines: () => ['one', 'two', 'three'],
  many: () => Array.from({ length: 2000 }, (_, index) => `line ${index}`),
  unfinished: () => ['first', Buffer.from('last')],
  long: () => [Buffer.from('x'.repeat(200_000)), Buffer.from('\n'), 'after'],
  invalid: () => [
    Buffer.from([97, 0xff, 98, 10]),
    ...[...Buffer.from('grün\n')].map((byte) => Buffer.from([byte])),
  ],
  both: () => ['out', { stderr: Buffer.from('err\n') }],
  *fail(context) {
    yield 'failing'
    context.exit(3)
  },
  async *sleep(context) {
    yield 'ready'
    await context.hang()
  },
  // biome-ignore lint/correctness/useYield: it never gets that far
  *memory(context) {
    context.outOfMemory()
  },
  *copy(context) {
    const content = context.read('/tmp/in.txt') ?? ''
    context.write('/tmp/out/copy.txt', content)
    yield Buffer.from(content)
  },
  *count(context) {
    const content = `${context.read('/checkpoints/count') ?? ''}x`
    context.write('/checkpoints/count', content)
    yield content
  },
}

const program = (context: FakeContext) => PROGRAMS[context.spec.command[0] as ProgramName](context)

executorContract(
  'the fake executor',
  async () => {
    const executor = fakeExecutor({ program })
    const away = fakeExecutor({ program })
    away.away = true
    return { executor, away, kill: async (name) => executor.kill(name) }
  },
  (name) => ({ image: 'none', command: [name] }),
)

const spec = (name: string, command: ProgramName): ContainerSpec => ({
  name,
  image: 'none',
  command: [command],
  env: {},
  workdir: '/workspace',
  labels: { 'hone.run': '1', 'hone.trial': '0' },
  limits: { memoryBytes: 1, cpus: 1, pids: 1, shmBytes: 1 },
  network: false,
  volumes: [],
})
const never = new AbortController().signal

describe('the switches of the fake executor', () => {
  it('breaks off those who follow when the engine goes away, and the container goes on', async () => {
    const fake = fakeExecutor({ program })
    const id = await fake.create(spec('a', 'sleep'))
    await fake.start(id)
    const waiting = fake.wait(id, never)
    await fake.written('a', 1)
    fake.away = true
    await expect(waiting).rejects.toMatchObject({ failure: { code: 'engine-away' } })
    fake.away = false
    expect((await fake.inspect(id))?.state).toBe('running')
  })

  it('loses a container', async () => {
    const fake = fakeExecutor({ program })
    const id = await fake.create(spec('a', 'sleep'))
    await fake.start(id)
    const waiting = fake.wait(id, never)
    await fake.written('a', 1)
    fake.lose('a')
    expect(await waiting).toBeNull()
    expect(await fake.inspect('a')).toBeNull()
  })

  it('counts the attempts of a trial', async () => {
    const fake = fakeExecutor({ program })
    await fake.create(spec('a', 'lines'))
    await fake.create(spec('b', 'lines'))
    expect([...fake.containers.values()].map((container) => container.attempt)).toEqual([1, 2])
    expect(fake.created).toHaveLength(2)
  })

  it('writes an error of the program into the log', async () => {
    const fake = fakeExecutor({
      program: () => {
        throw new Error('no such thing')
      },
    })
    const id = await fake.create(spec('a', 'lines'))
    await fake.start(id)
    expect(await fake.wait(id, never)).toMatchObject({ exitCode: 1 })
    expect(fake.containers.get('a')?.lines).toMatchObject([{ text: 'Error: no such thing' }])
  })
})
