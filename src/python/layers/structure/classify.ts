import { ACTIVATIONS } from '../../knowledge/layers.ts'
import type { LayerSpec } from '../spec.ts'
import { layerSpecOf } from '../specs.ts'
import type { OpKind } from './chain.ts'

const ACTIVATION_LAYERS =
  /^(Activation|Softmax|LogSoftmax|LogSigmoid|Softmin|ThresholdedReLU|Hardshrink|Softshrink)$/
const FUNCTIONS: readonly [RegExp, OpKind][] = [
  [
    /^(relu6?_?|leaky_relu_?|elu|selu|celu|gelu|silu|swish|mish|sigmoid|tanh|softplus|softsign|hardtanh|hard_swish|hardswish|softmax|log_softmax|logsigmoid|log_sigmoid|relu_)$/,
    'activation',
  ],
  [/^(dropout\d?d?|alpha_dropout)$/, 'dropout'],
  [/^((max|avg|lp)_pool(\dd)?)$/, 'pool'],
  [/^adaptive_(avg|max)_pool\dd$/, 'fixed-pool'],
  [/^(flatten|view|reshape|ravel)$/, 'flatten'],
]

/** What a layer is in a chain. */
export function kindOfLayer(callee: string): { kind: OpKind; spec: LayerSpec | null } {
  const spec = layerSpecOf(callee)
  if (!spec) return { kind: 'weighted', spec: null }
  return { kind: kindOf(spec, callee.slice(callee.lastIndexOf('.') + 1)), spec }
}

function kindOf(spec: LayerSpec, name: string): OpKind {
  switch (spec.kind) {
    case 'dense':
    case 'conv':
    case 'pool':
    case 'flatten':
      return spec.kind
    case 'adaptive-pool':
    case 'global-pool':
      return 'fixed-pool'
    case 'norm':
    case 'group-norm':
      return 'norm'
    case 'same':
      if (/Dropout/.test(name)) return 'dropout'
      if (/Norm/.test(name)) return 'norm'
      return ACTIVATIONS.test(name) || ACTIVATION_LAYERS.test(name) ? 'activation' : 'other'
    case 'input':
    case 'repeat':
    case 'opaque':
      return 'other'
    default:
      return 'weighted'
  }
}

/** What a function or a method is in a chain. */
export function kindOfFunction(name: string): OpKind {
  const last = name.slice(name.lastIndexOf('.') + 1)
  return FUNCTIONS.find(([pattern]) => pattern.test(last))?.[1] ?? 'other'
}

/** Whether a chain with this layer may be a decoder. */
export const growsImages = (callee: string) =>
  /(Transpose|UpSampl|Upsampl|Deconvolution|PixelShuffle|Unpool|RepeatVector)/.test(callee)
