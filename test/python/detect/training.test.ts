import { describe, expect, test } from 'vitest'
import { kindOf } from '../../../src/python/detect/kind.ts'
import { trainingsOf } from '../../../src/python/detect/training.ts'
import { namesOf } from '../python.ts'

const trainings = (text: string) =>
  trainingsOf(namesOf(text)).map(({ framework, evidence }) => [framework, evidence.line])

test.each([
  ['keras', 'from tensorflow import keras\nm = keras.Sequential([])\nm.fit(x, y)\n', 3],
  [
    'keras',
    'from keras.models import Sequential\ndef build():\n    return Sequential()\nbuild().fit(x, y)\n',
    4,
  ],
  ['keras', 'import keras\nclass Net(keras.Model):\n    pass\nnet = Net()\nnet.fit(x)\n', 5],
  ['keras', 'import keras\nm = keras.Model(a, b)\nm.train_on_batch(x, y)\n', 3],
  ['keras', 'import tensorflow as tf\nopt = tf.optimizers.Adam()\nopt.apply_gradients(zip(g, v))\n', 3],
  ['keras', 'import tensorflow as tf\nstep = tf.train.AdamOptimizer(1e-3).minimize(loss)\n', 2],
  ['keras', 'import tensorflow as tf\nest = tf.estimator.DNNClassifier([8])\nest.train(input_fn)\n', 3],
  ['pytorch', 'import torch\nloss = torch.nn.functional.mse_loss(a, b)\nloss.backward()\n', 3],
  ['pytorch', 'from skorch import NeuralNetClassifier\nNeuralNetClassifier(Net).fit(x, y)\n', 2],
  ['pytorch', 'from stable_baselines3 import PPO\nmodel = PPO("MlpPolicy", env)\nmodel.learn(1000)\n', 3],
  ['pytorch', 'from fastai.vision.all import *\nlearn = cnn_learner(dls, resnet18)\nlearn.fine_tune(3)\n', 3],
  [
    'pytorch',
    'import torch\nfrom lightning.fabric import Fabric\nfabric = Fabric()\nfabric.backward(loss)\n',
    4,
  ],
  ['lightning', 'import pytorch_lightning as pl\ntrainer = pl.Trainer()\ntrainer.fit(model)\n', 3],
  [
    'lightning',
    'from lightning.pytorch.cli import LightningCLI\nclass C(LightningCLI):\n    pass\nC(Net)\n',
    4,
  ],
  [
    'lightning',
    'import hydra\nimport lightning\ntrainer = hydra.utils.instantiate(c)\ntrainer.fit(model)\n',
    4,
  ],
  ['transformers', 'from transformers import Trainer\nTrainer(model).train()\n', 2],
  ['transformers', 'from trl import SFTTrainer\ntrainer = SFTTrainer(model)\ntrainer.train()\n', 3],
  ['scikit-learn', 'from sklearn.svm import SVC\nSVC(C=1).fit(X, y)\n', 2],
  ['scikit-learn', 'from sklearn.linear_model import SGDClassifier as S\ns = S()\ns.partial_fit(a, b)\n', 3],
  ['scikit-learn', 'from sklearn.mixture import GaussianMixture\nGaussianMixture(3).fit(X)\n', 2],
  ['scikit-learn', 'from sklearn.cluster import KMeans\nlabels = KMeans(3).fit_predict(X)\n', 2],
  [
    'scikit-learn',
    'from sklearn.linear_model import Ridge\nfrom sklearn.model_selection import cross_val_score\ncross_val_score(Ridge(), X, y)\n',
    3,
  ],
  ['xgboost', 'import xgboost as xgb\nxgb.train({}, d)\n', 2],
  ['xgboost', 'from xgboost import XGBClassifier as X\nm = X()\nm.fit(a, b)\n', 3],
  [
    'xgboost',
    'from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\nfrom sklearn.model_selection import GridSearchCV\nfrom xgboost import XGBRegressor\npipe = make_pipeline(StandardScaler(), XGBRegressor())\nGridSearchCV(pipe, {}).fit(a, b)\n',
    6,
  ],
  ['lightgbm', 'import lightgbm as lgb\nlgb.cv({}, d)\n', 2],
  [
    'catboost',
    'from catboost import CatBoostClassifier\nm = CatBoostClassifier()\nm.grid_search(g, X, y)\n',
    3,
  ],
  ['jax', 'import optax\nparams = optax.apply_updates(params, updates)\n', 2],
  [
    'jax',
    'from flax.training import train_state\nimport jax\nstate = state.apply_gradients(grads=grads)\n',
    3,
  ],
  ['statsmodels', 'import statsmodels.api as sm\nfit = sm.OLS(y, X).fit()\n', 2],
  ['statsmodels', 'import statsmodels.formula.api as smf\nsmf.ols("a ~ b", data=d).fit()\n', 2],
])('%s: %j', (framework, text, line) => {
  expect(trainings(text)).toEqual([[framework, line]])
})

describe('what only prepares', () => {
  test.each([
    'from sklearn.preprocessing import StandardScaler\nStandardScaler().fit(X)\n',
    'from sklearn.decomposition import PCA\npca = PCA(2)\npca.fit(X)\n',
    'from sklearn.feature_extraction.text import TfidfVectorizer\nv = TfidfVectorizer()\nv.fit(texts)\n',
    'from sklearn.pipeline import Pipeline\nfrom sklearn.preprocessing import LabelEncoder\nPipeline([("a", LabelEncoder())]).fit(y)\n',
    'from keras.preprocessing.text import Tokenizer\nt = Tokenizer()\nt.fit_on_texts(texts)\n',
    'from keras.preprocessing.image import ImageDataGenerator\ng = ImageDataGenerator()\ng.fit(X)\n',
    'from keras.layers import Normalization\nn = Normalization()\nn.adapt(X)\n',
    'scaler.fit(X)\nencoder.fit(y)\n',
    'from scipy.stats import norm\nnorm.fit(data)\n',
    'import torch\nmodel.train()\nmodel.eval()\n',
    'loss.backward()\n',
  ])('%j', (text) => {
    expect(trainings(text)).toEqual([])
  })
})

test('a fit of an object that nothing is known of is a training of an unknown framework', () => {
  expect(trainings('for name, model in models:\n    model.fit(X, y)\n')).toEqual([[null, 2]])
})

test('shows what is called, and where', () => {
  const [training] = trainingsOf(namesOf('import keras\nm = keras.Sequential()\nm.fit(x, y)  # once\n'))
  expect(training?.callee).toBe('keras.Model.fit')
  expect(training?.evidence).toEqual({
    file: 'train.py',
    line: 3,
    text: 'm.fit(x, y)  # once',
    why: 'trains: calls keras.Model.fit()',
  })
})

test('thousands of trainings of objects in lists take no longer than their lines', () => {
  const lines = Array.from(
    { length: 2000 },
    (_, at) => `models.append(SVC(C=${at}))\nfor m in models:\n    m.fit(X, y)\n`,
  )
  expect(kindOf(namesOf(`from sklearn.svm import SVC\nmodels = []\n${lines.join('')}`), {})?.family).toBe(
    'svm',
  )
})
