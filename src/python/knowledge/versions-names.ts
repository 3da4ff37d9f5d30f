import type { NameRule } from './versions.ts'

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
