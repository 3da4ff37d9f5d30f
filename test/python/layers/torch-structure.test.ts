import { describe, expect, it } from 'vitest'
import { changes, patched, structuresIn, withLayers } from './apply.ts'
import { layersIn } from './learn.ts'

const HEAD = [
  'import torch',
  'import torch.nn as nn',
  'import torch.nn.functional as F',
  'from torchvision import datasets, transforms',
]

/** A module as most scripts write it, trained on images of 32 x 32. */
function module(init: string[], forward: string[], data = 'data = datasets.CIFAR10(root)'): string {
  return `${[
    ...HEAD,
    'class Net(nn.Module):',
    '    def __init__(self):',
    '        super(Net, self).__init__()',
    ...init.map((line) => `        ${line}`),
    '',
    '    def forward(self, x):',
    ...forward.map((line) => `        ${line}`),
    'net = Net()',
    data,
  ].join('\n')}\n`
}
const grown = (source: string, name: 'conv_blocks' | 'dense_layers', count: number) =>
  changes(source, withLayers(source, name, count)).map((line) => line.replace(/^(.) {8}/, '$1'))

const LENET = module(
  [
    'self.conv1 = nn.Conv2d(3, 6, 5)',
    'self.pool = nn.MaxPool2d(2, 2)',
    'self.conv2 = nn.Conv2d(6, 16, 5)  # 16 maps',
    'self.fc1 = nn.Linear(16 * 5 * 5, 120)',
    'self.fc2 = nn.Linear(120, 84)',
    'self.fc3 = nn.Linear(84, 10)',
  ],
  [
    'x = self.pool(F.relu(self.conv1(x)))',
    'x = self.pool(F.relu(self.conv2(x)))',
    'x = x.view(-1, 16 * 5 * 5)',
    'x = F.relu(self.fc1(x))',
    'x = F.relu(self.fc2(x))',
    'x = self.fc3(x)',
    'return x',
  ],
)

