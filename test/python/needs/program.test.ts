import { describe, expect, it } from 'vitest'
import { analyse } from '../../../src/python/analyse.ts'
import { openSource } from '../../../src/python/source.ts'
import { python } from '../python.ts'

const TRAINS = 'from sklearn.svm import SVC\nSVC(C=2.0).fit([[0], [1]], [0, 1])\n'
function of(source: string | Record<string, string>) {
  const files = typeof source === 'string' ? { 'train.py': source } : source
  const sources = Object.entries(files).map(([path, text]) => openSource(path, Buffer.from(text)))
  return analyse(python, sources, {})
}
const certain = (source: string | Record<string, string>) =>
  of(source).imports.flatMap((one) => (one.certain ? one.module : []))
const possible = (source: string | Record<string, string>) =>
  of(source).imports.flatMap((one) => (one.certain ? [] : one.module))

describe('what is imported from outside', () => {
  it('is named with its place', () => {
    expect(of(`import numpy as np, cv2\n${TRAINS}`).imports).toMatchObject([
      { module: 'numpy', file: 'train.py', line: 1, certain: true },
      { module: 'cv2', text: 'import numpy as np, cv2', why: 'imports cv2' },
      { module: 'sklearn.svm', line: 2 },
    ])
  })

  it.each([
    ['try:\n    import cv2\nexcept ImportError:\n    cv2 = None\n', [], []],
    ['from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import cv2\n', ['typing'], []],
    ['import sys\nif len(sys.argv) > 9:\n    import cv2\n', ['sys'], ['cv2']],
    ['def show():\n    import cv2\n', [], ['cv2']],
    [
      'from contextlib import suppress\nwith suppress(ImportError):\n    import cv2\n',
      ['contextlib'],
      ['cv2'],
    ],
    ['with open("x") as f:\n    import cv2\n', ['cv2'], []],
    ['def load():\n    import cv2\n    return cv2\nload()\n', ['cv2'], []],
    ['import sys\ndef main():\n    import cv2\nsys.exit(main())\n', ['sys', 'cv2'], ['sklearn.svm']],
    ['def load():\n    return 1\n    import cv2\nload()\n', [], ['cv2']],
    ['def load():\n    raise ValueError\n    import cv2\nload()\n', [], ['cv2']],
    ['class A:\n    import cv2\n', ['cv2'], []],
    ['from __future__ import annotations\nfrom . import x\n', [], []],
  ])('is certain only where it is reached in any case: %j', (source, sure, maybe) => {
    const found = source + TRAINS
    expect(certain(found).filter((name) => name !== 'sklearn.svm')).toEqual(sure)
    expect(possible(found)).toEqual(maybe)
  })

  it('is followed through the modules of the repository, each main guard its own', () => {
    const files = {
      'train.py': `from lib import data\nif __name__ == '__main__':\n    import tqdm\n    ${TRAINS.replace('\n', '\n    ')}`,
      'lib/__init__.py': '',
      'lib/data.py': "import pandas\nfrom lib import helper\nif __name__ == '__main__':\n    import cv2\n",
      'lib/helper.py': 'import einops\nimport lib.data\n',
      'lib/unused.py': 'import rich\n',
    }
    expect(certain(files)).toEqual(['pandas', 'einops', 'tqdm', 'sklearn.svm'])
    expect(possible(files)).toEqual(['cv2'])
  })
})

const notebook = (...lines: string[]) =>
  JSON.stringify({
    ...{ nbformat: 4, nbformat_minor: 5, metadata: {} },
    cells: [
      { cell_type: 'code', metadata: {}, outputs: [], source: [...lines, TRAINS].map((line) => `${line}\n`) },
    ],
  })

it('what a notebook installs is a need', () => {
  const { installs } = of({
    'train.ipynb': notebook(
      '!pip install -q einops>=0.7 "rich<14" -r more.txt',
      '%pip install tabulate',
      'pip install timm',
    ),
  })
  expect(installs.map(({ text }) => text)).toEqual(['einops>=0.7', 'rich<14', 'tabulate', 'timm'])
  expect(installs[0]).toMatchObject({ name: 'einops', file: 'train.ipynb' })
  expect(of(`# pip install einops\n${TRAINS}`).installs).toEqual([])
})

const asks = (source: string) => of(source + TRAINS).network

