import { around, oneOf, type Prior, switched, within, words } from './prior.ts'
import { autoGluon, autoPyTorch, gorishniy, HUGGING_FACE, LCBENCH, PLAYBOOK } from './sources.ts'

const ADAPTIVE = /(^|\.)(\w*adam\w*|rmsprop\w*|lion|adabelief|yogi|adan|lamb|adafactor|novograd)$/i
const OF_OTHERS = /^sklearn\.(manifold|ensemble)\.|TSNE|UMAP|AdaBoost|GradientBoosting/

const LEARNING_RATES = words(`
  lr learning_rate learningrate learn_rate lrate lr_rate learning_rates l_rate base_lr base_learning_rate
  init_lr initial_lr lr_init lr0 start_lr lr_start initial_learning_rate init_learning_rate
  starting_learning_rate learning_rate_base max_lr lr_max maximal_learning_rate max_learning_rate peak_lr
  peak_value peak_learning_rate lr_g lr_d g_lr d_lr gen_lr disc_lr dis_lr generator_lr discriminator_lr
  lr_actor lr_critic actor_lr critic_lr policy_lr q_lr lr_a lr_c pi_lr vf_lr lr_head head_lr lr_backbone
  backbone_lr encoder_lr decoder_lr adam_lr sgd_lr finetune_lr fine_tune_lr pretrain_lr train_lr lr_model
  alpha_lr curr_lr opt_lr
`)

/** Less than what networks are trained with from the start. */
const isTiny = (value: string | number | boolean) => typeof value === 'number' && value > 0 && value < 1e-4

const OPTIMISERS = ['adam', 'nadam', 'rmsprop', 'sgd']
const OPTIMISER_CLASSES = ['Adam', 'Nadam', 'RMSprop', 'SGD']
const OTHER_OPTIMISERS = ['adagrad', 'adadelta', 'adamax', 'adamw', 'lion']

