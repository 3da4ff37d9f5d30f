import { architectureOf } from '../knowledge/families.ts'
import { classOf, type Scope } from '../names/scope.ts'
import type { Expr } from '../syntax/tree.ts'
import { calledName, dottedName } from '../syntax/walk.ts'
import { contains } from './depends.ts'
import { evidenceAt } from './evidence.ts'
import {
  callsOf,
  isKnown,
  lastPart,
  type Made,
  type Program,
  type Shown,
  shown,
  type Verdict,
  valuesOf,
} from './program.ts'

/** Attention that is written by hand: a product with a transposed value, then a softmax, in one class or function. */
export function ownAttention(program: Program): Shown | null {
  const products = new Map<Scope, Shown>()
  for (const made of program.calls) {
    const { call, scope } = made.site
    if (!/^(matmul|bmm|einsum|dot)$/.test(calledName(call))) continue
    const values = [call.callee, ...call.args.map((argument) => argument.value)]
    const owner = classOf(scope) ?? scope
    if (!products.has(owner) && values.some((value) => contains(value, isTransposed)))
      products.set(owner, shown(made))
  }
  for (const module of program.names.modules) {
    for (const scope of module.scopes) {
      const owner = classOf(scope) ?? scope
      if (products.has(owner) || !program.runs({ scope, main: false })) continue
      const node = valuesOf(scope).find((value) => contains(value, isProduct))
      if (node) products.set(owner, { module, node })
    }
  }
  for (const made of program.calls) {
    const { call, scope } = made.site
    const product = /^softmax$/i.test(calledName(call)) && products.get(classOf(scope) ?? scope)
    if (product) return product
    // `softmax(q @ k.transpose(-2, -1))`
    if (/^softmax$/i.test(calledName(call)) && call.args.some(({ value }) => contains(value, isProduct)))
      return shown(made)
  }
  return null
}

const isProduct = (value: Expr): boolean =>
  value.kind === 'operation' &&
  value.operator === '@' &&
  value.operands.some((one) => contains(one, isTransposed))

const isTransposed = (value: Expr): boolean =>
  (value.kind === 'call' && /^(transpose|permute|t|swapaxes)$/.test(calledName(value))) ||
  (value.kind === 'attribute' && /^(T|mT)$/.test(value.name)) ||
  (value.kind === 'constant' && value.value === true) ||
  (value.kind === 'string' && /->/.test(value.value ?? ''))

/** A product with a sparse matrix that says which node is joined to which. */
export function graphProduct(program: Program): Shown | undefined {
  const made = program.calls.find(
    ({ callee, site }) =>
      callee !== null &&
      /(^|\.)(spmm|sparse_tensor_dense_matmul|sparse_dense_matmul|sparse\.mm)$/.test(callee) &&
      site.call.args.some(({ value }) => /adj|lapl|graph|support|a_?hat/i.test(dottedName(value) ?? '')),
  )
  return made && shown(made)
}

/** A Gaussian process by hand: the factor of a covariance, and equations solved with it. */
export function ownProcess(program: Program): Shown | undefined {
  const factor = program.calls.find(({ site }) => /^(cholesky|cho_factor)$/.test(calledName(site.call)))
  const solved = program.calls.some(({ site }) =>
    /^(solve_triangular|cho_solve|cholesky_solve|triangular_solve)$/.test(calledName(site.call)),
  )
  return factor && solved ? shown(factor) : undefined
}

/** A model whose source is not here to be read, by what its class is called. */
export function byName(program: Program): Verdict {
  for (const made of program.calls) {
    const { callee } = made
    const unknown = callee !== null && /^(?!\*)[\w.]*\.[A-Z]\w*(\.\w+)?$/.test(callee) && !isKnown(callee)
    const family = unknown ? architectureOf(callee) : null
    if (family) {
      const { module, site } = made
      return {
        family,
        evidence: [evidenceAt(module, site.call, `makes a model called ${lastPart(callee ?? '')}`)],
      }
    }
  }
  return { family: null, evidence: [] }
}

/** A network written with plain products of matrices: how many, and whether a loop goes through them. */
export function byProducts(program: Program): Verdict {
  const products = program.calls.filter(
    ({ callee, site }) =>
      /^(matmul|dot|mm|einsum|tensordot|addmm|add_mm)$/.test(calledName(site.call)) &&
      (callee === null || /^(\*|tensorflow|torch|jax|numpy|keras)\b/.test(callee)),
  )
  const shows = (made: Made, why: string) => [evidenceAt(made.module, made.site.call, why)]
  const [first] = products
  const scan = callsOf(program, /^tensorflow\.scan$/)[0]
  if (first && scan) return { family: 'rnn', evidence: shows(scan, 'goes through a sequence step by step') }
  const times = products.reduce((sum, { site }) => sum + (site.loops > 0 ? 2 : 1), signsOf(program))
  if (times > 0) {
    const evidence = first ? shows(first, 'multiplies with a matrix of weights') : []
    return { family: times > 1 ? 'mlp' : 'linear', evidence }
  }
  const [weight] = callsOf(program, /^tensorflow\.Variable$/)
  return weight
    ? { family: 'linear', evidence: shows(weight, 'makes a weight') }
    : { family: null, evidence: [] }
}

/** How often the operator `@` stands in what runs. */
function signsOf(program: Program): number {
  let signs = 0
  const isSign = (value: Expr): boolean => {
    if (value.kind === 'operation' && value.operator === '@') signs += 1
    return false
  }
  for (const { scopes } of program.names.modules) {
    for (const scope of scopes) {
      if (program.runs({ scope, main: false })) for (const value of valuesOf(scope)) contains(value, isSign)
    }
  }
  return signs
}
