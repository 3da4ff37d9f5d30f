import { afterAll, describe, expect, it } from 'vitest'
import { RuntimeEvent } from '../../../src/metrics/events.ts'
import { imageOrNull, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { trainPlainly } from '../../helpers/plain.ts'
import { epochsOf, expectExact, fixture, resultOf } from '../../helpers/resume.ts'
import { trainingTrial } from '../../helpers/training.ts'

const instance = uniqueInstance()
const epoch = /^Epoch \d+\/\d+/
afterAll(() => removeInstance(instance))

/** Keras 3, and Keras 2 where the image is an old one. Both run the same scripts. */
const images = await Promise.all(
  (['keras', 'keras2'] as const).map(async (name) => ({ name, image: (await imageOrNull(name)) as string })),
)

describe.each(images)('$name', ({ name, image }) => {
  it.skipIf(!image)(
    'goes on exactly in the fits of a tutorial, with its callbacks',
    async () => {
      const script = 'keras_tutorial.py'
      const epochs = name === 'keras' ? 16 : 12
      const [[straight, , , last], without] = await Promise.all([
        expectExact({ instance, image, script, epochs, seed: 5, epoch }),
        trainPlainly({ instance, image, script: fixture(script) }),
      ])
      expect(straight?.events.filter((event) => !RuntimeEvent.safeParse(event).success)).toEqual([])
      expect(straight?.events.filter(({ type }) => type === 'warning')).toEqual([])
      expect(last?.events.filter(({ type }) => type === 'warning')).toEqual([])
      const told = straight?.events.filter(({ type }) => type === 'epoch')
      expect(told?.[1]).toMatchObject({
        step: 2,
        total: 7,
        metrics: { loss: expect.any(Number), accuracy: expect.any(Number), val_accuracy: expect.any(Number) },
        seconds: expect.any(Number),
      })
      expect(told?.[1]?.metrics).toHaveProperty(name === 'keras' ? 'learning_rate' : 'lr')
      expect(straight?.events.filter(({ type }) => type === 'metric')).toMatchObject([
        { name: 'loss', split: 'test', file: 'train.py', line: 46 },
        { name: 'accuracy', split: 'test', file: 'train.py', line: 46, value: expect.any(Number) },
      ])

      // And computes with the runtime what it computes without.
      expect(resultOf(without)).toBe(resultOf(straight as typeof without))
    },
    600_000,
  )

  it.skipIf(!image)(
    'goes on exactly whatever the data comes from',
    async () => {
      const script = 'keras_data.py'
      const [, , , last] = await expectExact({ instance, image, script, epochs: 20, seed: 2, epoch })
      expect(last?.events.filter(({ type }) => type === 'warning')).toEqual([])
    },
    600_000,
  )

  it.skipIf(!image)(
    'goes on exactly in a training step with optimisers and random numbers of its own',
    async () => {
      const script = 'keras_gan.py'
      const [, , , last] = await expectExact({ instance, image, script, epochs: 6, seed: 1, epoch })
      expect(last?.events.filter(({ type }) => type === 'warning')).toEqual([])
    },
    600_000,
  )
})

const growing = `
import os
import numpy as np
from keras.callbacks import CSVLogger
from keras.layers import Dense, Input
from keras.models import Sequential

units = 8 if os.path.exists("seen.txt") else 4
open("seen.txt", "w").close()
model = Sequential([Input((4,)), Dense(units), Dense(1)])
model.compile(loss="mse", optimizer="sgd")
x = np.random.rand(256, 4)
model.fit(x, x.sum(axis=1), epochs=4, verbose=2, callbacks=[CSVLogger("log.csv")])
`

const backups = `
import numpy as np
from keras.callbacks import BackupAndRestore
from keras.layers import Dense, Input
from keras.models import Sequential

model = Sequential([Input((4,)), Dense(8), Dense(1)])
model.compile(loss="mse", optimizer="sgd")
x = np.random.rand(256, 4)
model.fit(x, x.sum(axis=1), epochs=4, verbose=2, callbacks=[BackupAndRestore("backup")])
`

describe.each(images)('$name, where Hone does not go on', ({ image }) => {
  it.skipIf(!image)('says so when the model is another one, and trains it anew', async () => {
    const trial = trainingTrial({ instance, image, files: { 'train.py': growing } })
    await trial.attempt({ killAt: (line) => line === 'Epoch 3/4' })
    const { events, exitCode, lines } = await trial.attempt()
    expect(exitCode).toBe(0)
    expect(epochsOf({ lines }, epoch)).toHaveLength(4)
    const rows = String(await trial.file('/workspace/log.csv'))
      .trimEnd()
      .split('\n')
    expect(rows.map((row) => row.split(',')[0])).toEqual(['epoch', '0', '1', '2', '3'])
    expect(events.filter(({ code }) => code === 'checkpoint-refused')).toMatchObject([
      {
        message: expect.stringMatching(/^The checkpoint is not used: a variable of the model has the shape/),
      },
    ])
  })

  it.skipIf(!image)('leaves it to BackupAndRestore', async () => {
    const trial = trainingTrial({ instance, image, files: { 'train.py': backups } })
    const first = await trial.attempt({ killAt: (line) => line === 'Epoch 3/4' })
    expect(first.events.filter(({ type }) => ['checkpoint', 'resumed'].includes(type))).toEqual([])
    expect(first.events.filter(({ type }) => type === 'epoch')).toHaveLength(2)
    const { events, exitCode, lines } = await trial.attempt()
    expect(exitCode).toBe(0)
    expect(epochsOf({ lines }, epoch)).toEqual(['Epoch 3/4', 'Epoch 4/4'])
    expect(events.filter(({ type }) => type === 'resumed')).toMatchObject([
      { by: 'script', why: 'it goes on from backup' },
    ])
  })
})
