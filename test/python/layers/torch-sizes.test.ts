import { describe, expect, it } from 'vitest'
import { frozenIn, sizesIn } from './learn.ts'

const HEAD = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n'

/** A module as most scripts write it; the first line of its `__init__` is line 7. */
function module(init: string[], forward: string[], after: string[] = []): string {
  const lines = [
    `${HEAD}class Net(nn.Module):`,
    '    def __init__(self):',
    '        super().__init__()',
    ...init.map((line) => `        ${line}`),
    '    def forward(self, x):',
    ...forward.map((line) => `        ${line}`),
    ...after.map((line) => `    ${line}`),
    'net = Net()',
  ]
  return `${lines.join('\n')}\n`
}

describe('a plain network', () => {
  it('ties outputs to the inputs of the next layer; inputs and classes stay', () => {
    const source = module(
      ['self.fc1 = nn.Linear(784, 128)', 'self.fc2 = nn.Linear(128, 64)', 'self.fc3 = nn.Linear(64, 10)'],
      ['x = F.relu(self.fc1(x))', 'x = F.relu(self.fc2(x))', 'return self.fc3(x)'],
    )
    expect(sizesIn(source)).toEqual(['units 128:7 128:8', 'units 64:8 64:9'])
    expect(frozenIn(source)).toEqual({
      'in_features 784:7': 'the shape of what goes in',
      'out_features 10:9': 'the number of outputs of the model',
    })
  })

  it('goes by the order of forward, not of __init__', () => {
    const source = module(
      ['self.b = nn.Linear(32, 10)', 'self.a = nn.Linear(8, 32)'],
      ['return self.b(self.a(x).relu())'],
    )
    expect(sizesIn(source)).toEqual(['units 32:8 32:7'])
  })

  it('follows Sequential, also with names, lists and sub-models', () => {
    const source = [
      `${HEAD}from collections import OrderedDict`,
      'class Block(nn.Module):',
      '    def __init__(self, n_in, n_out):',
      '        super(Block, self).__init__()',
      '        self.body = nn.Sequential(nn.Linear(n_in, n_out), nn.BatchNorm1d(n_out), nn.ReLU())',
      '    def forward(self, x):',
      '        return self.body(x)',
      'layers = [Block(20, 64), Block(64, 32)]',
      "net = nn.Sequential(*layers, nn.Sequential(OrderedDict([('a', nn.Linear(32, 16)), ('b', nn.Linear(16, 2))])))",
      'net = nn.DataParallel(net).to("cuda")',
    ].join('\n')
    expect(sizesIn(source)).toEqual(['units 64:11 64:11', 'units 32:11 32:12', 'units 16:12 16:12'])
  })

  it('takes one literal for all places that its name reaches', () => {
    const source = [
      `${HEAD}import argparse`,
      'parser = argparse.ArgumentParser()',
      "parser.add_argument('--hidden', type=int, default=64)",
      'args = parser.parse_args()',
      'class Net(nn.Module):',
      '    def __init__(self, hidden, classes):',
      '        super().__init__()',
      '        self.a = nn.Linear(20, hidden)',
      '        self.b = nn.Linear(hidden, hidden * 2)',
      '        self.c = nn.Linear(hidden * 2, classes)',
      '    def forward(self, x):',
      '        return self.c(F.relu(self.b(F.relu(self.a(x)))))',
      'net = Net(args.hidden, 3)',
      'print(f"{args.hidden} units")',
    ].join('\n')
    expect(sizesIn(source)).toEqual(['units 64:6'])
    expect(frozenIn(`${source}\nx = x[:, :args.hidden]`)['hidden 64:6']).toBe('it is also used in line 18')
  })
})

const FLATTENED: [how: string, linear: string, view: string, ties: string][] = [
  ['a view of a product', '16 * 5 * 5', 'x = x.view(-1, 16 * 5 * 5)', '16:9 16:14'],
  ['a view of a number', '400', 'x = x.view(-1, 400)', '25*400:9 25*400:14'],
  ['a view of the rest', '400', 'x = x.view(x.size(0), -1)', '25*400:9'],
  ['flatten', '5 * 5 * 16', 'x = torch.flatten(x, 1)', '16:9'],
  ['a method that counts', '400', 'x = x.view(-1, self.flat(x))', '25*400:9'],
]