describe('LeNet', () => {
  it('offers one layer fewer up to three more', () => {
    expect(structuresIn(LENET)).toEqual(['conv_blocks 2: 1-5', 'dense_layers 2: 1-5'])
  })

  it('gets one more convolution that keeps the size, without a pool', () => {
    expect(grown(LENET, 'conv_blocks', 3)).toEqual([
      '+self.conv3 = nn.Conv2d(16, 16, 5, padding=2)',
      '+x = F.relu(self.conv3(x))',
    ])
    expect(grown(LENET, 'conv_blocks', 5)).toEqual([
      '+self.conv3 = nn.Conv2d(16, 16, 5, padding=2)',
      '+self.conv4 = nn.Conv2d(16, 16, 5, padding=2)',
      '+self.conv5 = nn.Conv2d(16, 16, 5, padding=2)',
      '+x = F.relu(self.conv3(x))',
      '+x = F.relu(self.conv4(x))',
      '+x = F.relu(self.conv5(x))',
    ])
  })

  it('loses its last block, and what is flattened gets its new size', () => {
    expect(grown(LENET, 'conv_blocks', 1)).toEqual([
      '-self.conv2 = nn.Conv2d(6, 16, 5)  # 16 maps',
      '-self.fc1 = nn.Linear(16 * 5 * 5, 120)',
      '+self.fc1 = nn.Linear(6 * 14 * 14, 120)',
      '-x = self.pool(F.relu(self.conv2(x)))',
      '-x = x.view(-1, 16 * 5 * 5)',
      '+x = x.view(-1, 6 * 14 * 14)',
    ])
  })

  it('gets and loses a dense layer, never the last one', () => {
    expect(grown(LENET, 'dense_layers', 3)).toEqual([
      '+self.fc2b = nn.Linear(84, 84)',
      '+x = F.relu(self.fc2b(x))',
    ])
    expect(grown(LENET, 'dense_layers', 1)).toEqual([
      '-self.fc2 = nn.Linear(120, 84)',
      '-self.fc3 = nn.Linear(84, 10)',
      '+self.fc3 = nn.Linear(120, 10)',
      '-x = F.relu(self.fc2(x))',
    ])
    expect(grown(LENET, 'dense_layers', 0)).toEqual(['not offered'])
  })

  it('takes a size that changes at the same time into the copy', () => {
    const { structures, sizes } = layersIn(LENET)
    const filters = sizes.find(
      ({ origin }) => origin.literal.kind === 'number' && origin.literal.value === 16,
    )
    const [blocks] = structures
    if (!filters || !blocks) throw new Error('not found')
    const edits = [filters.origin, ...filters.ties.map((tie) => tie.origin)].map(({ literal }) => ({
      module: blocks.module,
      start: literal.start,
      end: literal.end,
      pieces: ['24'],
    }))
    const after = patched(LENET, blocks.variants['3'] ?? [], edits)
    expect(after).toContain('self.conv3 = nn.Conv2d(24, 24, 5, padding=2)')
    expect(after).toContain('nn.Linear(24 * 5 * 5, 120)')
    expect(patched(LENET, blocks.variants['1'] ?? [], edits)).toContain('nn.Linear(6 * 14 * 14, 120)')
  })

  it('keeps line ends', () => {
    const source = LENET.replaceAll('\n', '\r\n')
    expect(withLayers(source, 'conv_blocks', 3)).toBe(
      withLayers(LENET, 'conv_blocks', 3)?.replaceAll('\n', '\r\n'),
    )
    expect(withLayers(source, 'conv_blocks', 1)).toBe(
      withLayers(LENET, 'conv_blocks', 1)?.replaceAll('\n', '\r\n'),
    )
  })

  it('loses no block where the size of the images cannot be told', () => {
    const unknown = LENET.replace('datasets.CIFAR10(root)', 'load(root)')
    // 32 is the only usual size that leaves 5 x 5 points.
    expect(structuresIn(unknown)[0]).toBe('conv_blocks 2: 1-5')
    const odd = unknown.replaceAll('16 * 5 * 5', '16 * 11 * 11')
    expect(structuresIn(odd)[0]).toBe('conv_blocks 2: 2-5')
  })

  it('keeps a layer that something else reads', () => {
    const shown = LENET.replace('net = Net()', 'net = Net()\nprint(net.conv2.weight.shape)')
    expect(structuresIn(shown)[0]).toBe('conv_blocks 2: 2-5')
  })
})

