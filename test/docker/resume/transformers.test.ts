import { afterAll, describe, expect, it } from 'vitest'
import { RuntimeEvent } from '../../../src/metrics/events.ts'
import { imageOrNull, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { trainPlainly } from '../../helpers/plain.ts'
import { epochsOf, expectExact, fixture, resultOf } from '../../helpers/resume.ts'
import { trainingTrial } from '../../helpers/training.ts'

const instance = uniqueInstance()
const found = await imageOrNull('transformers')
const image = found as string
afterAll(() => removeInstance(instance))

describe.skipIf(!found)("transformers' Trainer", { timeout: 900_000 }, () => {
  it('goes on exactly, with early stopping, its own checkpoints and its log, and reports what it evaluates', async () => {
    const script = 'transformers_classifier.py'
    const [straight] = await expectExact({ instance, image, script, epochs: 8, seed: 21 })
    const events = straight?.events ?? []
    expect(events.filter((event) => !RuntimeEvent.safeParse(event).success)).toEqual([])
    const epochs = events.filter(({ type }) => type === 'epoch')
    expect(epochs.map(({ step, total }) => [step, total])).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => [n, 8]),
    )
    const names = Object.keys(epochs[0]?.metrics as object).sort()
    expect(names).toEqual(['eval_accuracy', 'eval_loss', 'lr', 'train_loss'])
    const line =
      1 +
      fixture(script)
        .split('\n')
        .findIndex((text) => text.includes('trainer.evaluate('))
    expect(events.filter(({ type }) => type === 'metric')).toMatchObject([
      { name: 'loss', split: 'test', step: null, file: 'train.py', line },
      { name: 'accuracy', split: 'test', step: null, file: 'train.py', line },
    ])
    expect(events.filter(({ type }) => type === 'warning')).toEqual([])
  })

  it('goes on exactly through several trainings that are stopped, and computes what it computes without', async () => {
    const script = 'transformers_several.py'
    const [[straight], without] = await Promise.all([
      expectExact({ instance, image, script, epochs: 12, seed: 5, signal: 'SIGTERM' }),
      trainPlainly({ instance, image, script: fixture(script) }),
    ])
    expect(straight && resultOf(straight)).toBe(resultOf(without))
  })

  it('goes on in the middle of an epoch that takes long', async () => {
    const files = { 'train.py': fixture('transformers_several.py') }
    const trial = trainingTrial({ instance, image, files, env: { HONE_LONG_EPOCH: '0.01' } })
    const [straight] = await Promise.all([
      trainingTrial({ instance, image, files }).attempt(),
      trial.attempt({ killAt: (line) => line === 'step 30' }),
    ])
    const { lines } = await trial.attempt({ killAt: (line) => line === 'step 50' })
    expect(lines.filter((line) => /^(epoch|step)/.test(line))[0]).toBe('step 30')
    expect(epochsOf({ lines })[0]).toBe('epoch 2.00 34')
    expect(resultOf(await trial.attempt())).toBe(resultOf(straight))
  })
})