describe('the network is asked for', () => {
  it.each([
    'import tensorflow as tf\ntf.keras.datasets.mnist.load_data()\n',
    'from keras.datasets import cifar10\n(a, b), (c, d) = cifar10.load_data()\n',
    'from tensorflow.keras.applications import VGG16\nVGG16(include_top=False)\n',
    "from tensorflow.keras.applications.vgg16 import VGG16\nVGG16(weights='imagenet')\n",
    "from torchvision import datasets\ndatasets.MNIST('data', train=True, download=True)\n",
    "import torchvision\ntorchvision.datasets.CIFAR10(root='.', download=not_there())\n",
    'from torchvision import models\nmodels.resnet18(pretrained=True)\n',
    'from torchvision.models import resnet18\nresnet18(weights=W.DEFAULT)\n',
    "import timm\ntimm.create_model('resnet18', pretrained=True)\n",
    "import torch\ntorch.hub.load('pytorch/vision', 'resnet18')\n",
    'from sklearn.datasets import fetch_openml\nfetch_openml("mnist_784")\n',
    'import sklearn.datasets as d\nd.fetch_california_housing()\n',
    "from transformers import AutoModel\nAutoModel.from_pretrained('bert-base-uncased')\n",
    'from transformers import AutoTokenizer\nAutoTokenizer.from_pretrained(name)\n',
    "from datasets import load_dataset\nload_dataset('imdb')\n",
    'import requests\nrequests.get(url)\n',
    'from urllib.request import urlretrieve\nurlretrieve(a, b)\n',
    "import pandas as pd\npd.read_csv('https://example.org/iris.csv')\n",
    "URL = 'https://example.org/iris.csv'\n",
    "import os\nos.system('wget https://example.org/a b')\n",
    "import subprocess\nsubprocess.run(['curl', '-O', x])\n",
    "import gdown\ngdown.download(id='x')\n",
    "import kagglehub\nkagglehub.dataset_download('a/b')\n",
    "import wandb\nwandb.init(project='x')\n",
    "import mlflow\nmlflow.set_tracking_uri('http://mlflow:5000')\n",
    "import nltk\nnltk.download('punkt')\n",
    "from torchvision import datasets\ndatasets.__dict__[name]('data', train=True, download=True)\n",
    'from own import net\nnet(pretrained=True)\n',
    "from tensorflow.examples.tutorials.mnist import input_data\ninput_data.read_data_sets('data')\n",
    "import seaborn as sns\nsns.load_dataset('iris')\n",
    "import tensorflow_datasets as tfds\ntfds.load('mnist')\n",
    'def load():\n    import requests\n    return requests.get(url)\nload()\n',
  ])('by %j', (source) => {
    const network = asks(source)
    expect(network).toMatchObject({ wanted: true, evidence: [{ file: 'train.py' }] })
    expect(source.split('\n')[(network?.evidence[0]?.line ?? 0) - 1]?.trim()).toBe(network?.evidence[0]?.text)
  })

  it.each([
    '',
    'from sklearn.datasets import load_digits, make_moons\nload_digits()\n',
    "from torchvision import datasets\ndatasets.MNIST('data', train=True, download=False)\n",
    "from torchvision import datasets\ndatasets.ImageFolder('data')\n",
    'from torchvision import models\nmodels.resnet18()\nmodels.resnet18(pretrained=False)\nmodels.resnet18(weights=None)\n',
    'from tensorflow.keras.applications import VGG16\nVGG16(weights=None)\n',
    "from tensorflow.keras.applications import VGG16\nVGG16(weights='own.h5')\n",
    "from transformers import AutoModel\nAutoModel.from_pretrained('./model')\n",
    "from datasets import load_dataset\nload_dataset('csv', data_files='a.csv')\n",
    "import pandas as pd\npd.read_csv('data/iris.csv')\n",
    "import wandb\nwandb.init(mode='disabled')\n",
    "import mlflow\nmlflow.set_tracking_uri('file:./runs')\n",
    'import requests\n',
    '"""See https://example.org/paper for more."""\n',
    "import os\nos.system('ls')\nHOST = 'http://localhost:8080/x'\n",
    'def used():\n    return 1\nused()\ndef never():\n    import requests\n    requests.get(url)\n',
  ])('not by %j', (source) => {
    expect(asks(source)).toEqual({ wanted: false, evidence: [] })
  })

  it('by a command of a notebook', () => {
    const { network } = of({ 'train.ipynb': notebook('!wget -q https://example.org/a.zip', '!ls') })
    expect(network).toMatchObject({ wanted: true, evidence: [{ file: 'train.ipynb' }] })
  })
})
