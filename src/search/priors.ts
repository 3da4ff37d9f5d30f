import type { Distribution } from '../domain/detection.ts'

/** What is known beforehand about one family of hyperparameters. */
export interface Prior {
  family: string
  /** Normalised names (see normaliseName). */
  names: readonly string[]
  /** Where the name alone says too little: the resolved callee that must take it, such as `sklearn.svm.SVC`. */
  takenBy?: RegExp
  notTakenBy?: RegExp
  type: 'float' | 'int'
  log: boolean
  /** Inclusive bounds for a user's value; null when a value like this is none to search (a switch, `no limit`). */
  bounds(value: number): readonly [low: number, high: number] | null
  /** Where the range was published. */
  source: string
}

const AUTO_SKLEARN = 'auto-sklearn (Feurer et al. 2015), search spaces in pipeline/components'
const LCBENCH = 'LCBench (Zimmer et al. 2021, arXiv:2006.13799), table of the search space'
const TABULAR = 'Gorishniy et al. 2021, arXiv:2106.11959, tuning spaces in the appendix'
const TREES = 'Grinsztajn et al. 2022, arXiv:2207.08815, search spaces in the appendix'
const LIBSVM =
  'Hsu, Chang and Lin, A Practical Guide to Support Vector Classification; the bounds of auto-sklearn'

const between = (low: number, high: number) => () => [low, high] as const
const positive = (low: number, high: number) => (value: number) => (value > 0 ? ([low, high] as const) : null)

const BOOSTING = /xgb|xgboost|lightgbm|lgb|GradientBoosting/i
const ADAPTIVE = /(^|\.)(Adam|AdamW|Adamax|NAdam|Nadam|RAdam|RMSprop|Lion)$/i
const SVM = /(^|\.)(SVC|SVR|NuSVC|NuSVR|OneClassSVM)$/
const LEARNING_RATE = [
  'lr',
  'learning_rate',
  'learning_rate_init',
  'base_lr',
  'init_lr',
  'initial_lr',
  'eta0',
]

