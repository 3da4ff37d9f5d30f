import { around, aroundWhole, oneOf, type Prior, sizes, within, words } from './prior.ts'
import { autoGluon, autoKeras, autoPyTorch, GRAPHGYM, gorishniy, LCBENCH } from './sources.ts'

/** Models that come trained, or whose sizes must fit one another by themselves. */
const FIXED = /^(transformers|torchvision|timm|keras\.applications)\./
const DROPOUT_LAYER = /(^|\.)\w*dropout\w*$/i
/** Sizes of published word vectors: the file decides. */
const WORD_VECTORS = new Set([25, 50, 100, 200, 300])

const UNITS = words(`
  units n_units num_units unit output_dim out_features features output_size out_dim hidden_size hidden_sizes
  hidden_dim hidden_dims hidden_units hidden n_hidden num_hidden nhid nhidden hidden_num hidden_layer_size
  hidden_layer_sizes hidden_nodes num_hiddens hid_dim h_dim dim_hidden hidden_features hidden_neurons
  hidden_width n_hidden_units num_hidden_units num_hidden_nodes hidden_layer_units hidden1 hidden2
  n_hidden_1 n_hidden_2 hidden_size1 hidden_size2 hidden_dim1 hidden_dim2 h1 h2 layer1_size layer2_size
  lstm_units rnn_units gru_units lstm_size rnn_size lstm_dim lstm_hidden rnn_hidden lstm_hidden_size
  lstm_hidden_dim rnn_hidden_size cell_size num_lstm_units lstm_output_size hidden_units_1 hidden_units_2
  enc_hid_dim dec_hid_dim encoder_hidden_size decoder_hidden_size dense_units dense_size fc_units fc_size
  fc_dim fc1_units fc2_units fc_hidden fc1 fc2 dense_dim n_neurons num_neurons neurons n_nodes_hidden
  mlp_units linear_size width_size fc1_dims fc2_dims fc1_dim fc2_dim num_outputs net_arch
  hidden_features_size hidden_unit hidden_channels layer_sizes layer_size
`)
/** Names that are a layer's own and say nothing without one. */
const OF_LAYERS = [
  'output_dim',
  'out_features',
  'features',
  'output_size',
  'out_dim',
  'num_outputs',
  'net_arch',
]
const FILTERS = words(`
  filters nb_filter nb_filters n_filters num_filters n_filter num_filter filter_num out_channels
  output_channels out_chan conv_filters base_filters initial_filters start_filters ngf ndf gf_dim df_dim
  features_start init_features base_channels num_kernels n_kernels kernel_num conv_dim g_conv_dim d_conv_dim
  features_g features_d features_gen features_disc n_feature_maps num_feature_maps cnn_filters conv_channels
  hidden_channels_conv n_feat
`)
const KERNELS = words(`
  kernel_size kernel_sizes nb_row nb_col filter_length kernel_shape filter_shape filter_size nb_conv
  conv_size kernel_dim conv_kernel_size filter_width kernel conv_kernel ksize kernel_width kernel_len
  kernel_length patch_kernel size_kernel
`)
const DROPOUTS = words(`
  dropout dropout_rate drop_rate dropout_p p_dropout drop drop_prob dropout_prob drop_p p_drop dropout_ratio
  dropout_probability dropouts dropout1 dropout2 dropout_1 dropout_2 recurrent_dropout dropout_w dropout_u
  lstm_dropout rnn_dropout recurrent_dropout_rate embedding_dropout embed_dropout emb_dropout input_dropout
  fc_dropout dense_dropout mlp_dropout attention_dropout attn_dropout attn_drop proj_drop ff_dropout
  ffn_dropout hidden_dropout hidden_dropout_prob attention_probs_dropout_prob attn_pdrop resid_pdrop
  embd_pdrop feat_drop residual_dropout classifier_dropout enc_dropout dec_dropout encoder_dropout
  decoder_dropout drop_path drop_path_rate drop_connect_rate lora_dropout conv_dropout final_dropout in_drop
`)

