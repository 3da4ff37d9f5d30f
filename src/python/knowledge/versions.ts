import type { Call } from '../syntax/tree.ts'
import { isNumber, keywordOf, positionalOf, stringOf } from '../syntax/walk.ts'

interface Advice {
  /** What it shows; `{}` stands for the name that was found. */
  why: string
  /** What to write instead; `{}` stands for the name that was found. */
  change: string
  /** The newest version that runs it as it stands. */
  runsOn: string
}

/** A public name, as it is spelt in the source with its imports resolved. */
export interface NameRule extends Advice {
  pattern: RegExp
}

/** A call, by the canonical name of what is called. */
export interface CallRule extends Advice {
  callee: RegExp
  /** A keyword that is given. */
  keyword?: RegExp
  /** A string that the keyword must have as its value. */
  value?: RegExp
  when?(call: Call): boolean
}

const name = (runsOn: string, pattern: RegExp, why: string, change: string): NameRule => ({
  pattern,
  why,
  change,
  runsOn,
})

/**
 * What fails on the versions of today; what these only warn of is left out.
 * Sources: the release notes of each library for the version after the one named.
 */
export const NAME_RULES: readonly NameRule[] = [
  name(
    'keras 1',
    /^keras\.(layers(\.core|\.convolutional)?\.(Merge|merge|TimeDistributedDense|MaxoutDense|Highway|AtrousConvolution\w+|Deconvolution2D)|models\.Graph|objectives|initializations|utils\.visualize_util|regularizers\.(WeightRegularizer|l1l2)|backend\.set_image_dim_ordering|backend\.image_dim_ordering)$/,
    'uses {}, which Keras 2 no longer has',
    'use its Keras 3 counterpart: `keras.layers.concatenate`/`add` for merging, `keras.losses`, `keras.initializers`, `plot_model`',
  ),
  name(
    'keras 2',
    /^keras\.(utils\.np_utils|utils\.vis_utils|utils\.generic_utils|layers\.(core|convolutional|recurrent|normalization|embeddings|noise|pooling|wrappers|local|advanced_activations|merge|convolutional_recurrent))(\.\w+)*$/,
    'imports {}, a module that Keras 3 no longer has',
    'import the name from `keras.layers` or `keras.utils` itself, such as `keras.utils.to_categorical`',
  ),
  name(
    'keras 2.12',
    /^(tensorflow\.)?keras\.(engine|legacy)(\.\w+)*$/,
    'imports {}, an inner module of Keras 2',
    'import the name from `keras` or `keras.layers`, such as `keras.Model`, `keras.layers.Layer`',
  ),
  name(
    'keras 2.3',
    /^keras\.optimizers\.(sgd|rmsprop|adagrad|adadelta|adam|adamax|nadam)$/,
    'uses {}, which was removed with Keras 2.4',
    'write the name of the class: `SGD`, `RMSprop`, `Adam`',
  ),
  name(
    'keras 2',
    /^keras\.(preprocessing\.(text\.\w+|image\.ImageDataGenerator|sequence\.TimeseriesGenerator)|layers\.CuDNN(LSTM|GRU))$/,
    'uses {}, which Keras 3 no longer has',
    'use `tf.keras`, or its counterpart: `keras.layers.TextVectorization`, `keras.utils.image_dataset_from_directory`, `keras.layers.LSTM`',
  ),
  name(
    'keras 2',
    /^tensorflow\.keras\.(utils\.np_utils|layers\.experimental)(\.\w+)*$/,
    'imports {}, which Keras 3 no longer has',
    'import the name from `tf.keras.utils` or `tf.keras.layers` itself',
  ),
  name(
    'keras 2.11',
    /^(tensorflow\.)?keras\.wrappers\.scikit_learn(\.\w+)*$/,
    'imports {}, which was removed with Keras 2.12',
    'install scikeras and import `KerasClassifier` or `KerasRegressor` from `scikeras.wrappers`',
  ),
  name(
    'tensorflow 1',
    /^tensorflow\.(Session|InteractiveSession|placeholder|placeholder_with_default|global_variables_initializer|initialize_all_variables|local_variables_initializer|variable_scope|get_variable|reset_default_graph|get_default_graph|ConfigProto|GPUOptions|set_random_seed|app|flags|contrib|examples|logging|gfile|trainable_variables|global_variables|random_normal|random_uniform|truncated_normal|to_float|to_int32|log|div|mul|sub|neg|layers\.\w+|losses\.(softmax_cross_entropy|sparse_softmax_cross_entropy|sigmoid_cross_entropy|huber_loss|absolute_difference|log_loss|get_total_loss|cosine_distance)|metrics\.accuracy|train\.\w*Optimizer|train\.Saver|train\.exponential_decay|summary\.(FileWriter|merge_all)|nn\.(rnn_cell|dynamic_rnn|static_rnn|softmax_cross_entropy_with_logits_v2|static_bidirectional_rnn|bidirectional_dynamic_rnn))(\.\w+)*$/,
    'uses {}, which TensorFlow 2 no longer has',
    'import `tensorflow.compat.v1 as tf` and call `tf.disable_v2_behavior()`, or write it with `tf.keras`',
  ),
  name(
    'tensorflow 1',
    /^tensorflow\.python\.(platform|framework|ops|training)(\.\w+)*$/,
    'uses {}, an inner module of TensorFlow 1',
    'import the public name from `tensorflow`',
  ),
  name(
    'scikit-learn 0.19',
    /^sklearn\.(cross_validation|grid_search|learning_curve)(\.\w+)*$/,
    'imports {}, which was removed with scikit-learn 0.20',
    'import the name from `sklearn.model_selection`',
  ),
  name(
    'scikit-learn 0.19',
    /^sklearn\.mixture\.(GMM|VBGMM|DPGMM)$/,
    'uses {}, which was removed with scikit-learn 0.20',
    'use `GaussianMixture` or `BayesianGaussianMixture`',
  ),
  name(
    'scikit-learn 0.21',
    /^sklearn\.(preprocessing\.Imputer|datasets\.fetch_mldata|preprocessing\.imputation(\.\w+)*)$/,
    'uses {}, which was removed with scikit-learn 0.22',
    'use `sklearn.impute.SimpleImputer`, or `sklearn.datasets.fetch_openml`',
  ),
  name(
    'scikit-learn 0.22',
    /^sklearn\.externals\.(joblib|six)(\.\w+)*$/,
    'imports {}, which was removed with scikit-learn 0.23',
    'import `joblib` itself',
  ),
  name(
    'scikit-learn 0.23',
    /^sklearn\.(ensemble\.(forest|gradient_boosting|bagging|weight_boosting|voting_classifier)|tree\.tree|linear_model\.(base|logistic|stochastic_gradient|ridge)|svm\.classes|neighbors\.(classification|regression)|cluster\.k_means_|datasets\.(samples_generator|base)|metrics\.(classification|regression|ranking)|utils\.testing|neural_network\.multilayer_perceptron)(\.\w+)*$/,
    'imports {}, an inner module that scikit-learn 0.24 no longer has',
    'import the name from the package above it, such as `sklearn.ensemble`',
  ),
  name(
    'scikit-learn 1.1',
    /^sklearn\.(datasets\.load_boston|metrics\.(plot_confusion_matrix|plot_roc_curve|plot_precision_recall_curve))$/,
    'uses {}, which was removed with scikit-learn 1.2',
    'use another data set (`fetch_california_housing`), or `ConfusionMatrixDisplay` and its like',
  ),
  name(
    'pytorch 1.12',
    /^torch\.(symeig|eig|lstsq|matrix_rank|solve)$/,
    'uses {}, which was removed with PyTorch 1.13 or 2.0',
    'use its counterpart in `torch.linalg`',
  ),
  name(
    'torchtext 0.11',
    /^torchtext\.(legacy(\.\w+)*|data\.(Field|LabelField|BucketIterator|TabularDataset|Iterator))$/,
    'uses {}, which was removed with torchtext 0.12',
    'read the data with `datasets` or a `torch.utils.data.Dataset` of your own',
  ),
  name(
    'transformers 4.49',
    /^transformers\.AdamW$/,
    'uses {}, which was removed from transformers 4',
    'use `torch.optim.AdamW`',
  ),
  name(
    'lightning 1',
    /^(pytorch_lightning|lightning(\.pytorch)?)\.(metrics(\.\w+)*|data_loader|core\.lightning(\.\w+)*|Trainer\.(from_argparse_args|add_argparse_args))$/,
    'uses {}, which was removed with Lightning 2.0 or before',
    'import `torchmetrics`, `LightningModule` from `lightning.pytorch`, or make the `Trainer` with its arguments',
  ),
  name(
    'numpy 1.23',
    /^numpy\.(float|int|bool|object|str|long|unicode|complex)$/,
    'uses {}, which was removed with NumPy 1.24',
    'use the Python type of that name, or one with its size such as `np.float64`',
  ),
  name(
    'numpy 1',
    /^numpy\.(Inf|Infinity|infty|NaN|float_|complex_|unicode_|string_|product|cumproduct|alltrue|sometrue|in1d|row_stack)$/,
    'uses {}, which was removed with NumPy 2.0',
    'use its other name: `np.inf`, `np.nan`, `np.float64`, `np.prod`, `np.all`, `np.isin`',
  ),
  name(
    'jax 0.3.15',
    /^jax\.experimental\.(stax|optimizers)(\.\w+)*$/,
    'imports {}, which was moved in JAX 0.3.16',
    'import it from `jax.example_libraries`, or use flax and optax',
  ),
  name('flax 0.5', /^flax\.optim(\.\w+)*$/, 'uses {}, which was removed with flax 0.6', 'use optax'),
  name(
    'statsmodels 0.12',
    /^statsmodels\.tsa\.(arima_model\.(ARMA|ARIMA)|arima_model)$/,
    'uses {}, which was removed with statsmodels 0.13',
    'use `statsmodels.tsa.arima.model.ARIMA`',
  ),
]

