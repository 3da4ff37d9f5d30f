import { aroundWhole, type Prior, within, words } from './prior.ts'
import { rlZoo } from './sources.ts'

const SB3 = /^stable_baselines3\./
const LIBRARIES =
  /^(torch|torch_geometric|torchvision|keras|tensorflow|sklearn|xgboost|lightgbm|catboost|optax|flax|transformers|haiku|numpy)\./
const ON_POLICY = /^stable_baselines3\..*(PPO|A2C|TRPO)$/

/** Reinforcement learning. */
export const REINFORCEMENT_PRIORS: readonly Prior[] = [
  {
    family: 'learning rate of Stable-Baselines3',
    names: ['learning_rate'],
    takenBy: SB3,
    type: 'float',
    log: true,
    bounds: within(1e-8, 1, 1e-5, 0.002),
    source: rlZoo('sample_ppo_params'),
    influence: 1,
  },
  {
    family: 'discount of future rewards',
    names: [
      'gamma',
      'discount',
      'discount_factor',
      'discount_rate',
      'reward_decay',
      'gamma_discount',
      'discounting',
    ],
    notTakenBy: LIBRARIES,
    type: 'float',
    // A learning rate's factor by that name is in this range, too.
    choices: (value) =>
      Number(value) >= 0.8 && Number(value) < 1 ? [0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999] : null,
    source: rlZoo('sample_ppo_params, before March 2025'),
    influence: 2,
  },
  {
    family: 'step of the target network',
    names: ['tau', 'polyak_tau', 'soft_tau', 'target_tau'],
    notTakenBy: LIBRARIES,
    type: 'float',
    log: true,
    bounds: within(1e-6, 0.2, 0.001, 0.08),
    source: rlZoo('sample_sac_params'),
    influence: 3,
  },
  {
    family: 'least exploration',
    names: words(`
      epsilon_min eps_min min_epsilon eps_end epsilon_end end_epsilon final_epsilon end_e
      exploration_final_eps epsilon_final eps_final exploration_min final_exploration
    `),
    type: 'float',
    bounds: within(0, 0.5, 0, 0.2),
    source: rlZoo('sample_dqn_params'),
    influence: 3,
  },
  {
    family: 'share of the training that explores',
    names: ['exploration_fraction'],
    type: 'float',
    bounds: within(0, 1, 0, 0.5),
    source: rlZoo('sample_dqn_params'),
    influence: 3,
  },
  {
    family: 'factor by which exploration decreases',
    names: ['epsilon_decay', 'eps_decay', 'exploration_decay', 'epsilon_decay_rate', 'epsilon_discount'],
    when: (value) => typeof value === 'number' && value < 1,
    type: 'float',
    bounds: within(0.5, 0.999999, 0.9, 0.9999),
    source: 'Rule: from a tenth less with every step to a ten-thousandth',
    influence: 3,
  },
  {
    family: 'steps in which exploration decreases',
    names: [
      'epsilon_decay',
      'eps_decay',
      'epsilon_decay_steps',
      'eps_decay_steps',
      'exploration_steps',
      'eps_last_frame',
    ],
    type: 'int',
    log: true,
    bounds: aroundWhole(0.25, 4, 10),
    source: "Rule: a quarter to four times of the user's own",
    influence: 3,
  },
  {
    family: 'experiences that are kept',
    names: words(`
      replay_size memory_size replay_memory_size memory_capacity replay_buffer_size replay_capacity
      buffer_capacity replay_memory replay_buffer_capacity mem_size memory_limit replay_memory_capacity
    `),
    type: 'int',
    log: true,
    bounds: (value) => (value >= 1000 ? [Math.min(1e4, value), Math.min(1e6, 4 * value)] : null),
    source: `${rlZoo('sample_dqn_params, before March 2025')}: 1e4 to 1e6, at most four times the user's own`,
    influence: 4,
  },
  {
    family: 'experiences that a buffer keeps',
    names: ['buffer_size', 'capacity', 'max_size', 'buffer_limit'],
    takenBy: /^stable_baselines3\.|Replay|Memory|Buffer$/,
    type: 'int',
    log: true,
    bounds: (value) => (value >= 1000 ? [Math.min(1e4, value), Math.min(1e6, 4 * value)] : null),
    source: `${rlZoo('sample_dqn_params, before March 2025')}: 1e4 to 1e6, at most four times the user's own`,
    influence: 4,
  },
  {
    family: 'steps before the first training',
    names: ['learning_starts', 'warm_start_steps', 'start_learning', 'learning_start', 'replay_start_size'],
    type: 'int',
    bounds: (value) => (value >= 1 ? [0, Math.min(20_000, 2 * value)] : null),
    source: `${rlZoo('sample_dqn_params, before March 2025')}: 0 to 20000, at most twice the user's own`,
    influence: 4,
  },
  {
    family: 'steps between two updates of the target network',
    names: words(`
      target_update target_update_interval target_update_freq target_network_frequency sync_rate
      target_network_update_freq target_update_frequency update_target_every replace_target_iter
      target_net_update sync_target_frames target_replace_iter update_target update_target_freq
    `),
    type: 'int',
    log: true,
    bounds: aroundWhole(0.25, 4),
    source: `${rlZoo('sample_dqn_params')}: 1 to 20000, a quarter to four times of the user's own`,
    influence: 3,
  },
  {
    family: 'steps between two trainings',
    names: ['train_freq', 'train_frequency', 'update_every', 'policy_frequency', 'policy_delay'],
    type: 'int',
    bounds: within(1, 1000, 1, 10),
    source: rlZoo('sample_dqn_params'),
    influence: 3,
  },
  {
    family: 'parts of a rollout that are trained on at once',
    names: ['num_minibatches', 'n_minibatches', 'nminibatches'],
    type: 'int',
    // Both divide a rollout that the user's own number divides, if its length is a power of two.
    choices: (value) =>
      Number(value) >= 2 ? [Number(value) / 2, Number(value) * 2].filter(Number.isInteger) : null,
    source: "Rule: half or twice the user's own",
    influence: 3,
  },
  {
    family: 'steps of a rollout',
    names: ['n_steps'],
    takenBy: ON_POLICY,
    type: 'int',
    bounds: within(1, 65_536, 32, 4096),
    step: 'powers of two',
    source: rlZoo('sample_ppo_params'),
    influence: 2,
  },
  {
    family: 'epochs on a rollout',
    names: ['n_epochs', 'update_epochs', 'ppo_epochs', 'k_epochs', 'ppo_epoch', 'n_updates_per_iteration'],
    takenBy: /^stable_baselines3\./,
    type: 'int',
    bounds: within(1, 100, 1, 20),
    source: rlZoo('sample_ppo_params'),
    influence: 3,
  },
  {
    family: 'epochs on a rollout, by their name',
    names: [
      'update_epochs',
      'ppo_epochs',
      'k_epochs',
      'ppo_epoch',
      'n_updates_per_iteration',
      'nb_optim_iters',
    ],
    type: 'int',
    bounds: within(1, 100, 1, 20),
    source: rlZoo('sample_ppo_params'),
    influence: 3,
  },
  {
    family: 'discount of the advantages',
    names: ['gae_lambda', 'lam', 'lambda_gae', 'gae_lam', 'lmbda'],
    type: 'float',
    bounds: within(0.5, 1, 0.9, 0.9999),
    source: rlZoo('sample_ppo_params'),
    influence: 3,
  },
  {
    family: 'range that a new policy is clipped to',
    names: [
      'clip_range',
      'clip_coef',
      'eps_clip',
      'clip_ratio',
      'clip_param',
      'clip_epsilon',
      'ppo_clip',
      'epsilon_clip',
    ],
    type: 'float',
    bounds: within(0.01, 0.9, 0.1, 0.4),
    source: rlZoo('sample_ppo_params'),
    influence: 3,
  },
  {
    family: 'weight of the entropy',
    names: ['ent_coef', 'entropy_coef', 'entropy_beta', 'entropy_weight', 'entropy_coeff', 'c2'],
    type: 'float',
    log: true,
    bounds: within(0, 1, 1e-8, 0.1),
    fromZero: 0.05,
    source: rlZoo('sample_ppo_params'),
    influence: 3,
  },
  {
    family: 'weight of the value loss',
    names: ['vf_coef', 'value_loss_coef', 'value_coef', 'critic_coef', 'c1'],
    type: 'float',
    bounds: within(0, 2, 0, 1),
    source: rlZoo('sample_ppo_params, before March 2025'),
    influence: 4,
  },
  {
    family: 'norm that gradients are clipped to in Stable-Baselines3',
    names: ['max_grad_norm'],
    takenBy: SB3,
    type: 'float',
    bounds: within(0.01, 100, 0.3, 2),
    source: rlZoo('sample_ppo_params'),
    influence: 4,
  },
]
