import { afterAll, describe, expect, it } from 'vitest'
import { ensureTestImage, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { epochsOf, expectExact, fixture } from '../../helpers/resume.ts'
import { trainingTrial } from '../../helpers/training.ts'

const instance = uniqueInstance()
const image = await ensureTestImage('pytorch')
afterAll(() => removeInstance(instance))

describe('a plain loop of PyTorch that is killed twice comes to the same weights', () => {
  it.each([
    ['at the level of the module', 'module.py', 8, 11, []],
    ['main(), train() and evaluate(); best weights, early stopping, cosine', 'functions.py', 10, 12, []],
    [
      'with workers that load, a learning rate by the metric, and an own seed',
      'functions.py',
      10,
      13,
      ['--workers=2', '--scheduler=plateau', '--seed=5'],
    ],
    ['while, accumulated gradients, a moving average of the weights', 'while_loop.py', 8, 15, []],
    ['cross-validation around epochs, then two phases', 'folds.py', 18, 16, []],
    ['a buffer whose elements share their memory', 'expanded_buffer.py', 6, 20, []],
  ])('%s', async (_, script, epochs, seed, args) => {
    await expectExact({ instance, image, script, epochs, seed, args })
  })

  it('in a module of its own', async () => {
    const more = { 'engine.py': fixture('engine.py'), 'net.py': fixture('net.py') }
    const attempts = await expectExact({
      instance,
      image,
      script: 'with_engine.py',
      epochs: 8,
      seed: 17,
      more,
    })
    expect(attempts[0]?.events.find(({ type }) => type === 'checkpoint')?.place).toMatch(/^engine\.py:\d+#0$/)
  })

  it('with everything in its variables that pickle cannot take', async () => {
    await expectExact({ instance, image, script: 'odd_variables.py', epochs: 6, seed: 18 })
  })

  it('when it is stopped by SIGTERM instead', async () => {
    const attempts = await expectExact({
      instance,
      image,
      script: 'functions.py',
      epochs: 10,
      seed: 19,
      signal: 'SIGTERM',
    })
    // Each attempt saved what it had done: no epoch is trained twice.
    expect(attempts.slice(1).flatMap((one) => epochsOf(one))).toHaveLength(10)
  })
})

describe('what a loop reports', () => {
  it('are the metrics that its variables hold at the end of an epoch', async () => {
    const { events } = await trainingTrial({
      instance,
      image,
      files: { 'train.py': fixture('module.py') },
    }).attempt()
    const epochs = events.filter(({ type }) => type === 'epoch')
    expect(epochs.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(epochs[0]).toMatchObject({
      total: 8,
      weak: true,
      metrics: { val_acc: expect.any(Number), loss: expect.any(Number) },
    })
  })
})