/** Optimisers of networks. */
export const OPTIMISER_PRIORS: readonly Prior[] = [
  {
    family: 'learning rate of fine-tuning',
    names: LEARNING_RATES,
    takenBy: /^transformers\.|(^|\.)adamw(eightdecay)?$/i,
    when: isTiny,
    type: 'float',
    log: true,
    bounds: within(1e-8, 1e-4, 1e-6, 1e-4),
    source: HUGGING_FACE,
    influence: 1,
  },
  {
    // Of fine-tuning, or of a network that hardly learns: only the trials can tell.
    family: 'tiny learning rate',
    names: LEARNING_RATES,
    notTakenBy: OF_OTHERS,
    when: isTiny,
    type: 'float',
    log: true,
    bounds: within(1e-8, 1e-4, 1e-6, 3e-2),
    source: `${HUGGING_FACE}, up to where networks that are trained anew have theirs: ${autoGluon('tabular_nn')}`,
    influence: 1,
  },
  {
    family: 'learning rate of an adaptive optimiser',
    names: LEARNING_RATES,
    takenBy: ADAPTIVE,
    type: 'float',
    log: true,
    bounds: within(1e-8, 1, 1e-4, 3e-2),
    source: autoGluon('tabular_nn, trained with Adam'),
    influence: 1,
  },
  {
    family: 'learning rate of jax.optimizers',
    names: ['step_size'],
    takenBy: /^(jax\.|optax\.scale$)/,
    type: 'float',
    log: true,
    bounds: within(1e-8, 1, 1e-4, 0.1),
    source: LCBENCH,
    influence: 1,
  },
  {
    family: 'learning rate at the start of a schedule of optax',
    names: ['init_value'],
    takenBy: /^optax\.(cosine_decay|exponential_decay|linear|polynomial|piecewise)/,
    type: 'float',
    log: true,
    bounds: within(1e-8, 1, 1e-4, 0.1),
    source: LCBENCH,
    influence: 1,
  },
  {
    family: 'learning rate',
    names: LEARNING_RATES,
    notTakenBy: OF_OTHERS,
    type: 'float',
    log: true,
    bounds: within(1e-8, 1, 1e-4, 0.1),
    source: LCBENCH,
    influence: 1,
  },
  {
    family: 'optimiser by its name',
    names: ['optimizer'],
    takenBy: /(^|\.)compile$/,
    type: 'categorical',
    choices: (value) => {
      if (typeof value !== 'string') return null
      const lower = value.toLowerCase()
      if (![...OPTIMISERS, ...OTHER_OPTIMISERS].includes(lower)) return null
      return value === lower ? OPTIMISERS : OPTIMISER_CLASSES
    },
    source: `${PLAYBOOK}: compare the optimisers that are popular for the kind of problem; those that every Keras has`,
    influence: 2,
  },
  {
    family: 'weight decay of an adaptive optimiser',
    names: ['weight_decay', 'wd', 'weight_decay_rate'],
    takenBy: /(^|\.)(\w*adam\w*|lion|lamb|adafactor|TrainingArguments|Seq2SeqTrainingArguments)$/i,
    type: 'float',
    log: true,
    bounds: within(0, 1, 1e-6, 1e-3),
    fromZero: 1e-3,
    source: gorishniy('the MLP, with AdamW'),
    influence: 3,
  },
  {
    family: 'weight decay',
    names: words(`
      weight_decay wd weight_decay_rate weight_decay_factor decay_weight l2_weight_decay l2_reg reg_l2
      l2_regularization l2_lambda l2_penalty l2_weight l2_rate l2_coef l2_strength l2_factor
    `),
    notTakenBy: /GradientBoosting/,
    type: 'float',
    log: true,
    bounds: within(0, 1, 1e-5, 1e-1),
    fromZero: 1e-3,
    source: LCBENCH,
    influence: 3,
  },
  {
    family: 'penalty on the weights of a layer',
    names: ['l1', 'l2', 'l', 'scale'],
    takenBy: /(^|\.)(regularizers\.\w+|l[12]_regularizer)$/,
    type: 'float',
    log: true,
    bounds: within(0, 1, 1e-5, 1e-1),
    fromZero: 1e-3,
    source: `${LCBENCH}: weight decay`,
    influence: 3,
  },
  {
    family: 'momentum of RMSprop',
    names: ['momentum'],
    takenBy: /(^|\.)(rmsprop|RMSPropOptimizer)$/i,
    type: 'float',
    bounds: within(0, 0.9999, 0, 0.99),
    source: autoPyTorch('setup/optimizer/RMSpropOptimizer'),
    influence: 4,
  },
  {
    family: 'momentum',
    names: ['momentum', 'mom', 'sgd_momentum', 'momentum_mass', 'mass'],
    notTakenBy: /norm|ema|MLP/i,
    type: 'float',
    bounds: within(0, 0.9999, 0.1, 0.99),
    source: LCBENCH,
    influence: 2,
  },
  {
    family: 'momentum of a multi-layer perceptron',
    names: ['momentum'],
    takenBy: /(^|\.)MLP(Classifier|Regressor)$/,
    type: 'float',
    bounds: within(0, 0.9999, 0.1, 0.99),
    condition: { name: 'solver', values: ['sgd'] },
    source: LCBENCH,
    influence: 3,
  },
  {
    family: "Nesterov's momentum",
    names: ['nesterov'],
    // PyTorch refuses it without momentum, which may be a default.
    takenBy: /^(keras\.optimizers\.SGD|optax\.sgd)$/,
    type: 'categorical',
    choices: switched,
    source: `${PLAYBOOK}: Nesterov momentum as a choice beside plain momentum`,
    influence: 5,
  },
  {
    family: 'decay of the first moment',
    names: ['beta_1', 'beta1', 'b1', 'adam_beta1', 'adam_beta_1', 'betas[0]'],
    notTakenBy: /^numpy\./,
    type: 'float',
    bounds: within(0, 0.9999, 0.85, 0.999),
    source: autoPyTorch('setup/optimizer/AdamOptimizer'),
    influence: 3,
  },
  {
    family: 'decay of the second moment',
    names: ['beta_2', 'beta2', 'b2', 'adam_beta2', 'adam_beta_2', 'betas[1]'],
    notTakenBy: /^numpy\./,
    type: 'float',
    bounds: within(0.5, 0.99999, 0.9, 0.9999),
    source: autoPyTorch('setup/optimizer/AdamOptimizer'),
    influence: 4,
  },
  {
    family: 'decay of the squared gradients of RMSprop',
    names: ['rho', 'alpha', 'decay'],
    takenBy: /(^|\.)(RMSprop|rmsprop|RMSPropOptimizer)$/,
    when: (value) => typeof value === 'number' && value >= 0.1,
    type: 'float',
    bounds: within(0.1, 0.9999, 0.1, 0.99),
    source: autoPyTorch('setup/optimizer/RMSpropOptimizer'),
    influence: 4,
  },
  {
    family: 'decay of the learning rate with every step in old Keras',
    names: ['decay'],
    takenBy: /^keras\.optimizers\./,
    type: 'float',
    log: true,
    bounds: (value) => (value >= 0 && value < 0.1 ? [value / 10, value * 10] : null),
    fromZero: 1e-3,
    source: "Rule: a tenth to ten times of the user's own; from nothing, a halving after 1,000 steps at most",
    influence: 3,
  },
  {
    family: 'norm that gradients are clipped to',
    names: words(`
      max_grad_norm gradient_clip_val grad_clip clip_grad gradient_clip gradient_clipping grad_clip_norm
      clip_grad_norm max_norm clip_norm clipnorm global_clipnorm grad_norm_clip max_gradient_norm grad_norm
      clip_gradients
    `),
    notTakenBy: /Embedding|constraints|stable_baselines3|max_?norm$/i,
    type: 'float',
    log: true,
    bounds: around(0.5, 10),
    source: 'Rule: half to ten times, as Pascanu et al. 2013 (arXiv:1211.5063) advise around the usual norm',
    influence: 4,
  },
  {
    family: 'start values of the weights',
    names: ['kernel_initializer', 'init'],
    takenBy: /^keras\.layers\.(?!Embedding|LSTM|GRU|SimpleRNN|PReLU)/,
    type: 'categorical',
    choices: oneOf(
      [
        'glorot_normal',
        'glorot_uniform',
        'he_normal',
        'he_uniform',
        'uniform',
        'normal',
        'random_normal',
        'random_uniform',
      ],
      ['glorot_normal', 'glorot_uniform', 'he_normal', 'he_uniform'],
    ),
    source: 'Rule: the start values of Glorot and Bengio 2010 and of He et al. 2015 (arXiv:1502.01852)',
    influence: 5,
  },
]
