import { expect, test } from 'vitest'
import { priorFor } from '../../src/search/priors.ts'

type Value = number | string | boolean

const asked = (name: string, value: Value, callee: string | null, float?: boolean) =>
  priorFor(name, callee, { value, float: float ?? (typeof value === 'number' && !Number.isInteger(value)) })

/** Low, high and `log`; or the choices; or null. */
function range(name: string, value: Value, callee: string | null = null, float?: boolean) {
  const found = asked(name, value, callee, float)
  if (!found) return null
  const { distribution } = found
  if (distribution.type === 'categorical') return distribution.choices
  return [distribution.low, distribution.high, ...(distribution.log ? ['log'] : [])]
}

test('the callee decides on the learning rate', () => {
  expect(range('lr', 0.001, 'torch.optim.Adam')).toEqual([1e-4, 0.03, 'log'])
  expect(range('learning_rate', 0.001, 'keras.optimizers.Adam')).toEqual([1e-4, 0.03, 'log'])
  expect(range('learning_rate', 0.001, 'optax.adamw')).toEqual([1e-4, 0.03, 'log'])
  expect(range('lr', 0.01, 'torch.optim.SGD')).toEqual([1e-4, 0.1, 'log'])
  expect(range('LR', 0.01)).toEqual([1e-4, 0.1, 'log'])
  expect(range('lr', 2e-5, 'torch.optim.AdamW')).toEqual([1e-6, 1e-4, 'log'])
  expect(range('learning_rate', 5e-5, 'transformers.TrainingArguments')).toEqual([1e-6, 1e-4, 'log'])
  expect(range('lr', 5e-5, 'torch.optim.SGD')).toEqual([1e-6, 0.03, 'log'])
  expect(range('learning_rate', 0.1, 'xgboost.XGBClassifier')).toEqual([0.01, 0.5, 'log'])
  expect(range('eta', 0.3, 'xgboost.train')).toEqual([0.01, 0.5, 'log'])
  expect(range('learning_rate', 0.05, 'catboost.CatBoostClassifier')).toEqual([5e-3, 0.2, 'log'])
  expect(range('learning_rate', 1, 'sklearn.ensemble.AdaBoostClassifier')).toEqual([0.01, 2, 'log'])
  expect(range('learning_rate_init', 0.001, 'sklearn.neural_network.MLPClassifier')).toEqual([
    1e-4,
    0.5,
    'log',
  ])
  expect(range('learning_rate', 3e-4, 'stable_baselines3.PPO')).toEqual([1e-5, 0.002, 'log'])
  expect(range('step_size', 0.001, 'jax.optimizers.adam')).toEqual([1e-4, 0.1, 'log'])
  expect(range('learning_rate', 200, 'sklearn.manifold.TSNE')).toBeNull()
})

test("the user's own value widens a range, as long as it makes sense", () => {
  expect(range('lr', 0.3, 'torch.optim.SGD')).toEqual([1e-4, 0.3, 'log'])
  expect(range('lr', 0.5, 'torch.optim.Adam')).toEqual([1e-4, 0.5, 'log'])
  expect(range('learning_rate', 0.005, 'xgboost.train')).toEqual([0.005, 0.5, 'log'])
  expect(range('dropout', 0.8)).toEqual([0, 0.8])
  expect(range('n_neighbors', 200, 'sklearn.neighbors.KNeighborsClassifier')).toEqual([1, 200, 'log'])
  for (const value of [-0.1, 0, 5]) expect(range('lr', value, 'torch.optim.SGD'), `${value}`).toBeNull()
  expect(range('dropout', 1)).toBeNull()
  expect(range('dropout', 0.95)).toBeNull()
  expect(range('momentum', 1.2, 'torch.optim.SGD')).toBeNull()
  expect(range('max_depth', -1, 'lightgbm.LGBMClassifier')).toBeNull()
  expect(range('max_depth', 0, 'xgboost.train')).toBeNull()
  expect(range('subsample', 0, 'xgboost.train')).toBeNull()
  expect(range('n_estimators', 0)).toBeNull()
})

