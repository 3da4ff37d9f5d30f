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

const crossValidation = `
import xgboost as xgb
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import GridSearchCV, cross_val_score

X, y = load_breast_cancer(return_X_y=True)
print(cross_val_score(xgb.XGBClassifier(n_estimators=5), X, y, cv=3).mean())
print(GridSearchCV(xgb.XGBClassifier(n_estimators=5), {"max_depth": [2, 3]}, cv=2, n_jobs=2).fit(X, y).best_score_)
`

const growing = `
import os
import time
import xgboost as xgb
from sklearn.datasets import load_breast_cancer

X, y = load_breast_cancer(return_X_y=True)
X = X if os.path.exists("seen.txt") else X[:, :20]
open("seen.txt", "w").close()
data = xgb.DMatrix(X, y)


class Pause(xgb.callback.TrainingCallback):
    def after_iteration(self, model, epoch, evals_log):
        time.sleep(0.15)


xgb.train({"objective": "binary:logistic"}, data, 4, evals=[(data, "train")], callbacks=[Pause()])
`

describe.skipIf(!found)('XGBoost', () => {
  it('goes on exactly in a fit that samples rows and columns and may stop early', async () => {
    const script = 'xgboost_sklearn.py'
    const [straight] = await expectExact({ instance, image, script, epochs: 14, seed: 3, epoch })
    expect(straight?.events.filter(({ type }) => type === 'epoch')[1]).toMatchObject({
      step: 2,
      total: 14,
      metrics: { train_merror: expect.any(Number), val_mlogloss: expect.any(Number) },
    })
  })

  it('goes on exactly in train and cv, and skips what had come to its end', async () => {
    const script = 'xgboost_train.py'
    const attempts = await expectExact({ instance, image, script, epochs: 14, seed: 10, epoch })
    const [straight, , , last] = attempts
    const steps = straight?.events.filter(({ type }) => type === 'epoch').map(({ step }) => step)
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(last?.events.filter(({ type }) => type === 'resumed')).toMatchObject([
      { place: 'xgboost.cv#0', step: 6 },
      { place: 'xgboost.train#0', step: expect.any(Number) },
    ])
  })

  it('begins anew, and says so, when the data has other features', async () => {
    const trial = trainingTrial({ instance, image, files: { 'train.py': growing } })
    await trial.attempt({ killAt: (line) => line.startsWith('[2]') })
    const { events, exitCode, lines } = await trial.attempt()
    expect(exitCode).toBe(0)
    expect(epochsOf({ lines }, epoch)).toHaveLength(4)
    expect(events.filter(({ code }) => code === 'checkpoint-refused')).toMatchObject([
      { message: expect.stringContaining('its trees are of 20 features, and the data has 30') },
    ])
  })

  it('computes with the runtime what it computes without', async () => {
    const script = fixture('xgboost_train.py')
    const [without, within] = await Promise.all([
      trainPlainly({ instance, image, script }),
      trainingTrial({ instance, image, files: { 'train.py': script } }).attempt(),
    ])
    expect(resultOf(within)).toBe(resultOf(without))
  })

  it('leaves the fits of a cross-validation alone', async () => {
    const files = { 'train.py': crossValidation }
    const { events, exitCode } = await trainingTrial({ instance, image, files }).attempt()
    expect(exitCode).toBe(0)
    expect(events.filter(({ type }) => ['epoch', 'checkpoint', 'warning'].includes(type))).toEqual([])
  })
})
