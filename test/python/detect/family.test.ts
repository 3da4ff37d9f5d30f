import { describe, expect, test } from 'vitest'
import type { Family } from '../../../src/domain/detection.ts'
import { kindOf } from '../../../src/python/detect/kind.ts'
import { namesOf } from '../python.ts'

const familyOf = (files: string | Record<string, string>) => kindOf(namesOf(files), {})?.family

const KERAS = 'import keras\nfrom keras.layers import *\n'
const keras = (layers: string) => `${KERAS}m = keras.Sequential([${layers}])\nm.fit(x, y)\n`
const TORCH = 'import torch\nfrom torch import nn\nimport torch.nn.functional as F\n'
const torch = (layers: string) => `${TORCH}net = nn.Sequential(${layers})\nloss_fn(net(x), y).backward()\n`
const sklearn = (module: string, name: string) =>
  `from sklearn.${module} import ${name}\n${name}().fit(X, y)\n`

describe('layers', () => {
  test.each<[Family, string]>([
    ['cnn', keras('Conv2D(8, 3), Flatten(), Dense(64), Dense(10)')],
    ['cnn', keras('Embedding(100, 8), Conv1D(8, 3), Dense(1)')],
    ['rnn', keras('Embedding(100, 8), Bidirectional(LSTM(8)), Dense(1)')],
    ['rnn', keras('SimpleRNN(8), Dense(1)')],
    ['rnn', keras('ConvLSTM2D(8, 3), ConvLSTM2D(8, 3), Conv3D(1, 3)')],
    ['mixed', keras('Conv1D(8, 3), LSTM(8), Dense(1)')],
    ['mlp', keras('Dense(64, "relu"), Dense(10)')],
    ['mlp', keras('Embedding(100, 8), GlobalAveragePooling1D(), Dense(1)')],
    ['linear', keras('Dense(1)')],
    ['linear', keras('Flatten(), Dense(10, activation="softmax")')],
    ['mlp', `${KERAS}m = keras.Sequential()\nfor n in sizes:\n    m.add(Dense(n))\nm.fit(x, y)\n`],
    ['transformer', keras('Embedding(9, 8), MultiHeadAttention(2, 8), Dense(1)')],
    [
      'cnn',
      `${KERAS}base = keras.applications.ResNet50()\nm = keras.Model(base.input, Dense(2)(base.output))\nm.fit(x, y)\n`,
    ],
    [
      'gnn',
      'import keras\nfrom spektral.layers import GCNConv\nm = keras.Model([a], GCNConv(8)(a))\nm.fit(x, y)\n',
    ],
    ['cnn', torch('nn.Conv2d(1, 8, 3), nn.Flatten(), nn.Linear(8, 10)')],
    ['rnn', torch('nn.LSTM(8, 16)')],
    ['mlp', torch('*[nn.Linear(8, 8) for _ in range(3)]')],
    ['linear', torch('nn.Flatten(), nn.Linear(784, 10)')],
    ['transformer', torch('nn.TransformerEncoderLayer(8, 2)')],
    ['rnn', `${TORCH}cells = {'lstm': nn.LSTM, 'gru': nn.GRU}\nnet = cells[name](8, 16)\nloss.backward()\n`],
    [
      'cnn',
      'import torch\nfrom torchvision import models\nnet = models.resnet18(pretrained=True)\nloss.backward()\n',
    ],
    [
      'transformer',
      'import torch\nimport torchvision\nnet = torchvision.models.vit_b_16()\nloss.backward()\n',
    ],
    ['transformer', 'import timm, torch\nnet = timm.create_model("vit_base_patch16_224")\nloss.backward()\n'],
    ['cnn', 'import timm, torch\nNAME = "efficientnet_b0"\nnet = timm.create_model(NAME)\nloss.backward()\n'],
    [
      'cnn',
      'import torch\nimport torchvision.models as models\nnet = models.__dict__[args.arch]()\nloss.backward()\n',
    ],
    [
      'transformer',
      'from transformers import BertModel, Trainer\nTrainer(BertModel.from_pretrained("b")).train()\n',
    ],
    ['gnn', 'import torch\nfrom torch_geometric.nn import GCNConv\nconv = GCNConv(8, 8)\nloss.backward()\n'],
    [
      'gnn',
      'import torch\nclass Layer(torch.nn.Module):\n    def forward(self, x, adj):\n        return torch.spmm(adj, x)\nLayer()\nloss.backward()\n',
    ],
    [
      'gaussian-process',
      'import gpytorch, torch\nclass GP(gpytorch.models.ExactGP):\n    pass\nGP()\ngpytorch.models.ExactGP(x, y, l)\nloss.backward()\n',
    ],
    ['cnn', 'import jax, optax\nimport flax.linen as nn\nnn.Conv(8, (3, 3))\noptax.apply_updates(p, u)\n'],
    ['mlp', 'import jax\nimport haiku as hk\nhk.nets.MLP([8, 2])\njax.grad(f)(p)\n'],
    [
      'mlp',
      'import jax\nimport jax.numpy as jnp\ndef predict(params, x):\n    for w, b in params:\n        x = jnp.tanh(jnp.dot(x, w) + b)\n    return x\njax.grad(predict)(p, x)\n',
    ],
    [
      'linear',
      'import tensorflow as tf\ny = tf.nn.softmax(tf.matmul(x, W) + b)\ntf.train.GradientDescentOptimizer(0.1).minimize(loss)\n',
    ],
  ])('%s: %j', (family, text) => {
    expect(familyOf(text)).toBe(family)
  })

  test('attention written by hand makes a transformer', () => {
    const text = `${TORCH}class Head(nn.Module):
    def __init__(self):
        self.q, self.k, self.v = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)
    def forward(self, x):
        scores = self.q(x) @ self.k(x).transpose(-2, -1)
        return F.softmax(scores, dim=-1) @ self.v(x)
Head()
loss.backward()
`
    expect(familyOf(text)).toBe('transformer')
  })

  test('only what is used counts, whatever it is called', () => {
    const net = `${TORCH}class ConvNet(nn.Module):\n    def __init__(self):\n        self.a = nn.Linear(8, 8)\n        self.b = nn.Linear(8, 1)\nclass Old(nn.Module):\n    def __init__(self):\n        self.c = nn.Conv2d(1, 8, 3)\n`
    expect(familyOf(`${net}# a convolution\nConvNet()\nloss.backward()\n`)).toBe('mlp')
    const chosen = `${net}def pick(name):\n    return globals()[name]()\npick("Old")\nloss.backward()\n`
    expect(familyOf(chosen)).toBe('cnn')
  })

  test('a model of another module that a string names', () => {
    const main = `import torch, argparse\nimport nets.small as nets\np = argparse.ArgumentParser()\np.add_argument('--arch', default='tiny')\nargs = p.parse_args()\nnet = nets.__dict__[args.arch]()\nloss.backward()\n`
    const small = `${TORCH}def tiny():\n    return nn.GRU(8, 8)\ndef large():\n    return nn.Conv2d(1, 8, 3)\n`
    expect(familyOf({ 'train.py': main, 'nets/__init__.py': '', 'nets/small.py': small })).toBe('rnn')
  })

  test('a model whose source is missing goes by the name of its class', () => {
    expect(familyOf('import torch\nfrom lib.nets import MyResNet\nnet = MyResNet()\nloss.backward()\n')).toBe(
      'cnn',
    )
  })
})

