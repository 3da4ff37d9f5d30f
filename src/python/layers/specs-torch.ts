import type { LayerKind, LayerSpec, Slot } from './spec.ts'

type Row = Omit<LayerSpec, 'inferred' | 'channels'>

const torch = (row: Row): LayerSpec => ({ inferred: false, channels: 'first', ...row })
const lazy = (row: Row): LayerSpec => ({ inferred: true, channels: 'first', ...row })

const many = (kind: LayerKind, names: string): Record<string, LayerSpec> =>
  Object.fromEntries(names.split(' ').map((name) => [name, torch({ kind })]))

const ranks = <T>(make: (rank: number) => readonly [string, T][]) =>
  Object.fromEntries([1, 2, 3].flatMap((rank) => [...make(rank)])) as Record<string, T>

const OUT: Slot = ['out_features', 1]
const CHANNELS: Slot = ['out_channels', 1]

const convolution = (rank: number): Row => ({
  kind: 'conv',
  rank,
  input: ['in_channels', 0],
  output: CHANNELS,
  role: 'filters',
  kernel: ['kernel_size', 2],
  stride: ['stride', 3],
  padding: ['padding', 4],
  pads: 'valid',
})

const pool = (rank: number): Row => ({
  kind: 'pool',
  rank,
  kernel: ['kernel_size', 0],
  stride: ['stride', 1],
  padding: ['padding', 2],
  pads: 'valid',
})

const recurrent: Row = {
  kind: 'recurrent',
  input: ['input_size', 0],
  output: ['hidden_size', 1],
  role: 'units',
  free: [[['num_layers', 2], 'num_layers']],
}
const cell: Row = { kind: 'cell', input: ['input_size', 0], output: ['hidden_size', 1], role: 'units' }
const embedding: Row = {
  kind: 'embedding',
  output: ['embedding_dim', 1],
  role: 'embedding_dim',
  stays: [[['num_embeddings', 0], 'the size of the vocabulary']],
}
const encoder: Row = {
  kind: 'encoder',
  input: ['d_model', 0],
  heads: ['nhead', 1],
  free: [[['dim_feedforward', 2], 'units']],
}
const stack: Row = { kind: 'stack', free: [[['num_layers', 1], 'num_layers']] }

/** https://docs.pytorch.org/docs/stable/nn.html: what each takes, in its order. */
export const TORCH: Record<string, LayerSpec> = {
  Linear: torch({ kind: 'dense', input: ['in_features', 0], output: OUT, role: 'units' }),
  LazyLinear: lazy({ kind: 'dense', output: ['out_features', 0], role: 'units' }),
  ...ranks((rank) => [
    [`Conv${rank}d`, torch(convolution(rank))],
    [`ConvTranspose${rank}d`, torch({ ...convolution(rank), kind: 'transposed' })],
    [
      `LazyConv${rank}d`,
      lazy({
        ...convolution(rank),
        input: undefined,
        output: ['out_channels', 0],
        kernel: ['kernel_size', 1],
        stride: ['stride', 2],
        padding: ['padding', 3],
      } as Row),
    ],
    [`MaxPool${rank}d`, torch(pool(rank))],
    [`AvgPool${rank}d`, torch(pool(rank))],
    [`LPPool${rank}d`, torch({ ...pool(rank), kernel: ['kernel_size', 1], stride: ['stride', 2] })],
    [`AdaptiveAvgPool${rank}d`, torch({ kind: 'adaptive-pool', rank, kernel: ['output_size', 0] })],
    [`AdaptiveMaxPool${rank}d`, torch({ kind: 'adaptive-pool', rank, kernel: ['output_size', 0] })],
    [`BatchNorm${rank}d`, torch({ kind: 'norm', input: ['num_features', 0] })],
    [`InstanceNorm${rank}d`, torch({ kind: 'norm', input: ['num_features', 0] })],
    [`LazyBatchNorm${rank}d`, lazy({ kind: 'same' })],
  ]),
  SyncBatchNorm: torch({ kind: 'norm', input: ['num_features', 0] }),
  LayerNorm: torch({ kind: 'norm', input: ['normalized_shape', 0] }),
  RMSNorm: torch({ kind: 'norm', input: ['normalized_shape', 0] }),
  GroupNorm: torch({ kind: 'group-norm', input: ['num_channels', 1], heads: ['num_groups', 0] }),
  RNN: torch(recurrent),
  LSTM: torch(recurrent),
  GRU: torch(recurrent),
  RNNCell: torch(cell),
  LSTMCell: torch(cell),
  GRUCell: torch(cell),
  Embedding: torch(embedding),
  EmbeddingBag: torch(embedding),
  MultiheadAttention: torch({ kind: 'attention', input: ['embed_dim', 0], heads: ['num_heads', 1] }),
  TransformerEncoderLayer: torch(encoder),
  TransformerDecoderLayer: torch(encoder),
  TransformerEncoder: torch(stack),
  TransformerDecoder: torch(stack),
  Transformer: torch({
    ...encoder,
    free: [
      [['num_encoder_layers', 2], 'num_layers'],
      [['num_decoder_layers', 3], 'num_layers'],
      [['dim_feedforward', 4], 'units'],
    ],
  }),
  Flatten: torch({ kind: 'flatten' }),
  ...many(
    'same',
    'ReLU ReLU6 LeakyReLU PReLU RReLU ELU SELU CELU GELU SiLU Mish Sigmoid LogSigmoid Tanh Hardtanh Hardsigmoid Hardswish Hardshrink Softshrink Tanhshrink Softplus Softsign Threshold Softmax Softmin LogSoftmax Softmax2d Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout Identity LocalResponseNorm Upsample UpsamplingNearest2d UpsamplingBilinear2d ReflectionPad2d ReplicationPad2d ZeroPad2d DropPath',
  ),
  ...many('opaque', 'Unflatten Fold Unfold PixelShuffle PixelUnshuffle ChannelShuffle GLU Bilinear'),
}

