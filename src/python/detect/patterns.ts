import type { Evidence } from '../../domain/detection.ts'
import { ENVIRONMENTS } from '../knowledge/families.ts'
import { lookUp, type Scope } from '../names/scope.ts'
import type { Call, Expr } from '../syntax/tree.ts'
import { calledName, dottedName, keywordOf, positionalOf } from '../syntax/walk.ts'
import { contains, dependsOn, sameName } from './depends.ts'
import { evidenceAt } from './evidence.ts'
import { callsOf, type Made, type Program } from './program.ts'

/** An agent that acts in an environment: `env.reset()`, `env.step(action)`. */
export function environment(program: Program): Evidence | null {
  const agent = callsOf(
    program,
    /^(stable_baselines3?|sb3_contrib|rl\.agents|tf_agents\.agents|tianshou|d3rlpy)\./,
  )[0]
  if (agent) return at(agent, 'makes an agent of reinforcement learning')
  const steps = program.calls.filter(({ site }) => calledName(site.call) === 'step')
  const resets = program.calls.filter(({ site }) => calledName(site.call) === 'reset')
  const library = [...program.imported].some((name) => ENVIRONMENTS.has(name))
  if (library) {
    const made = callsOf(
      program,
      /^(gym|gymnasium|pettingzoo|dm_control|unityagents|retro|procgen|brax|gymnax)\b.*\.(make\w*|load|UnityEnvironment|create|ProcgenEnv)$/,
    )[0]
    const step = steps.find(({ site }) => site.call.args.length > 0 && !OPTIMISER.test(textOf(site.call)))
    if (step && (made || resets.length > 0)) return at(step, 'acts in an environment step by step')
    if (made) return at(made, 'makes an environment to act in')
  }
  return ownEnvironment(program, steps)
}

const OPTIMISER = /opt|sched|scaler|loss|lr_|adam|sgd/i
const textOf = (call: Call) => dottedName(call.callee) ?? ''

/** `step(action)` of a class of the repository, or of an unknown object, that gives the next state and the reward. */
function ownEnvironment(program: Program, steps: readonly Made[]): Evidence | null {
  for (const made of steps) {
    const { call, scope } = made.site
    if (call.args.length > 0 && isUnpacked(call, scope))
      return at(made, 'acts in an environment step by step')
    const referent = program.names.referent(call.callee, scope)
    const method = referent?.kind === 'own' ? referent.scope : null
    const owner = method?.parent?.kind === 'class' ? method.parent : null
    if (!method || !owner?.bindings.has('reset')) continue
    const returned = (method.module.returns.get(method) ?? []).some(
      (value) => value.kind === 'sequence' && value.elements.length >= 3,
    )
    if (returned) return at(made, 'acts in an environment step by step')
  }
  return null
}

/** `state, reward, done = env.step(action)`. */
const isUnpacked = (call: Call, scope: Scope): boolean =>
  [...scope.bindings.values()].some((bindings) =>
    bindings.some((binding) => binding.kind === 'part' && binding.index >= 2 && binding.value === call),
  )

/** Noise that is added over many steps by a schedule, and taken away again. */
export function noiseSchedule(program: Program): Evidence | null {
  const library = callsOf(
    program,
    /^(diffusers|denoising_diffusion_pytorch|k_diffusion)\.[\w.]*(Scheduler|Diffusion)\w*/,
  )[0]
  if (library) return at(library, 'makes a schedule of noise')
  const product = callsOf(program, /\.cumprod$/).find(({ site }) => {
    const inner = [...site.call.args.map((argument) => argument.value), site.call.callee]
    return inner.some((value) =>
      contains(value, (one) => ALPHA.test(dottedName(one) ?? '') || isOneMinus(one)),
    )
  })
  return product ? at(product, 'multiplies a schedule of noise over its steps') : null
}

const ALPHA = /(alpha|beta)/i
const isOneMinus = (value: Expr) =>
  value.kind === 'operation' &&
  value.operator === '-' &&
  value.operands[0]?.kind === 'number' &&
  value.operands[0].value === 1

const at = ({ module, site }: Made, why: string): Evidence => evidenceAt(module, site.call, why)

