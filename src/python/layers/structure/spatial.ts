import type { Flow } from '../../flow/flow.ts'
import { argumentOf, calledName, positionalOf, stringOf } from '../../syntax/walk.ts'
import { sizeAfter } from '../space.ts'
import { slotIn } from './arguments.ts'
import type { Chain, Op } from './chain.ts'
import { numberIn } from './copy.ts'

/** What an op does to height and width. */
export interface Step {
  kernel: number
  stride: number
  padding: 'same' | number
}

/** Heights that images of public data sets have, and what they are usually resized to. */
const COMMON = [8, 16, 28, 32, 48, 64, 96, 128, 224, 256]
const DATASETS: readonly [RegExp, number][] = [
  [/(^|\.)(MNIST|FashionMNIST|KMNIST|EMNIST|QMNIST|Omniglot)$/, 28],
  [/(^|\.)(CIFAR10|CIFAR100|SVHN)$/, 32],
  [/(^|\.)STL10$/, 96],
  [/(^|\.)load_digits$/, 8],
]
const RESIZES = /^(Resize|CenterCrop|RandomCrop|RandomResizedCrop)$/

/** @returns null for an op whose effect is not known */
export function stepOf(flow: Flow, chain: Chain, op: Op): Step | 'none' | null {
  const { call, spec, kind } = op
  if (kind === 'norm' || kind === 'activation' || kind === 'dropout') return 'none'
  if (!call || (kind !== 'conv' && kind !== 'pool')) return null
  if (call.args.some(({ name, spread }) => spread !== '' || /^(dilation|ceil_mode)/.test(name ?? '')))
    return null
  // `F.max_pool2d(x, 2)` takes its input first.
  const shift = spec ? 0 : op.inner === positionalOf(call)[0] ? 1 : 0
  const slots = spec ?? {
    kernel: ['kernel_size', shift] as const,
    stride: ['stride', shift + 1] as const,
    padding: ['padding', shift + 2] as const,
  }
  if (!slots.kernel || !slots.stride || !slots.padding) return null
  const number = (slot: readonly [string, number | null]) => {
    const found = slotIn(call, slot)
    return found ? numberIn(flow, chain, found.value) : undefined
  }
  const kernel = number(slots.kernel)
  const stride = number(slots.stride) ?? (kind === 'pool' ? kernel : 1)
  const given = slotIn(call, slots.padding)
  const padding = given && /^same$/i.test(stringOf(given.value) ?? '') ? 'same' : (number(slots.padding) ?? 0)
  if (kernel === undefined || kernel === null || stride === undefined || stride === null) return null
  if (given && padding === 0 && numberIn(flow, chain, given.value) !== 0) return null
  return { kernel, stride, padding }
}

/** Whether a convolution gives as many points as go in. */
export const keepsSize = ({ kernel, stride, padding }: Step): boolean =>
  stride === 1 && (padding === 'same' || 2 * padding === kernel - 1)

/** Height after some ops; null where it is not known, or less than 1. */
export function heightAfter(flow: Flow, chain: Chain, ops: readonly Op[], height: number): number | null {
  let at = height
  for (const op of ops) {
    const step = stepOf(flow, chain, op)
    if (step === null) return null
    if (step !== 'none') at = sizeAfter(at, step.kernel, step.stride, step.padding)
    if (at < 1) return null
  }
  return at
}

/**
 * The height of the images that go into a model, from the number of points that are left of them before they are
 * flattened: the only one among those that images usually have, or the one that the program names.
 */
export function inputHeight(flow: Flow, chain: Chain, ops: readonly Op[], points: number): number | null {
  const side = Math.sqrt(points)
  if (!Number.isInteger(side)) return null
  const named = namedHeights(flow, chain)
  const candidates = named.size > 0 ? [...named] : COMMON
  const [only, more] = candidates.filter((height) => heightAfter(flow, chain, ops, height) === side)
  return only !== undefined && more === undefined ? only : null
}

/** Heights that the program's data sets have, or that its images are resized to. */
function namedHeights(flow: Flow, chain: Chain): Set<number> {
  const heights = new Set<number>()
  for (const module of flow.names.modules) {
    for (const { call, scope } of module.calls) {
      const name = calledName(call)
      const size = RESIZES.test(name) ? argumentOf(call, 'size', 0) : null
      const height = size && numberIn(flow, { ...chain, scope }, size)
      if (height) heights.add(height)
      for (const [pattern, known] of DATASETS) {
        if (pattern.test(flow.names.calleeOf({ call, scope }) ?? '')) heights.add(known)
      }
      // `x.view(-1, 1, 28, 28)`
      const shape = /^(view|reshape)$/.test(name) ? positionalOf(call) : []
      const [, , rows, columns] = shape
      if (
        shape.length === 4 &&
        rows?.kind === 'number' &&
        columns?.kind === 'number' &&
        rows.value === columns.value
      ) {
        if (rows.value > 1) heights.add(rows.value)
      }
    }
  }
  return heights
}
