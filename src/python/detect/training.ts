import type { Evidence, Framework } from '../../domain/detection.ts'
import { estimatorOf, SCORERS, WRAPPERS } from '../knowledge/estimators.ts'
import { frameworkOfName } from '../knowledge/libraries.ts'
import type { CallSite, Module } from '../names/module.ts'
import type { Names } from '../names/names.ts'
import type { Expr } from '../syntax/tree.ts'
import { dottedName, keywordOf } from '../syntax/walk.ts'
import { evidenceAt } from './evidence.ts'
import { importedLibraries } from './imports.ts'
import { EstimatorSearch } from './wrapped.ts'

/** A call that trains a model. */
export interface Training {
  /** Null when the object that is trained is not known. */
  framework: Framework | null
  /** The canonical name of what is called, such as `keras.Model.fit`; `*.fit` for a method of an unknown object. */
  callee: string
  module: Module
  site: CallSite
  evidence: Evidence
}

/** The libraries a program imports, by the canonical name of their top package. */
type Imported = ReadonlySet<string>

/** Every call of a program that trains; those that only prepare data (`StandardScaler().fit`) are left out. */
export function trainingsOf(names: Names): Training[] {
  const context = { names, imported: importedLibraries(names), search: new EstimatorSearch(names) }
  return names.modules.flatMap((module) =>
    module.calls.flatMap((site): Training[] => {
      const callee = names.calleeOf(site) ?? commandLine(names, site)
      if (callee === null) return []
      const found = trainingOf(context, site, callee)
      if (!found) return []
      const evidence = evidenceAt(module, site.call, `trains: calls ${callee.replace(/^\*\./, '')}()`)
      return [{ framework: found.framework, callee, module, site, evidence }]
    }),
  )
}

const COMMAND_LINE = 'lightning.LightningCLI'

/** A class of the repository that extends Lightning's command line trains when it is made. */
function commandLine(names: Names, site: CallSite): string | null {
  const referent = names.referent(site.call.callee, site.scope)
  if (referent?.kind !== 'own' || referent.scope.kind !== 'class') return null
  return names.externalBases(referent.scope).includes(COMMAND_LINE) ? COMMAND_LINE : null
}

type Found = { framework: Framework | null } | null

function trainingOf(context: Context, site: CallSite, callee: string): Found {
  const method = callee.slice(callee.lastIndexOf('.') + 1)
  if (SCORERS.test(callee)) return scored(context, site)
  for (const [pattern, framework] of FUNCTIONS) if (pattern.test(callee)) return { framework }
  if (site.call.callee.kind !== 'attribute') return null
  const rule = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined
  return rule ? rule({ ...context, site, owner: callee.slice(0, -method.length - 1), method }) : null
}

/** Functions that train when they are called. */
const FUNCTIONS: readonly [RegExp, Framework][] = [
  [/^xgboost\.(train|cv)$/, 'xgboost'],
  [/^lightgbm\.(train|cv)$/, 'lightgbm'],
  [/^catboost\.(train|cv)$/, 'catboost'],
  [/^(optax|equinox)\.apply_updates$/, 'jax'],
  [/^jax\.(grad|value_and_grad)$/, 'jax'],
  [/^equinox\.filter_(value_and_)?grad$/, 'jax'],
  [/^flax\.nnx\.(value_and_)?grad$/, 'jax'],
  [/^lightning\.LightningCLI$/, 'lightning'],
  [/^tensorflow\.estimator\.train_and_evaluate$/, 'keras'],
  [/^tensorflow\.contrib\.slim\.learning\.train$/, 'keras'],
  [/^ignite\.engine\.create_supervised_trainer$/, 'pytorch'],
  [/^pmdarima\.auto_arima$/, 'statsmodels'],
]

interface Context {
  names: Names
  imported: Imported
  search: EstimatorSearch
}

interface MethodCall extends Context {
  site: CallSite
  /** Canonical name of what made the object; `*` when unknown. */
  owner: string
  method: string
}

