import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dockerImages } from '../../src/images/docker-images.ts'
import type { ImageName } from '../../src/images/plan.ts'
import {
  dockerHost,
  ensureTestImage,
  removeInstance,
  testExecutor,
  testImages,
  uniqueInstance,
} from '../helpers/docker.ts'

/** The least training that needs what an image is for. */
const TRAININGS: [name: ImageName, script: string][] = [
  [
    'statsmodels',
    `import numpy as np, statsmodels.api as sm, statsmodels.formula.api
sm.OLS(np.arange(5.), sm.add_constant(np.arange(5.))).fit()
print('fine')`,
  ],
  [
    'boosting',
    `import lightgbm, xgboost
x, y = [[0], [1]] * 20, [0, 1] * 20
xgboost.XGBClassifier(n_estimators=2).fit(x, y)
lightgbm.LGBMClassifier(n_estimators=2, verbose=-1).fit(x, y)
print('fine')`,
  ],
  [
    'catboost',
    `import catboost
model = catboost.CatBoostClassifier(iterations=2, verbose=0, allow_writing_files=False)
model.fit([[0], [1]] * 4, [0, 1] * 4)
print('fine')`,
  ],
  [
    'jax',
    `import jax, jax.numpy as jnp, optax
from flax import linen, nnx
model = linen.Dense(1)
params = model.init(jax.random.PRNGKey(0), jnp.ones((1, 2)))
gradients = jax.grad(lambda p: model.apply(p, jnp.ones((1, 2))).sum())(params)
adam = optax.adam(0.1)
optax.apply_updates(params, adam.update(gradients, adam.init(params))[0])
print('fine')`,
  ],
  [
    'keras',
    `import keras, numpy as np, tensorflow as tf
assert keras.__version__.startswith('3') and tf.keras.Sequential is keras.Sequential
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.1), loss='mse')
model.fit(np.ones((4, 2)), np.ones(4), verbose=0)
print('fine')`,
  ],
  [
    'keras2',
    `import numpy as np, tensorflow as tf
from keras.engine.topology import Layer
from keras.layers import CuDNNLSTM
from keras.layers.convolutional import Conv2D
from keras.layers.core import Dense, Flatten
from keras.models import Sequential
from keras.optimizers import SGD, adam
from keras.preprocessing.text import Tokenizer
from keras.utils import np_utils
from keras.utils.vis_utils import plot_model
from tensorflow.keras.layers import Dense as SameDense
from tensorflow.keras.utils.np_utils import to_categorical
assert SameDense is Dense is tf.keras.layers.Dense and issubclass(Dense, Layer)
x, y = np.ones((8, 6, 6, 1)), np_utils.to_categorical([0, 1] * 4)
model = Sequential([Conv2D(2, (3, 3), input_shape=(6, 6, 1)), Flatten(), Dense(2, activation='softmax')])
model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=0.07, decay=1e-6), metrics=['accuracy'])
assert abs(float(model.optimizer.lr) - 0.07) < 1e-6
model.fit_generator(iter([(x, y)] * 2), steps_per_epoch=2, epochs=1, verbose=0)
assert model.predict_classes(x).shape == (8,)
assert abs(float(tf.keras.optimizers.Adam(lr=0.3).lr) - 0.3) < 1e-6
adam(lr=0.1)
CuDNNLSTM(4, return_sequences=True)
print('fine')`,
  ],
  [
    'lightning',
    `import lightning, pytorch_lightning, torch, torchmetrics
assert '+debian' in torch.__version__
class Model(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 1)
    def training_step(self, batch, index):
        return self.layer(batch).sum()
    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)
quiet = dict(logger=False, enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False)
lightning.Trainer(max_epochs=1, **quiet).fit(Model(), torch.utils.data.DataLoader(torch.ones(4, 2)))
print('fine')`,
  ],
  [
    'transformers',
    `import datasets, evaluate, torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments
assert '+debian' in torch.__version__
sizes = dict(vocab_size=9, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8)
data = datasets.Dataset.from_dict({'input_ids': [[1, 2]] * 4, 'labels': [0, 1] * 2})
arguments = TrainingArguments('/tmp/out', max_steps=1, report_to=[], use_cpu=True, disable_tqdm=True)
Trainer(BertForSequenceClassification(BertConfig(**sizes)), arguments, train_dataset=data).train()
print('fine')`,
  ],
]

const never = new AbortController().signal
const instance = uniqueInstance()
const executor = testExecutor()
afterAll(() => removeInstance(instance))

