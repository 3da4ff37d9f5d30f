import { oneOf, type Prior, within, words } from './prior.ts'
import { autoKeras, autoPyTorch, HUGGING_FACE, LCBENCH, rlZoo } from './sources.ts'

const HELD_OUT = /(^|\.)(predict\w*|evaluate\w*|score|transform|Input|InputLayer|TensorBoard|shuffle)$/
const BATCH_SIZES = words(`
  batch_size batchsize batch_sz bs bsz bsize b_size batch size_batch train_batch_size batch_size_train
  train_batch train_bs tr_batch_size training_batch_size mini_batch_size minibatch_size mini_batch minibatch
  mb_size batch_size_per_gpu per_device_train_batch_size per_gpu_train_batch_size per_device_batch_size
  global_batch_size total_batch_size batch_size_per_replica
`)

const EPOCHS = words(`
  epochs epoch n_epochs num_epochs nb_epoch nb_epochs n_epoch num_epoch nepochs nepoch max_epochs
  max_epoch total_epochs total_epoch training_epochs train_epochs num_train_epochs train_epoch no_epochs
  epoch_num epochs_num epoch_count number_of_epochs num_of_epochs max_num_epochs n_training_epochs
  num_training_epochs finetune_epochs fine_tune_epochs pretrain_epochs initial_epochs epochs_to_train
  n_episodes num_episodes episodes max_episodes total_episodes episode_num n_episode
`)

const LONGER =
  "Rule: the user's own value is the least, so that a trial costs at most four times as much as trial 0"

/** A trial costs at most four times as much as trial 0. */
const longer = (value: number) => (value >= 1 ? ([value, Math.min(4 * value, value + 100)] as const) : null)

/** Where a step is no epoch, the numbers are large and a trial may only cost twice as much. */
const longerSteps = (value: number) => (value >= 1 ? ([value, 2 * value] as const) : null)

