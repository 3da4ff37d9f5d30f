/** Optax: optimisers, schedules, gradient transformations. */
export const OPTAX = `
  adam adabelief amsgrad radam(learning_rate, b1, b2, eps, eps_root)
  adamw(learning_rate, b1, b2, eps, eps_root, mu_dtype, weight_decay)
  nadam nadamw lamb novograd(learning_rate, b1, b2, eps, eps_root)
  adamax adamaxw yogi(learning_rate, b1, b2, eps)
  adan(learning_rate, b1, b2, b3)
  lion(learning_rate, b1, b2, mu_dtype, weight_decay)
  sgd noisy_sgd(learning_rate, momentum, nesterov)
  rmsprop(learning_rate, decay, eps, initial_scale)
  adagrad(learning_rate, initial_accumulator_value, eps)
  adadelta(learning_rate, rho, eps, weight_decay)
  adafactor(learning_rate, min_dim_size_to_factor, decay_rate)
  lars(learning_rate, weight_decay)
  fromage sign_sgd sm3 muon rprop(learning_rate)
  signum(learning_rate, beta)
  constant_schedule(value)
  linear_schedule(init_value, end_value, transition_steps, transition_begin)
  cosine_decay_schedule(init_value, decay_steps, alpha, exponent)
  exponential_decay(init_value, transition_steps, decay_rate, transition_begin, staircase)
  polynomial_schedule(init_value, end_value, power, transition_steps)
  piecewise_constant_schedule(init_value, boundaries_and_scales)
  cosine_onecycle_schedule linear_onecycle_schedule(transition_steps, peak_value, pct_start)
  warmup_cosine_decay_schedule(init_value, peak_value, warmup_steps, decay_steps, end_value)
  warmup_exponential_decay_schedule(init_value, peak_value, warmup_steps, transition_steps, decay_rate)
  clip_by_global_norm(max_norm)
  clip(max_delta)
  add_decayed_weights(weight_decay)
  scale(step_size)
  scale_by_adam(b1, b2, eps)
  scale_by_learning_rate(learning_rate)
  trace ema(decay)
  smooth_labels(labels, alpha)
`

/** Flax Linen (and the optimisers of its first releases). */
export const FLAX = `
  Dense(features, use_bias)
  DenseGeneral(features, axis)
  Conv ConvLocal(features, kernel_size, strides, padding)
  ConvTranspose(features, kernel_size, strides, padding)
  Embed(num_embeddings, features)
  Dropout(rate, broadcast_dims, deterministic)
  LSTMCell OptimizedLSTMCell GRUCell SimpleCell MGUCell(features)
  MultiHeadDotProductAttention SelfAttention MultiHeadAttention(num_heads)
  BatchNorm(use_running_average, axis, momentum, epsilon)
  GroupNorm(num_groups, group_size, epsilon)
  LayerNorm RMSNorm(epsilon)
  avg_pool max_pool(inputs, window_shape, strides, padding)
  Adam(learning_rate, beta1, beta2, eps, weight_decay)
  Momentum(learning_rate, beta, weight_decay)
  GradientDescent(learning_rate)
`

/** Flax NNX, whose layers are also told their inputs. */
export const FLAX_NNX = `
  Linear LinearGeneral(in_features, out_features)
  Conv ConvTranspose(in_features, out_features, kernel_size, strides)
  Embed(num_embeddings, features)
  Dropout(rate)
  BatchNorm LayerNorm RMSNorm(num_features)
  LSTMCell OptimizedLSTMCell GRUCell SimpleCell(in_features, hidden_features)
  MultiHeadAttention(num_heads, in_features, qkv_features)
`

/** dm-haiku. */
export const HAIKU = `
  Linear(output_size, with_bias, w_init, b_init)
  Conv1D Conv2D Conv3D(output_channels, kernel_shape, stride, rate, padding)
  Conv1DTranspose Conv2DTranspose Conv3DTranspose(output_channels, kernel_shape, stride)
  LSTM GRU VanillaRNN(hidden_size)
  Embed(vocab_size, embed_dim)
  MLP(output_sizes)
  MultiHeadAttention(num_heads, key_size)
  BatchNorm(create_scale, create_offset, decay_rate)
  AvgPool MaxPool(window_shape, strides, padding)
  avg_pool max_pool(value, window_shape, strides, padding)
  dropout(rng, rate, x)
  ConvNDTranspose ConvND(num_spatial_dims, output_channels, kernel_shape, stride)
  PRNGSequence(seed)
`

/** Equinox. */
export const EQUINOX = `
  Linear(in_features, out_features, use_bias)
  Conv1d Conv2d Conv3d(in_channels, out_channels, kernel_size, stride, padding)
  ConvTranspose1d ConvTranspose2d ConvTranspose3d(in_channels, out_channels, kernel_size, stride)
  MLP(in_size, out_size, width_size, depth)
  Dropout(p, inference)
  LSTMCell GRUCell(input_size, hidden_size)
  Embedding(num_embeddings, embedding_size)
  MultiheadAttention(num_heads, query_size)
  MaxPool2d AvgPool2d(kernel_size, stride)
`

/** jax.optimizers and stax; stax's Dropout is given the share that it keeps. */
export const JAX = `
  sgd adagrad(step_size)
  momentum nesterov(step_size, mass)
  adam adamax(step_size, b1, b2, eps)
  rmsprop(step_size, gamma, eps)
  exponential_decay inverse_time_decay(step_size, decay_steps, decay_rate)
  Dense(out_dim)
  Conv(out_chan, filter_shape, strides, padding)
  Dropout(keep_prob, mode)
  PRNGKey key(seed)
`
