import { describe, expect, test } from 'vitest'
import { KNOWN_CALLABLES, positionalNames } from '../../src/python/knowledge/signatures.ts'

test.each([
  ['torch.nn.Linear', ['in_features', 'out_features', 'bias']],
  ['torch.nn.Dropout', ['p', 'inplace']],
  ['torch.nn.Conv2d', ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding']],
  ['torch.nn.LSTM', ['input_size', 'hidden_size', 'num_layers']],
  ['torch.nn.Embedding', ['num_embeddings', 'embedding_dim']],
  ['torch.nn.TransformerEncoderLayer', ['d_model', 'nhead', 'dim_feedforward', 'dropout']],
  ['torch.nn.functional.dropout', ['input', 'p']],
  ['torch.optim.SGD', ['params', 'lr', 'momentum', 'dampening', 'weight_decay']],
  ['torch.optim.lr_scheduler.StepLR', ['optimizer', 'step_size', 'gamma']],
  ['torch.optim.lr_scheduler.ReduceLROnPlateau', ['optimizer', 'mode', 'factor', 'patience']],
  ['torch.utils.data.DataLoader', ['dataset', 'batch_size', 'shuffle']],
  ['torch.nn.utils.clip_grad_norm_', ['parameters', 'max_norm']],
  ['torchvision.transforms.Normalize', ['mean', 'std']],
  ['torch_geometric.nn.GATConv', ['in_channels', 'out_channels', 'heads']],
  ['keras.layers.Dense', ['units', 'activation', 'use_bias']],
  ['keras.layers.Conv2D', ['filters', 'kernel_size', 'strides', 'padding']],
  ['keras.layers.Convolution2D', ['nb_filter', 'nb_row', 'nb_col']],
  ['keras.layers.Dropout', ['rate']],
  ['keras.layers.Embedding', ['input_dim', 'output_dim']],
  ['keras.layers.LSTM', ['units', 'activation']],
  ['keras.optimizers.Adam', ['learning_rate', 'beta_1', 'beta_2']],
  ['keras.regularizers.l2', ['l2']],
  ['keras.callbacks.EarlyStopping', ['monitor', 'min_delta', 'patience']],
  ['keras.utils.to_categorical', ['y', 'num_classes']],
  ['keras.preprocessing.sequence.pad_sequences', ['sequences', 'maxlen']],
  ['keras.Model.fit', ['x', 'y', 'batch_size', 'epochs']],
  ['keras.Sequential.compile', ['optimizer', 'loss', 'metrics']],
  ['*.fit', ['x', 'y', 'batch_size', 'epochs']],
  ['*.batch', ['batch_size']],
  ['tensorflow.train.AdamOptimizer', ['learning_rate', 'beta1']],
  ['optax.adam', ['learning_rate', 'b1', 'b2']],
  ['optax.adamw', ['learning_rate', 'b1', 'b2', 'eps', 'eps_root', 'mu_dtype', 'weight_decay']],
  ['flax.linen.Dense', ['features']],
  ['flax.linen.Conv', ['features', 'kernel_size', 'strides', 'padding']],
  ['flax.nnx.Linear', ['in_features', 'out_features']],
  ['haiku.Conv2D', ['output_channels', 'kernel_shape', 'stride']],
  ['equinox.MLP', ['in_size', 'out_size', 'width_size', 'depth']],
  ['jax.example_libraries.stax.Dropout', ['keep_prob']],
  ['sklearn.svm.SVC', ['C', 'kernel', 'degree', 'gamma']],
  ['sklearn.neighbors.KNeighborsClassifier', ['n_neighbors', 'weights']],
  ['sklearn.ensemble.RandomForestClassifier', ['n_estimators', 'criterion', 'max_depth']],
  ['sklearn.linear_model.Ridge', ['alpha', 'fit_intercept']],
  ['sklearn.cluster.KMeans', ['n_clusters', 'init', 'n_init', 'max_iter']],
  ['sklearn.gaussian_process.RBF', ['length_scale']],
  ['sklearn.neural_network.MLPClassifier', ['hidden_layer_sizes', 'activation', 'solver', 'alpha']],
  ['sklearn.decomposition.PCA', ['n_components']],
  ['xgboost.train', ['params', 'dtrain', 'num_boost_round']],
  ['xgboost.XGBClassifier', ['max_depth', 'learning_rate', 'n_estimators']],
  ['lightgbm.train', ['params', 'train_set', 'num_boost_round']],
  ['lightgbm.LGBMRegressor', ['boosting_type', 'num_leaves', 'max_depth', 'learning_rate', 'n_estimators']],
  ['catboost.CatBoostClassifier', ['iterations', 'learning_rate', 'depth', 'l2_leaf_reg']],
  ['transformers.TrainingArguments', ['output_dir']],
  ['transformers.get_linear_schedule_with_warmup', ['optimizer', 'num_warmup_steps']],
  ['statsmodels.ARIMA', ['endog', 'exog', 'order', 'seasonal_order']],
  ['stable_baselines3.PPO', ['policy', 'env', 'learning_rate', 'n_steps', 'batch_size']],
  ['numpy.random.seed', ['seed']],
])('%s takes %j', (callee, first) => {
  expect(positionalNames(callee)?.slice(0, first.length)).toEqual(first)
})

test('only by keyword', () => {
  for (const callee of ['sklearn.model_selection.train_test_split', 'lightning.Trainer', 'peft.LoraConfig']) {
    expect(positionalNames(callee), callee).toEqual([])
  }
})

test.each([
  'torch.nn.Unheard',
  'keras.Model.unheard',
  'keras.layers.Dense.fit',
  'unheard.Linear',
  'Linear',
  'torchlike.nn.Linear',
  'torch',
  '*',
  '',
])('%j is not known', (callee) => {
  expect(positionalNames(callee)).toBeNull()
})

test('the modules between the package and the name do not count', () => {
  expect(positionalNames('sklearn.ensemble.forest.RandomForestClassifier')).toBe(
    positionalNames('sklearn.ensemble.RandomForestClassifier'),
  )
  expect(positionalNames('flax.nnx.Conv')).not.toEqual(positionalNames('flax.linen.Conv'))
})

describe('the tables', () => {
  test('cover the packages broadly', () => {
    const count = (prefix: string) => KNOWN_CALLABLES.filter((name) => name.startsWith(prefix)).length
    expect(count('torch.')).toBeGreaterThan(150)
    expect(count('keras.')).toBeGreaterThan(150)
    expect(count('sklearn.')).toBeGreaterThan(180)
    expect(count('optax.')).toBeGreaterThan(40)
  })

  test('have names that Python would take, each once', () => {
    for (const callee of KNOWN_CALLABLES) {
      const names = positionalNames(callee) ?? ['unknown, though listed']
      for (const name of names) expect(name, callee).toMatch(/^[A-Za-z_]\w*$/)
      expect(new Set(names).size, callee).toBe(names.length)
    }
  })
})
