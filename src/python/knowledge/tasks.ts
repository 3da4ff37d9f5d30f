import type { Task } from '../../domain/detection.ts'

/** Losses by their name without case, underscores, and the words `loss` and `error`, as keras, torch, tf and optax call them. */
const LOSSES: readonly [RegExp, Task][] = [
  [
    /^(sparse)?(categorical|binary)?(focal)?crossentropy(withlogits?|v2|withintegerlabels|withlogitsv2)*$/,
    'classification',
  ],
  [
    /^(sparse|weighted)?(softmax|sigmoid|binary|safesoftmax)(binary)?crossentropy(with(logits?|integerlabels))*(v2)*$/,
    'classification',
  ],
  [
    /^(nll|bce|bcewithlogits|ce|crossentropy|multimargin|multilabelsoftmargin|multilabelmargin|softmargin)$/,
    'classification',
  ],
  [/^(categorical|squared|multiclass)?hinge$/, 'classification'],
  [/^(multiclass|binary)(logistic|sparsemax)$/, 'classification'],
  [/^(sigmoid|categorical|binary)?focal(crossentropy)?$/, 'classification'],
  [/^binarycrossentropy$|^logloss$|^bernoullinll$/, 'classification'],
  [
    /^(mse|mae|mape|msle|smoothl1|huber|logcosh|poisson|poissonnll|gaussiannll|rmse|quantile|pinball|squared|absolute|meansquared|meanabsolute|meanabsolutepercentage|meansquaredlogarithmic|rootmeansquared|absolutedifference)$/,
    'regression',
  ],
]

/** The task that a loss trains for: a name such as `categorical_crossentropy`, `CrossEntropyLoss`, `mse_loss`. */
export function taskOfLoss(name: string): Task | null {
  // Without the word, `l1` and `l2` are penalties.
  if (/^l[12]_?loss$/i.test(name)) return 'regression'
  const plain = name
    .toLowerCase()
    .replaceAll(/[_\s]|loss(?:es)?$/g, '')
    .replace(/(loss|errors?)$/, '')
  return LOSSES.find(([pattern]) => pattern.test(plain))?.[1] ?? null
}

/** Parameters that name what a booster optimises. */
export const OBJECTIVE_NAMES: ReadonlySet<string> = new Set([
  'objective',
  'loss_function',
  'application',
  'obj',
  'app',
])

const OBJECTIVES: readonly [RegExp, Task][] = [
  [
    /^(rank:|lambdarank|rank_xendcg|yetirank|queryrmse|pairlogit|querysoftmax|stochasticfilter|lambdamart)/i,
    'other',
  ],
  [/^(binary|multi|cross_entropy|xentropy|softmax|logloss|crossentropy)/i, 'classification'],
  [
    /^(reg:|reg_|count:|survival:|regression|l1|l2|mae|mse|rmse|mape|huber|fair|poisson|quantile|gamma|tweedie|mean_|expectile|lq|loglinquantile|cox|multirmse|survivalaft|rmsewithuncertainty|root_mean)/i,
    'regression',
  ],
]

/** The task of a booster's objective: `binary:logistic`, `regression_l1`, `MultiClass`. */
export const taskOfObjective = (objective: string): Task | null =>
  OBJECTIVES.find(([pattern]) => pattern.test(objective))?.[1] ?? null

/** Heads of transformers' models, by the class name. */
const HEADS: readonly [RegExp, Task][] = [
  [/For(Sequence|Token|Image|Audio|Video|ZeroShotImage)Classification/, 'classification'],
  [/ForMultipleChoice|ForNextSentencePrediction/, 'classification'],
  [
    /For(CausalLM|MaskedLM|Seq2SeqLM|ConditionalGeneration|QuestionAnswering|SemanticSegmentation|ObjectDetection|PreTraining|SpeechSeq2Seq|CTC|Vision2Seq|MaskedImageModeling|\w*Segmentation)|LMHead|DoubleHeads|EncoderDecoderModel/,
    'other',
  ],
]

export const taskOfHead = (name: string): Task | null =>
  HEADS.find(([pattern]) => pattern.test(name))?.[1] ?? null

export interface MetricRule {
  name: string
  direction: 'maximize' | 'minimize'
  task: Task
}

const metric = (name: string, direction: MetricRule['direction'], task: Task): MetricRule => ({
  name,
  direction,
  task,
})
const ACCURACY = metric('accuracy', 'maximize', 'classification')
const F1 = metric('f1', 'maximize', 'classification')
const AUC = metric('auc', 'maximize', 'classification')
const R2 = metric('r2', 'maximize', 'regression')
const RMSE = metric('rmse', 'minimize', 'regression')
const MSE = metric('mse', 'minimize', 'regression')
const MAE = metric('mae', 'minimize', 'regression')

/** What a metric's function, class or string is called, in lower case and without underscores. */
const METRICS: Readonly<Record<string, MetricRule>> = {
  accuracy: ACCURACY,
  accuracyscore: ACCURACY,
  acc: ACCURACY,
  categoricalaccuracy: ACCURACY,
  sparsecategoricalaccuracy: ACCURACY,
  binaryaccuracy: ACCURACY,
  multiclassaccuracy: ACCURACY,
  balancedaccuracyscore: ACCURACY,
  classificationreport: ACCURACY,
  confusionmatrix: ACCURACY,
  merror: ACCURACY,
  multierror: ACCURACY,
  binaryerror: ACCURACY,
  f1score: F1,
  f1: F1,
  f1macro: F1,
  f1micro: F1,
  f1weighted: F1,
  fbetascore: F1,
  rocaucscore: AUC,
  rocauc: AUC,
  auc: AUC,
  auroc: AUC,
  r2score: R2,
  r2: R2,
  rootmeansquarederror: RMSE,
  rmse: RMSE,
  negrootmeansquarederror: RMSE,
  meansquarederror: MSE,
  mse: MSE,
  negmeansquarederror: MSE,
  meanabsoluteerror: MAE,
  mae: MAE,
  negmeanabsoluteerror: MAE,
}

/** What a metric's name measures: `accuracy_score`, `RootMeanSquaredError`, `neg_mean_squared_error`. */
export function metricOf(name: string): MetricRule | null {
  const plain = name.toLowerCase().replaceAll('_', '')
  return Object.hasOwn(METRICS, plain) ? (METRICS[plain] ?? null) : null
}

export const METRIC_DEFAULTS: Readonly<Record<Task, Pick<MetricRule, 'name' | 'direction'>>> = {
  classification: { name: 'accuracy', direction: 'maximize' },
  regression: { name: 'mse', direction: 'minimize' },
  other: { name: 'loss', direction: 'minimize' },
}
