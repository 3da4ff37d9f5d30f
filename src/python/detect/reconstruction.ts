import type { Evidence } from '../../domain/detection.ts'
import type { Scope } from '../names/scope.ts'
import type { Call, Expr } from '../syntax/tree.ts'
import { calledName, dottedName, keywordOf, positionalOf } from '../syntax/walk.ts'
import { boundTo, contains, dependsOn, reaches, sameName } from './depends.ts'
import { evidenceAt } from './evidence.ts'
import { callsOf, type Made, type Program, valuesOf } from './program.ts'

const at = ({ module, site }: Made, why: string): Evidence => evidenceAt(module, site.call, why)
const SELF = 'trains a model to give its input back'
/** Losses that are looked at closely. */
const COMPARED_LIMIT = 200
const COMPARED = 'compares the output of the model with its input'

/** A model that learns to give its own input back. */
export function reconstruction(program: Program): Evidence | null {
  let compared = 0
  const squaring = new Set(program.calls.flatMap((made) => (differenceIn(made) ? made.site.scope : [])))
  for (const made of program.calls) {
    const { call, scope } = made.site
    if (isFit(made.callee) && fitsItself(call, scope)) return at(made, SELF)
    if (
      /^(map|from_tensor_slices|zip)$/.test(calledName(call)) &&
      call.args.some(({ value }) => isPair(value) || returnsPair(program, value, scope))
    ) {
      return at(made, SELF)
    }
    const pair = isPlainLoss(program, made, squaring) ? pairOf(call) : differenceIn(made)
    if (pair && ++compared <= COMPARED_LIMIT && comparesInput(program, pair, scope)) return at(made, COMPARED)
  }
  return divergence(program)
}

const isFit = (callee: string | null) =>
  callee !== null && /^(\*|keras[\w.]*)\.(fit|train_on_batch)$/.test(callee)

/** `(x, x)`, `lambda x, y: (x, x)`. */
function isPair(value: Expr): boolean {
  const pair = value.kind === 'lambda' ? value.body : value
  const [first, second] = pair.kind === 'sequence' ? pair.elements : []
  return first?.kind === 'name' && second !== undefined && sameName(first, second)
}

/** A function of the repository that gives its input twice, for `dataset.map`. */
function returnsPair(program: Program, value: Expr, scope: Scope): boolean {
  const referent = value.kind === 'name' ? program.names.referent(value, scope) : null
  if (referent?.kind !== 'own') return false
  return (referent.scope.module.returns.get(referent.scope) ?? []).some(isPair)
}

function fitsItself(call: Call, scope: Scope): boolean {
  const positional = positionalOf(call)
  const first = keywordOf(call, 'x') ?? positional[0]
  const second = keywordOf(call, 'y') ?? positional[1]
  if (!first || !second) return false
  if (sameName(first, second)) return true
  const name = dottedName(second)
  if (name === null || first.kind !== 'name') return false
  // What is given in is what is to come out, with noise added.
  return boundTo(first, scope, ['value']).some(
    (value) =>
      (value.kind === 'operation' || (value.kind === 'call' && NOISY.test(calledName(value)))) &&
      dependsOn(value, name, scope, []),
  )
}

const NOISY = /noise|^(clip|clip_by_value|add|minimum|maximum|dropout|corrupt\w*)$/i

const PLAIN_LOSS =
  /(^|\.)(mse_loss|l1_loss|smooth_l1_loss|binary_cross_entropy|binary_cross_entropy_with_logits|mean_squared_error|binary_crossentropy|mse|sigmoid_cross_entropy_with_logits|MSELoss|BCELoss|BCEWithLogitsLoss|L1Loss|SmoothL1Loss|MeanSquaredError|BinaryCrossentropy|l2_loss|sigmoid_binary_cross_entropy|squared_difference)$/

/**
 * A loss that compares number by number, as a reconstruction is.
 * @param squaring functions of the repository that square a difference
 */
export function isPlainLoss(program: Program, { callee, site }: Made, squaring: ReadonlySet<Scope>): boolean {
  if (callee !== null && PLAIN_LOSS.test(callee)) return true
  const own = program.names.referent(site.call.callee, site.scope)
  if (own?.kind === 'own') return squaring.has(own.scope) && site.call.args.length <= 3
  const maker = program.names.maker(site.call.callee, site.scope)
  if (maker) return maker.kind === 'external' && PLAIN_LOSS.test(maker.name)
  // A loss that is handed in: which one is not known, but that it gets what the model gave and the model's only input.
  return !own && /^(loss|criterion)(_?fn)?$/i.test(calledName(site.call)) && site.call.args.length === 2
}

export const pairOf = (call: Call): Expr[] => call.args.slice(0, 2).map((argument) => argument.value)

/** `a` and `b` of a framework's `square(a - b)`. */
export function differenceIn({ callee, site }: Made): Expr[] | null {
  if (
    callee === null ||
    !/^(tensorflow|torch|jax|keras)\b.*\.(pow|square|abs|norm|reduce_mean|mean)$/.test(callee)
  ) {
    return null
  }
  let value = site.call.args[0]?.value
  if (value?.kind === 'operation' && value.operator === '**') value = value.operands[0]
  if (value?.kind === 'operation' && value.operator === '-') return value.operands
  return value?.kind === 'call' && /^sub(tract)?$/.test(calledName(value)) ? pairOf(value) : null
}

