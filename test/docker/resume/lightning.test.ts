import { afterAll, describe, expect, it } from 'vitest'
import { RuntimeEvent } from '../../../src/metrics/events.ts'
import { imageOrNull, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { trainPlainly } from '../../helpers/plain.ts'
import { epochsOf, expectExact, fixture, resultOf } from '../../helpers/resume.ts'
import { trainingTrial } from '../../helpers/training.ts'

const instance = uniqueInstance()
const found = await imageOrNull('lightning')
const image = found as string
afterAll(() => removeInstance(instance))

/** An optimiser that is another one in the second attempt. */
const groups = `
def groups(model):
    import os

    each = [{"params": [one]} for one in model.parameters()]
    return model.parameters() if os.environ["HONE_ATTEMPT"] == "1" else each


`

/** Goes on from its own file where there is one. */
const resumesItself = fixture('lightning_digits.py')
  .replace(
    'trainer.fit(',
    'import os\n\nlast = "mine/last.ckpt" if os.path.exists("mine/last.ckpt") else None\ntrainer.fit(',
  )
  .replace('ModelCheckpoint(', 'ModelCheckpoint("mine", ')
  .replace('DataLoader(val_set, batch_size=64))', 'DataLoader(val_set, batch_size=64), ckpt_path=last)')

describe.skipIf(!found)('Lightning', { timeout: 900_000 }, () => {
  it('goes on exactly, with its callbacks, schedulers, files and logs, and reports epochs and the test', async () => {
    const script = 'lightning_digits.py'
    const [straight, second] = await expectExact({ instance, image, script, epochs: 8, seed: 21 })
    const events = straight?.events ?? []
    expect(events.filter((event) => !RuntimeEvent.safeParse(event).success)).toEqual([])
    const epochs = events.filter(({ type }) => type === 'epoch')
    expect(epochs.map(({ step, total }) => [step, total])).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => [n, 8]),
    )
    expect(Object.keys(epochs[0]?.metrics as object).sort()).toEqual([
      'lr',
      'train_loss',
      'val_acc',
      'val_loss',
    ])
    const line =
      1 +
      fixture(script)
        .split('\n')
        .findIndex((text) => text.includes('trainer.test('))
    expect(events.filter(({ type }) => type === 'metric')).toMatchObject([
      { name: 'test_loss', split: 'test', step: null, file: 'train.py', line },
      { name: 'test_acc', split: 'test', step: null, file: 'train.py', line },
    ])
    expect(events.filter(({ type }) => type === 'warning')).toEqual([])
    expect(second?.events.some(({ type }) => type === 'epoch')).toBe(true)
  })

  it('goes on exactly through several trainings that are stopped, and computes what it computes without', async () => {
    const script = 'lightning_several.py'
    const [straight] = await expectExact({ instance, image, script, epochs: 14, seed: 5, signal: 'SIGTERM' })
    const without = await trainPlainly({ instance, image, script: fixture(script) })
    expect(straight && resultOf(straight)).toBe(resultOf(without))
  })

  it('leaves a script alone that goes on from a checkpoint of its own', async () => {
    const trial = trainingTrial({ instance, image, files: { 'train.py': resumesItself } })
    const first = await trial.attempt({ killAt: (_, lines) => epochsOf({ lines }).length === 4 })
    expect(first.exitCode).toBe(137)
    const { exitCode, events, lines } = await trial.attempt()
    expect(exitCode).toBe(0)
    expect(epochsOf({ lines })[0]).toMatch(/^epoch [34] /)
    expect(events.filter(({ type }) => type === 'resumed')).toMatchObject([
      { by: 'script', why: 'it loads mine/last.ckpt' },
    ])
    expect(events.filter(({ type }) => type === 'epoch').length).toBeGreaterThanOrEqual(4)
    expect(events.filter(({ type }) => type === 'checkpoint')).toEqual([])
  })

  it('begins anew where a checkpoint cannot be put in place, and says so', async () => {
    const script = fixture('lightning_digits.py')
      .replace('torch.optim.Adam(self.parameters()', 'torch.optim.Adam(groups(self)')
      .replace('class DigitsModel', `${groups}class DigitsModel`)
      .replace('ModelCheckpoint(', 'ModelCheckpoint("mine", ')
      .replace('max_epochs=8', 'max_epochs=3')
    const trial = trainingTrial({ instance, image, files: { 'train.py': script } })
    const first = await trial.attempt({ killAt: (_, lines) => epochsOf({ lines }).length === 2 })
    const { exitCode, events, lines } = await trial.attempt()
    expect(exitCode).toBe(0)
    expect(epochsOf({ lines }).slice(0, 2)).toEqual(epochsOf(first).slice(0, 2))
    expect(epochsOf({ lines })).toHaveLength(3)
    expect(events.filter(({ type }) => type === 'warning')).toMatchObject([
      {
        code: 'checkpoint-refused',
        message: expect.stringContaining('different number of parameter groups'),
      },
    ])
    expect((await trial.list('/workspace/mine')).filter((path) => /-v\d/.test(path))).toEqual([])
  })
})