/** How a network is trained, whatever its layers are. */
export const TRAINING_PRIORS: readonly Prior[] = [
  {
    family: 'batch size of fine-tuning',
    names: ['per_device_train_batch_size', 'per_gpu_train_batch_size'],
    type: 'int',
    bounds: within(2, 64, 4, 64),
    step: 'powers of two',
    source: HUGGING_FACE,
    influence: 2,
  },
  {
    family: 'batch size of reinforcement learning',
    names: BATCH_SIZES,
    takenBy: /^stable_baselines3\./,
    type: 'int',
    bounds: within(2, 8192, 32, 512),
    step: 'powers of two',
    source: `${rlZoo('sample_ppo_params and sample_dqn_params')}, without its ends`,
    influence: 2,
  },
  {
    family: 'batch size',
    names: BATCH_SIZES,
    notTakenBy: HELD_OUT,
    type: 'int',
    // A batch of one is how a script without batches looks; eight times a small batch still fits most memories.
    bounds: (value) => (value >= 2 ? [Math.min(16, Math.max(2, value / 2)), Math.min(512, 8 * value)] : null),
    step: 'powers of two',
    source: `${LCBENCH}, at most eight times the user's own, for the memory`,
    influence: 2,
  },
  {
    family: 'epochs of fine-tuning',
    names: ['num_train_epochs'],
    takenBy: /^transformers\./,
    type: 'int',
    bounds: (value) => (value >= 1 ? [1, Math.min(5, 4 * value)] : null),
    source: HUGGING_FACE,
    influence: 2,
  },
  {
    family: 'epochs of a call that trains for all of them',
    names: EPOCHS,
    takenBy: /(^|\.)(fit|fit_generator)$/,
    type: 'int',
    // A single one is how a loop of the script's own calls it.
    bounds: (value) => (value >= 2 ? longer(value) : null),
    source: LONGER,
    influence: 2,
  },
  {
    family: 'epochs',
    names: EPOCHS,
    notTakenBy: /^stable_baselines3\.|OneCycleLR|LearningRateScheduler|Loader$|(^|\.)repeat$/,
    type: 'int',
    bounds: longer,
    source:
      "Rule: the user's own value is the least, so that a trial costs at most four times as much as trial 0",
    influence: 2,
  },
  {
    family: 'iterations of a solver',
    names: ['max_iter', 'n_iter', 'max_iters', 'maxiter', 'max_iterations'],
    notTakenBy: /SearchCV|ParameterSampler|TSNE|HistGradientBoosting|(^|\.)(test|score|evaluate)$/,
    type: 'int',
    bounds: longerSteps,
    source: "Rule: the user's own value is the least, up to twice as many",
    influence: 4,
  },
  {
    family: 'training steps',
    names: words(`
      max_steps num_steps n_steps_train train_steps training_steps num_train_steps total_steps
      num_training_steps iterations n_iterations num_iterations num_iters n_iters iters niter n_iter_train
      training_iterations training_iters train_iters total_timesteps max_timesteps num_frames total_iters
      num_iter steps
    `),
    notTakenBy:
      /^(xgboost|lightgbm|catboost)\.|(^|\.)(lr_scheduler\.\w+|evaluate\w*|predict\w*|linspace|PolynomialLR|OneCycleLR)$/,
    type: 'int',
    bounds: longerSteps,
    source: "Rule: the user's own value is the least, so that a trial costs at most twice as much as trial 0",
    influence: 3,
  },
  {
    family: 'label smoothing',
    names: ['label_smoothing', 'smoothing', 'label_smooth', 'label_smoothing_factor', 'smooth_eps'],
    notTakenBy: /^statsmodels\.|TargetEncoder/,
    type: 'float',
    bounds: within(0, 0.5, 0, 0.2),
    source: 'Rule: from none to twice the 0.1 of Szegedy et al. 2016 (arXiv:1512.00567)',
    influence: 4,
  },
  {
    family: 'strength of mixing examples',
    names: ['mixup_alpha', 'cutmix_alpha', 'mixup', 'cutmix'],
    type: 'float',
    bounds: within(0, 1, 0, 1),
    source: autoPyTorch('training/trainer/MixUpTrainer'),
    influence: 4,
  },
  {
    family: 'turn of augmented images, in degrees',
    names: ['rotation_range', 'degrees'],
    takenBy: /(^|\.)(ImageDataGenerator|RandomRotation|RandomAffine)$/,
    type: 'float',
    bounds: within(0, 180, 0, 30),
    source: 'AutoAugment (Cubuk et al. 2019, arXiv:1805.09501), magnitudes of Rotate',
    influence: 4,
  },
  {
    family: 'shift or zoom of augmented images',
    names: ['width_shift_range', 'height_shift_range', 'zoom_range'],
    takenBy: /(^|\.)ImageDataGenerator$/,
    when: (value) => typeof value === 'number' && value < 1,
    type: 'float',
    bounds: within(0, 0.9, 0, 0.4),
    source: autoPyTorch('setup/augmentation/image/RandomAffine'),
    influence: 4,
  },
  {
    family: 'turn, shift, zoom or contrast of augmented images in Keras',
    names: ['factor', 'height_factor', 'width_factor'],
    takenBy: /^keras\.layers\.Random(Rotation|Translation|Zoom|Contrast|Brightness)$/,
    type: 'float',
    bounds: within(0, 0.9, 0, 0.2),
    source: `${autoKeras('blocks/preprocessing.py: ImageAugmentation')}, 0 or 0.1; up to twice that`,
    influence: 4,
  },
  {
    family: 'rank of a low-rank adaptation',
    names: ['r', 'lora_r', 'lora_rank'],
    takenBy: /(^|\.)LoraConfig$/,
    type: 'int',
    bounds: within(1, 256, 4, 64),
    step: 'powers of two',
    source: 'LoRA (Hu et al. 2021, arXiv:2106.09685), ranks compared in section 7.2',
    influence: 3,
  },
  {
    family: 'scale of a low-rank adaptation',
    names: ['lora_alpha'],
    type: 'int',
    bounds: (value) => (value >= 1 ? [value / 4, value * 4] : null),
    step: 'powers of two',
    source: "Rule: a quarter to four times of the user's own, which acts like the learning rate",
    influence: 3,
  },
  {
    family: 'loss of AdaBoost',
    names: ['loss'],
    takenBy: /(^|\.)AdaBoostRegressor$/,
    type: 'categorical',
    choices: oneOf(['linear', 'square', 'exponential']),
    source: 'auto-sklearn (Feurer et al. 2015), pipeline/components: regression/adaboost',
    influence: 4,
  },
]