test('a name without a callee says what it always means, and no more', () => {
  for (const [name, value] of [
    ...[
      ['gamma', 0.1],
      ['alpha', 0.1],
      ['C', 1],
      ['p', 0.5],
      ['rate', 0.5],
      ['k', 5],
      ['degree', 3],
    ],
    ...[
      ['init', 'uniform'],
      ['features', 64],
      ['n_components', 10],
      ['max_features', 20_000],
      ['eps', 0.5],
    ],
    ...[
      ['buffer_size', 10_000],
      ['step_size', 30],
      ['optimizer', 'adam'],
      ['activation', 'relu'],
    ],
  ] as const) {
    expect(range(name, value), name).toBeNull()
  }
})

test('gamma is four things', () => {
  expect(range('gamma', 0.1, 'torch.optim.lr_scheduler.StepLR')).toEqual([0.001, 0.9])
  expect(range('gamma', 0.95, 'torch.optim.lr_scheduler.ExponentialLR')).toEqual([0.7, 0.9999])
  expect(range('gamma', 0.1, 'sklearn.svm.SVC')).toEqual([3.0517578125e-5, 8, 'log'])
  expect(range('gamma', 'scale', 'sklearn.svm.SVC')).toEqual(['scale', 'auto'])
  expect(range('gamma', 0, 'xgboost.train')).toEqual([0, 5])
  expect(range('gamma', 0.2, 'xgboost.XGBRegressor')).toEqual([1e-4, 5, 'log'])
  const discounts = [0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999]
  expect(range('gamma', 0.99, 'stable_baselines3.PPO')).toEqual(discounts)
  expect(range('GAMMA', 0.99)).toEqual(discounts)
  expect(range('gamma', 0.97, 'DQNAgent')).toEqual([0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999, 0.9999])
  expect(range('gamma', 2, 'FocalLoss')).toBeNull()
})

test('alpha and C are what the estimator makes of them', () => {
  expect(range('C', 1, 'sklearn.svm.SVC')).toEqual([0.03125, 32768, 'log'])
  expect(range('C', 1, 'sklearn.linear_model.LogisticRegression')).toEqual([1e-3, 1e3, 'log'])
  expect(range('C', 1, 'sklearn.linear_model.PassiveAggressiveClassifier')).toEqual([1e-5, 10, 'log'])
  expect(range('alpha', 1, 'sklearn.linear_model.Ridge')).toEqual([1e-3, 1e3, 'log'])
  expect(range('alpha', 0.1, 'sklearn.linear_model.Lasso')).toEqual([1e-4, 1, 'log'])
  expect(range('alpha', 1e-4, 'sklearn.linear_model.SGDClassifier')).toEqual([1e-7, 0.1, 'log'])
  expect(range('alpha', 1, 'sklearn.naive_bayes.MultinomialNB')).toEqual([0.01, 100, 'log'])
  expect(range('alpha', 0, 'xgboost.train')).toEqual([0, 1])
  expect(range('alpha', 0.99, 'torch.optim.RMSprop')).toEqual([0.1, 0.99])
  expect(range('alpha', 0.5, 'matplotlib.pyplot.plot')).toBeNull()
  expect(range('clf__alpha', 0.001, 'sklearn.linear_model.SGDClassifier')).toEqual([1e-7, 0.1, 'log'])
})

test('what matters only under a condition says so', () => {
  const condition = (name: string, value: Value, callee: string) =>
    asked(name, value, callee)?.prior.condition
  expect(condition('degree', 3, 'sklearn.svm.SVC')).toEqual({ name: 'kernel', values: ['poly'] })
  expect(condition('coef0', 0, 'sklearn.svm.SVR')?.values).toEqual(['poly', 'sigmoid'])
  expect(condition('gamma', 0.1, 'sklearn.svm.SVC')?.values).toContain('rbf')
  expect(condition('l1_ratio', 0.5, 'sklearn.linear_model.SGDClassifier')?.values).toEqual(['elasticnet'])
  expect(condition('l1_ratio', 0.5, 'sklearn.linear_model.ElasticNet')).toBeUndefined()
  expect(condition('momentum', 0.9, 'sklearn.neural_network.MLPClassifier')?.values).toEqual(['sgd'])
  expect(condition('momentum', 0.9, 'torch.optim.SGD')).toBeUndefined()
  expect(condition('C', 1, 'sklearn.svm.SVC')).toBeUndefined()
})

