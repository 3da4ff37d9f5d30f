import { aroundWhole, oneOf, type Prior, within, words } from './prior.ts'
import { autoPyTorch, HUGGING_FACE } from './sources.ts'

const SCHEDULERS = ['linear', 'cosine']
const OTHER_SCHEDULERS = [
  'constant',
  'constant_with_warmup',
  'polynomial',
  'cosine_with_restarts',
  'inverse_sqrt',
]

/** How the learning rate changes while a network trains. */
export const SCHEDULE_PRIORS: readonly Prior[] = [
  {
    family: 'factor of a stepwise schedule',
    names: ['gamma'],
    takenBy: /(^|\.)(StepLR|MultiStepLR)$/,
    type: 'float',
    bounds: within(1e-6, 0.9999, 0.001, 0.9),
    source: autoPyTorch('setup/lr_scheduler/StepLR'),
    influence: 3,
  },
  {
    family: 'steps of a stepwise schedule',
    names: ['step_size'],
    takenBy: /(^|\.)StepLR$/,
    type: 'int',
    bounds: within(1, 1000, 1, 10),
    source: autoPyTorch('setup/lr_scheduler/StepLR'),
    influence: 4,
  },
  {
    family: 'factor of an exponential schedule',
    names: ['gamma', 'decay_rate'],
    takenBy: /(^|\.)(ExponentialLR|ExponentialDecay|exponential_decay|warmup_exponential_decay_schedule)$/,
    type: 'float',
    bounds: within(0.01, 0.99999, 0.7, 0.9999),
    source: autoPyTorch('setup/lr_scheduler/ExponentialLR'),
    influence: 3,
  },
  {
    family: 'steps of an exponential schedule',
    names: ['decay_steps', 'transition_steps'],
    takenBy: /(^|\.)(ExponentialDecay|InverseTimeDecay|exponential_decay)$/,
    type: 'int',
    log: true,
    bounds: aroundWhole(0.25, 4, 4),
    source: "Rule: a quarter to four times of the user's own",
    influence: 4,
  },
  {
    family: 'factor when the metric stands still',
    names: ['factor'],
    takenBy: /(^|\.)ReduceLROnPlateau$/,
    type: 'float',
    bounds: within(1e-6, 0.9999, 0.01, 0.9),
    source: autoPyTorch('setup/lr_scheduler/ReduceLROnPlateau'),
    influence: 4,
  },
  {
    family: 'patience of a schedule',
    names: ['patience'],
    takenBy: /(^|\.)ReduceLROnPlateau$/,
    type: 'int',
    bounds: within(0, 1000, 5, 20),
    source: autoPyTorch('setup/lr_scheduler/ReduceLROnPlateau'),
    influence: 4,
  },
  {
    family: 'length of the first cosine',
    names: ['t_0'],
    takenBy: /(^|\.)CosineAnnealingWarmRestarts$/,
    type: 'int',
    bounds: within(1, 10_000, 1, 20),
    source: autoPyTorch('setup/lr_scheduler/CosineAnnealingWarmRestarts'),
    influence: 4,
  },
  {
    family: 'factor of a schedule of unknown kind, stepwise by its size',
    names: words(`
      lr_gamma lr_decay lr_decay_rate lr_decay_factor lr_decay_gamma lr_factor step_gamma scheduler_gamma
      lr_scheduler_gamma learning_rate_decay learning_rate_decay_factor decay_rate decay_factor
      lr_decay_ratio lr_reduce_factor
    `),
    notTakenBy: /norm|haiku/i,
    when: (value) => typeof value === 'number' && value > 0.001 && value < 0.7,
    type: 'float',
    bounds: within(0.001, 0.7, 0.001, 0.9),
    source: autoPyTorch('setup/lr_scheduler/StepLR'),
    influence: 3,
  },
  {
    family: 'factor of a schedule of unknown kind, exponential by its size',
    names: words(`
      lr_gamma lr_decay lr_decay_rate lr_decay_factor lr_decay_gamma lr_factor step_gamma scheduler_gamma
      lr_scheduler_gamma learning_rate_decay learning_rate_decay_factor decay_rate decay_factor
      lr_decay_ratio lr_reduce_factor
    `),
    notTakenBy: /norm|haiku/i,
    when: (value) => typeof value === 'number' && value >= 0.7,
    type: 'float',
    bounds: within(0.7, 0.99999, 0.7, 0.9999),
    source: autoPyTorch('setup/lr_scheduler/ExponentialLR'),
    influence: 3,
  },
  {
    family: 'steps of a schedule of unknown kind',
    names: words(`
      lr_step_size lr_decay_step lr_decay_steps lr_decay_epoch lr_decay_epochs decay_epoch
      scheduler_step_size decay_step decay_every lr_step epochs_per_decay num_epochs_per_decay
    `),
    type: 'int',
    log: true,
    bounds: aroundWhole(0.25, 4),
    source: "Rule: a quarter to four times of the user's own",
    influence: 4,
  },
  {
    family: 'share of the steps that warm up',
    names: ['warmup_ratio', 'warmup_proportion', 'warmup_frac', 'warmup_fraction', 'pct_start'],
    type: 'float',
    bounds: (value) => (value >= 0 && value <= 0.5 ? [0, 0.2] : null),
    source: 'Rule: up to twice the tenth that the fine-tuning code of BERT takes (Devlin et al. 2019)',
    influence: 3,
  },
  {
    family: 'steps that warm up',
    names: words(`
      warmup_steps num_warmup_steps n_warmup_steps warmup_iters warmup_epochs num_warmup_epochs
      warmup_iterations warmup_step warmup_epoch lr_warmup_steps lr_warmup_epochs warmup
    `),
    type: 'int',
    bounds: (value) => (value >= 1 ? [0, 2 * value] : null),
    source: "Rule: from none to twice the user's own",
    influence: 3,
  },
  {
    family: 'schedule by its name',
    names: ['lr_scheduler_type'],
    type: 'categorical',
    choices: oneOf([...SCHEDULERS, ...OTHER_SCHEDULERS], SCHEDULERS),
    source: `Rule: the default of the Trainer and the cosine, both of SchedulerType; ${HUGGING_FACE} has none`,
    influence: 4,
  },
]