describe('a convolutional network', () => {
  it.each(FLATTENED)('ties a flattened size: %s', (_, linear, view, ties) => {
    const source = module(
      [
        'self.c1 = nn.Conv2d(3, 6, 5)',
        'self.c2 = nn.Conv2d(6, 16, 5)',
        `self.fc1 = nn.Linear(${linear}, 120)`,
        'self.fc2 = nn.Linear(120, 10)',
      ],
      [
        'x = F.max_pool2d(F.relu(self.c1(x)), 2)',
        'x = F.max_pool2d(F.relu(self.c2(x)), 2)',
        view,
        'return self.fc2(F.relu(self.fc1(x)))',
      ],
      ['def flat(self, x):', '    return x[0].numel()'],
    )
    expect(sizesIn(source)).toEqual(['filters 6:7 6:8', `filters 16:8 ${ties}`, 'units 120:9 120:10'])
    expect(frozenIn(source)['kernel_size 5:7']).toBe('the size of what is flattened depends on it')
  })

  it('ties normalisation, and frees filters where the padding is "same" or a pool to one point follows', () => {
    const source = module(
      [
        "self.c1 = nn.Conv2d(3, 32, kernel_size=3, padding='same')",
        'self.n1 = nn.BatchNorm2d(32)',
        'self.c2 = nn.Conv2d(32, 64, 5)',
        'self.pool = nn.AdaptiveAvgPool2d(1)',
        'self.fc = nn.Linear(64, 10)',
      ],
      [
        'x = F.relu(self.n1(self.c1(x)))',
        'x = self.pool(F.relu(self.c2(x)))',
        'return self.fc(torch.flatten(x, 1))',
      ],
    )
    expect(sizesIn(source)).toEqual([
      'filters 32:7 32:8 32:9',
      'kernel_size 3:7 [3 5 7]',
      'filters 64:9 64:11',
      'kernel_size 5:9 [3 5]',
    ])
  })

  it('leaves grouped, shuffled and joined channels alone', () => {
    const source = module(
      [
        'self.a = nn.Conv2d(3, 8, 3, padding=1)',
        'self.b = nn.Conv2d(8, 8, 3, padding=1)',
        'self.c = nn.Conv2d(8, 4, 3, groups=4)',
      ],
      ['x = self.a(x)', 'x = x + self.b(x)', 'return self.c(x)'],
    )
    expect(sizesIn(source)).toEqual([])
    expect(frozenIn(source)).toMatchObject({
      'out_channels 8:7': 'it is joined with another tensor',
      'out_channels 8:8': 'it is joined with another tensor',
      'kernel_size 3:8': 'its padding is written for this size',
    })
  })

  it('knows VGG made of a list of sizes', () => {
    const source = [
      `${HEAD}cfg = [64, 'M', 128, 128, 'M']`,
      'class VGG(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      '        layers, channels = [], 3',
      '        for size in cfg:',
      "            if size == 'M':",
      '                layers += [nn.MaxPool2d(2)]',
      '            else:',
      '                layers += [nn.Conv2d(channels, size, 3, padding=1), nn.ReLU(inplace=True)]',
      '                channels = size',
      '        self.features = nn.Sequential(*layers)',
      '        self.head = nn.Linear(128, 10)',
      '    def forward(self, x):',
      '        return self.head(self.features(x).mean([2, 3]))',
      'VGG()',
    ].join('\n')
    expect(sizesIn(source)).toEqual(['filters 64:4', 'filters 128:4', 'filters 128:4 128:16'])
  })
})

describe('a recurrent network', () => {
  it('ties twice the size of a bidirectional layer, and its first state', () => {
    const source = module(
      [
        'self.hidden = 32',
        'self.embed = nn.Embedding(5000, 100)',
        'self.lstm = nn.LSTM(100, self.hidden, 2, batch_first=True, bidirectional=True)',
        'self.fc = nn.Linear(64, 2)',
      ],
      [
        'h0 = torch.zeros(4, x.size(0), self.hidden).to(x.device)',
        'out, (h, c) = self.lstm(self.embed(x), (h0, h0))',
        'return self.fc(torch.cat((h[-2], h[-1]), dim=1))',
      ],
    )
    expect(sizesIn(source)).toEqual(['units 32:7 2*64:10', 'embedding_dim 100:8 100:9'])
    expect(frozenIn(source)).toMatchObject({
      'num_embeddings 5000:8': 'the size of the vocabulary',
      'num_layers 2:9': 'its first state, which is made elsewhere, has this size',
    })
  })

  it('keeps the size of vectors that are loaded', () => {
    const source = module(
      ['self.embed = nn.Embedding(5000, 100)', 'self.gru = nn.GRU(100, 64)', 'self.fc = nn.Linear(64, 1)'],
      ['out, h = self.gru(self.embed(x))', 'return self.fc(h[-1])'],
    )
    expect(sizesIn(source)).toEqual(['embedding_dim 100:7 100:8', 'units 64:8 64:9'])
    const loaded = `${source}net.embed.weight.data.copy_(vectors)\n`
    expect(sizesIn(loaded)).toEqual(['units 64:8 64:9'])
    expect(frozenIn(loaded)['embedding_dim 100:7']).toBe('its weights come from elsewhere')
  })
})

