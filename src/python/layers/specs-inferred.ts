import type { LayerKind, LayerSpec, Slot } from './spec.ts'

type Row = Omit<LayerSpec, 'inferred' | 'channels'>

const inferred = (row: Row): LayerSpec => ({ inferred: true, channels: 'last', ...row })

const many = (kind: LayerKind, names: string): Record<string, LayerSpec> =>
  Object.fromEntries(names.split(' ').map((name) => [name, inferred({ kind })]))

const PADDING: Slot = ['padding border_mode', 3]

const convolution = (rank: number): Row => ({
  kind: 'conv',
  rank,
  output: ['filters nb_filter', 0],
  role: 'filters',
  kernel: ['kernel_size filter_length', 1],
  stride: ['strides subsample subsample_length', 2],
  padding: PADDING,
  pads: 'valid',
})

const pool = (rank: number): Row => ({
  kind: 'pool',
  rank,
  kernel: ['pool_size pool_length', 0],
  stride: ['strides stride', 1],
  padding: ['padding border_mode', 2],
  pads: 'valid',
})

const ranked = (make: (rank: number) => Record<string, LayerSpec>) =>
  Object.assign({}, make(1), make(2), make(3)) as Record<string, LayerSpec>

const recurrent: Row = { kind: 'recurrent', output: ['units output_dim', 0], role: 'units' }
const vocabulary = [[['input_dim', 0], 'the size of the vocabulary']] as const

/** https://keras.io/api/layers/, with the names of Keras 1. */
export const KERAS: Record<string, LayerSpec> = {
  Dense: inferred({ kind: 'dense', output: ['units output_dim', 0], role: 'units' }),
  EinsumDense: inferred({ kind: 'opaque' }),
  ...ranked((rank) => ({
    [`Conv${rank}D`]: inferred(convolution(rank)),
    [`Convolution${rank}D`]: inferred(convolution(rank)),
    [`AtrousConvolution${rank}D`]: inferred(convolution(rank)),
    [`SeparableConv${rank}D`]: inferred(convolution(rank)),
    [`SeparableConvolution${rank}D`]: inferred(convolution(rank)),
    [`Conv${rank}DTranspose`]: inferred({ ...convolution(rank), kind: 'transposed' }),
    [`DepthwiseConv${rank}D`]: inferred({
      kind: 'depthwise',
      rank,
      kernel: ['kernel_size', 0],
      stride: ['strides', 1],
      padding: ['padding', 2],
      pads: 'valid',
    }),
    [`ConvLSTM${rank}D`]: inferred({ ...convolution(rank), kind: 'recurrent' }),
    [`MaxPooling${rank}D`]: inferred(pool(rank)),
    [`MaxPool${rank}D`]: inferred(pool(rank)),
    [`AveragePooling${rank}D`]: inferred(pool(rank)),
    [`AvgPool${rank}D`]: inferred(pool(rank)),
    ...Object.fromEntries(
      ['MaxPooling', 'MaxPool', 'AveragePooling', 'AvgPool'].map((name) => [
        `Global${name}${rank}D`,
        inferred({ kind: 'global-pool' }),
      ]),
    ),
    [`SpatialDropout${rank}D`]: inferred({ kind: 'same' }),
    [`UpSampling${rank}D`]: inferred({ kind: 'repeat' }),
    [`ZeroPadding${rank}D`]: inferred({ kind: 'repeat' }),
    [`Cropping${rank}D`]: inferred({ kind: 'repeat' }),
  })),
  Deconvolution2D: inferred({ ...convolution(2), kind: 'transposed' }),
  LSTM: inferred(recurrent),
  GRU: inferred(recurrent),
  SimpleRNN: inferred(recurrent),
  CuDNNLSTM: inferred(recurrent),
  CuDNNGRU: inferred(recurrent),
  LSTMCell: inferred({ ...recurrent, kind: 'cell' }),
  GRUCell: inferred({ ...recurrent, kind: 'cell' }),
  SimpleRNNCell: inferred({ ...recurrent, kind: 'cell' }),
  Embedding: inferred({
    kind: 'embedding',
    output: ['output_dim', 1],
    role: 'embedding_dim',
    stays: vocabulary,
  }),
  MultiHeadAttention: inferred({
    kind: 'attention',
    free: [
      [['num_heads', 0], 'num_heads'],
      [['key_dim', 1], 'units'],
    ],
  }),
  Bidirectional: inferred({ kind: 'wrapper' }),
  TimeDistributed: inferred({ kind: 'wrapper' }),
  Flatten: inferred({ kind: 'flatten' }),
  RepeatVector: inferred({ kind: 'repeat' }),
  Concatenate: inferred({ kind: 'concat' }),
  concatenate: inferred({ kind: 'concat' }),
  ...many(
    'elementwise',
    'Add add Subtract subtract Multiply multiply Average average Maximum maximum Minimum Dot dot',
  ),
  Attention: inferred({ kind: 'elementwise' }),
  AdditiveAttention: inferred({ kind: 'elementwise' }),
  ...many(
    'same',
    'Activation ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax Dropout AlphaDropout GaussianDropout GaussianNoise BatchNormalization LayerNormalization GroupNormalization UnitNormalization Masking ActivityRegularization Rescaling Normalization RandomFlip RandomRotation RandomZoom RandomContrast RandomTranslation RandomCrop RandomBrightness Resizing CenterCrop TextVectorization StringLookup IntegerLookup',
  ),
  ...many('opaque', 'Reshape Permute Lambda Merge'),
  Input: inferred({ kind: 'input' }),
  InputLayer: inferred({ kind: 'input' }),
}

