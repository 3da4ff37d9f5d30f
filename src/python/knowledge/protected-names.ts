/** Words in a name that speak of data the model is judged with. */
export const HELD_OUT_WORDS: ReadonlySet<string> = new Set(
  'test tests testing val vals valid validation validate eval evals evaluation evaluate dev holdout heldout oob'.split(
    ' ',
  ),
)

/** Normalised names that are never tuned, by the reason. None of them may be a name of the table of priors. */
export const NAMES: readonly (readonly [reason: string, names: string])[] = [
  [
    'the share of the data that is held out',
    `test_size train_size split_size split split_ratio split_rate split_frac split_fraction split_percent
    split_index split_idx train_ratio train_frac train_fraction train_percent train_split train_share train_prop
    training_ratio training_split percent_train train_percentage frac fraction holdout_ratio splits`,
  ],
  [
    'a random seed',
    `random_state random_seed randomstate state_seed rand_seed np_random_state random_number
    partition_random_seed manual_seed`,
  ],
  [
    'the number of classes',
    `num_classes n_classes nb_classes num_class n_class nb_class class_num class_count num_labels n_labels
    nb_labels num_label number_of_classes no_classes classes_num n_class_labels num_categories n_categories classes
    num_tags n_tags tagset_size num_outputs_classes out_classes number_classes numclasses nclasses nclass
    classes_count n_outputs nb_outputs n_output num_targets
    n_targets`,
  ],
  ['it defines the task: how many groups there are', 'n_clusters num_clusters n_cluster n_topics num_topics'],
  [
    'the shape of the input',
    `input_shape img_shape image_shape batch_input_shape input_dim input_dims input_length img_rows img_cols
    img_size image_size imsize im_size image_height image_width img_height img_width img_h img_w img_dim
    image_dim image_dimension img_width_height image_dims height width n_features nfeat num_input n_input n_inputs
    num_inputs nb_inputs input_features img_channels image_channels color_channels n_channels img_depth
    crop_size resize_size resize target_size img_target_size input_height input_width input_res resolution
    num_node_features spatial_size frame_height frame_width obs_dim state_dim state_size observation_size
    action_dim action_size n_actions num_actions n_states num_states`,
  ],
  [
    'the length that inputs are cut or padded to',
    `maxlen max_len max_length max_seq_len max_seq_length max_sequence_length seq_len seq_length sequence_length
    sequence_len max_review_length max_words_per_review max_sentence_length max_sent_length sentence_length
    sentence_size padding_length pad_length max_text_length max_position_embeddings block_size context_length
    context_window bptt max_source_length max_target_length max_input_length output_sequence_length seqlen
    time_steps timesteps n_timesteps num_timesteps n_time_steps look_back lookback window_size window_length
    window lag n_lags past_history future_target forecast_horizon horizon max_tokens_per_sentence`,
  ],
  [
    'the size of the vocabulary',
    `vocab_size n_vocab vocabulary_size vocab max_words num_words nb_words max_nb_words top_words max_vocab_size
    max_vocab ntoken ntokens num_tokens max_tokens vocabulary max_num_words voc_size src_vocab_size
    tgt_vocab_size dict_size dictionary_size num_embeddings max_vocabulary_size`,
  ],
  [
    'the size of the data set',
    `n_samples num_samples nb_samples sample_size num_train n_train nb_train nb_train_samples num_train_samples
    train_samples max_train_samples subset_size subset data_size dataset_size num_data n_data n_points num_points
    num_examples n_examples nb_examples num_rows n_rows nrows total_samples train_set_size n_samples_per_class
    samples_per_class num_images data_limit max_rows n_observations`,
  ],
  [
    'how much of the data an epoch sees',
    'steps_per_epoch samples_per_epoch iterations_per_epoch batches_per_epoch epoch_length limit_train_batches',
  ],
  [
    'how the data is split for cross-validation',
    `cv k_fold k_folds n_folds num_folds nfold nfolds n_fold n_splits n_split num_splits fold_count n_repeats fold
    cv_folds cross_validation outer_cv inner_cv`,
  ],
  [
    'how the data is shuffled or read ahead',
    `shuffle_buffer shuffle_buffer_size shuffle_size prefetch prefetch_size prefetch_factor max_queue_size
    max_q_size queue_size`,
  ],
  [
    'how many processes or devices work',
    `n_jobs num_workers workers nb_worker n_workers num_worker num_threads n_threads nthread nthreads thread_count
    threads num_cpus n_cpus cores num_cores n_cores num_proc nproc num_procs num_processes n_jobs_cv gpu gpus
    num_gpus n_gpu n_gpus max_gpu_batch_size gpu_id gpu_ids device_id device_ids devices world_size local_rank rank num_nodes nnodes
    node_rank num_envs n_envs num_env cuda_device device gpu_ram_part used_ram_limit`,
  ],
  ['a network address', 'port host master_port master_addr server_port'],
  [
    'it only changes what is printed or saved',
    `verbose verbosity log_interval log_every log_freq log_step log_steps logging_steps logging_level log_level
    print_every print_freq print_interval print_step print_steps display_step display_steps display_freq
    display_interval disp_freq disp report_interval report_every save_every save_interval save_freq save_step
    save_steps save_epoch save_epochs save_total_limit save_top_k checkpoint_freq checkpoint_interval
    checkpoint_every checkpoint_step checkpoint_steps ckpt_interval sample_interval sample_every sample_freq
    summary_freq summary_interval summary_steps plot_every plot_interval plot_freq verbose_eval
    progress_bar_refresh_rate metric_period log_every_n_steps snapshot_interval snapshot_freq backup_freq
    record_freq video_freq render_every image_interval write_freq tensorboard_freq period log_batch_interval`,
  ],
  [
    'it only changes the plots',
    `figsize fig_size dpi fontsize font_size linewidth line_width markersize marker_size nrow ncol nrows_plot
    n_row n_col n_cols plot_step mesh_step figure_size cmap xlim ylim`,
  ],
  [
    'how many results are shown',
    `num_examples_to_generate n_examples_to_show num_to_show n_show num_display n_display num_images_to_show
    generation_max_length max_new_tokens num_return_sequences num_beams gen_length sample_length
    num_generated_images n_sample_images n_digits_shown samples_to_show num_pred`,
  ],
  [
    'a rule that ends the training',
    `early_stopping_patience early_stop_patience es_patience early_stopping_rounds early_stopping_round
    stopping_rounds early_stop n_iter_no_change early_stopping min_delta max_no_improvement od_wait
    patience_early_stopping stop_patience early_stopping_epochs stop_iter`,
  ],
  [
    'where the training starts',
    'start_epoch initial_epoch last_epoch resume_epoch start_iter begin_epoch epoch_start start_step global_step',
  ],
  [
    'a constant that the inputs are normalised with',
    `mean std norm_mean norm_std img_mean img_std pixel_mean pixel_std image_mean image_std imagenet_mean
    imagenet_std data_mean data_std means stds rescale pixel_scale scale_factor max_pixel`,
  ],
  [
    'part of the metric',
    'metrics scoring eval_metric metric_name top_k topk k_eval pos_label average beta_score iou cutoff contamination',
  ],
  [
    'a limit of the environment or its reward',
    `env_id env_name episode_length max_episode_len max_ep_len max_episode_steps max_steps_per_episode
    max_episode_length solved_score goal_score reward_scale reward_clip max_reward target_reward`,
  ],
  ['the period of the data', 'seasonal_periods seasonal_period season_length'],
  [
    'a label that the loss leaves out',
    'ignore_index ignore_label padding_idx pad_token_id pad_idx pad_index',
  ],
]