test('batch sizes are powers of two around the own one, which stays', () => {
  expect(range('batch_size', 64, 'keras.Model.fit')).toEqual([16, 32, 64, 128, 256, 512])
  expect(range('BATCH_SIZE', 128)).toEqual([16, 32, 64, 128, 256, 512])
  expect(range('batch_size', 32, 'torch.utils.data.DataLoader')).toEqual([16, 32, 64, 128, 256])
  expect(range('batch_size', 100)).toEqual([16, 32, 64, 100, 128, 256, 512])
  expect(range('batch_size', 4)).toEqual([2, 4, 8, 16, 32])
  expect(range('batch_size', 1024)).toEqual([16, 32, 64, 128, 256, 512, 1024])
  expect(range('batch_size', 32, '*.batch')).toEqual([16, 32, 64, 128, 256])
  expect(range('batch_size', 32, '*.flow_from_directory')).toEqual([16, 32, 64, 128, 256])
  expect(range('per_device_train_batch_size', 8, 'transformers.TrainingArguments')).toEqual([
    4, 8, 16, 32, 64,
  ])
  expect(range('batch_size', 1)).toBeNull()
  expect(range('batch_size', -1)).toBeNull()
  expect(range('batch_size', 32, 'keras.Model.predict')).toBeNull()
  expect(range('batch_size', 32, 'keras.Model.evaluate')).toBeNull()
  expect(range('batch_size', 32, 'keras.Input')).toBeNull()
})

test("epochs stay near the user's own", () => {
  expect(range('epochs', 5)).toEqual([5, 20])
  expect(range('epochs', 5, 'range')).toEqual([5, 20])
  expect(range('nb_epoch', 200, 'keras.Model.fit')).toEqual([200, 300])
  expect(range('num_train_epochs', 3, 'transformers.TrainingArguments')).toEqual([1, 5])
  expect(range('num_train_epochs', 1, 'transformers.TrainingArguments')).toEqual([1, 4])
  expect(range('max_iter', 500, 'sklearn.linear_model.LogisticRegression')).toEqual([500, 1000])
  expect(range('iterations', 10_000)).toEqual([10_000, 20_000])
  expect(range('epochs', 1)).toEqual([1, 4])
  expect(range('epochs', 1, 'keras.Model.fit')).toBeNull()
  expect(range('epochs', 1, 'spektral.data.DisjointLoader')).toBeNull()
  expect(range('epochs', 0)).toBeNull()
  expect(range('max_iter', -1)).toBeNull()
  expect(range('n_iter', 20, 'sklearn.model_selection.RandomizedSearchCV')).toBeNull()
})

test('sizes of layers are powers of two around the own one', () => {
  expect(range('units', 128, 'keras.layers.Dense')).toEqual([32, 64, 128, 256, 512])
  expect(range('out_features', 100, 'torch.nn.Linear')).toEqual([32, 64, 100, 128, 256])
  expect(range('features', 128, 'flax.linen.Dense')).toEqual([32, 64, 128, 256, 512])
  expect(range('hidden_size', 64, 'torch.nn.LSTM')).toEqual([16, 32, 64, 128, 256])
  expect(range('HIDDEN_SIZE', 4096)).toEqual([1024, 2048, 4096])
  expect(range('units', 10, 'keras.layers.Dense')).toEqual([10, 16, 32])
  expect(range('units', 1, 'keras.layers.Dense')).toBeNull()
  expect(range('filters', 32, 'keras.layers.Conv2D')).toEqual([16, 32, 64, 128])
  expect(range('out_channels', 6, 'torch.nn.Conv2d')).toEqual([6, 8, 16])
  expect(range('out_channels', 3, 'torch.nn.ConvTranspose2d')).toBeNull()
  expect(range('nb_filter', 64, 'keras.layers.Convolution2D')).toEqual([16, 32, 64, 128, 256])
  expect(range('hidden_layer_sizes', 100, 'sklearn.neural_network.MLPClassifier')).toEqual([
    32, 64, 100, 128, 256,
  ])
  expect(range('hidden_layer_sizes[0]', 50, 'sklearn.neural_network.MLPClassifier')).toEqual([
    16, 32, 50, 64, 128,
  ])
  expect(range('latent_dim', 100)).toEqual([32, 64, 100, 128, 256])
  expect(range('latent_dim', 2)).toBeNull()
  expect(range('hidden_size', 768, 'transformers.BertConfig')).toBeNull()
})

