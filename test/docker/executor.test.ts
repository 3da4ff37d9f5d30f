import Docker from 'dockerode'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dockerExecutor } from '../../src/containers/docker.ts'
import type { LogLine } from '../../src/containers/executor.ts'
import { executorContract, type ProgramName } from '../contracts/executor.ts'
import { ensureTestImage, removeInstance, testExecutor, uniqueInstance } from '../helpers/docker.ts'

const sh = (script: string) => ['sh', '-c', script]

const COMMANDS: Record<ProgramName, string[]> = {
  lines: sh('echo one; echo two; echo three'),
  many: sh('i=0; while [ $i -lt 2000 ]; do echo "line $i"; i=$((i+1)); done'),
  unfinished: sh('echo first; printf last'),
  long: sh("head -c 200000 /dev/zero | tr '\\0' x; echo; echo after"),
  invalid: sh("printf 'a\\377b\\n'; echo grün"),
  both: sh('echo out; echo err >&2'),
  fail: sh('echo failing; exit 3'),
  sleep: sh('echo ready; exec sleep 1000'),
  memory: ['tail', '/dev/zero'],
  copy: sh('cat /tmp/in.txt; cp /tmp/in.txt /tmp/out/copy.txt'),
  count: sh('printf x >> /checkpoints/count; cat /checkpoints/count'),
}

let image: string
beforeAll(async () => {
  image = await ensureTestImage('base')
})

executorContract(
  'the Docker executor',
  async () => ({
    executor: testExecutor(),
    away: dockerExecutor({ dockerHost: 'unix:///nowhere/docker.sock' }),
    kill: (name) => new Docker().getContainer(name).kill({ signal: 'SIGKILL' }),
  }),
  (program) => ({ image, command: COMMANDS[program] }),
)

const instance = uniqueInstance()
afterAll(() => removeInstance(instance))

/** A progress bar writes no newline for long: the engine stamps all its parts with the time of the first. */
it('loses no line beside a long progress bar, from any cursor on', async () => {
  const executor = testExecutor()
  const bar = `printf '%20000s\\r' bar >&2`
  const script = `for i in 1 2 3 4 5 6; do ${bar}; echo "epoch $i"; sleep 0.1; done; echo >&2; echo end`
  const id = await executor.create({
    name: instance,
    image,
    command: sh(script),
    env: {},
    workdir: '/',
    labels: { 'hone.instance': instance },
    limits: { memoryBytes: 2 ** 26, cpus: 1, pids: 64, shmBytes: 2 ** 20 },
    network: false,
    volumes: [],
  })
  await executor.start(id)
  const read = async (from: { at: string; seen: number } | null) => {
    const lines: LogLine[] = []
    for await (const line of executor.logs(id, from, new AbortController().signal)) lines.push(line)
    return lines
  }
  const live = await read(null)
  const epochs = live.map(({ text }) => text).filter((text) => /^(epoch|end)/.test(text))
  expect(epochs).toEqual([1, 2, 3, 4, 5, 6].map((number) => `epoch ${number}`).concat('end'))
  const bars = live.filter(({ text }) => !/^(epoch|end)/.test(text)).map(({ text }) => text)
  expect(bars.join('').length).toBe(6 * 20_001)
  for (let position = 1; position <= live.length; position++) {
    const at = live[position - 1]?.at ?? ''
    const seen = live.slice(0, position).filter((line) => line.at === at).length
    expect(await read({ at, seen })).toEqual(live.slice(position))
  }
})
