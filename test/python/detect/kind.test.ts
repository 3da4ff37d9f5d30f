import { describe, expect, test } from 'vitest'
import { kindOf } from '../../../src/python/detect/kind.ts'
import { failureOf, namesOf } from '../python.ts'

const kind = (files: string | Record<string, string>, framework?: string) =>
  kindOf(namesOf(files), { framework })
const frameworkOf = (files: string | Record<string, string>) => kind(files)?.framework

const SVM = 'from sklearn.svm import SVC\nSVC(C=1).fit(X, y)\n'

describe('framework', () => {
  test.each([
    [
      'pytorch',
      'import torch.nn as nn\nfrom sklearn.model_selection import train_test_split as s\nloss.backward()\n',
    ],
    [
      'pytorch',
      'from sklearn.preprocessing import StandardScaler\nimport torch\nStandardScaler().fit(X)\nloss.backward()\n',
    ],
    ['keras', 'import torch\nimport keras\nm = keras.Sequential([])\nm.fit(x, y)\n'],
    ['xgboost', 'import xgboost as xgb\nfrom sklearn.metrics import accuracy_score\nxgb.train({}, d)\n'],
    ['lightgbm', 'try:\n    import lightgbm as lgb\nexcept ImportError:\n    raise\nlgb.train({}, d)\n'],
    [
      'lightgbm',
      'def main():\n    from lightgbm import LGBMClassifier\n    LGBMClassifier().fit(a, b)\nmain()\n',
    ],
    ['pytorch', 'import importlib\ntorch = importlib.import_module("torch")\nloss.backward()\n'],
    [
      'keras',
      'from keras.layers import *\nfrom keras.models import *\nm = Sequential()\nm.add(Dense(1))\nm.fit(x, y)\n',
    ],
    [
      'keras',
      'from scikeras.wrappers import KerasClassifier\nfrom sklearn.model_selection import GridSearchCV\nGridSearchCV(KerasClassifier(build), {}).fit(x, y)\n',
    ],
    ['jax', 'import jax\nfrom torch.utils.tensorboard import SummaryWriter\ng = jax.grad(loss)(p)\n'],
    [
      'transformers',
      'import torch\nfrom transformers import AutoModelForSequenceClassification as A\nmodel = A.from_pretrained("b")\nloss = model(**batch).loss\nloss.backward()\n',
    ],
    [
      'pytorch',
      'import torch\nfrom transformers import AutoTokenizer\nt = AutoTokenizer.from_pretrained("b")\nloss.backward()\n',
    ],
    [
      'lightning',
      'import lightning as L\nfrom transformers import AutoModel\nAutoModel.from_pretrained("b")\nL.Trainer().fit(m)\n',
    ],
  ])('is %s in %j', (framework, text) => {
    expect(frameworkOf(text)).toBe(framework)
  })

  test('is not told by comments, strings, names or imports for the type checker', () => {
    const text = [
      '# import torch',
      '"""import tensorflow"""',
      'if TYPE_CHECKING:',
      '    import torch',
      SVM,
    ].join('\n')
    expect(frameworkOf(text)).toBe('scikit-learn')
  })

  test('is not an own module of the same name', () => {
    expect(frameworkOf({ 'train.py': `import keras\n${SVM}`, 'keras.py': 'x = 1\n' })).toBe('scikit-learn')
  })

  test('is that of the models that most are trained, of equals the one with the larger image', () => {
    const pair =
      'from xgboost import XGBClassifier\nfrom sklearn.svm import SVC\nXGBClassifier().fit(X, y)\nSVC().fit(X, y)\n'
    expect(kind(pair)).toMatchObject({ framework: 'xgboost', family: 'mixed' })
    expect(kind(`${pair}from sklearn.linear_model import Ridge\nRidge().fit(X, y)\n`)).toMatchObject({
      framework: 'scikit-learn',
    })
  })

  test('is found through own modules, packages and relative imports', () => {
    const found = kind({
      'main.py': 'from pkg.loop import run\nif __name__ == "__main__":\n    run()\n',
      'pkg/__init__.py': '',
      'pkg/loop.py': 'from .net import Net\ndef run():\n    Net()\n    loss.backward()\n',
      'pkg/net.py':
        'import torch\nclass Net(torch.nn.Module):\n    def __init__(self):\n        self.conv = torch.nn.Conv2d(1, 8, 3)\n',
    })
    expect(found).toMatchObject({ framework: 'pytorch', family: 'cnn' })
    expect(found?.evidence[0]).toEqual({
      file: 'pkg/net.py',
      line: 1,
      text: 'import torch',
      why: 'imports torch',
    })
  })

  test('is not that of what is defined and never used, nor of what an import trains', () => {
    const unused = 'import torch\ndef old():\n    loss.backward()\n'
    expect(
      frameworkOf({
        'train.py': `from lib import helper\n${SVM}helper()\n`,
        'lib.py': `${unused}def helper():\n    pass\n`,
      }),
    ).toBe('scikit-learn')
    const trains =
      'from sklearn.tree import DecisionTreeClassifier\nDecisionTreeClassifier().fit(X, y)\ndata = 1\n'
    expect(kind({ 'train.py': `from lib import data\n${SVM}`, 'lib.py': trains })?.family).toBe('svm')
  })

  test('hone.yaml decides on it', () => {
    expect(kind(SVM, ' Torch ')?.framework).toBe('pytorch')
    expect(kind('x = 1\n', 'hf')?.framework).toBe('transformers')
    expect(failureOf(() => kind(SVM, 'caffe'))).toMatchObject({
      code: 'framework-unknown',
      file: 'hone.yaml',
    })
    expect(failureOf(() => kind(SVM, 'caffe')).remedy).toContain('pytorch')
    expect(failureOf(() => kind(SVM, 'constructor')).code).toBe('framework-unknown')
  })

  test('is none where nothing is trained', () => {
    expect(kind('import torch\nprint("fit")\n')).toBeNull()
    expect(kind('from sklearn.preprocessing import StandardScaler\nStandardScaler().fit(X)\n')).toBeNull()
    expect(kind('')).toBeNull()
  })

  test('modules that import each other end', () => {
    expect(
      frameworkOf({
        'train.py': `import a\n${SVM}`,
        'a.py': 'import b\n',
        'b.py': 'import a\nimport train\n',
      }),
    ).toBe('scikit-learn')
  })
})