const LAYER = /^keras\.layers\.[A-Z]\w*$/
const FIT = /^(keras[\w.]*|\*)\.(fit|fit_generator)$/
const LINEAR =
  /^sklearn\.linear_model\.(LinearRegression|Ridge\w*|Lasso\w*|ElasticNet\w*|Lars\w*|BayesianRidge|ARDRegression|Orthogonal\w+|MultiTask\w+)$/
const TREES = /^sklearn\.(ensemble|tree)\.\w+$/

export const CALL_RULES: readonly CallRule[] = [
  {
    callee: /^keras\.layers\.Convolution[123]D$/,
    when: (call) => isConvolutionOfKeras1(call),
    why: 'gives the size of the kernel as separate numbers, as Keras 1 had it',
    change: 'write `Conv2D(filters, (rows, columns))`',
    runsOn: 'keras 1',
  },
  {
    callee: LAYER,
    keyword:
      /^(nb_filter|nb_row|nb_col|filter_length|border_mode|subsample|subsample_length|init|inner_init|W_regularizer|b_regularizer|U_regularizer|W_constraint|b_constraint|activity_l2|dim_ordering|inner_activation|dropout_W|dropout_U|consume_less|pool_length|bias|forget_bias_init)$/,
    why: 'gives {}, an argument of Keras 1',
    change:
      'use the name of today: `filters`, `kernel_size`, `padding`, `strides`, `kernel_initializer`, `kernel_regularizer`, `units`',
    runsOn: 'keras 1',
  },
  {
    // Of an embedding it is the name of today.
    callee: /^keras\.layers\.(?!\w*Embedding)[A-Z]\w*$/,
    keyword: /^output_dim$/,
    why: 'gives {}, an argument of Keras 1',
    change: 'write `units`',
    runsOn: 'keras 1',
  },
  {
    callee: /^keras\.layers\.Dropout$/,
    keyword: /^p$/,
    why: 'gives {}, an argument of Keras 1',
    change: 'write `rate`',
    runsOn: 'keras 1',
  },
  {
    callee: FIT,
    keyword: /^(nb_epoch|samples_per_epoch|nb_val_samples|nb_worker|max_q_size|show_accuracy)$/,
    why: 'gives {}, an argument of Keras 1',
    change: 'use the name of today: `epochs`, `steps_per_epoch`, `validation_steps`, `workers`',
    runsOn: 'keras 1',
  },
  {
    callee: /^keras\.Model$/,
    keyword: /^(input|output)$/,
    why: 'gives {}, an argument of Keras 1',
    change: 'write `inputs` and `outputs`',
    runsOn: 'keras 1',
  },
  {
    callee: /^(keras\.Model|\*)\.compile$/,
    keyword: /^class_mode$/,
    why: 'gives {}, an argument of Keras 0',
    change: 'leave it out',
    runsOn: 'keras 1',
  },
  {
    callee: /^(keras[\w.]*|\*)\.(fit_generator|evaluate_generator|predict_generator)$/,
    why: 'calls {}(), which Keras 3 no longer has',
    change: 'call `fit`, `evaluate` or `predict`: they take generators too',
    runsOn: 'keras 2',
  },
  {
    callee: /^keras[\w.]*\.(predict_classes|predict_proba)$/,
    why: 'calls {}(), which was removed with Keras 2.6',
    change: 'write `model.predict(x).argmax(axis=-1)`',
    runsOn: 'keras 2.5',
  },
  {
    callee: /^keras\.optimizers\.\w+$/,
    keyword: /^lr$/,
    why: 'gives {}, which Keras 3 refuses',
    change: 'write `learning_rate`',
    runsOn: 'keras 2',
  },
  {
    callee: /^keras\.optimizers\.\w+$/,
    keyword: /^decay$/,
    why: 'gives {}, which optimisers refuse since Keras 2.11',
    change: 'give a schedule as `learning_rate`, such as `keras.optimizers.schedules.InverseTimeDecay`',
    runsOn: 'keras 2',
  },
  {
    callee: LINEAR,
    keyword: /^normalize$/,
    why: 'gives {}, which linear models refuse since scikit-learn 1.2',
    change: 'put a `StandardScaler` before the model with `make_pipeline`',
    runsOn: 'scikit-learn 1.1',
  },
  {
    callee: TREES,
    keyword: /^criterion$/,
    value: /^(mse|mae)$/,
    why: 'gives a {} that scikit-learn 1.2 no longer knows',
    change: "write 'squared_error' or 'absolute_error'",
    runsOn: 'scikit-learn 1.1',
  },
  {
    callee: /^sklearn\.(ensemble\.\w*GradientBoosting\w*|linear_model\.\w+)$/,
    keyword: /^loss$/,
    value: /^(ls|lad|least_squares|least_absolute_deviation|squared_loss)$/,
    why: 'gives a {} that scikit-learn 1.2 no longer knows',
    change: "write 'squared_error' or 'absolute_error'",
    runsOn: 'scikit-learn 1.1',
  },
  {
    callee: /^sklearn\.(ensemble\.GradientBoostingClassifier|linear_model\.SGDClassifier)$/,
    keyword: /^loss$/,
    value: /^(deviance|log)$/,
    why: 'gives a {} that scikit-learn 1.3 no longer knows',
    change: "write 'log_loss'",
    runsOn: 'scikit-learn 1.2',
  },
  {
    callee: TREES,
    keyword: /^max_features$/,
    value: /^auto$/,
    why: 'gives a {} that scikit-learn 1.3 no longer knows',
    change: "write 'sqrt' for a classifier, 1.0 for a regressor",
    runsOn: 'scikit-learn 1.2',
  },
  {
    callee: /^sklearn\.ensemble\.(AdaBoost|Bagging)\w+$/,
    keyword: /^base_estimator$/,
    why: 'gives {}, which was renamed with scikit-learn 1.2 and removed with 1.4',
    change: 'write `estimator`',
    runsOn: 'scikit-learn 1.3',
  },
  {
    callee: /^sklearn\.cluster\.AgglomerativeClustering$/,
    keyword: /^affinity$/,
    why: 'gives {}, which was renamed with scikit-learn 1.2 and removed with 1.4',
    change: 'write `metric`',
    runsOn: 'scikit-learn 1.3',
  },
  {
    callee: /^sklearn\.preprocessing\.OneHotEncoder$/,
    keyword: /^sparse$/,
    why: 'gives {}, which was renamed with scikit-learn 1.2 and removed with 1.4',
    change: 'write `sparse_output`',
    runsOn: 'scikit-learn 1.3',
  },
  {
    callee: /^sklearn\.model_selection\.(GridSearchCV|RandomizedSearchCV)$/,
    keyword: /^iid$/,
    why: 'gives {}, which was removed with scikit-learn 0.24',
    change: 'leave it out',
    runsOn: 'scikit-learn 0.23',
  },
  {
    callee: /^transformers\.(Seq2Seq)?TrainingArguments$/,
    keyword: /^evaluation_strategy$/,
    why: 'gives {}, which was renamed with transformers 4.41',
    change: 'write `eval_strategy`',
    runsOn: 'transformers 4.45',
  },
  {
    callee: /^lightning\.Trainer$/,
    keyword:
      /^(gpus|tpu_cores|num_processes|auto_lr_find|auto_scale_batch_size|auto_select_gpus|resume_from_checkpoint|progress_bar_refresh_rate|weights_summary|checkpoint_callback|distributed_backend|max_nb_epochs|flush_logs_every_n_steps)$/,
    why: 'gives {}, which was removed with Lightning 2.0 or before',
    change: 'use `accelerator` and `devices`, `fit(ckpt_path=...)`, or a callback',
    runsOn: 'lightning 1',
  },
  {
    callee: /^xgboost\.XGB\w+\.fit$/,
    keyword: /^(early_stopping_rounds|eval_metric|callbacks)$/,
    why: 'gives {} to fit(), which refuses it since XGBoost 2.1',
    change: 'give it where the model is made',
    runsOn: 'xgboost 2.0',
  },
  {
    callee: /^lightgbm\.(train|cv|LGBM\w+\.fit)$/,
    keyword: /^(early_stopping_rounds|verbose_eval|evals_result)$/,
    why: 'gives {}, which was removed with LightGBM 4.0',
    change: 'give `callbacks=[lgb.early_stopping(...), lgb.log_evaluation(...)]`',
    runsOn: 'lightgbm 3',
  },
  {
    callee: /^lightgbm\.LGBM\w+\.fit$/,
    keyword: /^verbose$/,
    why: 'gives {} to fit(), which was removed with LightGBM 4.0',
    change: 'give `callbacks=[lgb.log_evaluation(...)]`',
    runsOn: 'lightgbm 3',
  },
]

/** Methods of a LightningModule that were removed with Lightning 2.0. */
export const LIGHTNING_HOOKS = /^(training|validation|test)_epoch_end$/

function isConvolutionOfKeras1(call: Call): boolean {
  if (keywordOf(call, 'kernel_size')) return false
  const [filters, rows, columns] = positionalOf(call)
  if (keywordOf(call, 'nb_row') || keywordOf(call, 'nb_col')) return true
  return filters !== undefined && rows?.kind !== 'sequence' && isNumber(columns) && stringOf(rows) === null
}