test('sizes that published files or other sizes decide on stay', () => {
  expect(range('output_dim', 128, 'keras.layers.Embedding')).toEqual([32, 64, 128, 256, 512])
  expect(range('EMBEDDING_DIM', 256)).toEqual([64, 128, 256, 512])
  expect(range('EMBEDDING_DIM', 300)).toBeNull()
  expect(range('embedding_dim', 100, 'torch.nn.Embedding')).toEqual([32, 64, 100, 128, 256])
  expect(range('d_model', 512)).toEqual([256, 512, 1024])
  expect(range('d_model', 100)).toBeNull()
  expect(range('nhead', 8)).toEqual([2, 4, 8])
  expect(range('nhead', 12)).toBeNull()
  expect(range('dim_feedforward', 2048)).toEqual([512, 1024, 2048, 4096])
})

test('every number of heads that is offered divides every width that is offered', () => {
  for (const width of [64, 96, 128, 256, 512, 768]) {
    for (const heads of [2, 4, 8, 16].filter((count) => width % count === 0 && width / count >= 4)) {
      for (const wide of range('d_model', width) ?? []) {
        for (const many of range('nhead', heads) ?? []) expect(Number(wide) % Number(many)).toBe(0)
      }
    }
  }
})

test('kernels are odd and small', () => {
  expect(range('kernel_size', 3, 'keras.layers.Conv2D')).toEqual([3, 5, 7])
  expect(range('kernel_size', 5, 'torch.nn.Conv2d')).toEqual([3, 5, 7])
  expect(range('kernel_size[0]', 3, 'keras.layers.Conv2D')).toEqual([3, 5, 7])
  expect(range('nb_row', 3, 'keras.layers.Convolution2D')).toEqual([3, 5, 7])
  expect(range('kernel_size', 11, 'torch.nn.Conv2d')).toEqual([3, 5, 7, 9, 11])
  for (const [value, callee] of [
    ...[
      [1, 'torch.nn.Conv2d'],
      [2, 'torch.nn.Conv2d'],
      [4, 'torch.nn.Conv2d'],
      [3, 'torch.nn.MaxPool2d'],
    ],
    ...[
      [5, 'torch.nn.ConvTranspose2d'],
      [3, 'keras.layers.Conv2DTranspose'],
      [25, 'torch.nn.Conv1d'],
    ],
  ] as const) {
    expect(range('kernel_size', value, callee), `${callee} ${value}`).toBeNull()
  }
})

test('dropout by its layer, its name, and by what it keeps', () => {
  expect(range('p', 0.5, 'torch.nn.Dropout2d')).toEqual([0, 0.5])
  expect(range('p', 0.5, 'torch.nn.functional.dropout')).toEqual([0, 0.5])
  expect(range('rate', 0.25, 'keras.layers.SpatialDropout1D')).toEqual([0, 0.5])
  expect(range('rate', 0.1, 'flax.linen.Dropout')).toEqual([0, 0.5])
  expect(range('dropout', 0, 'torch.nn.LSTM')).toEqual([0, 0.5])
  expect(range('DROPOUT', 0.2)).toEqual([0, 0.5])
  expect(range('keep_prob', 0.75)).toEqual([0.5, 1])
  expect(range('keep_prob', 1.0, null, true)).toBeNull()
  expect(range('drop_rate', 0.1, 'lightgbm.train')).toBeNull()
})