/** An argument that is never touched because of what takes it. */
interface ArgumentRule {
  takenBy: RegExp
  /** Normalised; without them, all that are given by name. */
  names?: readonly string[]
  exceptFor?: readonly string[]
  reason: string
}

/** The first that fits counts. */
export const ARGUMENTS: readonly ArgumentRule[] = [
  {
    takenBy:
      /^(matplotlib|seaborn|plotly|mpl_toolkits|bokeh|altair|yellowbrick|scikitplot|graphviz|mlxtend\.plotting)\./,
    reason: 'it only changes the plots',
  },
  {
    takenBy: /(^|\.)(plot_\w+|export_graphviz|export_text|make_grid|save_image|imshow)$/,
    reason: 'it only changes the plots',
  },
  {
    takenBy: /^(print|builtins\.print|pprint\.\w+|logging\.\w+|tqdm\.\w+|tqdm|time\.sleep)$/,
    reason: 'it only changes what is printed',
  },
  {
    takenBy: /^(wandb|mlflow|tensorboardX|comet_ml|neptune)\.|(^|\.)SummaryWriter$/,
    reason: 'it only changes what is recorded',
  },
  {
    takenBy:
      /^(sklearn|keras|tensorflow|tensorflow\.keras)\.metrics\.|^(torchmetrics|evaluate|seqeval)\.|(^|\.)(accuracy_score|roc_auc_score|f1_score)$/,
    reason: 'part of the metric',
  },
  {
    takenBy:
      /^sklearn\.model_selection\.|(^|\.)(random_split|train_test_split|KFold|StratifiedKFold|GroupKFold|ShuffleSplit|TimeSeriesSplit|cross_val_\w+|RandomNodeSplit|RandomLinkSplit|split_dataset)$/,
    reason: 'how the data is split',
  },
  {
    takenBy: /^(xgboost|lightgbm|catboost)\.cv$/,
    names: ['nfold', 'fold_count', 'folds', 'seed', 'stratified'],
    reason: 'how the data is split for cross-validation',
  },
  {
    takenBy:
      /^(sklearn|keras|torchvision|torch_geometric|tensorflow_datasets|torchtext|datasets)\.(datasets\.|load_)|(^|\.)(make_(classification|regression|blobs|moons|circles|swiss_roll|s_curve|friedman\d)|load_data|load_dataset|fetch_\w+)$/,
    reason: 'which data is used',
  },
  {
    takenBy: /(^\*|^datasets\b.*|Dataset(Dict)?)\.(map|filter)$/,
    reason: 'how the data is prepared',
  },
  {
    takenBy: /^pandas\.|(^|\.)(read_csv|read_table|read_excel|genfromtxt|loadtxt)$/,
    reason: 'how the data is read',
  },
  {
    takenBy: /(^|\.)(Normalize|Normalization|Rescaling)$/,
    reason: 'a constant that the inputs are normalised with',
  },
  {
    takenBy:
      /(^|\.)(Resize|Resizing|CenterCrop|RandomCrop|RandomResizedCrop|FiveCrop|TenCrop|Pad|Grayscale|ToTensor|resize|load_img|flow_from_dataframe)$/,
    exceptFor: ['batch_size', 'padding'],
    reason: 'the shape of the input',
  },
  {
    takenBy: /(^|\.)(flow_from_directory|image_dataset_from_directory)$/,
    names: ['target_size', 'image_size', 'class_mode', 'color_mode', 'seed', 'validation_split', 'subset'],
    reason: 'the shape and the split of the data',
  },
  {
    takenBy: /(^|\.)(MinMaxScaler|StandardScaler|RobustScaler|MaxAbsScaler|Binarizer)$/,
    reason: 'how the inputs are scaled',
  },
  {
    takenBy:
      /(^|\.)(seed|manual_seed|manual_seed_all|set_seed|set_random_seed|seed_everything|RandomState|default_rng|PRNGKey|PRNGSequence|Random)$/,
    names: ['seed', 'a', 'x', 'key', ''],
    reason: 'a random seed',
  },
  {
    takenBy: /^keras\.(Input|layers\.(Input|InputLayer))$/,
    names: ['shape', 'batch_shape', 'input_shape', 'batch_size', 'tensor'],
    reason: 'the shape of the input',
  },
  {
    takenBy:
      /(^|\.)(Reshape|Flatten|Unflatten|RepeatVector|Permute|Cropping\dD|ZeroPadding\dD|UpSampling\dD|Upsample|AdaptiveAvgPool\dd|AdaptiveMaxPool\dd|PixelShuffle|Lambda)$/,
    reason: 'a shape that must fit what comes before and after',
  },
  {
    takenBy: /(^|\.)(Embedding|EmbeddingBag|Embed)$/,
    names: ['input_dim', 'num_embeddings', 'vocab_size', 'input_length', 'padding_idx', 'max_norm'],
    reason: 'the size of the vocabulary',
  },
  {
    takenBy:
      /(^|\.)(Tokenizer|TextVectorization|StringLookup|IntegerLookup|text\.one_hot|hashing_trick|HashingVectorizer|CountVectorizer|TfidfVectorizer)$/,
    names: [
      'num_words',
      'max_tokens',
      'output_sequence_length',
      'n',
      'depth',
      'num_classes',
      'n_features',
      'max_features',
    ],
    reason: 'the size of the vocabulary',
  },
  {
    takenBy: /(^|\.)(to_categorical|one_hot|CategoryEncoding)$/,
    names: ['num_classes', 'nb_classes', 'depth', 'num_tokens'],
    reason: 'the number of classes',
  },
  {
    takenBy: /(^|\.)(pad_sequences|pad_packed_sequence|timeseries_dataset_from_array|TimeseriesGenerator)$/,
    names: [
      'maxlen',
      'length',
      'sequence_length',
      'sequence_stride',
      'sampling_rate',
      'stride',
      'total_length',
      'value',
    ],
    reason: 'the length that inputs are cut or padded to',
  },
  {
    takenBy: /(^|\.)(EarlyStopping|EarlyStoppingCallback|early_stopping)$/,
    reason: 'a rule that ends the training',
  },
  {
    takenBy: /(^|\.)(ModelCheckpoint|TensorBoard|CSVLogger|ProgbarLogger|log_evaluation)$/,
    reason: 'it only changes what is printed or saved',
  },
  {
    takenBy: /(^|\.)(CrossEntropyLoss|NLLLoss|BCEWithLogitsLoss|BCELoss|cross_entropy|nll_loss)$/,
    names: ['weight', 'ignore_index', 'pos_weight', 'reduction', 'size_average', 'reduce'],
    reason: 'what the loss counts',
  },
  {
    takenBy:
      /(^|\.)(KMeans|MiniBatchKMeans|BisectingKMeans|AgglomerativeClustering|SpectralClustering|Birch|FeatureAgglomeration)$/,
    names: ['n_clusters', 'threshold', 'distance_threshold'],
    reason: 'it defines the task: how many groups there are',
  },
  {
    takenBy:
      /(^|\.)(GaussianMixture|BayesianGaussianMixture|LatentDirichletAllocation|NMF|LinearDiscriminantAnalysis)$/,
    names: ['n_components'],
    reason: 'it defines the task: how many groups there are',
  },
  {
    takenBy: /(^|\.)(TSNE|UMAP|MDS|Isomap|SpectralEmbedding)$/,
    reason: 'it makes a picture of the data',
  },
  {
    takenBy: /(^|\.)(IsolationForest|LocalOutlierFactor|EllipticEnvelope|OneClassSVM)$/,
    names: ['contamination', 'nu'],
    reason: 'the share of outliers, a threshold of the decision',
  },
]
