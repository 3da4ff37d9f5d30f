import type { Evidence } from '../../domain/detection.ts'
import type { Scope } from '../names/scope.ts'
import type { Call, Expr } from '../syntax/tree.ts'
import { calledName, dottedName, walk } from '../syntax/walk.ts'
import { boundTo, dependsOn, reaches } from './depends.ts'
import { evidenceAt } from './evidence.ts'
import type { Program } from './program.ts'
import { differenceIn, isPlainLoss, pairOf } from './reconstruction.ts'

/** Losses that are looked at closely. */
const COMPARED_LIMIT = 200
const DRAWN = /^(randn|randn_like|normal|normal_like|standard_normal|random_normal)$/

/** A model that, given what noise was added to and how far, tells the noise: a diffusion model in training. */
export function predictedNoise(program: Program): Evidence | null {
  let compared = 0
  for (const made of program.calls) {
    const { call, scope } = made.site
    const pair = isPlainLoss(program, made, new Set()) ? pairOf(call) : (differenceIn(made) ?? sumIn(call))
    if (!pair || ++compared > COMPARED_LIMIT) continue
    for (const [index, value] of pair.entries()) {
      const other = pair[1 - index]
      const noise = drawnIn(value, scope)
      if (other && noise !== null && isTold(other, noise, scope))
        return evidenceAt(made.module, call, 'compares the output of the model with the noise that was added')
    }
  }
  return null
}

/** `a` and `b` of `mean((a + b) ** 2)`: a score is the noise with its sign turned. */
function sumIn(call: Call): Expr[] | null {
  const value = call.args[0]?.value
  const base = value?.kind === 'operation' && value.operator === '**' ? value.operands[0] : null
  return base?.kind === 'operation' && base.operator === '+' ? base.operands : null
}

/** The name of drawn noise in a value: `noise`, `noise / std`. */
function drawnIn(value: Expr, scope: Scope): string | null {
  for (const one of walk(value)) {
    if (one.kind !== 'name') continue
    const drawn = boundTo(one, scope, ['value']).some(
      (bound) => bound.kind === 'call' && DRAWN.test(calledName(bound)),
    )
    if (drawn) return dottedName(one)
  }
  return null
}

/** Whether a value is what a model made of noise and of something else, the step. */
const isTold = (value: Expr, noise: string, scope: Scope): boolean =>
  reaches(
    value,
    scope,
    (one) =>
      one.kind === 'call' &&
      inputsOf(one) >= 2 &&
      one.args.some((given) => isNoisy(given.value, noise, scope)),
    ['value', 'part'],
  )

const isNoisy = (value: Expr, noise: string, scope: Scope): boolean =>
  dottedName(value) !== noise && dependsOn(value, noise, scope)

function inputsOf(call: Call): number {
  const [first] = call.args
  return first?.value.kind === 'sequence' ? first.value.elements.length : call.args.length
}