/** Whether one of two values is the input that the other was made of. */
function comparesInput(program: Program, values: readonly Expr[], scope: Scope): boolean {
  for (const [index, value] of values.entries()) {
    const other = values[1 - index]
    const name = other ? rootOf(value, scope) : null
    if (!other || name === null || OUTPUT.test(name) || name === rootOf(other, scope)) continue
    if (madeOf(program, other, name, scope)) return true
  }
  return false
}

/** What a model gave, and what it is to learn: never its input, whatever is made of it. */
const OUTPUT = /(^|[._])(pred(s|icted|ictions?)?|outputs?|logits?|y_?hat|y_?pred|fake\w*|targets?|labels?)$/i

/** Methods and functions that change the shape or the place of a value only. */
const RESHAPES =
  /^(view|reshape|flatten|to|cuda|cpu|float|detach|squeeze|unsqueeze|type|size|Variable|cast|clone|contiguous|astype)$/
const ROOT_DEPTH = 4

/** The name that a value goes by before its shape is changed: `x` of `b_y = x.view(-1, 784)`. */
function rootOf(value: Expr, scope: Scope, depth = 0): string | null {
  const inner = innermost(value)
  if (inner.kind === 'name' && depth < ROOT_DEPTH) {
    const [only, more] = boundTo(inner, scope, ['value'])
    if (only && !more && (only.kind === 'name' || innermost(only) !== only))
      return rootOf(only, scope, depth + 1)
  }
  return dottedName(inner)
}

function innermost(value: Expr): Expr {
  let inner = value
  while (inner.kind === 'call' && RESHAPES.test(calledName(inner))) {
    const object = inner.callee.kind === 'attribute' ? inner.callee.object : null
    const wrapped =
      object && !/^(tf|torch|np|jnp|tensorflow)$/.test(dottedName(object) ?? '')
        ? object
        : inner.args[0]?.value
    if (!wrapped) return inner
    inner = wrapped
  }
  return inner
}

/** Functions of a library that a network is made of; its others only measure and reshape. */
const TRANSFORMS = /(^|\.)(matmul|dot|mm|dense|fully_connected|linear|conv\w*|predict)$/i

/** Whether a value is what a model, or a product with weights, made of the name. */
function madeOf(program: Program, value: Expr, name: string, scope: Scope): boolean {
  const isModel = (one: Expr): boolean => {
    if (one.kind !== 'call') return false
    const referent = program.names.referent(one.callee, scope)
    if (referent?.kind === 'external') return TRANSFORMS.test(referent.name) && dependsOn(one, name, scope)
    return (
      !RESHAPES.test(calledName(one)) && one.args.some((argument) => dependsOn(argument.value, name, scope))
    )
  }
  const bound =
    value.kind === 'name' || value.kind === 'attribute' ? boundTo(value, scope, ['value', 'part']) : [value]
  return bound.some((one) => reaches(innermost(one), scope, isModel, ['value', 'part']))
}

/** The Kullback-Leibler divergence of a normal distribution: `1 + log_var - mu ** 2 - exp(log_var)`. */
function divergence(program: Program): Evidence | null {
  for (const module of program.names.modules) {
    for (const scope of module.scopes) {
      if (!program.runs({ scope, main: false })) continue
      const found = valuesOf(scope).find((value) => contains(value, isKl))
      if (found) return evidenceAt(module, found, 'keeps a code near a normal distribution')
    }
  }
  const [library] = callsOf(program, /(^|\.)kl_divergence$/)
  const likelihood = callsOf(
    program,
    /(^|\.)(log_prob|binary_cross_entropy\w*|sigmoid_cross_entropy_with_logits|mse_loss)$/,
  )
  return library && likelihood.length > 0 ? at(library, 'keeps a code near a distribution') : null
}

function isKl(value: Expr): boolean {
  if (value.kind !== 'operation' || (value.operator !== '-' && value.operator !== '+')) return false
  const terms = termsOf(value)
  const one = terms.some((term) => term.kind === 'number' && Math.abs(term.value) === 1)
  const calls = (name: string) => terms.some((term) => term.kind === 'call' && calledName(term) === name)
  const square = terms.some(
    (term) =>
      (term.kind === 'call' && /^(pow|square)$/.test(calledName(term))) ||
      (term.kind === 'operation' && (term.operator === '**' || term.operator === '*')),
  )
  return (
    square && ((calls('exp') && (one || terms.length >= 3)) || (calls('log') && one && terms.length >= 4))
  )
}

/** The terms of a sum; of a longer one than any divergence is, the last ones. */
function termsOf(value: Expr, depth = 0): Expr[] {
  if (depth > 6 || value.kind !== 'operation' || (value.operator !== '-' && value.operator !== '+'))
    return [value]
  return value.operands.flatMap((operand) => termsOf(operand, depth + 1))
}
