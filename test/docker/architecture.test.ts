import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Structure, TextPatch } from '../../src/python/layers/index.ts'
import { ensureTestImage, removeInstance, testExecutor, uniqueInstance } from '../helpers/docker.ts'
import { patched } from '../python/layers/apply.ts'
import { layersIn } from '../python/layers/learn.ts'

const never = new AbortController().signal
const instance = uniqueInstance()
const executor = testExecutor()
let image: string
beforeAll(async () => {
  image = await ensureTestImage('pytorch')
})
afterAll(() => removeInstance(instance))

/** A network like LeNet-5 on the handwritten digits that scikit-learn brings along. */
const LENET = `import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(16)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(16, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.bn2(self.conv2(x))))
        x = x.view(-1, 16)
        x = F.relu(self.fc1(x))
        return self.fc2(x)


torch.manual_seed(0)
digits = load_digits()
images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
labels = torch.tensor(digits.target)
model = LeNet()
optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
for start in range(0, len(images), 64):
    optimiser.zero_grad()
    loss = F.cross_entropy(model(images[start:start + 64]), labels[start:start + 64])
    loss.backward()
    optimiser.step()
print('layers', sum(isinstance(m, nn.Conv2d) for m in model.modules()), sum(isinstance(m, nn.Linear) for m in model.modules()))
print('widths', [m.out_channels for m in model.modules() if isinstance(m, nn.Conv2d)])
print('trained', bool(torch.isfinite(loss)))
`

async function train(source: string) {
  const id = await executor.create({
    name: `${instance}-${Math.floor(performance.now())}`,
    image,
    command: ['python3', '-c', source],
    env: {},
    workdir: '/workspace',
    labels: { 'hone.instance': instance },
    limits: { memoryBytes: 2 ** 31, cpus: 2, pids: 256, shmBytes: 2 ** 26 },
    network: false,
    volumes: [],
  })
  await executor.start(id)
  const lines: string[] = []
  for await (const { text } of executor.logs(id, null, never)) lines.push(text)
  const status = await executor.wait(id, never)
  return { lines: lines.slice(-3), exitCode: status?.exitCode }
}

const { structures, sizes } = layersIn(LENET)
const variant = (name: Structure['name'], count: number): TextPatch[] =>
  structures.find((one) => one.name === name)?.variants[String(count)] ?? []

/** The literals that give a layer another size, all of them. */
function widened(value: number, times: number): TextPatch[] {
  const found = sizes.find(({ origin }) => origin.literal.kind === 'number' && origin.literal.value === value)
  const [module] = structures.map((one) => one.module)
  if (!found || !module) throw new Error(`no size of ${value}`)
  return [{ origin: found.origin, times: 1 }, ...found.ties].map(({ origin, times: factor }) => ({
    module,
    start: origin.literal.start,
    end: origin.literal.end,
    pieces: [String(value * times * factor)],
  }))
}

it.each([
  ['as it stands', [], [], 'layers 2 2', 'widths [6, 16]'],
  ['with one more convolution', variant('conv_blocks', 3), [], 'layers 3 2', 'widths [6, 16, 16]'],
  ['with one convolution fewer', variant('conv_blocks', 1), [], 'layers 1 2', 'widths [6]'],
  ['with one more dense layer', variant('dense_layers', 2), [], 'layers 2 3', 'widths [6, 16]'],
  ['with a wider first convolution', [], widened(6, 2), 'layers 2 2', 'widths [12, 16]'],
  [
    'wider, with three more convolutions',
    variant('conv_blocks', 5),
    widened(16, 2),
    'layers 5 2',
    'widths [6, 32, 32, 32, 32]',
  ],
  [
    'wider, with one convolution fewer',
    variant('conv_blocks', 1),
    widened(6, 2),
    'layers 1 2',
    'widths [12]',
  ],
])('a LeNet trains %s', async (_, patches, edits, layers, widths) => {
  const source = patched(LENET, patches, edits)
  expect(source === LENET).toBe(patches.length + edits.length === 0)
  expect(await train(source)).toEqual({ lines: [layers, widths, 'trained True'], exitCode: 0 })
})