describe('attention', () => {
  it('keeps the size divisible by the heads', () => {
    const source = module(
      [
        'self.embed = nn.Embedding(5000, 64)',
        'layer = nn.TransformerEncoderLayer(d_model=64, nhead=4, dim_feedforward=256)',
        'self.encoder = nn.TransformerEncoder(layer, num_layers=2)',
        'self.fc = nn.Linear(64, 2)',
      ],
      ['x = self.encoder(self.embed(x) * 8)', 'return self.fc(x.mean(dim=1))'],
    )
    expect(sizesIn(source)).toEqual([
      'embedding_dim 64:7 64:8 64:10 [16 32 64 128 256]',
      'num_heads 4:8 [1 2 4 8 16]',
      'units 256:8',
      'num_layers 2:9',
    ])
  })
})

it('follows an image that is cut into patches', () => {
  const source = module(
    [
      'dim = 64',
      'self.patch = nn.Conv2d(3, dim, kernel_size=8, stride=8)',
      'self.token = nn.Parameter(torch.zeros(1, 1, dim))',
      'self.position = nn.Parameter(dim ** -0.5 * torch.randn(1, 17, dim))',
      'self.attend = nn.MultiheadAttention(dim, 4, batch_first=True)',
      'self.head = nn.Linear(dim, 10)',
    ],
    [
      'x = self.patch(x).flatten(2).transpose(1, 2)',
      'x = torch.cat((self.token.expand(x.size(0), -1, -1), x), dim=1) + self.position',
      'x = x + self.attend(x, x, x)[0]',
      'return self.head(x[:, 0])',
    ],
  )
  expect(sizesIn(source)).toEqual(['filters 64:7 [16 32 64 128 256]', 'num_heads 4:11 [1 2 4 8 16]'])
})

it('follows lists of layers, and a cell that is called in a loop', () => {
  const list = module(
    [
      'sizes = [20, 64, 32]',
      'self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])])',
      'self.out = nn.Linear(sizes[-1], 5)',
    ],
    ['for layer in self.layers:', '    x = F.relu(layer(x))', 'return self.out(x)'],
  )
  expect(sizesIn(list)).toEqual(['units 64:7', 'units 32:7'])
  const cell = module(
    ['self.cell = nn.LSTMCell(10, 24)', 'self.fc = nn.Linear(24, 5)'],
    [
      'h, c = torch.zeros(x.size(0), 24), torch.zeros(x.size(0), 24)',
      'for t in range(x.size(1)):',
      '    h, c = self.cell(x[:, t], (h, c))',
      'return self.fc(h)',
    ],
  )
  expect(sizesIn(cell)).toEqual(['units 24:7 24:8 24:10 24:10'])
})

it('ties layers of graphs, with a size for each head', () => {
  const source = [
    'import torch',
    'from torch_geometric.nn import GATConv, GCNConv, global_mean_pool',
    'class Net(torch.nn.Module):',
    '    def __init__(self, data):',
    '        super().__init__()',
    '        self.a = GCNConv(data.num_features, 16)',
    '        self.b = GATConv(16, 8, heads=4)',
    '        self.c = torch.nn.Linear(32, data.num_classes)',
    '    def forward(self, x, edge_index, batch):',
    '        x = self.a(x, edge_index).relu()',
    '        x = self.b(x, edge_index).relu()',
    '        return self.c(global_mean_pool(x, batch))',
    'net = Net(data)',
  ].join('\n')
  expect(sizesIn(source)).toEqual(['units 16:6 16:7', 'units 8:7 4*32:8'])
  const named = source
    .replace('heads=4', 'heads=heads')
    .replace('data):', 'data, heads):')
    .replace('(32,', '(8 * heads,')
  expect(sizesIn(`${named.replace('Net(data)', 'Net(data, 4)')}`)).toEqual([
    'units 16:6 16:7',
    'units 8:7 8:8',
    'num_heads 4:13',
  ])
})

describe('what is not known', () => {
  it.each([
    ['a branch', 'x = self.a(x) if self.flag else x', 'it depends on a condition what goes on from here'],
    ['an unknown function', 'x = attend(self.a(x))', 'it goes into attend(), which may need this size'],
    ['a matrix product', 'x = self.a(x) @ self.w', 'it is multiplied as a matrix'],
    ['a slice', 'x = self.a(x)[:, :10]', 'it goes through indexing(), which may need this size'],
  ])('stays: %s', (_, line, reason) => {
    const source = module(
      ['self.a = nn.Linear(20, 20)', 'self.b = nn.Linear(20, 2)'],
      [line, 'return self.b(x)'],
    )
    expect(sizesIn(source)).toEqual([])
    expect(Object.values(frozenIn(source))).toContain(reason)
  })

  it('stays where a class is never called', () => {
    const source = module(['self.a = nn.Linear(20, 32)', 'self.b = nn.Linear(32, 2)'], ['return x'])
    expect(sizesIn(source)).toEqual([])
    expect(frozenIn(source)['out_features 32:7']).toBe('it is not seen how the layer is used')
  })
})
