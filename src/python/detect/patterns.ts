import type { Evidence } from '../../domain/detection.ts'
import { ENVIRONMENTS } from '../knowledge/families.ts'
import type { Scope } from '../names/scope.ts'
import type { Call, Expr } from '../syntax/tree.ts'
import { calledName, dottedName } from '../syntax/walk.ts'
import { contains } from './depends.ts'
import { evidenceAt } from './evidence.ts'
import { callsOf, lastPart, type Made, type Program } from './program.ts'

/** An agent that acts in an environment: `env.reset()`, `env.step(action)`. */
export function environment(program: Program): Evidence | null {
  const agent = callsOf(
    program,
    /^(stable_baselines3?|sb3_contrib|rl\.agents|tf_agents\.agents|tianshou|d3rlpy)\./,
  )[0]
  if (agent) return at(agent, 'makes an agent of reinforcement learning')
  const steps = program.calls.filter(
    ({ site }) => site.call.callee.kind === 'attribute' && site.call.callee.name === 'step',
  )
  const resets = program.calls.filter(({ site }) => calledName(site.call) === 'reset')
  const library = [...program.imported].some((name) => ENVIRONMENTS.has(name))
  if (library) {
    const made = program.calls.find(
      ({ callee }) =>
        callee !== null && MAKES.test(lastPart(callee)) && ENVIRONMENTS.has(callee.split('.')[0] ?? ''),
    )
    const step = steps.find(({ site }) => site.call.args.length > 0 && !OPTIMISER.test(textOf(site.call)))
    if (step && (made || resets.length > 0)) return at(step, 'acts in an environment step by step')
    if (made) return at(made, 'makes an environment to act in')
  }
  return ownEnvironment(program, steps, resets)
}

const OPTIMISER = /opt|sched|scaler|loss|lr_|adam|sgd/i
const textOf = (call: Call) => dottedName(call.callee) ?? ''

const MAKES = /^(make\w*|load\w*|create\w*|parallel_env|\w*(Env|Environment)(V\d)?)$/

/** `step(action)` of a class of the repository, or of an unknown object, that gives the next state and the reward. */
function ownEnvironment(program: Program, steps: readonly Made[], resets: readonly Made[]): Evidence | null {
  const unpacked = unpackedIn(new Set(steps.map(({ site }) => site.scope)))
  const isReset = new Set(resets.map(({ site }) => objectOf(site.call)))
  for (const made of steps) {
    const { call, scope } = made.site
    if (isReset.has(objectOf(call)) && call.args.length > 0 && unpacked.has(call))
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

/** `env` of `env.step(action)`; empty for a plain function. */
const objectOf = (call: Call): string =>
  call.callee.kind === 'attribute' ? (dottedName(call.callee.object) ?? '?') : ''

/** Calls whose result is taken apart into three and more: `state, reward, done = env.step(action)`. */
function unpackedIn(scopes: Iterable<Scope>): ReadonlySet<Expr> {
  const found = new Set<Expr>()
  for (const scope of scopes) {
    for (const bindings of scope.bindings.values()) {
      for (const binding of bindings)
        if (binding.kind === 'part' && binding.index >= 2) found.add(binding.value)
    }
  }
  return found
}

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
