import type { Call } from '../syntax/tree.ts'
import { isNumber, keywordOf, positionalOf, stringOf } from '../syntax/walk.ts'
import type { CallRule } from './versions.ts'

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

function isConvolutionOfKeras1(call: Call): boolean {
  if (keywordOf(call, 'kernel_size')) return false
  const [filters, rows, columns] = positionalOf(call)
  if (keywordOf(call, 'nb_row') || keywordOf(call, 'nb_col')) return true
  return filters !== undefined && rows?.kind !== 'sequence' && isNumber(columns) && stringOf(rows) === null
}
