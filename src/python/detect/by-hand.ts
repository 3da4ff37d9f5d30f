import type { Family } from '../../domain/detection.ts'
import { Flow } from '../flow/flow.ts'
import { architectureOf } from '../knowledge/families.ts'
import { classOf, type Scope } from '../names/scope.ts'
import type { Expr } from '../syntax/tree.ts'
import { calledName, dottedName, stringOf } from '../syntax/walk.ts'
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

/** A product with the matrix that says which node is joined to which. */
export function graphProduct(program: Program): Shown | undefined {
  const made = program.calls.find(({ callee, site }) => {
    const name = calledName(site.call)
    if (callee === null || !/^(spmm|\w*sparse\w*|mm|bmm|matmul|dot)$/.test(name)) return false
    const sparse = /spmm|sparse/.test(callee)
    const object = site.call.callee.kind === 'attribute' ? [site.call.callee.object] : []
    const values = [...object, ...site.call.args.map(({ value }) => value)]
    return values.some((value) => (sparse ? JOINED_SPARSE : JOINED).test(lastPart(dottedName(value) ?? '')))
  })
  if (made) return shown(made)
  for (const module of program.names.modules) {
    for (const scope of module.scopes) {
      if (!program.runs({ scope, main: false })) continue
      const node = valuesOf(scope).find((value) => contains(value, isGraphSign))
      if (node) return { module, node }
    }
  }
  return undefined
}

const JOINED =
  /^(norm_?|normali[sz]ed_?)?(adj(acency)?|a_?hat|laplacian)(_?(t|mat|matrix|norm|normali[sz]ed))?$/i
const JOINED_SPARSE = /adj|lapl|graph|support|a_?hat/i

/** `adj @ x`. */
const isGraphSign = (value: Expr): boolean =>
  value.kind === 'operation' &&
  value.operator === '@' &&
  value.operands.some((one) => JOINED.test(lastPart(dottedName(one) ?? '')))

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
  const flow = new Flow(program.names)
  const given = ({ site: { call, scope } }: Made): Family | null => {
    for (const { name, value } of call.args) {
      if (!/^(model|model_?name|arch|architecture|backbone|encoder_?name)$/.test(name ?? '')) continue
      for (const { literal } of flow.origins(value, scope)) {
        const family = architectureOf(stringOf(literal) ?? '')
        if (family) return family
      }
    }
    return null
  }
  for (const made of program.calls) {
    const { callee } = made
    const unknown =
      callee !== null &&
      /^(?!\*)[\w.]*\.([A-Z]\w*(\.\w+)?|[a-z_]*(net|vgg|cnn|vit)_?\d\w*)$/.test(callee) &&
      !isKnown(callee)
    const family = unknown ? (architectureOf(callee) ?? given(made)) : null
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
  const times = products.reduce((sum, { site }) => sum + timesOf(program, site), signsOf(program))
  if (times > 0) {
    const evidence = first ? shows(first, 'multiplies with a matrix of weights') : []
    return { family: times > 1 ? 'mlp' : 'linear', evidence }
  }
  const [weight] = callsOf(program, /^tensorflow\.Variable$/)
  return weight
    ? { family: 'linear', evidence: shows(weight, 'makes a weight') }
    : { family: null, evidence: [] }
}

/** A product in a layer of the program's own counts for each layer that is made. */
function timesOf(program: Program, { scope, loops }: { scope: Scope; loops: number }): number {
  const owner = classOf(scope)
  return Math.max(loops > 0 ? 2 : 1, owner ? program.names.callersOf(owner).length : 1)
}

/** How often the operator `@` stands in what runs. */
function signsOf(program: Program): number {
  let signs = 0
  for (const { scopes } of program.names.modules) {
    for (const scope of scopes) {
      if (!program.runs({ scope, main: false })) continue
      const isSign = (value: Expr): boolean => {
        if (value.kind === 'operation' && value.operator === '@')
          signs += timesOf(program, { scope, loops: 0 })
        return false
      }
      for (const value of valuesOf(scope)) contains(value, isSign)
    }
  }
  return signs
}
