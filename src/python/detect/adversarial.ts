import type { Evidence } from '../../domain/detection.ts'
import type { Scope } from '../names/scope.ts'
import type { Call, Expr } from '../syntax/tree.ts'
import { calledName, dottedName, walk } from '../syntax/walk.ts'
import { reaches } from './depends.ts'
import { evidenceAt } from './evidence.ts'
import type { Made, Program } from './program.ts'

/** Points at which two models are taken to be trained against each other. */
const ENOUGH = 4

/**
 * Two models that are trained against each other, as in a generative adversarial network: one judges what the other
 * makes. Several signs are weighed, since no single one is enough: two optimisers also train an encoder and a decoder.
 */
export function adversary(program: Program): Evidence | null {
  const composed = composition(program)
  const named = namedPair(program)
  if (!composed && !named) return null
  const signs: [boolean, number][] = [
    [composed !== null, 2],
    [named !== null, 2],
    [optimisedModels(program) >= 2, 1],
    [updates(program) >= 2, 1],
    [freezes(program), 1],
    [realAndFake(program), 1],
    [noiseToModel(program), 1],
  ]
  const points = signs.reduce((sum, [seen, weight]) => sum + (seen ? weight : 0), 0)
  if (points < ENOUGH) return null
  const made = composed ?? named
  return made && evidenceAt(made.module, made.site.call, 'trains two models against each other')
}

const JUDGE = /discrim|(^|_)net_?d$|(^|_)critic|^d(_?net|_?model)?$|^dis$/i
const MAKER = /generator|(^|_)net_?g$|(^|_)gen(_|$)|^g(_?net|_?model)?$|^gen$/i
const lastOf = (value: Expr): string => (dottedName(value) ?? '').split('.').at(-1) ?? ''

/** `discriminator(generator(z))`, or the same in two statements. */
function composition(program: Program): Made | null {
  for (const made of program.calls) {
    const { call, scope } = made.site
    if (!JUDGE.test(lastOf(call.callee))) continue
    const judged = call.args.some(({ value }) => madeBy(value, scope, MAKER))
    if (judged) return made
  }
  return null
}

const madeBy = (value: Expr, scope: Scope, maker: RegExp): boolean =>
  reaches(value, scope, (one) => one.kind === 'call' && maker.test(lastOf(one.callee)))

/** Calls that make or use both a judging and a making model of the program's own. */
function namedPair(program: Program): Made | null {
  const called = (pattern: RegExp) =>
    program.calls.find(
      ({ callee, site }) =>
        (callee === null || !/\w\./.test(callee)) &&
        pattern.test(lastOf(site.call.callee)) &&
        !/data|image/i.test(lastOf(site.call.callee)),
    )
  const judge = called(JUDGE)
  return judge && called(MAKER) ? judge : null
}

/** Models whose parameters get an optimiser of their own. */
function optimisedModels(program: Program): number {
  const owners = new Set<string>()
  let optimisers = 0
  for (const { callee, site } of program.calls) {
    if (
      callee === null ||
      !/(^|\.)(torch\.optim\.\w+|keras\.optimizers\.[A-Z]\w*|optax\.[a-z]\w*|\w*Optimizer)$/.test(callee)
    )
      continue
    optimisers += 1
    for (const { value } of site.call.args) {
      for (const one of walk(value)) {
        if (one.kind === 'call' && calledName(one) === 'parameters' && one.callee.kind === 'attribute') {
          owners.add(dottedName(one.callee.object) ?? '')
        }
      }
    }
  }
  return Math.max(owners.size, owners.size === 0 ? Math.min(optimisers, 2) : 0)
}

const UPDATES = /^(backward|manual_backward|train_on_batch|apply_gradients|minimize|apply_updates)$/

function updates(program: Program): number {
  return program.calls.filter(({ site }) => UPDATES.test(calledName(site.call))).length
}

/** `discriminator.trainable = False`, or gradients that are cut off by `detach()`. */
function freezes(program: Program): boolean {
  const detached = program.calls.some(({ site }) => calledName(site.call) === 'detach')
  return (
    detached ||
    program.names.modules.some((module) =>
      module.stores.some(
        (store) =>
          store.name === 'trainable' &&
          store.value.kind === 'constant' &&
          !store.value.value &&
          program.runs(store),
      ),
    )
  )
}

/** Labels for real and for made examples: ones and zeros. */
function realAndFake(program: Program): boolean {
  const called = new Set(program.calls.map(({ site }) => calledName(site.call)))
  const both = (one: string, zero: string) => called.has(one) && called.has(zero)
  return both('ones', 'zeros') || both('ones_like', 'zeros_like') || called.has('fill_')
}

const NOISE = /^(randn|normal|random_normal|randn_like|uniform|standard_normal|rand|multivariate_normal)$/

/** A model that is called with noise. */
function noiseToModel(program: Program): boolean {
  return program.calls.some(({ site }) => NOISE.test(calledName(site.call)) && !isInit(site.call))
}

const isInit = (call: Call): boolean => /(^|\.)init(\.|$)/.test(dottedName(call.callee) ?? '')