describe('estimators', () => {
  test.each<[Family | null, string]>([
    ['linear', sklearn('linear_model', 'LogisticRegression')],
    ['linear', sklearn('discriminant_analysis', 'LinearDiscriminantAnalysis')],
    ['svm', sklearn('svm', 'LinearSVC')],
    ['neighbours', sklearn('neighbors', 'KNeighborsRegressor')],
    ['tree', sklearn('tree', 'DecisionTreeClassifier')],
    ['ensemble', sklearn('ensemble', 'RandomForestRegressor')],
    ['ensemble', sklearn('ensemble', 'AdaBoostClassifier')],
    ['boosting', sklearn('ensemble', 'HistGradientBoostingClassifier')],
    ['naive-bayes', sklearn('naive_bayes', 'MultinomialNB')],
    ['clustering', sklearn('cluster', 'DBSCAN')],
    ['clustering', sklearn('mixture', 'GaussianMixture')],
    ['gaussian-process', sklearn('gaussian_process', 'GaussianProcessRegressor')],
    ['mlp', sklearn('neural_network', 'MLPClassifier')],
    ['boosting', 'import xgboost as xgb\nxgb.train({"booster": "gblinear"}, d)\n'],
    ['linear', 'import statsmodels.api as sm\nsm.Logit(y, X).fit()\n'],
    ['linear', 'from statsmodels.tsa.arima.model import ARIMA\nARIMA(y, order=(1, 1, 0)).fit()\n'],
    [
      'svm',
      'from sklearn.pipeline import Pipeline\nfrom sklearn.decomposition import PCA\nfrom sklearn.svm import SVC\nPipeline([("p", PCA(2)), ("s", SVC())]).fit(X, y)\n',
    ],
    [
      'tree',
      'from sklearn.model_selection import RandomizedSearchCV\nfrom sklearn.tree import DecisionTreeRegressor\nsearch = RandomizedSearchCV(estimator=DecisionTreeRegressor(), param_distributions={})\nsearch.fit(X, y)\n',
    ],
    [
      'linear',
      'from sklearn.multiclass import OneVsRestClassifier\nfrom sklearn.linear_model import Perceptron\nOneVsRestClassifier(Perceptron()).fit(X, y)\n',
    ],
  ])('%s: %j', (family, text) => {
    expect(familyOf(text)).toBe(family)
  })

  const IMPORTS =
    'from sklearn.svm import SVC\nfrom sklearn.tree import DecisionTreeClassifier\nfrom sklearn.ensemble import *\nfrom sklearn.naive_bayes import GaussianNB\n'
  test.each<[Family, string]>([
    ['mixed', 'for model in [SVC(), GaussianNB()]:\n    model.fit(X, y)\n'],
    [
      'mixed',
      'models = {"a": SVC(), "b": GaussianNB()}\nfor name, model in models.items():\n    model.fit(X, y)\n',
    ],
    [
      'mixed',
      'models = []\nmodels.append(("a", SVC()))\nmodels.append(("b", GaussianNB()))\nfor name, model in models:\n    model.fit(X, y)\n',
    ],
    ['mixed', 'for name, model in zip(["a", "b"], [SVC(), GaussianNB()]):\n    model.fit(X, y)\n'],
    ['mixed', 'model = SVC()\nmodel.fit(X, y)\nmodel = GaussianNB()\nmodel.fit(X, y)\n'],
    ['mixed', 'MODELS = {"a": SVC, "b": GaussianNB}\nmodel = MODELS[name]()\nmodel.fit(X, y)\n'],
    ['svm', 'for C in [1, 10]:\n    model = SVC(C=C)\n    model.fit(X, y)\n'],
    ['svm', 'def run(model):\n    model.fit(X, y)\nrun(SVC())\nGaussianNB\n'],
    ['ensemble', 'DecisionTreeClassifier().fit(X, y)\nRandomForestClassifier().fit(X, y)\n'],
    [
      'ensemble',
      'a, b = SVC(), GaussianNB()\nfor m in (a, b, VotingClassifier([("a", a), ("b", b)])):\n    m.fit(X, y)\n',
    ],
    [
      'ensemble',
      'class Bag:\n    def fit(self, X, y):\n        for _ in range(9):\n            tree = DecisionTreeClassifier()\n            tree.fit(X, y)\n            self.trees.append(tree)\nBag().fit(X, y)\n',
    ],
  ])('%s where several are trained: %j', (family, text) => {
    expect(familyOf(IMPORTS + text)).toBe(family)
  })
})