describe('other ways to write it', () => {
  it('a line for each step, and a flattened size as a number', () => {
    const source = module(
      [
        'self.conv1 = nn.Conv2d(1, 32, 3, 1)',
        'self.conv2 = nn.Conv2d(32, 64, 3, 1)',
        'self.drop = nn.Dropout(0.25)',
        'self.fc1 = nn.Linear(9216, 128)',
        'self.fc2 = nn.Linear(128, 10)',
      ],
      [
        'x = self.conv1(x)',
        'x = F.relu(x)',
        'x = self.conv2(x)',
        'x = F.relu(x)',
        'x = F.max_pool2d(x, 2)',
        'x = self.drop(x)',
        'x = torch.flatten(x, 1)',
        'x = self.fc1(x)',
        'x = F.relu(x)',
        'x = self.fc2(x)',
        'return F.log_softmax(x, dim=1)',
      ],
      'data = datasets.MNIST(root)',
    )
    expect(grown(source, 'conv_blocks', 3)).toEqual([
      '+self.conv3 = nn.Conv2d(64, 64, 3, 1, padding=1)',
      '+x = self.conv3(x)',
      '+x = F.relu(x)',
    ])
    expect(grown(source, 'conv_blocks', 1)).toEqual([
      '-self.conv2 = nn.Conv2d(32, 64, 3, 1)',
      '-self.fc1 = nn.Linear(9216, 128)',
      '+self.fc1 = nn.Linear(32 * 13 * 13, 128)',
      '-x = self.conv2(x)',
      '-x = F.relu(x)',
    ])
  })

  it('a pool before the activation', () => {
    const source = module(
      [
        'self.conv1 = nn.Conv2d(1, 10, kernel_size=5)',
        'self.conv2 = nn.Conv2d(10, 20, kernel_size=5)',
        'self.drop = nn.Dropout2d()',
        'self.fc1 = nn.Linear(320, 50)',
        'self.fc2 = nn.Linear(50, 10)',
      ],
      [
        'x = F.relu(F.max_pool2d(self.conv1(x), 2))',
        'x = F.relu(F.max_pool2d(self.drop(self.conv2(x)), 2))',
        'x = x.view(-1, 320)',
        'return self.fc2(F.relu(self.fc1(x)))',
      ],
      'data = datasets.MNIST(root)',
    )
    expect(grown(source, 'conv_blocks', 3)).toEqual([
      '+self.conv3 = nn.Conv2d(20, 20, kernel_size=5, padding=2)',
      '+x = F.relu(self.drop(self.conv3(x)))',
    ])
    expect(grown(source, 'conv_blocks', 1)).toEqual([
      '-self.conv2 = nn.Conv2d(10, 20, kernel_size=5)',
      '-self.drop = nn.Dropout2d()',
      '-self.fc1 = nn.Linear(320, 50)',
      '+self.fc1 = nn.Linear(10 * 12 * 12, 50)',
      '-x = F.relu(F.max_pool2d(self.drop(self.conv2(x)), 2))',
      '-x = x.view(-1, 320)',
      '+x = x.view(-1, 10 * 12 * 12)',
    ])
    // Two layers in one statement: the copy goes around the first.
    expect(grown(source, 'dense_layers', 2)).toEqual([
      '+self.fc1b = nn.Linear(50, 50)',
      '-return self.fc2(F.relu(self.fc1(x)))',
      '+return self.fc2(F.relu(self.fc1b(F.relu(self.fc1(x)))))',
    ])
  })

  it('blocks that are Sequential', () => {
    const source = module(
      [
        'self.layer1 = nn.Sequential(',
        '    nn.Conv2d(3, 16, kernel_size=5, padding=2),',
        '    nn.BatchNorm2d(16),',
        '    nn.ReLU(),',
        '    nn.MaxPool2d(2))',
        'self.layer2 = nn.Sequential(',
        '    nn.Conv2d(16, 32, kernel_size=5, padding=2),',
        '    nn.BatchNorm2d(32),',
        '    nn.ReLU(),',
        '    nn.MaxPool2d(2))',
        'self.fc = nn.Linear(8*8*32, 10)',
      ],
      [
        'out = self.layer1(x)',
        'out = self.layer2(out)',
        'out = out.reshape(out.size(0), -1)',
        'out = self.fc(out)',
        'return out',
      ],
    )
    expect(structuresIn(source)).toEqual(['conv_blocks 2: 1-5'])
    expect(grown(source, 'conv_blocks', 3)).toEqual([
      '+    nn.Conv2d(32, 32, kernel_size=5, padding=2),',
      '+    nn.BatchNorm2d(32),',
      '+    nn.ReLU(),',
    ])
    expect(grown(source, 'conv_blocks', 1)).toEqual([
      '-self.layer2 = nn.Sequential(',
      '-    nn.Conv2d(16, 32, kernel_size=5, padding=2),',
      '-    nn.BatchNorm2d(32),',
      '-    nn.ReLU(),',
      '-    nn.MaxPool2d(2))',
      '-self.fc = nn.Linear(8*8*32, 10)',
      '+self.fc = nn.Linear(16*16*16, 10)',
      '-out = self.layer2(out)',
    ])
  })

  it('one Sequential, and normalisation with a pool to one point', () => {
    const source = `${[
      ...HEAD,
      'model = nn.Sequential(',
      '    nn.Conv2d(3, 32, 3, stride=2), nn.ReLU(),',
      '    nn.Conv2d(32, 64, 3, stride=2), nn.ReLU(),',
      '    nn.AdaptiveAvgPool2d(1),',
      '    nn.Flatten(),',
      '    nn.Linear(64, 10),',
      ')',
    ].join('\n')}\n`
    expect(structuresIn(source)).toEqual(['conv_blocks 2: 1-5'])
    expect(changes(source, withLayers(source, 'conv_blocks', 3))).toEqual([
      '-    nn.Conv2d(32, 64, 3, stride=2), nn.ReLU(),',
      '+    nn.Conv2d(32, 64, 3, stride=2), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(),',
    ])
    expect(changes(source, withLayers(source, 'conv_blocks', 1))).toEqual([
      '-    nn.Conv2d(32, 64, 3, stride=2), nn.ReLU(),',
      '-    nn.Linear(64, 10),',
      '+    nn.Linear(32, 10),',
    ])
  })

  it('layers with normalisation of their own', () => {
    const source = module(
      [
        'self.fc1 = nn.Linear(20, 64)',
        'self.bn1 = nn.BatchNorm1d(64)',
        'self.fc2 = nn.Linear(64, 3)',
        'self.act = nn.ReLU()',
      ],
      ['x = self.act(self.bn1(self.fc1(x)))', 'return self.fc2(x)'],
    )
    expect(grown(source, 'dense_layers', 2)).toEqual([
      '+self.fc1b = nn.Linear(64, 64)',
      '+self.bn2 = nn.BatchNorm1d(64)',
      '+x = self.act(self.bn2(self.fc1b(x)))',
    ])
  })

  it('sizes with names', () => {
    const source = module(
      [
        'hidden = 32',
        'self.a = nn.Linear(in_features=20, out_features=hidden)',
        'self.b = nn.Linear(hidden, hidden * 2)',
        'self.c = nn.Linear(hidden * 2, 3)',
      ],
      ['x = torch.relu(self.a(x))', 'x = torch.relu(self.b(x))', 'return self.c(x)'],
    )
    expect(grown(source, 'dense_layers', 3)).toEqual([
      '+self.b2 = nn.Linear(hidden * 2, hidden * 2)',
      '+x = torch.relu(self.b2(x))',
    ])
    expect(grown(source, 'dense_layers', 1)).toEqual([
      '-self.b = nn.Linear(hidden, hidden * 2)',
      '-self.c = nn.Linear(hidden * 2, 3)',
      '+self.c = nn.Linear(hidden, 3)',
      '-x = torch.relu(self.b(x))',
    ])
  })
})

describe('is left alone', () => {
  const init = ['self.a = nn.Linear(20, 32)', 'self.b = nn.Linear(32, 32)', 'self.c = nn.Linear(32, 2)']
  it.each([
    ['a skip connection', ['y = F.relu(self.a(x))', 'x = y + self.b(y)', 'return self.c(x)']],
    ['a condition', ['x = F.relu(self.a(x))', 'if self.deep:', '    x = self.b(x)', 'return self.c(x)']],
    ['two outputs', ['x = F.relu(self.a(x))', 'return self.b(x), self.c(x)']],
    ['a loop', ['x = F.relu(self.a(x))', 'for _ in range(3):', '    x = self.b(x)', 'return self.c(x)']],
  ])('%s', (_, forward) => {
    expect(structuresIn(module(init, forward))).toEqual([])
  })

  it('a block of another model', () => {
    const block = module(init, ['x = F.relu(self.a(x))', 'x = F.relu(self.b(x))', 'return self.c(x)'])
    expect(structuresIn(block)).toHaveLength(1)
    const inside = `${block.replace('net = Net()\n', '')}class Outer(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.one, self.two = Net(), Net()\nOuter()\n`
    expect(structuresIn(inside)).toEqual([])
  })
})
