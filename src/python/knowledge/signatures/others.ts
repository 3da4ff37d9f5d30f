/** Boosters; XGBoost's and LightGBM's classes in the order of their first releases. */
export const XGBOOST = `
  train cv(params, dtrain, num_boost_round)
  XGBModel XGBClassifier XGBRegressor XGBRanker(max_depth, learning_rate, n_estimators)
  XGBRFClassifier XGBRFRegressor(max_depth, learning_rate, n_estimators)
  DMatrix QuantileDMatrix(data, label)
`
export const LIGHTGBM = `
  train cv(params, train_set, num_boost_round)
  LGBMModel LGBMClassifier(boosting_type, num_leaves, max_depth, learning_rate, n_estimators)
  LGBMRegressor LGBMRanker(boosting_type, num_leaves, max_depth, learning_rate, n_estimators)
  Dataset(data, label, reference)
  early_stopping(stopping_rounds, first_metric_only, verbose)
  log_evaluation(period)
`
export const CATBOOST = `
  CatBoost(params)
  CatBoostClassifier(iterations, learning_rate, depth, l2_leaf_reg, model_size_reg, rsm, loss_function)
  CatBoostRegressor(iterations, learning_rate, depth, l2_leaf_reg, model_size_reg, rsm, loss_function)
  CatBoostRanker(iterations, learning_rate, depth, l2_leaf_reg, model_size_reg, rsm, loss_function)
  train(pool, params, dtrain, logging_level, verbose, iterations)
  cv(pool, params, dtrain, iterations, num_boost_round, fold_count)
  Pool(data, label, cat_features)
`

export const TRANSFORMERS = `
  TrainingArguments Seq2SeqTrainingArguments TFTrainingArguments(output_dir, overwrite_output_dir)
  Trainer Seq2SeqTrainer(model, args, data_collator, train_dataset, eval_dataset)
  AdamW(params, lr, betas, eps, weight_decay)
  Adafactor(params, lr, eps, clip_threshold, decay_rate, beta1, weight_decay)
  AdamWeightDecay(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay_rate)
  create_optimizer(init_lr, num_train_steps, num_warmup_steps, min_lr_ratio)
  get_linear_schedule_with_warmup get_cosine_schedule_with_warmup(optimizer, num_warmup_steps)
  get_polynomial_decay_schedule_with_warmup(optimizer, num_warmup_steps)
  get_constant_schedule_with_warmup(optimizer, num_warmup_steps)
  get_scheduler(name, optimizer, num_warmup_steps)
  EarlyStoppingCallback(early_stopping_patience, early_stopping_threshold)
  set_seed(seed)
`
export const PEFT = `
  LoraConfig()
`
/** All keyword-only since 2.0. */
export const LIGHTNING = `
  Trainer()
  EarlyStopping(monitor, min_delta, patience)
  ModelCheckpoint(dirpath, filename, monitor)
  seed_everything(seed)
`

/** The order of an ARIMA follows the series. */
export const STATSMODELS = `
  ARIMA SARIMAX(endog, exog, order, seasonal_order, trend)
  ARMA(endog, order, exog)
  VARMAX(endog, exog, order, trend)
  AutoReg AR(endog, lags, trend, seasonal)
  ARDL(endog, lags, exog, order)
  VAR(endog, exog)
  UnobservedComponents(endog, level, trend, seasonal)
  SimpleExpSmoothing(endog)
  Holt(endog, exponential, damped_trend)
  ExponentialSmoothing ETSModel(endog)
  OLS GLS WLS GLM Logit Probit MNLogit Poisson RLM QuantReg(endog, exog)
`

/** Stable-Baselines3. */
export const STABLE_BASELINES3 = `
  PPO(policy, env, learning_rate, n_steps, batch_size, n_epochs, gamma, gae_lambda, clip_range)
  A2C(policy, env, learning_rate, n_steps, gamma, gae_lambda, ent_coef, vf_coef, max_grad_norm)
  DQN SAC TD3 DDPG(policy, env, learning_rate, buffer_size, learning_starts, batch_size, tau, gamma)
  ReplayBuffer(buffer_size, observation_space, action_space)
  PPO.learn A2C.learn DQN.learn SAC.learn TD3.learn DDPG.learn(total_timesteps)
`

/** Seeds of the standard library and NumPy. */
export const RANDOM = `
  seed default_rng RandomState Random(seed)
`

/** Methods of objects that nobody could name. */
export const UNKNOWN = `
  fit(x, y, batch_size, epochs, verbose, callbacks, validation_split, validation_data)
  fit_generator(generator, steps_per_epoch, epochs)
  compile(optimizer, loss, metrics)
  predict(x, batch_size, verbose)
  evaluate(x, y, batch_size, verbose)
  batch padded_batch(batch_size)
  shuffle(buffer_size)
  repeat take skip(count)
  prefetch(buffer_size)
  learn(total_timesteps)
`
