import type { Evidence, Family } from '../../domain/detection.ts'
import { Flow } from '../flow/flow.ts'
import { architectureOf, modelFamily } from '../knowledge/families.ts'
import { type LayerKind, layerOf } from '../knowledge/layers.ts'
import { Dynamic } from '../names/dynamic.ts'
import type { CallSite } from '../names/module.ts'
import { classOf, type Scope } from '../names/scope.ts'
import type { Expr } from '../syntax/tree.ts'
import { calledName, dottedName } from '../syntax/walk.ts'
import { contains } from './depends.ts'
import { evidenceAt } from './evidence.ts'
import { callsOf, isKnown, lastPart, type Made, type Program, valuesOf } from './program.ts'

/** The layers that a program builds. */
export interface Layers {
  count: Record<LayerKind, number>
  first: Partial<Record<LayerKind, Made>>
  /** Whole models of a library, such as `torchvision.models.resnet18`. */
  models: { family: Family; made: Made }[]
}

export function layersOf(program: Program): Layers {
  const count: Layers['count'] = {
    conv: 0,
    recurrent: 0,
    attention: 0,
    graph: 0,
    dense: 0,
    embedding: 0,
    activation: 0,
  }
  const layers: Layers = { count, first: {}, models: [] }
  const dynamic = new Dynamic(program.names)
  const flow = new Flow(program.names)
  for (const made of program.calls) {
    const { callee, site } = made
    const lookup = callee === null || callee === 'getattr' ? dynamic.lookup(site) : null
    if (lookup && typeof lookup.in === 'string') {
      const names = lookup.keys.length > 0 ? lookup.keys : ['get_model']
      for (const name of names) addModel(layers, made, `${lookup.in}.${name}`, null)
    }
    if (callee === null) continue
    // A name that is defined nowhere is a layer that the file has lost: exported notebooks have such.
    const kind = layerOf(/^[A-Z]\w*$/.test(callee) ? `torch.nn.${callee}` : callee)
    if (kind) {
      count[kind] += lastPart(callee) === 'MLP' ? 2 : program.times(site)
      layers.first[kind] ??= made
    } else addModel(layers, made, callee, () => namedBy(flow, site))
  }
  return layers
}

function addModel(layers: Layers, made: Made, name: string, given: (() => string | null) | null): void {
  const family = modelFamily(name, given)
  if (family) layers.models.push({ family, made })
}

/** The string among the arguments of a call that names a model. */
function namedBy(flow: Flow, { call, scope }: CallSite): string | null {
  for (const { value } of call.args) {
    for (const { literal } of flow.origins(value, scope)) {
      const text = literal.kind === 'string' ? literal.value : null
      // The first argument of torch.hub.load is where the model is kept.
      if (text && !/^(pytorch\/vision|facebookresearch\/\w+|huggingface\/)/.test(text)) return text
    }
  }
  return null
}

/** Attention that is written by hand: a product with a transposed value, then a softmax, in one class or function. */
function ownAttention(program: Program): Made | null {
  const products = new Map<Scope, Made>()
  for (const made of program.calls) {
    const { call, scope } = made.site
    if (!/^(matmul|bmm|einsum|dot)$/.test(calledName(call))) continue
    const values = [call.callee, ...call.args.map((argument) => argument.value)]
    const owner = classOf(scope) ?? scope
    if (!products.has(owner) && values.some((value) => contains(value, isTransposed)))
      products.set(owner, made)
  }
  for (const made of program.calls) {
    const { call, scope } = made.site
    const product = /^softmax$/i.test(calledName(call)) && products.get(classOf(scope) ?? scope)
    if (product) return product
    // `softmax(q @ k.transpose(-2, -1))`
    if (/^softmax$/i.test(calledName(call)) && call.args.some(({ value }) => contains(value, isProduct)))
      return made
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
const graphProduct = (program: Program): Made | undefined =>
  program.calls.find(
    ({ callee, site }) =>
      callee !== null &&
      /(^|\.)(spmm|sparse_tensor_dense_matmul|sparse_dense_matmul|sparse\.mm)$/.test(callee) &&
      site.call.args.some(({ value }) => /adj|lapl|graph|support|a_?hat/i.test(dottedName(value) ?? '')),
  )

/** A Gaussian process by hand: the factor of a covariance, and equations solved with it. */
function ownProcess(program: Program): Made | undefined {
  const factor = program.calls.find(({ site }) => /^(cholesky|cho_factor)$/.test(calledName(site.call)))
  const solved = program.calls.some(({ site }) =>
    /^(solve_triangular|cho_solve|cholesky_solve|triangular_solve)$/.test(calledName(site.call)),
  )
  return solved ? factor : undefined
}

export interface Verdict {
  family: Family | null
  evidence: Evidence[]
}

/** The family of a network by what it is built of. */
export function networkFamily(program: Program, layers: Layers): Verdict {
  const { count, first, models } = layers
  const shows = (made: Made | undefined, why: string): Evidence[] =>
    made ? [evidenceAt(made.module, made.site.call, why)] : []
  const by = (family: Family) => models.find((model) => model.family === family)?.made
  const graph = first.graph ?? graphProduct(program)
  if (graph) return { family: 'gnn', evidence: shows(graph, 'builds a layer of a graph network') }
  const process = by('gaussian-process') ?? ownProcess(program)
  if (process) return { family: 'gaussian-process', evidence: shows(process, 'builds a Gaussian process') }
  const attention = by('transformer') ?? attentionOf(program, count, first.attention)
  if (attention) return { family: 'transformer', evidence: shows(attention, 'builds a transformer') }
  const conv = first.conv ?? by('cnn')
  const recurrent = first.recurrent ?? by('rnn')
  if (conv && recurrent) {
    return {
      family: 'mixed',
      evidence: [...shows(conv, 'builds a convolution'), ...shows(recurrent, 'builds a recurrent layer')],
    }
  }
  if (recurrent) return { family: 'rnn', evidence: shows(recurrent, 'builds a recurrent layer') }
  if (conv) return { family: 'cnn', evidence: shows(conv, 'builds a convolution') }
  const other = models[0]
  if (other) return { family: other.family, evidence: shows(other.made, `builds a ${other.family}`) }
  if (count.dense > 0) {
    const hidden = count.dense > 1 || count.embedding > 0
    return {
      family: hidden ? 'mlp' : 'linear',
      evidence: shows(first.dense, hidden ? 'builds a dense layer' : 'builds the only dense layer'),
    }
  }
  if (count.embedding > 0) return { family: 'mlp', evidence: shows(first.embedding, 'builds an embedding') }
  const products = byProducts(program)
  return products.family ? products : byName(program)
}

/** A model whose source is not here to be read, by what its class is called. */
function byName(program: Program): Verdict {
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

/** How many layers of another kind make attention a mere part of a network. */
const MERE_PART = { conv: 6, recurrent: 3 }

function attentionOf(program: Program, count: Layers['count'], first: Made | undefined): Made | null {
  const layers = Math.max(count.attention, 1)
  if (count.conv > MERE_PART.conv * layers || count.recurrent >= MERE_PART.recurrent * layers) return null
  return first ?? (count.recurrent === 0 ? ownAttention(program) : null)
}

/** A network written with plain products of matrices: how many, and whether a loop goes through them. */
function byProducts(program: Program): Verdict {
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