test('evidence is the import, what is built, and the call that trains', () => {
  expect(kind(SVM)?.evidence.map(({ line, why }) => [line, why])).toEqual([
    [1, 'imports sklearn.svm.SVC'],
    [2, 'makes SVC'],
    [2, 'trains: calls sklearn.svm.SVC.fit()'],
  ])
})

describe('task and metric', () => {
  const KERAS = 'import keras\nfrom keras.layers import Dense\nm = keras.Sequential([Dense(8), Dense(1)])\n'
  test.each([
    [
      'classification',
      'accuracy',
      'maximize',
      `${KERAS}m.compile("adam", loss="categorical_crossentropy", metrics=["accuracy"])\nm.fit(x, y)\n`,
    ],
    ['regression', 'mse', 'minimize', `${KERAS}m.compile(loss="mse")\nm.fit(x, y)\n`],
    ['regression', 'mae', 'minimize', `${KERAS}m.compile(loss="huber", metrics=["mae"])\nm.fit(x, y)\n`],
    [
      'classification',
      'accuracy',
      'maximize',
      `${KERAS}from keras.regularizers import l2\nl2(0.1)\nm.compile(loss="binary_crossentropy")\nm.fit(x, y)\n`,
    ],
    [
      'classification',
      'accuracy',
      'maximize',
      'import torch\nc = torch.nn.CrossEntropyLoss()\nc(a, b).backward()\n',
    ],
    [
      'regression',
      'mse',
      'minimize',
      'import torch\nloss = torch.nn.functional.l1_loss(a, b)\nloss.backward()\n',
    ],
    [
      'regression',
      'r2',
      'maximize',
      'from sklearn.linear_model import Ridge\nfrom sklearn.metrics import r2_score\nRidge().fit(X, y)\nr2_score(a, b)\n',
    ],
    [
      'classification',
      'f1',
      'maximize',
      'from sklearn.svm import SVC\nfrom sklearn.metrics import f1_score\nSVC().fit(X, y)\nf1_score(a, b)\n',
    ],
    [
      'classification',
      'auc',
      'maximize',
      'import xgboost as xgb\nfrom sklearn.metrics import roc_auc_score\nxgb.train({"objective": "binary:logistic"}, d)\nroc_auc_score(a, b)\n',
    ],
    [
      'regression',
      'mse',
      'minimize',
      'import lightgbm as lgb\nparams = {"objective": "regression"}\nlgb.train(params, d)\n',
    ],
    [
      'other',
      'loss',
      'minimize',
      'import xgboost as xgb\nparams = dict(objective="rank:pairwise")\nxgb.train(params, d)\n',
    ],
    ['other', 'loss', 'minimize', 'from sklearn.cluster import KMeans\nKMeans(3).fit(X)\n'],
    [
      'other',
      'loss',
      'minimize',
      'from transformers import AutoModelForCausalLM, Trainer\nm = AutoModelForCausalLM.from_pretrained("g")\nTrainer(m).train()\n',
    ],
    [
      'classification',
      'accuracy',
      'maximize',
      'from transformers import AutoModelForSequenceClassification as A, Trainer\nm = A.from_pretrained("b")\nTrainer(m).train()\n',
    ],
    [
      'other',
      'reward',
      'maximize',
      'import gymnasium as gym\nfrom stable_baselines3 import PPO\nPPO("MlpPolicy", gym.make("CartPole-v1")).learn(10)\n',
    ],
    [
      'other',
      'loss',
      'minimize',
      'import keras\nfrom keras.layers import Conv2D, UpSampling2D\nm = keras.Model(i, UpSampling2D()(Conv2D(8, 3)(i)))\nm.compile(loss="binary_crossentropy")\nm.fit(x, y)\n',
    ],
  ])('%s, %s to %s: %j', (task, name, direction, text) => {
    expect(kind(text)).toMatchObject({ task, metric: { name, direction } })
  })
})