test('momentum and decay of optimisers, not of normalisation', () => {
  expect(range('momentum', 0.9, 'torch.optim.SGD')).toEqual([0.1, 0.99])
  expect(range('momentum', 0, 'torch.optim.SGD')).toEqual([0, 0.99])
  expect(range('momentum', 0.1, 'torch.nn.BatchNorm2d')).toBeNull()
  expect(range('momentum', 0.99, 'keras.layers.BatchNormalization')).toBeNull()
  expect(range('weight_decay', 5e-4, 'torch.optim.SGD')).toEqual([1e-5, 0.1, 'log'])
  expect(range('weight_decay', 0.01, 'torch.optim.AdamW')).toEqual([1e-6, 0.01, 'log'])
  expect(range('weight_decay', 0, 'torch.optim.SGD')).toEqual([0, 1e-3])
  expect(range('l2', 0.01, 'keras.regularizers.l2')).toEqual([1e-5, 0.1, 'log'])
  expect(range('beta_1', 0.5, 'keras.optimizers.Adam')).toEqual([0.5, 0.999])
  expect(range('betas[1]', 0.999, 'torch.optim.Adam')).toEqual([0.9, 0.9999])
  expect(range('decay', 1e-6, 'keras.optimizers.SGD')).toEqual([1e-7, 1e-5, 'log'])
  expect(range('nesterov', true, 'keras.optimizers.SGD')).toEqual([false, true])
  expect(range('nesterov', false, 'torch.optim.SGD')).toBeNull()
  expect(range('epsilon', 1e-8, 'keras.optimizers.Adam')).toBeNull()
})

test('trees and boosters', () => {
  expect(range('n_estimators', 100, 'sklearn.ensemble.RandomForestClassifier')).toEqual([50, 1000, 'log'])
  expect(range('n_estimators', 2000, 'xgboost.XGBClassifier')).toEqual([50, 2000, 'log'])
  expect(range('n_estimators', 10, 'sklearn.ensemble.AdaBoostClassifier')).toEqual([10, 500, 'log'])
  expect(range('iterations', 500, 'catboost.CatBoostClassifier')).toEqual([100, 1000, 'log'])
  expect(range('max_iter', 100, 'sklearn.ensemble.HistGradientBoostingClassifier')).toEqual([50, 1000, 'log'])
  expect(range('max_depth', 6, 'xgboost.train')).toEqual([1, 11])
  expect(range('max_depth', 5, 'sklearn.tree.DecisionTreeClassifier')).toEqual([1, 15])
  expect(range('max_depth', 30)).toEqual([1, 30])
  expect(range('depth', 6, 'catboost.CatBoostRegressor')).toEqual([3, 10])
  expect(range('depth', 6)).toBeNull()
  expect(range('num_leaves', 31, 'lightgbm.train')).toEqual([16, 96, 'log'])
  expect(range('min_samples_leaf', 1)).toEqual([1, 20])
  expect(range('min_samples_leaf', 0.1)).toBeNull()
  expect(range('min_child_weight', 1, 'xgboost.train')).toEqual([1, 100, 'log'])
  expect(range('reg_lambda', 1, 'xgboost.XGBClassifier')).toEqual([1e-3, 10, 'log'])
  expect(range('lambda_l1', 0, 'lightgbm.train')).toEqual([0, 1])
  expect(range('l2_leaf_reg', 3, 'catboost.CatBoostClassifier')).toEqual([1, 10, 'log'])
  expect(range('border_count', 128, 'catboost.CatBoostClassifier')).toEqual([32, 64, 128, 254])
  expect(range('subsample', 0.8, 'xgboost.train')).toEqual([0.5, 1])
  expect(range('subsample', 1, 'xgboost.train')).toEqual([0.5, 1])
  expect(range('max_features', 'auto', 'sklearn.ensemble.RandomForestClassifier')).toEqual([
    'sqrt',
    'log2',
    'auto',
  ])
  expect(range('max_features', 0.5, 'sklearn.ensemble.RandomForestRegressor')).toEqual([0.1, 1])
  expect(range('max_features', 8, 'sklearn.ensemble.RandomForestRegressor')).toEqual([1, 8])
  expect(range('max_features', 1, 'sklearn.tree.DecisionTreeClassifier')).toBeNull()
  expect(range('max_features', 5000, 'sklearn.feature_extraction.TfidfVectorizer')).toBeNull()
  expect(range('criterion', 'gini', 'sklearn.tree.DecisionTreeClassifier')).toEqual(['gini', 'entropy'])
  expect(range('criterion', 'mse', 'sklearn.tree.DecisionTreeRegressor')).toEqual(['mse', 'friedman_mse'])
  expect(range('objective', 'binary:logistic', 'xgboost.train')).toBeNull()
  expect(range('num_iteration', 7, 'lightgbm.Booster.predict')).toBeNull()
  expect(range('scale_pos_weight', 3, 'xgboost.train')).toBeNull()
})