async function runIn(image: string, script: string) {
  const id = await executor.create({
    name: `${instance}-${Math.floor(performance.now())}`,
    image,
    command: ['python3', '-c', script],
    env: {},
    workdir: '/workspace',
    labels: { 'hone.instance': instance },
    limits: { memoryBytes: 3 * 2 ** 30, cpus: 1, pids: 256, shmBytes: 2 ** 26 },
    network: false,
    volumes: [],
  })
  await executor.start(id)
  const lines: string[] = []
  for await (const { text } of executor.logs(id, null, never)) lines.push(text)
  const status = await executor.wait(id, never)
  return { lines, exitCode: status?.exitCode }
}

describe('the images', () => {
  it('base: runs Python as the training user, who may write where trainings write', async () => {
    const image = await ensureTestImage('base')
    const script = [
      'import os, ssl',
      'print(os.getuid(), os.path.expanduser("~"), os.getcwd())',
      'open("/workspace/a", "w"); open("/checkpoints/a", "w"); open(os.path.expanduser("~/a"), "w")',
      'print(len(ssl.create_default_context().get_ca_certs()) > 50)',
    ].join('\n')
    expect(await runIn(image, script)).toEqual({ lines: ['1000 /home/hone /workspace', 'True'], exitCode: 0 })
  })

  it('sklearn: has what its scripts import', async () => {
    const image = await testImages().ensure('sklearn', (line) => console.info(line))
    expect(image).toMatch(/^hone\/sklearn:[0-9a-f]{12}$/)
    const script = 'import sklearn, pandas, joblib, numpy, scipy; print("fine")'
    expect(await runIn(image, script)).toEqual({ lines: ['fine'], exitCode: 0 })
    const about = await new Docker().getImage(image).inspect()
    expect(about.Config.Labels).toMatchObject({ 'hone.image': 'sklearn' })
  })

  it('pytorch: has what its scripts import', async () => {
    const image = await ensureTestImage('pytorch')
    const script = 'import torch, torchvision, sklearn; print(torch.ones(2).sum().item())'
    expect(await runIn(image, script)).toEqual({ lines: ['2.0'], exitCode: 0 })
  })

  // Minutes and gigabytes of downloads: only where they are asked for.
  it.runIf(process.env.HONE_TEST_IMAGES === 'all').each(TRAININGS)('%s: trains', async (name, script) => {
    const image = await ensureTestImage(name)
    const { lines, exitCode } = await runIn(image, script)
    expect(exitCode, lines.slice(-5).join('\n')).toBe(0)
    expect(lines).toContain('fine')
  })

  it('are found again without a build', async () => {
    const said: string[] = []
    const first = await testImages().ensure('sklearn', (line) => said.push(line))
    expect(await testImages().ensure('sklearn', (line) => said.push(line))).toBe(first)
    expect(said).toEqual([])
  })

  it('say that the engine is away', async () => {
    const away = dockerImages({
      dockerHost: 'tcp://127.0.0.1:1',
      folder: '/',
      caBundle: null,
      environment: {},
    })
    await expect(away.ensure('sklearn', () => {})).rejects.toMatchObject({
      failure: { kind: 'unavailable', code: 'engine-away' },
    })
  })
})

describe('a build', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hone-images-'))
    await mkdir(join(folder, 'base'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** With one command only, so that nothing is left of a build that does not end well. */
  const imagesOf = async (command: string) => {
    const file = `ARG BASE\nFROM \${BASE}\nRUN ${command} # ${instance}`
    await writeFile(join(folder, 'base', 'Dockerfile'), file)
    return dockerImages({ dockerHost, folder, caBundle: null, environment: {} })
  }

  it('that fails says at the end of which output', async () => {
    const images = await imagesOf('echo about to fail; exit 7')
    const error = await images.ensure('base', () => {}).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      failure: { kind: 'system', code: 'image-build', detail: expect.stringContaining('about to fail') },
    })
    expect((error as Error).message).toContain('7')
  })

  it('is shared by those who want it at the same time, and all hear of its steps', async () => {
    const images = await imagesOf('sleep 1')
    const said: string[][] = [[], []]
    const tags = await Promise.all(said.map((lines) => images.ensure('base', (line) => lines.push(line))))
    expect(tags[0]).toBe(tags[1])
    expect(said[0]).toEqual(said[1])
    expect(said[0]).toContain(`image base: step 3 of 4: RUN sleep 1 # ${instance}`)
    await new Docker().getImage(tags[0] as string).remove()
  })

  it('is given up when the last who wanted it has left', async () => {
    const images = await imagesOf('sleep 1000')
    const leave = new AbortController()
    const building = images.ensure(
      'base',
      (line) => line.includes('RUN') && leave.abort(new Error('left')),
      leave.signal,
    )
    await expect(building).rejects.toThrow('left')
  })
})