const METHODS: Readonly<Record<string, (call: MethodCall) => Found>> = {
  fit: fitted,
  fit_generator: fitted,
  fit_predict: fitted,
  fit_regularized: ({ owner }) => (owner.startsWith('statsmodels.') ? { framework: 'statsmodels' } : null),
  partial_fit: fitted,
  train_on_batch: ({ owner }) => ({ framework: frameworkOfName(owner) ?? 'keras' }),
  fit_one_cycle: fastai,
  fine_tune: fastai,
  autofit: ktrain,
  fit_onecycle: ktrain,
  fit_sgd_warm: fastai,
  grid_search: ({ owner }) => (owner.startsWith('catboost.') ? { framework: 'catboost' } : null),
  randomized_search: ({ owner }) => (owner.startsWith('catboost.') ? { framework: 'catboost' } : null),
  search: ({ owner }) => (/^(keras_tuner|kerastuner)\./.test(owner) ? { framework: 'keras' } : null),
  backward: backward,
  manual_backward: ({ imported }) => (imported.has('lightning') ? { framework: 'lightning' } : null),
  train: trained,
  train_model: ({ owner }) =>
    owner.startsWith('simpletransformers.') ? { framework: 'transformers' } : null,
  learn: learned,
  minimize: minimised,
  apply_gradients: applied,
  // Weights that are changed without an optimiser: `w.assign_sub(rate * gradient)`.
  assign_sub: ({ imported }) => (imported.has('tensorflow') ? { framework: 'keras' } : null),
  apply_gradient: ({ imported }) => (imported.has('flax') ? { framework: 'jax' } : null),
  update: ({ owner }) => (/^flax\.nnx\.(\w*Optimizer)$/.test(owner) ? { framework: 'jax' } : null),
}

/** Objects whose `fit` prepares data, by what they are called where nothing else is known. */
const PREPARES =
  /(scal|encod|binari[sz]er|token|vectori[sz]|tfidf|imput|pca\b|svd|tsne|umap|normali[sz]|discreti|transform|preproc|selector|featur|augment|datagen|generator|smote|sampler|lda_?vec|vocab|\ble\b|\bss\b|\bsc\b|\bohe\b|\bmms?\b|\bcv_?vec|word2vec|doc2vec|curve|spline|distribution|dist\b)/i

/** Parts of scikit-learn that prepare data or score: none of their classes is a model, the wrappers excepted. */
export const PREPARING =
  /^(sklearn\.(preprocessing|decomposition|feature_extraction|feature_selection|impute|manifold|random_projection|compose|covariance|kernel_approximation|cross_decomposition|datasets|metrics|utils|inspection)|imblearn\.(over_sampling|under_sampling|combine)|keras\.(preprocessing|datasets|utils|legacy)|keras\.layers|tensorflow\.data|mlxtend\.(preprocessing|feature_selection|frequent_patterns))\b/

function fitted({ search, site, owner, method, imported }: MethodCall): Found {
  const name = owner.slice(owner.lastIndexOf('.') + 1)
  const framework = frameworkOfName(owner)
  if (framework === 'scikit-learn') {
    const object = site.call.callee.kind === 'attribute' ? site.call.callee.object : null
    if (WRAPPERS.has(name)) {
      const itself = object?.kind === 'name' && object.name === 'self'
      return object && !itself ? wrapped(search, object, site) : null
    }
    if (estimatorOf(name)) return { framework }
    return PREPARING.test(owner) || /^sklearn\.base\./.test(owner) ? null : { framework: null }
  }
  if (PREPARING.test(owner)) return null
  if (owner === 'lightning.LightningModule') return null
  if (framework === 'statsmodels') return method === 'fit' && !/\.KDE/.test(owner) ? { framework } : null
  if (framework === 'xgboost' || framework === 'lightgbm' || framework === 'catboost') return { framework }
  if (framework) return { framework: owner.startsWith('sklearn') ? 'scikit-learn' : framework }
  const hidden = owner === '*' || LOADERS.test(owner)
  // A class of a library that is not known: only what is given to `fit` tells that it is a network.
  if (!hidden && !isNetworkFit(site)) return null
  return unknownFit(site, method, imported)
}

/** Functions that give any object. */
const LOADERS = /^(hydra|joblib|pickle|cloudpickle|dill|copy|mlflow|importlib)\b/
const NETWORK_FIT = ['epochs', 'nb_epoch', 'validation_data', 'steps_per_epoch', 'batch_size', 'callbacks']
const isNetworkFit = ({ call }: CallSite): boolean =>
  NETWORK_FIT.some((name) => keywordOf(call, name) !== null)