describe('autoencoder', () => {
  test.each([
    keras('Dense(8), Dense(784)').replace('fit(x, y)', 'fit(x, x)'),
    `${keras('Dense(8), Dense(784)').replace('m.fit(x, y)', 'm.fit(data.map(lambda x, y: (x, x)))')}`,
    `${keras('Dense(8), Dense(784)').replace('m.fit(x, y)', 'def twice(x, y):\n    return x, x\nm.fit(data.map(twice))')}`,
    `${TORCH}def train(model, criterion, x):\n    out = model(x)\n    criterion(out, x).backward()\ntrain(net, loss_of, x)\n`,
    'import tensorflow as tf\nloss = tf.reduce_mean(tf.square(tf.subtract(model(x), x)))\ntf.optimizers.Adam().apply_gradients(g)\n',
    `${keras('Conv2D(8, 3), Conv2DTranspose(1, 3)').replace('m.fit(x, y)', 'noisy = x + noise\nm.fit(noisy, x)')}`,
    `${TORCH}net = Net()\nfor x, _ in data:\n    out = net(x)\n    loss = F.mse_loss(out, x)\n    loss.backward()\n`,
    `${TORCH}criterion = nn.MSELoss()\nfor img, _ in data:\n    img = img.view(-1, 784)\n    target = img.view(img.size(0), -1)\n    loss = criterion(model(img), target)\n    loss.backward()\n`,
    `${TORCH}def loss_of(out, x, mu, logvar):\n    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())\nloss_of(a, b, c, d).backward()\n`,
    'import tensorflow as tf\nx_hat = decoder(encoder(x))\nloss = tf.reduce_mean(tf.square(x - x_hat))\ntf.train.AdamOptimizer().minimize(loss)\n',
  ])('%j', (text) => {
    expect(familyOf(text)).toBe('autoencoder')
  })

  test.each([
    `${TORCH}nn.Linear(8, 8)\nnn.Linear(8, 1)\nfor x, y in data:\n    loss = F.mse_loss(model(x), y)\n    loss.backward()\n`,
    `${TORCH}nn.Linear(8, 8)\nnn.Linear(8, 1)\nfor batch in data:\n    out = model(batch.text)\n    loss = F.binary_cross_entropy(out, batch.label)\n    loss.backward()\n`,
    `${TORCH}nn.Linear(8, 8)\nnn.Linear(8, 1)\nout = model(x)\nF.mse_loss(out, torch.zeros_like(out)).backward()\n`,
  ])('not %j', (text) => {
    expect(familyOf(text)).toBe('mlp')
  })
})

