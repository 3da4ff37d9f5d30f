import { afterAll, describe, expect, it } from 'vitest'
import { imageOrNull, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { trainPlainly } from '../../helpers/plain.ts'
import { fixture, resultOf } from '../../helpers/resume.ts'
import { type Ended, trainingTrial } from '../../helpers/training.ts'

const instance = uniqueInstance()
const found = await imageOrNull('catboost')
const image = found as string
afterAll(() => removeInstance(instance))

const script = fixture('catboost_fit.py')
const trial = () => trainingTrial({ instance, image, files: { 'train.py': script } })
const round = /^(\d+):\tlearn/
const rounds = (lines: readonly string[]) => lines.filter((line) => round.test(line)).length

describe.skipIf(!found)('CatBoost', () => {
  it('goes on exactly by its own snapshots, and computes what it computes without the runtime', async () => {
    const killed = trial()
    const killedTwice = async () => [
      await killed.attempt({ killAt: (_, lines) => rounds(lines) === 15 }),
      await killed.attempt({ killAt: (_, lines) => rounds(lines) === 12 }),
      await killed.attempt(),
    ]
    const [straight, attempts] = await Promise.all([trainPlainly({ instance, image, script }), killedTwice()])
    const [first, second, third] = attempts as [Ended, Ended, Ended]
    expect([first, second, third].map(({ exitCode }) => exitCode)).toEqual([137, 137, 0])
    expect(resultOf(third)).toBe(resultOf(straight))
    expect(rounds([...first.lines, ...second.lines, ...third.lines])).toBeLessThanOrEqual(60 + 2)
    for (const { events } of [second, third])
      expect(events.find(({ type }) => type === 'resumed')).toMatchObject({ place: 'catboost.fit#0' })
    expect(await killed.list('/workspace')).not.toContain(expect.stringContaining('cbsnapshot'))
  })

  it('tells of each round once, and of snapshots', async () => {
    const { events } = await trial().attempt()
    const epochs = events.filter(({ type }) => type === 'epoch')
    expect(epochs.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
    expect(epochs[1]).toMatchObject({
      total: 60,
      metrics: { train_MultiClass: expect.any(Number), val_MultiClass: expect.any(Number) },
    })
    expect(events.filter(({ type }) => type === 'checkpoint').length).toBeGreaterThan(0)
  })
})
