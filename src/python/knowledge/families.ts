import type { Family } from '../../domain/detection.ts'

/** Architectures by the word in a model's name: `resnet50`, `vit_b_16`. */
const ARCHITECTURES: readonly [RegExp, Family][] = [
  [
    /(^|[^a-z])(vits?|deit3?|beit\w*|swin\w*|cait|xcit|maxvit|coat\w*|pvt\w*|twins|crossvit|levit|eva\d*|dino\w*|clip|segformer|mobilevit\w*|bert|roberta|distilbert|albert|electra|deberta|gpt|t5|bart|llama|whisper|wav2vec2?|hubert|transformers?|visformer|volo|tnt)(?![a-z])/i,
    'transformer',
  ],
  [/(mixer|resmlp|gmlp|nnlm|universal-sentence-encoder|swivel|wiki-words)/i, 'mlp'],
  [
    /(res_?net|resnext|resnest|vgg|alex_?net|dense_?net|inception|google_?net|mobile_?net|efficient_?net|squeeze_?net|shuffle_?net|mnas_?net|reg_?net|conv_?next|convnet|xception|nas_?net|le_?net|u_?net|deeplab|fcn|yolo|ssd|r_?cnn|retina_?net|dla|hrnet|rexnet|ghost_?net|seres|skres|darknet|dpn|vovnet|selecsls|bit_|nfnet|r3d|mc3|r2plus1d|s3d|lraspp|fpn|linknet|pspnet|cnn)/i,
    'cnn',
  ],
  [/(lstm|gru(?![a-z])|rnn|elmo)/i, 'rnn'],
]

/** The family of an architecture by its published name; null for an unknown one. */
export const architectureOf = (name: string): Family | null =>
  ARCHITECTURES.find(([pattern]) => pattern.test(name))?.[1] ?? null

/** Makers of whole models, by canonical name; `named`: the first argument or the function's own name says which. */
const MODELS: readonly [RegExp, Family | 'named'][] = [
  [/^lightning\.get_torchvision_model$/, 'named'],
  [/^keras\.applications\.[\w.]*[A-Z]\w*$/, 'cnn'],
  [/^torchvision\.models\.[\w.]*?([a-z]\w*\d\w*|alexnet|googlenet|[A-Z]\w+)$/, 'named'],
  [/^torchvision\.models\.(get_model|list_models|get_model_builder)$/, 'named'],
  [/^timm\.(create_model|models\.[\w.]+)$/, 'named'],
  [/^torch\.hub\.load$/, 'named'],
  [/^tensorflow_hub\.(KerasLayer|Module|load)$/, 'named'],
  [/^(segmentation_models|segmentation_models_pytorch|pretrainedmodels|cnn_finetune)\.[\w.]+$/, 'cnn'],
  [/^(efficientnet|efficientnet_pytorch|resnest|detectron2|ultralytics|cadene)\.[\w.]*[A-Z]\w*/, 'cnn'],
  [/^monai\.networks\.nets\.\w+$/, 'named'],
  [/^fastai\.[\w.]*(cnn_learner|vision_learner|unet_learner|create_cnn)$/, 'cnn'],
  [/^fastai\.[\w.]*(text_classifier_learner|language_model_learner|AWD_LSTM)$/, 'rnn'],
  [/^fastai\.[\w.]*(tabular_learner|collab_learner)$/, 'mlp'],
  [
    /^(vit_pytorch|x_transformers|sentence_transformers|simpletransformers|setfit|trl|keras_nlp\.models|reformer_pytorch)\.[\w.]*[A-Z]\w*/,
    'transformer',
  ],
  [/^(keras_hub|keras_cv)\.models\.\w+/, 'named'],
  [/^pytorch_forecasting\.[\w.]*TemporalFusionTransformer/, 'transformer'],
  [/^lightning\.(Transformer|LightningTransformer|BoringModel|DemoModel)$/, 'named'],
  [
    /^(gpytorch\.models|botorch\.models|gpflow\.models|tinygp|sklearn\.gaussian_process)\.\w+/,
    'gaussian-process',
  ],
  [/^(gpytorch\.models)\.\w+/, 'gaussian-process'],
  [/^(diffusers|denoising_diffusion_pytorch|k_diffusion)\.[\w.]*[A-Z]\w*/, 'diffusion'],
  [/^tensorflow\.(estimator|contrib\.learn)\.(DNN\w*)/, 'mlp'],
  [/^tensorflow\.(estimator|contrib\.learn)\.(Linear\w*)/, 'linear'],
  [/^tensorflow\.(estimator|contrib\.learn)\.(BoostedTrees\w*)/, 'boosting'],
  [/^tensorflow\.contrib\.boosted_trees\.[\w.]*[A-Z]\w*$/, 'boosting'],
  [/^tensorflow\.contrib\.tensor_forest\./, 'ensemble'],
  [/^tensorflow\.contrib\.factorization\.\w*KMeans\w*/, 'clustering'],
  [/^haiku\.nets\.(ResNet\w*|MobileNet\w*)$/, 'cnn'],
  [/^pytorch_tabnet\.\w+\.\w+/, 'mlp'],
]

const TRANSFORMERS_MODEL =
  /^transformers\.(TF|Flax)?(\w*(Model|For[A-Z]\w*|LMHeadModel)|\w*EncoderDecoder\w*)(\.from_\w+)?$/

/** Whether the name is a class of transformers that is a model, or a method that loads one. */
export const isTransformersModel = (name: string): boolean => TRANSFORMERS_MODEL.test(name)

/**
 * The family of a library's whole model.
 * @param name the canonical name of what is called
 * @param given gives a string among its arguments, such as `resnet50` in `timm.create_model('resnet50')`
 */
export function modelFamily(name: string, given: (() => string | null) | null): Family | null {
  if (isTransformersModel(name)) {
    return /\.(TF|Flax)?(ResNet|ConvNext|RegNet|EfficientNet|MobileNet|UperNet)\w*/.test(name)
      ? 'cnn'
      : 'transformer'
  }
  const found = MODELS.find(([pattern]) => pattern.test(name))?.[1]
  if (found !== 'named') return found ?? null
  const last = name.slice(name.lastIndexOf('.') + 1)
  const torchvision = /^(torchvision\.models\.|lightning\.get_torchvision)/.test(name)
  if (torchvision && /Weights$|^(weights|feature_extraction)/.test(last)) return null
  const named = given?.()
  return (
    (named && architectureOf(named)) ||
    architectureOf(last) ||
    (torchvision || name.startsWith('timm.') ? 'cnn' : null)
  )
}

/** Libraries of environments that an agent acts in, and of agents. */
export const ENVIRONMENTS: ReadonlySet<string> = new Set(
  `gym gymnasium gym_super_mario_bros gym_minigrid minigrid pettingzoo dm_control dm_env unityagents mlagents_envs procgen
   envpool vizdoom ale_py atari_py ple retro highway_env pybullet_envs roboschool brax gymnax bsuite supersuit stable_baselines
   stable_baselines3 sb3_contrib tf_agents tianshou rl torchrl d3rlpy acme garage ray.rllib baselines coax rlax cule
   mujoco_py metaworld pysc2 nes_py`.split(/\s+/),
)