const graph = (row: Partial<Row> = {}): LayerSpec =>
  torch({
    kind: 'graph',
    input: ['in_channels', 0],
    output: CHANNELS,
    role: 'units',
    ...row,
  })

/** https://pytorch-geometric.readthedocs.io/en/latest/modules/nn.html */
export const GEOMETRIC: Record<string, LayerSpec> = {
  ...Object.fromEntries(
    'GCNConv SAGEConv GraphConv ChebConv TAGConv SGConv ARMAConv LEConv ResGatedGraphConv ClusterGCNConv GENConv MFConv FeaStConv RGCNConv FastRGCNConv SSGConv'
      .split(' ')
      .map((name) => [name, graph()]),
  ),
  ...Object.fromEntries(
    ['GATConv', 'GATv2Conv', 'TransformerConv'].map((name) => [name, graph({ heads: ['heads', 2] })]),
  ),
  Linear: torch({ kind: 'dense', input: ['in_channels', 0], output: CHANNELS, role: 'units' }),
  BatchNorm: torch({ kind: 'norm', input: ['in_channels', 0] }),
  LayerNorm: torch({ kind: 'norm', input: ['in_channels', 0] }),
  GraphNorm: torch({ kind: 'norm', input: ['in_channels', 0] }),
  InstanceNorm: torch({ kind: 'norm', input: ['in_channels', 0] }),
  PairNorm: torch({ kind: 'same' }),
  MLP: torch({ kind: 'mlp', input: ['channel_list', 0], role: 'units' }),
  GINConv: torch({ kind: 'wrapper' }),
  GINEConv: torch({ kind: 'wrapper' }),
}

export const EQUINOX: Record<string, LayerSpec> = {
  Linear: torch({ kind: 'dense', input: ['in_features', 0], output: OUT, role: 'units' }),
  ...ranks((rank) => [[`Conv${rank}d`, torch(convolution(rank))]]),
  MLP: torch({
    kind: 'opaque',
    free: [
      [['width_size', 2], 'units'],
      [['depth', 3], 'num_layers'],
    ],
  }),
}

export const NNX: Record<string, LayerSpec> = {
  Linear: {
    ...torch({ kind: 'dense', input: ['in_features', 0], output: OUT, role: 'units' }),
    channels: 'last',
  },
  Conv: {
    ...torch({ ...convolution(2), pads: 'same', input: ['in_features', 0], output: OUT }),
    channels: 'last',
  },
  BatchNorm: { ...torch({ kind: 'norm', input: ['num_features', 0] }), channels: 'last' },
  LayerNorm: { ...torch({ kind: 'norm', input: ['num_features', 0] }), channels: 'last' },
  Dropout: { ...torch({ kind: 'same' }), channels: 'last' },
}