const dropout = within(0, 0.89, 0, 0.5)
/** Half and twice the user's own, all multiples of 16, so that up to 16 heads go into them. */
const half = (least: number, most: number) => (value: unknown) => {
  if (typeof value !== 'number' || value < least || value > most || value % 32 !== 0) return null
  return [value / 2, value, value * 2]
}

/**
 * Layers of networks. Whether a layer is the last one, and what a change of its size means for its neighbours, is
 * for the caller to know: a size is only known to be a size.
 */
export const LAYER_PRIORS: readonly Prior[] = [
  {
    family: 'dropout',
    names: DROPOUTS,
    notTakenBy: /^(lightgbm|xgboost|optax)\./,
    type: 'float',
    bounds: dropout,
    source: gorishniy('the MLP'),
    influence: 2,
  },
  {
    family: 'dropout of a dropout layer',
    names: ['p', 'rate'],
    takenBy: DROPOUT_LAYER,
    // The library beside JAX calls what is kept by this name.
    notTakenBy: /^jax\./,
    type: 'float',
    bounds: dropout,
    source: gorishniy('the MLP'),
    influence: 2,
  },
  {
    family: 'share that dropout keeps',
    names: [
      'keep_prob',
      'dropout_keep_prob',
      'keep_probability',
      'keep_rate',
      'input_keep_prob',
      'output_keep_prob',
    ],
    type: 'float',
    // At 1 nothing is dropped, as when the model is only tested.
    bounds: within(0.1, 0.9999, 0.5, 1),
    source: `${gorishniy('the MLP')}, as the share that is kept`,
    influence: 2,
  },
  {
    family: 'hidden units of a graph network',
    names: ['hidden_channels', 'hidden_channel', 'out_channels'],
    takenBy: /^torch_geometric\./,
    type: 'int',
    bounds: sizes(16, 512),
    step: 'powers of two',
    source: "Rule: a quarter to four times of the user's own, between 16 and 512",
    influence: 2,
  },
  {
    family: 'filters of a convolution',
    names: FILTERS,
    notTakenBy: FIXED,
    type: 'int',
    bounds: sizes(16, 512),
    step: 'powers of two',
    source: `${autoKeras('ConvBlock')}, at most four times the user's own`,
    influence: 3,
  },
  {
    family: 'filters of a convolution in Flax',
    names: ['features'],
    takenBy: /^flax\.\w+\.Conv\w*$/,
    type: 'int',
    bounds: sizes(16, 512),
    step: 'powers of two',
    source: `${autoKeras('ConvBlock')}, at most four times the user's own`,
    influence: 3,
  },
  {
    family: 'size of an embedding',
    names: ['output_dim', 'embedding_dim', 'embed_dim', 'features', 'embedding_size'],
    takenBy: /(^|\.)(Embedding|EmbeddingBag|Embed)$/,
    type: 'int',
    bounds: sizes(32, 512),
    step: 'powers of two',
    source: autoKeras('Embedding'),
    influence: 3,
  },
  {
    family: 'size of an embedding, by its name',
    names: words(`
      embedding_dim embedding_dims embedding_size emb_dim emb_size embedding_units embed_size word_embed_dim
      word_dim char_embedding_dim n_embedding embedding_length dim_embedding embedding_vecor_length
      embedding_vector_length enc_emb_dim dec_emb_dim embedding_out
    `),
    notTakenBy: FIXED,
    type: 'int',
    bounds: (value) => (WORD_VECTORS.has(value) ? null : sizes(32, 512)(value)),
    step: 'powers of two',
    source: autoKeras('Embedding'),
    influence: 3,
  },
  {
    family: 'width of a transformer',
    names: [
      'd_model',
      'embed_dim',
      'n_embd',
      'n_embed',
      'd_token',
      'dim_model',
      'model_dim',
      'projection_dim',
    ],
    notTakenBy: FIXED,
    type: 'int',
    choices: (value) => (WORD_VECTORS.has(Number(value)) ? null : half(64, 1024)(value)),
    source: `${gorishniy('FT-Transformer')}: 64 to 512; half or twice the user's own, so that the heads divide it`,
    influence: 3,
  },
  {
    family: 'heads of a transformer',
    names: [
      'nhead',
      'num_heads',
      'n_heads',
      'n_head',
      'nheads',
      'num_attention_heads',
      'heads',
      'n_attn_heads',
    ],
    notTakenBy: /^(transformers|torch_geometric|timm)\./,
    type: 'int',
    // Half of the heads divides what all of them divide.
    choices: (value) => {
      if (typeof value !== 'number' || value < 2 || value > 16 || !Number.isInteger(Math.log2(value)))
        return null
      return [value / 4, value / 2, value].filter((heads) => heads >= 1)
    },
    source: `${autoPyTorch('TransformerEncoder')}: 2 to 16, no more than the user's own, which divide the width`,
    influence: 4,
  },
  {
    family: 'width of the layer inside a transformer',
    names: words(`
      dim_feedforward d_ff ff_dim ffn_dim intermediate_size mlp_dim d_inner d_inner_hid feed_forward_dim
      pf_dim enc_pf_dim dec_pf_dim dff d_hid ffn_hidden intermediate_dim transformer_units ff_size d_hidden
      dim_ff hidden_ff
    `),
    notTakenBy: FIXED,
    type: 'int',
    bounds: sizes(64, 4096),
    step: 'powers of two',
    source: `${autoPyTorch('TransformerEncoder')}: 64 to 4096, at most four times the user's own`,
    influence: 3,
  },
  {
    family: 'latent dimensions',
    names: words(`
      latent_dim latent_size z_dim zdim noise_dim noise_size nz z_size latent_dims latent_dimension n_latent
      codings_size encoding_dim code_size bottleneck_dim num_latents latent_features noise_shape_dim
      bottleneck_size latents code_dim dim_z random_dim
    `),
    type: 'int',
    bounds: sizes(16, 512),
    step: 'powers of two',
    source:
      "Rule: a quarter to four times of the user's own, between 16 and 512; none below 4, which are looked at",
    influence: 3,
  },
  {
    family: 'units of a layer',
    names: OF_LAYERS,
    takenBy: /^(keras\.layers|torch\.nn|flax|haiku|equinox|jax|tensorflow|stable_baselines3)\./,
    notTakenBy: /Pool|Embed/,
    type: 'int',
    bounds: sizes(16, 1024),
    step: 'powers of two',
    source: `${autoKeras('DenseBlock')}, at most four times the user's own`,
    influence: 3,
  },
  {
    family: 'units of a hidden layer',
    names: UNITS.filter((name) => !OF_LAYERS.includes(name)),
    notTakenBy: FIXED,
    type: 'int',
    bounds: sizes(16, 1024),
    step: 'powers of two',
    source: `${autoKeras('DenseBlock')}, at most four times the user's own`,
    influence: 3,
  },
  {
    family: 'kernel of a convolution',
    names: KERNELS,
    takenBy: /Conv(?!\w*(Transpose|LSTM))|conv\dd$/,
    type: 'int',
    // An even kernel is matched with its stride and padding; one of 1 mixes channels.
    bounds: (value) => (value % 2 === 1 && value >= 3 && value <= 15 ? [3, 7] : null),
    step: 'odd',
    source: autoKeras('ConvBlock'),
    influence: 3,
  },
  {
    family: 'kernel of a convolution, by its name',
    names: KERNELS.filter(
      (name) => !['kernel', 'filter_shape', 'filter_size', 'kernel_shape'].includes(name),
    ),
    notTakenBy: /Pool|Unfold|Fold|Blur|^transformers\.|Transpose|ConvLSTM/,
    type: 'int',
    bounds: (value) => (value % 2 === 1 && value >= 3 && value <= 15 ? [3, 7] : null),
    step: 'odd',
    source: autoKeras('ConvBlock'),
    influence: 3,
  },
  {
    family: 'layers of a graph network',
    names: ['num_layers', 'n_layers'],
    takenBy: /^torch_geometric\./,
    type: 'int',
    bounds: within(1, 12, 2, 8),
    source: GRAPHGYM,
    influence: 3,
  },
  {
    family: 'number of layers',
    names: words(`
      num_layers n_layers n_layer nlayers layers_num num_layer nb_layers nlayer num_hidden_layers
      n_hidden_layers hidden_layers num_blocks n_blocks num_lstm_layers lstm_layers rnn_layers gru_layers
      num_rnn_layers enc_layers dec_layers encoder_layers decoder_layers num_encoder_layers
      num_decoder_layers n_encoder_layers n_decoder_layers num_transformer_blocks transformer_layers
      num_conv_layers n_conv_layers num_enc_layers num_dense_layers n_dense_layers num_fc_layers
    `),
    notTakenBy: FIXED,
    type: 'int',
    bounds: within(1, 12, 1, 5),
    source: LCBENCH,
    influence: 3,
  },
  {
    family: 'growth of a dense block',
    names: ['growth_rate'],
    type: 'int',
    bounds: within(4, 128, 12, 40),
    source: autoPyTorch('setup/network_backbone/DenseNetImageBackbone'),
    influence: 3,
  },
  {
    family: 'layers of an MLP of Equinox',
    names: ['depth'],
    takenBy: /^equinox\.MLP$/,
    type: 'int',
    bounds: within(1, 12, 1, 5),
    source: LCBENCH,
    influence: 3,
  },
  {
    family: 'activation of a transformer',
    names: ['activation'],
    takenBy: /(^|\.)Transformer\w*$/,
    type: 'categorical',
    choices: oneOf(['relu', 'gelu']),
    source: autoPyTorch('TransformerEncoder'),
    influence: 4,
  },
  {
    family: 'activation of a hidden layer',
    names: ['activation'],
    // Recurrent layers are only fast with their own; tanh and sigmoid often belong to an output.
    takenBy: /^keras\.layers\.(Dense|TimeDistributedDense|Activation|(Separable|Depthwise)?Conv\w*)$/,
    notTakenBy: /LSTM|Transpose/,
    type: 'categorical',
    choices: oneOf(['relu', 'elu', 'selu', 'gelu', 'swish', 'silu', 'leaky_relu'], ['relu', 'elu', 'tanh']),
    source: autoGluon('tabular_nn'),
    influence: 4,
  },
  {
    family: 'slope of a leaky activation',
    names: ['negative_slope', 'alpha'],
    takenBy: /(^|\.)(LeakyReLU|leaky_relu)$/,
    type: 'float',
    bounds: within(0, 0.99, 0.01, 0.3),
    source:
      'Rule: from the 0.01 of PyTorch to the 0.3 of Keras, about what Xu et al. 2015 (arXiv:1505.00853) compare',
    influence: 5,
  },
  {
    family: 'noise on activations',
    names: ['stddev', 'sigma'],
    takenBy: /(^|\.)GaussianNoise$/,
    type: 'float',
    log: true,
    bounds: around(0.25, 4),
    source: "Rule: a quarter to four times of the user's own",
    influence: 4,
  },
  {
    family: 'return and in-out of random walks',
    names: ['p', 'q'],
    takenBy: /(^|\.)Node2Vec$/,
    type: 'float',
    choices: (value) => (Number(value) > 0 ? [0.25, 0.5, 1, 2, 4] : null),
    source: 'node2vec (Grover and Leskovec 2016, arXiv:1607.00653), grid of the experiments',
    influence: 3,
  },
  {
    family: 'neighbours that a graph convolution reaches',
    names: ['K'],
    takenBy: /^torch_geometric\..*(ChebConv|SGConv|TAGConv|SSGConv|APPNP|ARMAConv)$/,
    type: 'int',
    bounds: aroundWhole(0.5, 2),
    source: "Rule: half to twice the user's own",
    influence: 4,
  },
]
