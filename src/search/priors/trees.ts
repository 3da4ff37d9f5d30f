import { oneOf, type Prior, within } from './prior.ts'
import { autoSklearn, dials, hyperoptSklearn } from './sources.ts'

const TREES =
  /(^|\.)(DecisionTree|ExtraTree|ExtraTrees|RandomForest|RandomTrees|XGBRF|IsolationForest|Bagging)\w*$/
const MEAN_SQUARED = ['squared_error', 'friedman_mse']
const OLD_MEAN_SQUARED = ['mse', 'friedman_mse']

/** Decision trees and what is made of many of them. */
export const TREE_PRIORS: readonly Prior[] = [
  {
    family: 'trees of bagging or AdaBoost',
    names: ['n_estimators'],
    takenBy: /(^|\.)(AdaBoost|Bagging)\w*$/,
    type: 'int',
    log: true,
    bounds: (value) => (value >= 1 ? [Math.min(50, value), 500] : null),
    source: autoSklearn('classification/adaboost'),
    influence: 2,
  },
  {
    family: 'trees of a forest',
    names: ['n_estimators', 'n_trees', 'num_trees', 'ntree', 'n_tree'],
    notTakenBy: /^(xgboost|lightgbm|catboost)\.(?!XGBRF)|GradientBoosting/,
    type: 'int',
    log: true,
    bounds: (value) => (value >= 1 ? [Math.min(50, value), 1000] : null),
    source: `${hyperoptSklearn('ensemble/_forest')}: 10 to 3000, without its ends`,
    influence: 3,
  },
  {
    family: 'learning rate of AdaBoost',
    names: ['learning_rate'],
    takenBy: /(^|\.)AdaBoost\w*$/,
    type: 'float',
    log: true,
    bounds: within(1e-6, 10, 0.01, 2),
    source: autoSklearn('classification/adaboost'),
    influence: 1,
  },
  {
    family: 'depth of a tree',
    names: ['max_depth', 'tree_depth', 'maxdepth'],
    notTakenBy: /^(xgboost|lightgbm|catboost)\.(?!XGBRF)|GradientBoosting|plot_tree|export_/,
    type: 'int',
    bounds: within(1, 200, 1, 15),
    source: dials('tree_depth()'),
    influence: 1,
  },
  {
    family: 'rows of a split',
    names: ['min_samples_split'],
    type: 'int',
    bounds: within(2, 10_000, 2, 20),
    source: autoSklearn('classification/random_forest'),
    influence: 3,
  },
  {
    family: 'rows of a leaf of gradient boosting',
    names: ['min_samples_leaf'],
    takenBy: /HistGradientBoosting/,
    type: 'int',
    log: true,
    bounds: within(1, 100_000, 1, 200),
    source: autoSklearn('classification/gradient_boosting'),
    influence: 2,
  },
  {
    family: 'rows of a leaf',
    names: ['min_samples_leaf', 'min_node_size'],
    type: 'int',
    bounds: within(1, 100_000, 1, 20),
    source: autoSklearn('classification/random_forest'),
    influence: 2,
  },
  {
    family: 'leaves of a tree',
    names: ['max_leaf_nodes'],
    type: 'int',
    log: true,
    bounds: within(2, 100_000, 3, 2047),
    source: autoSklearn('classification/gradient_boosting'),
    influence: 2,
  },
  {
    family: 'share of the columns of a split',
    names: ['max_features'],
    takenBy: new RegExp(`${TREES.source}|GradientBoosting`),
    // A whole 1 is one, and no share.
    when: (_, float) => float,
    type: 'float',
    bounds: within(1e-6, 1, 0.1, 1),
    source: autoSklearn('regression/random_forest'),
    influence: 2,
  },
  {
    family: 'columns of a split',
    names: ['max_features'],
    takenBy: new RegExp(`${TREES.source}|GradientBoosting`),
    type: 'int',
    // How many columns there are is not known.
    bounds: (value) => (value >= 2 ? [1, value] : null),
    source: "Rule: at most the user's own number, as a larger one may be more than there are",
    influence: 2,
  },
  {
    family: 'columns of a split, by their rule',
    names: ['max_features'],
    takenBy: new RegExp(`${TREES.source}|GradientBoosting`),
    type: 'categorical',
    choices: oneOf(['sqrt', 'log2', 'auto'], ['sqrt', 'log2']),
    source: hyperoptSklearn('ensemble/_forest'),
    influence: 3,
  },
  {
    family: 'share of the rows of a tree',
    names: ['max_samples'],
    takenBy: TREES,
    // A whole 1 is one, and no share.
    when: (_, float) => float,
    type: 'float',
    bounds: within(1e-6, 1, 0.1, 1),
    source: dials('sample_prop()'),
    influence: 3,
  },
  {
    family: 'gain that a split needs',
    names: ['min_impurity_decrease'],
    type: 'float',
    bounds: within(0, 1, 0, 0.05),
    source: hyperoptSklearn('ensemble/_forest'),
    influence: 4,
  },
  {
    family: 'cost of complexity',
    names: ['ccp_alpha'],
    type: 'float',
    log: true,
    bounds: within(0, 1e3, 1e-10, 0.1),
    fromZero: 0.05,
    source: dials('cost_complexity()'),
    influence: 3,
  },
  {
    family: 'what a split of a classification tree is judged by',
    names: ['criterion'],
    takenBy: /(^|\.)(DecisionTree|ExtraTree|ExtraTrees|RandomForest)Classifier$/,
    type: 'categorical',
    choices: oneOf(['gini', 'entropy', 'log_loss'], ['gini', 'entropy']),
    source: autoSklearn('classification/random_forest'),
    influence: 3,
  },
  {
    family: 'what a split of a regression tree is judged by',
    names: ['criterion'],
    takenBy: /(^|\.)(DecisionTree|ExtraTree|ExtraTrees|RandomForest)Regressor$|(^|\.)GradientBoosting\w*$/,
    type: 'categorical',
    // The absolute error costs the square of the rows: only for who has it.
    choices: (value) =>
      oneOf(MEAN_SQUARED)(value) ??
      oneOf(OLD_MEAN_SQUARED)(value) ??
      oneOf(['absolute_error'], ['squared_error'])(value),
    source: autoSklearn('regression/random_forest'),
    influence: 3,
  },
  {
    family: 'how a split is chosen',
    names: ['splitter'],
    type: 'categorical',
    choices: oneOf(['best', 'random']),
    source: hyperoptSklearn('tree/_classes'),
    influence: 4,
  },
]
