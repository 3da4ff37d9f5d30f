import type { Flow } from '../../flow/flow.ts'
import type { Argument, Call, Expr } from '../../syntax/tree.ts'
import { addition, removal, replacement, slotIn } from './arguments.ts'
import { type Chain, nameCopy, type Op } from './chain.ts'
import type { Edit } from './text.ts'

/** What only the first layer of a model is told, or only one layer may have. */
const ONCE = /^(input_shape|batch_input_shape|batch_size|input_dim|input_length|weights|data_format)$/

/** A number that an expression always gives; null for anything else. */
export function numberIn(flow: Flow, chain: Chain, value: Expr): number | null {
  if (value.kind === 'number') return value.value
  if (value.kind === 'sequence') {
    const each = value.elements.map((one) => numberIn(flow, chain, one))
    const [first] = each
    return first !== undefined && each.every((one) => one === first) ? first : null
  }
  const literal = flow.origin(value, chain.scope)?.literal
  return literal?.kind === 'number' ? literal.value : null
}

/**
 * What has to change in the text of a layer so that a second one can follow it: it takes as many as it gives, and
 * keeps height and width.
 * @returns null where the layer is written in a way that does not allow it
 */
export function copyEdits(flow: Flow, chain: Chain, op: Op): Edit[] | null {
  const { call, spec } = op
  if (!call || !spec) return []
  if (call.args.some(({ spread }) => spread !== '') || call.args.some(({ name }) => name === 'weights'))
    return null
  const edits: Edit[] = []
  const { text } = chain.module.file
  for (const argument of call.args) {
    if (argument.name === 'name') {
      const edit = renamed(chain, argument.value)
      if (!edit) return null
      edits.push(edit)
    }
    if (argument.name === null || !ONCE.test(argument.name) || argument.name === 'data_format') continue
    const edit = removal(text, call, argument)
    if (!edit) return null
    edits.push(edit)
  }
  if (op.kind !== 'conv' && op.kind !== 'dense') return edits
  const input = inputEdit(op, call)
  const space = op.kind === 'conv' ? spaceEdits(flow, chain, op, call) : []
  return input && space ? [...edits, ...input, ...space] : null
}

/** `name='conv2'` -> `name='conv3'` */
function renamed(chain: Chain, value: Expr): Edit | null {
  if (value.kind !== 'string' || value.value === null) return null
  const { text } = chain.module.file
  if (!/^(['"])[^'"\\]*\1$/.test(text.slice(value.start, value.end))) return null
  return { start: value.start + 1, end: value.end - 1, pieces: [nameCopy(chain, value.value)] }
}

/** The new layer takes as many features as the old one gives. */
function inputEdit({ spec }: Op, call: Call): Edit[] | null {
  if (!spec?.input || spec.inferred) return []
  const input = slotIn(call, spec.input)
  const output = spec.output && slotIn(call, spec.output)
  if (!input || !output) return null
  const { start, end } = input.value
  return [{ start, end, pieces: [{ start: output.value.start, end: output.value.end }] }]
}

/** Stride 1, and as much padding as the kernel takes away. */
function spaceEdits(flow: Flow, chain: Chain, { spec, callee }: Op, call: Call): Edit[] | null {
  const { text } = chain.module.file
  const edits: Edit[] = []
  if (!spec?.kernel || !spec.stride || !spec.padding || /Separable|Depthwise/.test(callee)) return null
  for (const argument of call.args) {
    if (/^(groups|output_padding|padding_mode)$/.test(argument.name ?? '')) return null
    if (/^dilation/.test(argument.name ?? '') && numberIn(flow, chain, argument.value) !== 1) return null
  }
  if (call.args.filter(({ name }) => name === null).length > 5) return null
  const kernel = slotIn(call, spec.kernel)
  if (!kernel) return null
  const stride = oldStyle(call) ? named(call, spec.stride[0]) : slotIn(call, spec.stride)
  if (stride && numberIn(flow, chain, stride.value) !== 1) {
    const edit = stride.name === null ? replacement(stride.value, '1') : removal(text, call, stride)
    if (!edit) return null
    edits.push(edit)
  }
  const padding = oldStyle(call) ? named(call, spec.padding[0]) : slotIn(call, spec.padding)
  const same = padding
    ? padding.value.kind === 'string' && /^same$/i.test(padding.value.value ?? '')
    : spec.pads === 'same'
  if (same) return edits
  if (spec.inferred) {
    const quote = text.slice(call.start, call.end).includes("'") || !text.includes('"') ? "'" : '"'
    const word = oldStyle(call) ? 'border_mode' : 'padding'
    const written = /[A-Z]/.test(padding?.value.kind === 'string' ? (padding.value.value ?? '') : '')
      ? 'SAME'
      : 'same'
    const edit = padding
      ? replacement(padding.value, `${quote}${written}${quote}`)
      : addition(text, call, `${word}=${quote}${written}${quote}`)
    return edit ? [...edits, edit] : null
  }
  const size = numberIn(flow, chain, kernel.value)
  if (size === null || !Number.isInteger(size)) return null
  const odd = size % 2 === 1 ? size : 3
  // The padding fits this kernel only, so that the copy keeps it whatever becomes of the kernel it was copied from.
  edits.push(
    replacement(
      kernel.value,
      odd === size && kernel.value.kind !== 'name'
        ? text.slice(kernel.value.start, kernel.value.end)
        : String(odd),
    ),
  )
  const pad = String((odd - 1) / 2)
  if (padding) {
    const written =
      pad === '0' && padding.name !== null ? removal(text, call, padding) : replacement(padding.value, pad)
    return written ? [...edits, written] : null
  }
  if (pad === '0') return edits
  const edit = addition(text, call, `padding=${pad}`)
  return edit ? [...edits, edit] : null
}

/** Keras 1: the height and width of the kernel one after the other, `border_mode` for the padding. */
const oldStyle = (call: Call) =>
  call.args.some(({ name }) => /^(border_mode|nb_filter|nb_row|subsample|init)$/.test(name ?? '')) ||
  (call.callee.kind === 'name' && /^Convolution/.test(call.callee.name))

const named = (call: Call, names: string): Argument | null =>
  call.args.find(({ name }) => name !== null && names.split(' ').includes(name)) ?? null
