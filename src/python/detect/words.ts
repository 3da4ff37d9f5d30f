import { layerOf } from '../knowledge/layers.ts'
import type { Scope } from '../names/scope.ts'
import type { Expr } from '../syntax/tree.ts'
import { calledName, dottedName, keywordOf, positionalOf } from '../syntax/walk.ts'
import { boundTo } from './depends.ts'
import type { Program } from './program.ts'

const WIDTHS = ['units', 'out_features', 'features', 'output_dim', 'output_size', 'num_outputs']

/** Whether the last layer gives a number for each word or character of a vocabulary, as a model that writes does. */
export const givesWords = (program: Program): boolean =>
  program.calls.some(({ callee, site: { call, scope } }) => {
    if (callee === null || layerOf(callee) !== 'dense') return false
    const named = WIDTHS.flatMap((name) => keywordOf(call, name) ?? [])
    const width = named.length > 0 ? named : positionalOf(call).slice(0, 2)
    return width.some((value) => countsWords(value, scope, 0))
  })

const DEPTH = 3
const COUNT =
  /(^|_)(n|num|nb|no|number_of|size|total|max)_?(of_)?(unique_)?(\w+_)?(vocab\w*|tokens?|words?|chars?|characters?)(_|$)|(^|_)(vocab\w*|tokens|words|chars)_?(size|dim|len|length|count|num)?$|^(vocab|n_?vocab|ntokens?|VOCAB)/i
const WORDS = /vocab|word|char|token|itos|stoi|idx2|2idx|to_ix|to_idx/i

/** `vocab_size`, `len(chars)`, or a name for them. */
function countsWords(value: Expr, scope: Scope, depth: number): boolean {
  const name = dottedName(value)
  const last = name?.split('.').at(-1)
  if (last && COUNT.test(last)) return true
  if (value.kind === 'call' && calledName(value) === 'len') {
    const counted = value.args[0]?.value
    return counted !== undefined && WORDS.test(dottedName(counted) ?? '')
  }
  if (value.kind === 'sequence') {
    const last = value.elements.at(-1)
    return last !== undefined && countsWords(last, scope, depth)
  }
  if (value.kind === 'operation' && value.operator === '+')
    return value.operands.some((operand) => countsWords(operand, scope, depth))
  if (name === null || depth > DEPTH) return false
  return boundTo(value, scope, ['value']).some((bound) => countsWords(bound, scope, depth + 1))
}