/** The first row that fits wins. */
export const PRIORS: readonly Prior[] = [
  {
    family: 'learning rate of boosting',
    names: ['learning_rate', 'lr', 'eta'],
    takenBy: BOOSTING,
    type: 'float',
    log: true,
    bounds: positive(0.01, 0.5),
    source: `${TREES}, without its slowest end, which needs thousands of rounds`,
  },
  {
    family: 'learning rate of an adaptive optimiser',
    names: LEARNING_RATE,
    takenBy: ADAPTIVE,
    type: 'float',
    log: true,
    bounds: positive(1e-4, 1e-2),
    source: `${TABULAR}, without its slowest decade`,
  },
  {
    family: 'learning rate of sklearn',
    names: ['learning_rate_init', 'eta0'],
    type: 'float',
    log: true,
    bounds: positive(1e-4, 0.1),
    source: `${AUTO_SKLEARN}: mlp`,
  },
  {
    family: 'learning rate',
    names: LEARNING_RATE,
    notTakenBy: /AdaBoost|TSNE/i,
    type: 'float',
    log: true,
    bounds: positive(1e-4, 0.1),
    source: LCBENCH,
  },
  {
    family: 'L2 penalty of a network or of SGD',
    names: ['alpha'],
    takenBy: /(^|\.)(MLPClassifier|MLPRegressor|SGDClassifier|SGDRegressor|Perceptron)$/,
    type: 'float',
    log: true,
    bounds: between(1e-7, 1e-1),
    source: `${AUTO_SKLEARN}: mlp, sgd`,
  },
  {
    family: 'penalty of a linear model',
    names: ['alpha'],
    takenBy: /(^|\.)(Ridge|RidgeClassifier|Lasso|ElasticNet)$/,
    type: 'float',
    log: true,
    bounds: positive(1e-5, 10),
    source: `${AUTO_SKLEARN}: ridge_regression`,
  },
  {
    family: 'smoothing of naive Bayes',
    names: ['alpha'],
    takenBy: /(^|\.)(Multinomial|Bernoulli|Complement)NB$/,
    type: 'float',
    log: true,
    bounds: between(1e-2, 100),
    source: `${AUTO_SKLEARN}: multinomial_nb`,
  },
  {
    family: 'weight decay',
    names: ['weight_decay'],
    type: 'float',
    log: true,
    bounds: between(1e-6, 1e-2),
    source: `${TABULAR} and ${LCBENCH}`,
  },
  {
    family: 'momentum',
    names: ['momentum'],
    notTakenBy: /norm/i,
    type: 'float',
    log: false,
    bounds: between(0.1, 0.99),
    source: LCBENCH,
  },
  {
    family: 'batch size',
    names: ['batch_size', 'train_batch_size', 'batchsize'],
    notTakenBy: /(^|\.)(predict|evaluate|score|predict_proba)$/,
    type: 'int',
    log: true,
    bounds: positive(16, 512),
    source: LCBENCH,
  },
  {
    family: 'epochs',
    names: ['epochs', 'epoch', 'n_epochs', 'num_epochs', 'max_epochs', 'max_iter', 'nb_epoch', 'n_epoch'],
    type: 'int',
    log: false,
    bounds: (value) => (value >= 1 ? [value, Math.min(4 * value, value + 100)] : null),
    source: "The user's own value is the least, so that a trial costs at most four times as much as trial 0",
  },
  {
    family: 'units of a hidden layer',
    names: [
      'hidden_layer_sizes',
      'hidden_size',
      'hidden_sizes',
      'hidden_dim',
      'hidden_units',
      'hidden',
      'n_hidden',
      'num_hidden',
      'units',
      'n_units',
      'num_units',
    ],
    // A layer's own literal has to fit its neighbours: only what a model or a constant is given may change.
    notTakenBy: /^(torch|keras|tensorflow|tf_keras)\./,
    type: 'int',
    log: true,
    bounds: positive(16, 264),
    source: `${AUTO_SKLEARN}: mlp, num_nodes_per_layer`,
  },
  {
    family: 'dropout',
    names: ['dropout', 'dropout_rate', 'drop_rate', 'dropout_p', 'p_dropout'],
    type: 'float',
    log: false,
    bounds: between(0, 0.5),
    source: TABULAR,
  },
  {
    family: 'C of a support vector machine',
    names: ['C'],
    takenBy: /(^|\.)(SVC|SVR|LinearSVC|LinearSVR)$/,
    type: 'float',
    log: true,
    bounds: positive(0.03125, 32768),
    source: LIBSVM,
  },
  {
    family: 'C of logistic regression',
    names: ['C'],
    takenBy: /(^|\.)(LogisticRegression|PassiveAggressive\w+)$/,
    type: 'float',
    log: true,
    bounds: positive(1e-3, 1e3),
    source: 'The grid of LogisticRegressionCV in scikit-learn (1e-4 to 1e4), without its two ends',
  },
  {
    family: 'gamma of a kernel',
    names: ['gamma'],
    takenBy: SVM,
    type: 'float',
    log: true,
    bounds: positive(3.0517578125e-5, 8),
    source: LIBSVM,
  },
  {
    family: 'boosting rounds or trees',
    names: [
      'n_estimators',
      'num_boost_round',
      'num_round',
      'num_rounds',
      'n_rounds',
      'num_iterations',
      'rounds',
      'n_trees',
    ],
    type: 'int',
    log: true,
    bounds: (value) => (value >= 1 ? [Math.min(50, value), Math.max(500, value)] : null),
    source: `${TREES}, with a shorter end, for the time of a trial`,
  },
  {
    family: 'depth of boosted trees',
    names: ['max_depth'],
    takenBy: BOOSTING,
    type: 'int',
    log: false,
    bounds: positive(2, 11),
    source: TREES,
  },
  {
    family: 'depth of a tree',
    names: ['max_depth'],
    type: 'int',
    log: false,
    bounds: positive(2, 20),
    source: 'hyperopt-sklearn (Komer et al. 2014) and auto-sklearn, whose bounds grow with the data',
  },
  {
    family: 'share of rows',
    names: ['subsample', 'bagging_fraction'],
    type: 'float',
    log: false,
    bounds: between(0.5, 1),
    source: TREES,
  },
  {
    family: 'share of columns',
    names: ['colsample_bytree', 'feature_fraction'],
    type: 'float',
    log: false,
    bounds: between(0.5, 1),
    source: TREES,
  },
  {
    family: 'rows of a leaf',
    names: ['min_samples_leaf'],
    type: 'int',
    log: false,
    bounds: positive(1, 20),
    source: `${AUTO_SKLEARN}: random_forest`,
  },
  {
    family: 'rows of a split',
    names: ['min_samples_split'],
    type: 'int',
    log: false,
    bounds: positive(2, 20),
    source: `${AUTO_SKLEARN}: random_forest`,
  },
  {
    family: 'neighbours',
    names: ['n_neighbors', 'n_neighbours'],
    type: 'int',
    log: true,
    bounds: positive(1, 100),
    source: `${AUTO_SKLEARN}: k_nearest_neighbors`,
  },
  {
    family: 'leaves of a tree',
    names: ['num_leaves', 'max_leaf_nodes'],
    type: 'int',
    log: true,
    bounds: (value) => (value >= 2 ? [4, 256] : null),
    source: 'FLAML (Wang et al. 2021, arXiv:1911.04706): from 4, the number of rows as its upper end',
  },
]

/** `LEARNING_RATE`, `learningRate`, `--learning-rate`, `mlp__learning_rate` -> `learning_rate`; `C` stays `C`. */
export function normaliseName(name: string): string {
  const last = name.split('__').findLast((part) => part !== '') ?? name
  const bare = last.replaceAll(/^[-_]+|[-_]+$/g, '').replaceAll('-', '_')
  if (bare.length === 1) return bare
  return bare.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()
}

const KNOWN = new Set(PRIORS.flatMap((prior) => prior.names))

/** Whether any prior has this name. */
export const isKnownName = (name: string) => KNOWN.has(normaliseName(name))

/**
 * How a number bound to this name may vary.
 * @param callee the resolved callable that takes it; null when nobody knows
 * @returns null for a name, a place or a value that is not to be searched
 */
export function priorFor(
  name: string,
  callee: string | null,
  literal: { value: number; float: boolean },
): Distribution | null {
  const normal = normaliseName(name)
  const prior = PRIORS.find(
    (row) => row.names.includes(normal) && (!row.takenBy || (callee !== null && row.takenBy.test(callee))),
  )
  if (!prior || (callee !== null && prior.notTakenBy?.test(callee))) return null
  if (prior.type === 'int' && literal.float) return null
  const bounds = prior.bounds(literal.value)
  return bounds && { type: prior.type, low: bounds[0], high: bounds[1], log: prior.log }
}