/** `fit` of an object that nothing is known of: its name and the arguments tell. */
function unknownFit(site: CallSite, method: string, imported: Imported): Found {
  const { call } = site
  const object = call.callee.kind === 'attribute' ? call.callee.object : null
  const last = object && (dottedName(object) ?? '').split('.').at(-1)
  // A pipeline or a search of the repository fits itself, not a model of its own.
  if (last === 'self') return null
  if (last && PREPARES.test(last)) return null
  if (method === 'fit_generator') return { framework: 'keras' }
  const has = (...keywords: string[]) => keywords.some((keyword) => keywordOf(call, keyword) !== null)
  if (/trainer$/i.test(last ?? '') && imported.has('lightning')) return { framework: 'lightning' }
  if (has('datamodule', 'train_dataloaders', 'train_dataloader') && imported.has('lightning')) {
    return { framework: 'lightning' }
  }
  if (isNetworkFit(site)) {
    return { framework: imported.has('keras') || imported.has('tensorflow') ? 'keras' : null }
  }
  return { framework: null }
}

function fastai({ owner, imported }: MethodCall): Found {
  return owner.startsWith('fastai.') || (owner === '*' && imported.has('fastai'))
    ? { framework: 'pytorch' }
    : null
}

function ktrain({ imported }: MethodCall): Found {
  return imported.has('ktrain') ? { framework: 'keras' } : null
}

function backward({ owner, imported }: MethodCall): Found {
  if (/^lightning\.(?!Fabric)/.test(owner)) return { framework: 'lightning' }
  if (/^(accelerate)\./.test(owner))
    return { framework: imported.has('transformers') ? 'transformers' : 'pytorch' }
  const other = /^(paddle|mxnet|chainer|mindspore|oneflow)\b/.test(owner)
  return imported.has('torch') && !other ? { framework: 'pytorch' } : null
}

function trained({ owner, site, imported }: MethodCall): Found {
  const framework = frameworkOfName(owner)
  const className = owner.slice(owner.lastIndexOf('.') + 1)
  if (framework === 'transformers' && /Trainer$/.test(className)) return { framework }
  if (/^tensorflow\.(contrib|estimator|compat)\b/.test(owner)) return { framework: 'keras' }
  if (/^(ultralytics|detectron2|catalyst|flair)\./.test(owner)) return { framework: 'pytorch' }
  if (owner !== '*' || site.call.args.length > 2) return null
  const object = site.call.callee.kind === 'attribute' ? dottedName(site.call.callee.object) : null
  return imported.has('transformers') && /trainer$/i.test(object ?? '') ? { framework: 'transformers' } : null
}

function learned({ owner, site }: MethodCall): Found {
  const framework = frameworkOfName(owner)
  if (/^(stable_baselines3?|sb3_contrib)\./.test(owner)) return { framework }
  return owner === '*' && keywordOf(site.call, 'total_timesteps') ? { framework: 'pytorch' } : null
}

function minimised({ owner, site, imported }: MethodCall): Found {
  if (/^(tensorflow|keras)\b/.test(owner)) return { framework: 'keras' }
  const given = site.call.args.length > 0
  return owner === '*' && given && imported.has('tensorflow') ? { framework: 'keras' } : null
}

function applied({ owner, site, imported }: MethodCall): Found {
  if (/^(tensorflow|keras)\b/.test(owner)) return { framework: 'keras' }
  if (/^(flax|jax)\b/.test(owner) || keywordOf(site.call, 'grads')) {
    return imported.has('jax') || imported.has('flax') ? { framework: 'jax' } : { framework: 'keras' }
  }
  if (imported.has('tensorflow') || imported.has('keras')) return { framework: 'keras' }
  return imported.has('flax') ? { framework: 'jax' } : null
}

/** A search, a pipeline or a wrapper trains what is inside it. */
function wrapped(search: EstimatorSearch, object: Expr, site: CallSite): Found {
  const inside = search.in(object, site.scope)
  const models = inside.filter((one) => one.estimator !== null || one.framework !== 'scikit-learn')
  if (models.length > 0) return { framework: models[0]?.framework ?? null }
  return inside.length > 0 ? null : { framework: null }
}

function scored({ search }: Context, site: CallSite): Found {
  const [first] = site.call.args
  const given = keywordOf(site.call, 'estimator') ?? first?.value
  return given ? (wrapped(search, given, site) ?? { framework: null }) : { framework: null }
}
