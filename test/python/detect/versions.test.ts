import { describe, expect, test } from 'vitest'
import { kindOf } from '../../../src/python/detect/kind.ts'
import { namesOf } from '../python.ts'

const versions = (files: string | Record<string, string>) => kindOf(namesOf(files), {})?.versions ?? []
const found = (text: string) => versions(text).map(({ line, runsOn }) => [line, runsOn])

const KERAS = 'import keras\nfrom keras.layers import *\nm = keras.models.Sequential()\nm.fit(x, y)\n'
const FIT = '\nfrom sklearn.svm import SVC\nSVC().fit(X, y)\n'

test.each<[string, [number, string][]]>([
  [`${KERAS}m.add(Convolution2D(32, 3, 3))\n`, [[5, 'keras 1']]],
  [`${KERAS}m.add(Convolution2D(32, (3, 3)))\nm.add(Conv2D(32, 3, 2))\n`, []],
  [`${KERAS}m.add(Dense(8, init='uniform', W_regularizer=l2(0.1)))\n`, [[5, 'keras 1']]],
  [`${KERAS}m.add(Embedding(input_dim=9, output_dim=8))\nm.add(LSTM(output_dim=8))\n`, [[6, 'keras 1']]],
  [`${KERAS}m.fit(x, y, nb_epoch=3)\nm.fit(x, y, epochs=3)\n`, [[5, 'keras 1']]],
  [`${KERAS}m.fit_generator(g, steps_per_epoch=3)\n`, [[5, 'keras 2']]],
  [`${KERAS}from keras.utils import np_utils\n`, [[5, 'keras 2']]],
  [`${KERAS}from keras.layers.core import Dense\n`, [[5, 'keras 2']]],
  [
    `${KERAS}from keras.optimizers import SGD\nSGD(lr=0.1, decay=1e-6)\nSGD(learning_rate=0.1)\n`,
    [
      [6, 'keras 2'],
      [6, 'keras 2'],
    ],
  ],
  [`${KERAS}m.predict_classes(x)\n`, [[5, 'keras 2.5']]],
  [`${KERAS}from keras.wrappers.scikit_learn import KerasClassifier\n`, [[5, 'keras 2.11']]],
  [
    `${KERAS}h = m.fit(x, y)\nm.compile(metrics=['accuracy'])\nplot(h.history['val_acc'])\n`,
    [[7, 'keras 2.2']],
  ],
  [`${KERAS}h = m.fit(x, y)\nm.compile(metrics=['acc'])\nplot(h.history['val_acc'])\n`, []],
  [
    'import tensorflow as tf\nx = tf.placeholder(tf.float32)\ntf.train.AdamOptimizer().minimize(l)\n',
    [
      [2, 'tensorflow 1'],
      [3, 'tensorflow 1'],
    ],
  ],
  [
    'import tensorflow.compat.v1 as tf\nx = tf.placeholder(tf.float32)\ntf.train.AdamOptimizer().minimize(l)\n',
    [],
  ],
  [
    'import tensorflow as tf\nx = tf.compat.v1.placeholder(tf.float32)\ntf.compat.v1.train.AdamOptimizer().minimize(l)\n',
    [],
  ],
  [`from sklearn.cross_validation import train_test_split${FIT}`, [[1, 'scikit-learn 0.19']]],
  [`from sklearn.externals import joblib${FIT}`, [[1, 'scikit-learn 0.22']]],
  [`from sklearn.datasets import load_boston${FIT}`, [[1, 'scikit-learn 1.1']]],
  ['from sklearn.linear_model import Ridge\nRidge(normalize=True).fit(X, y)\n', [[2, 'scikit-learn 1.1']]],
  [
    'from sklearn.ensemble import RandomForestRegressor as R\nR(criterion="mse").fit(X, y)\n',
    [[2, 'scikit-learn 1.1']],
  ],
  ['from sklearn.ensemble import RandomForestRegressor as R\nR(criterion="squared_error").fit(X, y)\n', []],
  [`import numpy as np\nx = np.float(1)\ny = np.float64(1)${FIT}`, [[2, 'numpy 1.23']]],
  ['import torch\nloss.backward()\ntotal += loss.data[0]\nprint(loss.item())\n', [[3, 'pytorch 0.4']]],
  ['from transformers import AdamW, Trainer\nTrainer(m).train()\n', [[1, 'transformers 4.49']]],
  [
    'from transformers import Trainer, TrainingArguments as A\nTrainer(m, A(evaluation_strategy="epoch")).train()\n',
    [[2, 'transformers 4.45']],
  ],
  ['import pytorch_lightning as pl\npl.Trainer(gpus=1).fit(m)\n', [[2, 'lightning 1']]],
  [
    'import lightning as L\nclass N(L.LightningModule):\n    def validation_epoch_end(self, outputs):\n        pass\nL.Trainer().fit(N())\n',
    [[3, 'lightning 1']],
  ],
  [
    'from xgboost import XGBClassifier\nm = XGBClassifier()\nm.fit(a, b, early_stopping_rounds=9)\n',
    [[3, 'xgboost 2.0']],
  ],
  ['from xgboost import XGBClassifier\nm = XGBClassifier(early_stopping_rounds=9)\nm.fit(a, b)\n', []],
  ['import lightgbm as lgb\nlgb.train(p, d, verbose_eval=9)\n', [[2, 'lightgbm 3']]],
  ['from statsmodels.tsa.arima_model import ARIMA\nARIMA(y, (1, 0, 0)).fit()\n', [[1, 'statsmodels 0.12']]],
])('%j', (text, expected) => {
  expect(found(text)).toEqual(expected)
})

describe('a hint', () => {
  test('says what was seen, where, and what to write instead', () => {
    expect(versions(`${KERAS}m.fit(x, y, nb_epoch=3)\n`)).toEqual([
      {
        file: 'train.py',
        line: 5,
        text: 'm.fit(x, y, nb_epoch=3)',
        why: 'gives `nb_epoch`, an argument of Keras 1',
        change: 'use the name of today: `epochs`, `steps_per_epoch`, `validation_steps`, `workers`',
        runsOn: 'keras 1',
      },
    ])
  })

  test('is not given for an import with another to fall back on', () => {
    const text = `try:\n    from sklearn.cross_validation import KFold\nexcept ImportError:\n    from sklearn.model_selection import KFold${FIT}`
    expect(versions(text)).toEqual([])
  })

  test('is not given for own modules, nor for what never runs', () => {
    const files = {
      'train.py': `from lib import used\nused()${FIT}`,
      'lib.py': 'import numpy as np\ndef used():\n    return 1\ndef unused():\n    return np.float(1)\n',
    }
    expect(versions(files)).toEqual([])
  })
})
