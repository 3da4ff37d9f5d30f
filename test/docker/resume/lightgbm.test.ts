import { afterAll, describe, expect, it } from 'vitest'
import { imageOrNull, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { trainPlainly } from '../../helpers/plain.ts'
import { epochsOf, expectExact, fixture, resultOf } from '../../helpers/resume.ts'
import { trainingTrial } from '../../helpers/training.ts'

const instance = uniqueInstance()
const found = await imageOrNull('boosting')
const image = found as string
afterAll(() => removeInstance(instance))

const epoch = /^\[\d+\]/

const aside = `
import lightgbm as lgb
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import cross_val_score

X, y = load_breast_cancer(return_X_y=True)
print(cross_val_score(lgb.LGBMClassifier(n_estimators=5, verbose=-1), X, y, cv=3).mean())
params = {"objective": "binary", "verbosity": -1}
lgb.cv(params, lgb.Dataset(X, label=y), num_boost_round=3, nfold=3)
`

const growing = `
import os
import time
import lightgbm as lgb
from sklearn.datasets import load_breast_cancer

X, y = load_breast_cancer(return_X_y=True)
X = X if os.path.exists("seen.txt") else X[:, :20]
open("seen.txt", "w").close()
data = lgb.Dataset(X, label=y)
params = {"objective": "binary", "verbosity": -1}
pause = lambda env: time.sleep(0.15)
lgb.train(params, data, 4, valid_sets=[data], callbacks=[lgb.log_evaluation(1), pause])
`

describe.skipIf(!found)('LightGBM', () => {
  it('goes on exactly in a fit that samples rows and features', async () => {
    const script = 'lightgbm_sklearn.py'
    const [straight] = await expectExact({ instance, image, script, epochs: 14, seed: 3, epoch })
    expect(straight?.events.filter(({ type }) => type === 'epoch')[1]).toMatchObject({
      step: 2,
      total: 14,
      metrics: { val_multi_error: expect.any(Number), val_multi_logloss: expect.any(Number) },
    })
  })

  it('goes on exactly in train with early stopping, and skips what had come to its end', async () => {
    const script = 'lightgbm_train.py'
    const attempts = await expectExact({ instance, image, script, epochs: 12, seed: 1, epoch })
    expect(attempts[3]?.events.filter(({ type }) => type === 'resumed')).toMatchObject([
      { place: 'lightgbm.train#0', step: 5 },
      { place: 'lightgbm.train#1', step: expect.any(Number) },
    ])
  })

  it('begins anew, and says so, when the data has other features', async () => {
    const trial = trainingTrial({ instance, image, files: { 'train.py': growing } })
    await trial.attempt({ killAt: (line) => line.startsWith('[3]') })
    const { events, exitCode, lines } = await trial.attempt()
    expect(exitCode).toBe(0)
    expect(epochsOf({ lines }, epoch)).toHaveLength(4)
    expect(events.filter(({ code }) => code === 'checkpoint-refused')).toMatchObject([
      { message: expect.stringContaining('its trees are of 20 features, and the data has 30') },
    ])
  })

  it('computes with the runtime what it computes without', async () => {
    const script = fixture('lightgbm_sklearn.py')
    const [without, within] = await Promise.all([
      trainPlainly({ instance, image, script }),
      trainingTrial({ instance, image, files: { 'train.py': script } }).attempt(),
    ])
    expect(resultOf(within)).toBe(resultOf(without))
  })

  it('leaves the fits of a cross-validation alone, and tells the rounds of its own', async () => {
    const { events, exitCode } = await trainingTrial({
      instance,
      image,
      files: { 'train.py': aside },
    }).attempt()
    expect(exitCode).toBe(0)
    expect(events.filter(({ type }) => type === 'checkpoint')).toEqual([])
    expect(events.filter(({ type }) => type === 'epoch')).toMatchObject(
      [1, 2, 3].map((step) => ({ step, metrics: { val_binary_logloss: expect.any(Number) } })),
    )
  })
})