describe('training without an optimiser or a known loss', () => {
  test('of tf.Variable is keras', () => {
    const text =
      'import tensorflow as tf\nw = tf.Variable(1.0)\nwith tf.GradientTape() as tape:\n    loss = tf.reduce_mean(tf.square(y - w * x))\nw.assign_sub(0.1 * tape.gradient(loss, w))\n'
    expect(kind(text)).toMatchObject({ framework: 'keras', family: 'linear', task: 'regression' })
  })

  test('estimators that are looked up by their name are those imported', () => {
    const text =
      'from sklearn.svm import SVR\nfrom sklearn.linear_model import Ridge\nmodel = globals().get(name)(**params)\nmodel.fit(X, y)\n'
    expect(kind(text)).toMatchObject({ framework: 'scikit-learn', family: 'mixed', task: 'regression' })
  })
})

describe('task', () => {
  const writes = (width: string) =>
    `from keras.models import Sequential\nfrom keras.layers import LSTM, Dense\nwidth = ${width}\nm = Sequential([LSTM(8), Dense(width)])\nm.compile(loss="categorical_crossentropy")\nm.fit(x, y)\n`

  test.each([
    ['other', writes('len(chars)')],
    ['other', writes('vocab_size')],
    ['classification', writes('len(classes)')],
    ['classification', 'import xgboost as xgb\np = [("objective", "binary:logistic")]\nxgb.train(p, d)\n'],
    ['classification', 'import tensorflow as tf\ntf.estimator.LinearClassifier(c).train(f)\n'],
    [
      'classification',
      'import jax, jaxopt\nloss = jax.vmap(jaxopt.loss.multiclass_logistic_loss)\njax.grad(f)(p)\n',
    ],
    [
      'classification',
      'import tensorflow as tf\na = tf.nn.l2_loss(w) + tf.nn.l2_loss(b)\nl = tf.nn.softmax_cross_entropy_with_logits(logits=tf.matmul(x, w), labels=y)\ntf.train.AdamOptimizer().minimize(l + a)\n',
    ],
    [
      'regression',
      'import torch, pathlib\nn = torch.nn.Linear(2, 1)\ndef mse(a, b):\n    return (a - b)\nmse(n(x), y).backward()\n',
    ],
    [
      'classification',
      'import torch\nn = torch.nn.Linear(2, 9)\nq = frame.quantile(0.9)\ntorch.nn.functional.cross_entropy(n(x), y).backward()\n',
    ],
  ])('is %s in %j', (task, text) => {
    expect(kind(text)?.task).toBe(task)
  })
})