describe('two models', () => {
  const GAN = `${TORCH}G = nn.Sequential(nn.Linear(8, 64))
D = nn.Sequential(nn.Linear(64, 1))
opt_g = torch.optim.Adam(G.parameters())
opt_d = torch.optim.Adam(D.parameters())
for real in data:
    fake = G(torch.randn(16, 8))
    d_loss = F.binary_cross_entropy(D(real), torch.ones(16)) + F.binary_cross_entropy(D(fake.detach()), torch.zeros(16))
    d_loss.backward()
    g_loss = F.binary_cross_entropy(D(fake), torch.ones(16))
    g_loss.backward()
`
  test('trained against each other are a gan', () => {
    expect(familyOf(GAN)).toBe('gan')
  })

  test('of Keras, one of them frozen, are a gan', () => {
    const text = `${KERAS}import numpy as np
def build_generator():
    return keras.Sequential([Dense(784)])
def build_discriminator():
    return keras.Sequential([Dense(1)])
generator, discriminator = build_generator(), build_discriminator()
discriminator.trainable = False
both = keras.Model(z, discriminator(generator(z)))
for _ in range(9):
    noise = np.random.normal(0, 1, (16, 8))
    discriminator.train_on_batch(real, np.ones(16))
    discriminator.train_on_batch(generator.predict(noise), np.zeros(16))
    both.train_on_batch(noise, np.ones(16))
`
    expect(familyOf(text)).toBe('gan')
  })

  test('that work together are none', () => {
    const text = `${TORCH}encoder, decoder = nn.GRU(8, 8), nn.GRU(8, 8)
enc_opt = torch.optim.SGD(encoder.parameters(), 0.1)
dec_opt = torch.optim.SGD(decoder.parameters(), 0.1)
loss = F.nll_loss(decoder(encoder(x)), y)
loss.backward()
`
    expect(familyOf(text)).toBe('rnn')
  })
})

describe('reinforcement', () => {
  test.each([
    `import gymnasium as gym\n${TORCH}env = gym.make("CartPole-v1")\nstate, _ = env.reset()\nnet = nn.Linear(4, 2)\nstate, reward, done, _, _ = env.step(action)\nloss.backward()\n`,
    `${TORCH}class Market:\n    def reset(self):\n        return s\n    def step(self, action):\n        return s, reward, done\nenv = Market()\nenv.reset()\nenv.step(a)\nloss.backward()\n`,
    'from stable_baselines3 import DQN\nDQN("MlpPolicy", env).learn(total_timesteps=9)\n',
    'import gym\nfrom sklearn.linear_model import SGDRegressor\nenv = gym.make("MountainCar-v0")\nenv.reset()\nenv.step(a)\nmodel = SGDRegressor()\nmodel.partial_fit(X, y)\n',
  ])('%j', (text) => {
    expect(familyOf(text)).toBe('reinforcement')
  })

  test('an optimiser that steps, or a function called so, is no environment', () => {
    const text = `${TORCH}net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 1))\nmeter.reset()\noptimizer.step()\na, b, c = step(x)\nloss.backward()\n`
    expect(familyOf(text)).toBe('mlp')
  })
})