/** A model that learns to give its own input back. */
export function reconstruction(program: Program): Evidence | null {
  for (const made of program.calls) {
    const { call, scope } = made.site
    if (isFit(made.callee) && fitsItself(call, scope))
      return at(made, 'trains a model to give its input back')
    if (isPlainLoss(program, made) && comparesItself(call, scope)) {
      return at(made, 'compares the output of the model with its input')
    }
  }
  return divergence(program)
}

const isFit = (callee: string | null) =>
  callee !== null && /^(\*|keras[\w.]*)\.(fit|train_on_batch)$/.test(callee)

function fitsItself(call: Call, scope: Scope): boolean {
  const [first = keywordOf(call, 'x'), second = keywordOf(call, 'y')] = positionalOf(call)
  if (!first || !second) return false
  if (sameName(first, second)) return true
  const name = dottedName(second)
  if (name === null || first.kind !== 'name') return false
  // What is given in is what is to come out, with noise added.
  return (lookUp(first.name, scope)?.bindings ?? []).some(
    ({ kind, ...binding }) =>
      kind === 'value' &&
      'value' in binding &&
      (binding.value.kind === 'operation' ||
        (binding.value.kind === 'call' && NOISY.test(calledName(binding.value)))) &&
      dependsOn(binding.value, name, scope, []),
  )
}

const NOISY = /noise|^(clip|clip_by_value|add|minimum|maximum|dropout|corrupt\w*)$/i

const PLAIN_LOSS =
  /(^|\.)(mse_loss|l1_loss|smooth_l1_loss|binary_cross_entropy|binary_cross_entropy_with_logits|mean_squared_error|binary_crossentropy|mse|sigmoid_cross_entropy_with_logits|MSELoss|BCELoss|BCEWithLogitsLoss|L1Loss|SmoothL1Loss|MeanSquaredError|BinaryCrossentropy|l2_loss|sigmoid_binary_cross_entropy|squared_difference)$/

/** A loss that compares number by number, as a reconstruction is. */
function isPlainLoss(program: Program, { callee, site }: Made): boolean {
  if (callee !== null && PLAIN_LOSS.test(callee)) return true
  const maker = program.names.maker(site.call.callee, site.scope)
  return maker?.kind === 'external' && PLAIN_LOSS.test(maker.name)
}

function comparesItself(call: Call, scope: Scope): boolean {
  const values = call.args.map((argument) => argument.value)
  for (const [index, value] of values.slice(0, 2).entries()) {
    const other = values[1 - index]
    const name = dottedName(innermost(value))
    if (!other || !name) continue
    if (!sameName(innermost(value), innermost(other)) && callsModelWith(other, name, scope)) return true
  }
  return false
}

/** Without the methods that only change the shape: `x.view(-1, 784)` -> `x`. */
function innermost(value: Expr): Expr {
  let inner = value
  while (inner.kind === 'call' && inner.callee.kind === 'attribute' && RESHAPES.test(inner.callee.name)) {
    inner = inner.callee.object
  }
  return inner
}
const RESHAPES = /^(view|reshape|flatten|to|cuda|cpu|float|detach|squeeze|unsqueeze|type|size)$/

/** Whether a value is what some call made of the name. */
function callsModelWith(value: Expr, name: string, scope: Scope): boolean {
  const bound =
    value.kind === 'name'
      ? (lookUp(value.name, scope)?.bindings ?? []).flatMap((binding) =>
          binding.kind === 'value' || binding.kind === 'part' ? binding.value : [],
        )
      : [value]
  return bound.some((one) => {
    const inner = innermost(one)
    return inner.kind === 'call' && inner.args.some((argument) => dependsOn(argument.value, name, scope))
  })
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
  return null
}

const valuesOf = (scope: Scope): Expr[] => [
  ...[...scope.bindings.values()].flatMap((bindings) =>
    bindings.flatMap((binding) =>
      binding.kind === 'value' || binding.kind === 'changed' ? binding.value : [],
    ),
  ),
  ...(scope.module.returns.get(scope) ?? []),
  ...[...scope.attributes.values()].flatMap((sets) => sets.map(({ value }) => value)),
]

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