test('strings out of known sets, and no others', () => {
  expect(range('kernel', 'rbf', 'sklearn.svm.SVC')).toEqual(['linear', 'poly', 'rbf', 'sigmoid'])
  expect(range('kernel', 'precomputed', 'sklearn.svm.SVC')).toBeNull()
  expect(range('weights', 'uniform', 'sklearn.neighbors.KNeighborsClassifier')).toEqual([
    'uniform',
    'distance',
  ])
  expect(range('weights', 'imagenet', 'keras.applications.VGG16')).toBeNull()
  expect(range('activation', 'relu', 'keras.layers.Dense')).toEqual(['relu', 'elu', 'tanh'])
  for (const last of ['softmax', 'sigmoid', 'linear', 'tanh']) {
    expect(range('activation', last, 'keras.layers.Dense'), last).toBeNull()
  }
  expect(range('activation', 'relu', 'keras.layers.LSTM')).toBeNull()
  expect(range('activation', 'logistic', 'sklearn.neural_network.MLPClassifier')).toEqual([
    'relu',
    'tanh',
    'logistic',
  ])
  expect(range('optimizer', 'adam', 'keras.Model.compile')).toEqual(['adam', 'nadam', 'rmsprop', 'sgd'])
  expect(range('optimizer', 'Adam', '*.compile')).toEqual(['Adam', 'Nadam', 'RMSprop', 'SGD'])
  expect(range('optimizer', 'adadelta', 'keras.Model.compile')).toEqual([
    'adam',
    'nadam',
    'rmsprop',
    'sgd',
    'adadelta',
  ])
  expect(range('optimizer', 'mine', 'keras.Model.compile')).toBeNull()
  expect(range('loss', 'mse', 'keras.Model.compile')).toBeNull()
  expect(range('padding', 'same', 'keras.layers.Conv2D')).toBeNull()
  expect(range('solver', 'lbfgs', 'sklearn.linear_model.LogisticRegression')).toBeNull()
  expect(range('penalty', 'l2', 'sklearn.linear_model.SGDClassifier')).toEqual(['l1', 'l2', 'elasticnet'])
  expect(range('penalty', 'l2', 'sklearn.linear_model.LogisticRegression')).toBeNull()
  expect(range('loss', 'log_loss', 'sklearn.linear_model.SGDClassifier')).toEqual([
    'modified_huber',
    'log_loss',
  ])
})

test('other estimators', () => {
  expect(range('n_components', 0.95, 'sklearn.decomposition.PCA')).toEqual([0.5, 0.9999])
  expect(range('n_components', 50, 'sklearn.decomposition.PCA')).toEqual([13, 50, 'log'])
  expect(range('n_components', 2, 'sklearn.decomposition.PCA')).toBeNull()
  expect(range('n_components', 3, 'sklearn.mixture.GaussianMixture')).toBeNull()
  expect(range('n_clusters', 3, 'sklearn.cluster.KMeans')).toBeNull()
  expect(range('order[0]', 1, 'statsmodels.ARIMA')).toEqual([0, 5])
  expect(range('order[1]', 1, 'statsmodels.SARIMAX')).toEqual([0, 2])
  expect(range('seasonal_order[3]', 12, 'statsmodels.SARIMAX')).toBeNull()
  expect(range('p', 2, 'sklearn.neighbors.KNeighborsClassifier')).toEqual([1, 2])
  expect(range('degree', 2, 'sklearn.preprocessing.PolynomialFeatures')).toEqual([2, 3])
  expect(range('var_smoothing', 1e-9, 'sklearn.naive_bayes.GaussianNB')).toEqual([1e-9, 1, 'log'])
  expect(range('eps', 0.5, 'sklearn.cluster.DBSCAN')).toEqual([0.125, 2, 'log'])
})

test('each result names its row, with the source and how much it matters', () => {
  const found = asked('lr', 0.01, 'torch.optim.SGD')
  expect(found?.prior.source).toContain('LCBench')
  expect(found?.prior.influence).toBe(1)
})