describe('diffusion', () => {
  test.each([
    `${TORCH}nn.Conv2d(1, 8, 3)\nbetas = torch.linspace(1e-4, 0.02, 1000)\nalphas = 1 - betas\nalphas_cumprod = torch.cumprod(alphas, dim=0)\nF.mse_loss(model(x, t), noise).backward()\n`,
    `${TORCH}from diffusers import DDPMScheduler, UNet2DModel\nscheduler = DDPMScheduler(1000)\nnet = UNet2DModel()\nloss.backward()\n`,
  ])('%j', (text) => {
    expect(familyOf(text)).toBe('diffusion')
  })
})

describe('noise that a model is to tell', () => {
  const loop = (loss: string) =>
    `${TORCH}unet = nn.Conv2d(1, 8, 3)\nnoise = torch.randn_like(x)\nnoisy = a[t] * x + b[t] * noise\npred = unet(noisy, t)\n${loss}.backward()\n`

  test('is diffusion', () => {
    expect(familyOf(loop('F.mse_loss(pred, noise)'))).toBe('diffusion')
    expect(familyOf(loop('torch.mean((pred + noise / std) ** 2)'))).toBe('diffusion')
  })

  test('is none where the image is compared', () => {
    expect(familyOf(loop('F.mse_loss(pred, x)'))).not.toBe('diffusion')
  })
})

describe('networks of the repository', () => {
  const made = (name: string, base = 'nn.Module') =>
    `${TORCH}class ${name}(${base}):\n    def __init__(self):\n        self.a = nn.Linear(4, 4)\n        self.b = nn.Linear(4, 4)\nnet = ${name}()\nnet(x).backward()\n`

  test.each<[Family, string]>([
    ['gnn', made('GraphConvolution')],
    ['gnn', made('GATLayer')],
    ['autoencoder', made('ConvVAE')],
    ['autoencoder', made('DenoisingAutoEncoder')],
    ['diffusion', made('GaussianDiffusion')],
    ['mlp', made('GraphDataset', 'Dataset')],
    ['mlp', made('Gate')],
  ])('%s %j', (family, text) => {
    expect(familyOf(text)).toBe(family)
  })

  test('are told by what they extend', () => {
    const text = `${TORCH}class Layer(nn.Linear):\n    pass\nlayers = [Layer(4, 4) for _ in range(3)]\nloss.backward()\n`
    expect(familyOf(text)).toBe('mlp')
  })

  test('are looked for in all that is imported where the one that is meant is chosen by its name', () => {
    const models =
      'import torch.nn as nn\nclass Net(nn.Module):\n    def __init__(self):\n        self.c = nn.Conv2d(1, 8, 3)\n'
    const text =
      'import torch\nfrom models import Net\nclass Trainer:\n    def __init__(self, c):\n        self.net = c()\n        loss.backward()\nTrainer(find(config["model"]))\n'
    expect(familyOf({ 'main.py': text, 'models.py': models })).toBe('cnn')
  })

  test('product with an adjacency matrix', () => {
    expect(familyOf(`${TORCH}w = nn.Linear(4, 4)\nh = adj @ w(x)\nloss.backward()\n`)).toBe('gnn')
    expect(familyOf(`${TORCH}w = nn.Linear(4, 4)\nh = torch.bmm(adj_norm, w(x))\nloss.backward()\n`)).toBe(
      'gnn',
    )
  })
})

test('labels that images are mixed with are no input that is given back', () => {
  const text = `${TORCH}net = nn.Conv2d(1, 8, 3)\nfor images, targets in loader:\n    images, targets = mix(images, targets)\n    logits = net(images)\n    criterion(logits, targets).backward()\n`
  expect(familyOf(text)).toBe('cnn')
})

describe('many estimators', () => {
  const fits = (...names: string[]) =>
    `from sklearn.svm import *\nfrom sklearn.linear_model import *\n${names.map((name) => `${name}().fit(X, y)\n`).join('')}`

  test('of one kind are not mixed for a single other one', () => {
    expect(familyOf(fits('SVC', 'SVC', 'LinearSVC', 'SVR', 'SGDClassifier'))).toBe('svm')
    expect(familyOf(fits('SVC', 'SGDClassifier'))).toBe('mixed')
  })
})
