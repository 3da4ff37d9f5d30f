import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureTestImage, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { trainingTrial } from '../../helpers/training.ts'

const instance = uniqueInstance()
let image: string
beforeAll(async () => {
  image = await ensureTestImage('base')
})
afterAll(() => removeInstance(instance))

/** What a framework's module of the runtime does, on a training that only counts. */
const script = `
import random, time
from _hone import sections

def fit(name, epochs):
    with sections.section(name) as section:
        total = 0
        if section.resume:
            total = section.state()["total"]
            section.restored()
        make_parts = lambda: sections.pickled({"total": total})
        if section.done:
            return total
        for epoch in range(section.index + 1, epochs + 1):
            total += random.random()
            print(f"{name} epoch {epoch}", flush=True)
            time.sleep(0.05)
            section.epoch(epoch, {"val_accuracy": total / 100}, make_parts, total=epochs)
        section.finish(make_parts)
        return total

print("result", fit("first", 4) + fit("second", 6))
`
const trial = (text = script) => trainingTrial({ instance, image, files: { 'train.py': text } })
const result = (lines: readonly string[]) => lines.find((line) => line.startsWith('result'))

describe('a training that is killed', () => {
  it('goes on from its last checkpoint and comes to the same result', async () => {
    const straight = await trial().attempt()
    expect(straight.exitCode).toBe(0)

    const killed = trial()
    const first = await killed.attempt({ killAt: (line) => line === 'first epoch 3' })
    expect(first.exitCode).toBe(137)
    const second = await killed.attempt({ killAt: (line) => line === 'second epoch 4' })
    const third = await killed.attempt()
    expect(third.exitCode).toBe(0)
    expect(result(third.lines)).toBe(result(straight.lines))

    const trained = [first, second, third].flatMap(({ lines }) =>
      lines.filter((line) => / epoch /.test(line)),
    )
    expect(trained.length).toBeLessThanOrEqual(10 + 2)
    expect(second.events.find(({ type }) => type === 'resumed')).toMatchObject({ attempt: 1, by: 'hone' })
    expect(third.events.filter(({ type }) => type === 'resumed')).toMatchObject([
      { place: 'first#0', step: 4 },
      { place: 'second#0' },
    ])
  })

  it('reports its epochs, checkpoints and end', async () => {
    const { events } = await trial().attempt()
    expect(events.filter(({ type }) => type === 'epoch')[1]).toMatchObject({
      step: 2,
      total: 4,
      metrics: { val_accuracy: expect.any(Number) },
    })
    expect(events.find(({ type }) => type === 'checkpoint')).toMatchObject({
      place: 'first#0',
      step: 1,
      bytes: expect.any(Number),
      seconds: expect.any(Number),
    })
    expect(events.at(-1)).toMatchObject({
      type: 'end',
      exit: 0,
      reason: 'finished',
      memory: expect.any(Number),
    })
  })

  it('saves and ends when SIGTERM asks for it', async () => {
    const stopped = trial()
    const first = await stopped.attempt({ killAt: (line) => line === 'second epoch 3', signal: 'SIGTERM' })
    expect(first.exitCode).toBe(143)
    expect(first.events.at(-1)).toMatchObject({ type: 'end', reason: 'stopped', exit: 143 })
    const { lines } = await stopped.attempt()
    expect(['second epoch 3', 'second epoch 4']).toContain(lines[0])
  })
})

it('a training whose place cannot be looked up is trained as without Hone', async () => {
  const text = script.replace('def fit', 'from _hone import places\nplaces._the_plan = None\n\ndef fit')
  const { lines, exitCode } = await trial(text).attempt()
  expect(lines.filter((line) => / epoch /.test(line))).toHaveLength(10)
  expect(lines).toContainEqual(expect.stringMatching(/^\[hone\] .* the training goes on: TypeError/))
  expect(exitCode).toBe(0)
})

describe('a checkpoint is refused, and why is said', () => {
  const refused = (events: readonly Record<string, unknown>[]) =>
    events.filter(({ code }) => code === 'checkpoint-refused').map(({ message }) => message)

  it('when it was made with another seed', async () => {
    const other = trial()
    await other.attempt({ killAt: (line) => line === 'first epoch 3' })
    const { events, lines } = await other.attempt({ env: { HONE_SEED: '8' } })
    expect(refused(events)[0]).toMatch(/^The checkpoint \d+ is not used: it was made with other seed\.$/)
    expect(lines[0]).toBe('first epoch 1')
  })

  it('when it is damaged: the one before it is taken', async () => {
    const other = trial()
    await other.attempt({ killAt: (line) => line === 'first epoch 4' })
    const newest = (await other.list('/checkpoints/hone')).filter((path) => path.endsWith('state.pkl')).at(-1)
    await other.put({ [newest as string]: 'nothing' }, '/checkpoints')
    const { events, lines } = await other.attempt()
    expect(refused(events)).toEqual([
      expect.stringMatching(/^The checkpoint \d+ is not used: state.pkl is damaged\.$/),
    ])
    expect(lines[0]).toMatch(/^first epoch [23]$/)
    expect(await other.list('/checkpoints/hone')).not.toContain(newest)
  })

  it('when it was half written, or by another version: the next checkpoints have other numbers', async () => {
    const straight = await trial().attempt()
    const other = trial()
    await other.attempt({ killAt: (line) => line === 'first epoch 3' })
    const paths = await other.list('/checkpoints/hone')
    const newest = Math.max(...paths.map((path) => Number(path.match(/hone\/(\d+)\//)?.[1] ?? 0)))
    const [torn, half, newer] = [1, 2, 3].map((more) => String(newest + more).padStart(8, '0'))
    await other.put(
      {
        [`hone/${torn}/state.pkl`]: 'no manifest',
        [`hone/${half}.part/state.pkl`]: 'half',
        [`hone/${newer}/manifest.json`]: '{"format": 99}',
      },
      '/checkpoints',
    )
    const { events, lines, exitCode } = await other.attempt()
    expect(refused(events)).toEqual([
      expect.stringMatching(new RegExp(`^The checkpoint ${torn} is not used: its manifest cannot be read`)),
      `The checkpoint ${newer} is not used: it is of another version of Hone.`,
    ])
    expect(lines[0]).not.toBe('first epoch 1')
    expect({ exitCode, result: result(lines) }).toEqual({ exitCode: 0, result: result(straight.lines) })
    expect(events.filter(({ type }) => type === 'checkpoint').length).toBeGreaterThan(6)
    expect(events.filter(({ code }) => code === 'checkpoint')).toEqual([])
  })
})

it('goes on with a script that changes its own arguments', async () => {
  const changed = trial(`import os, sys\nsys.argv.append(os.environ["HONE_ATTEMPT"])\n${script}`)
  await changed.attempt({ killAt: (line) => line === 'first epoch 3' })
  const { events, lines } = await changed.attempt()
  expect(lines[0]).toMatch(/^first epoch [34]$/)
  expect(events.filter(({ code }) => code === 'checkpoint-refused')).toEqual([])
})