/** https://flax-linen.readthedocs.io/en/latest/api_reference/flax.linen/layers.html */
export const LINEN: Record<string, LayerSpec> = {
  Dense: inferred({ kind: 'dense', output: ['features', 0], role: 'units' }),
  DenseGeneral: inferred({ kind: 'opaque' }),
  Conv: inferred({
    kind: 'conv',
    rank: 2,
    output: ['features', 0],
    role: 'filters',
    kernel: ['kernel_size', 1],
    stride: ['strides', 2],
    padding: ['padding', 3],
    pads: 'same',
  }),
  Embed: inferred({
    kind: 'embedding',
    output: ['features', 1],
    role: 'embedding_dim',
    stays: [[['num_embeddings', 0], 'the size of the vocabulary']],
  }),
  ...many('same', 'BatchNorm LayerNorm GroupNorm RMSNorm InstanceNorm Dropout PReLU'),
}

/** https://dm-haiku.readthedocs.io/en/latest/api.html */
export const HAIKU: Record<string, LayerSpec> = {
  Linear: inferred({ kind: 'dense', output: ['output_size', 0], role: 'units' }),
  ...ranked((rank) => ({
    [`Conv${rank}D`]: inferred({
      kind: 'conv',
      rank,
      output: ['output_channels', 0],
      role: 'filters',
      kernel: ['kernel_shape', 1],
      stride: ['stride', 2],
      padding: ['padding', 4],
      pads: 'same',
    }),
  })),
  Embed: inferred({
    kind: 'embedding',
    output: ['embed_dim', 1],
    role: 'embedding_dim',
    stays: [[['vocab_size', 0], 'the size of the vocabulary']],
  }),
  ...many('same', 'BatchNorm LayerNorm RMSNorm'),
  Flatten: inferred({ kind: 'flatten' }),
}

/** https://docs.jax.dev/en/latest/jax.example_libraries.stax.html */
export const STAX: Record<string, LayerSpec> = {
  Dense: inferred({ kind: 'dense', output: ['out_dim', 0], role: 'units' }),
  Conv: inferred({
    kind: 'conv',
    rank: 2,
    output: ['out_chan', 0],
    role: 'filters',
    kernel: ['filter_shape', 1],
    stride: ['strides', 2],
    padding: ['padding', 3],
    pads: 'valid',
  }),
  ...many(
    'same',
    'Relu Tanh Sigmoid Elu LeakyRelu Selu Gelu Softplus Softmax LogSoftmax Identity Dropout BatchNorm',
  ),
  MaxPool: inferred({
    kind: 'pool',
    rank: 2,
    kernel: ['window_shape', 0],
    stride: ['strides', 1],
    pads: 'valid',
  }),
  AvgPool: inferred({
    kind: 'pool',
    rank: 2,
    kernel: ['window_shape', 0],
    stride: ['strides', 1],
    pads: 'valid',
  }),
  Flatten: inferred({ kind: 'flatten' }),
}

/** https://graphneural.network/layers/convolution/ */
export const SPEKTRAL: Record<string, LayerSpec> = Object.fromEntries(
  'GCNConv GATConv GraphSageConv ChebConv ARMAConv GCSConv GINConv TAGConv APPNPConv AGNNConv ECCConv GeneralConv CrystalConv DiffusionConv GatedGraphConv EdgeConv'
    .split(' ')
    .map((name) => [name, inferred({ kind: 'graph', output: ['channels', 0], role: 'units' })]),
)
