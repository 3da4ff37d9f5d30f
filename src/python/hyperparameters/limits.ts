import type { Distribution } from '../../domain/detection.ts'
import { type Flow, keyOf } from '../flow/flow.ts'
import type { CallSite } from '../names/module.ts'
import type { Expr } from '../syntax/tree.ts'
import { argumentOf, calledName, isNumber, keywordOf, positionalOf } from '../syntax/walk.ts'

/** What the declaration of an option lets through. */
export interface Limits {
  choices: (string | number)[] | null
  low: number
  high: number
  /** Only whole numbers. */
  whole: boolean
}

/** The limits of the options of a program, by the key of their default. */
export function limitsOf(flow: Flow): Map<string, Limits> {
  const limits = new Map<string, Limits>()
  for (const { default: value, site } of flow.fields.options) {
    if (!value) continue
    for (const origin of flow.origins(value, site.scope)) limits.set(keyOf(origin), declared(site))
  }
  return limits
}

function declared({ call }: CallSite): Limits {
  const name = calledName(call)
  const type = keywordOf(call, 'type')
  const kind = type?.kind === 'call' ? calledName(type) : type?.kind === 'name' ? type.name : ''
  const listed =
    keywordOf(call, 'choices') ??
    (name === 'DEFINE_enum' ? argumentOf(call, 'enum_values', 2) : null) ??
    (type?.kind === 'call' && kind === 'Choice' ? (positionalOf(type)[0] ?? null) : null)
  const range = type?.kind === 'call' && /Range$/.test(kind) ? type : null
  return {
    choices: listed ? literalsIn(listed) : null,
    low: numberIn(range ? argumentOf(range, 'min', 0) : keywordOf(call, 'lower_bound'), -Infinity),
    high: numberIn(range ? argumentOf(range, 'max', 1) : keywordOf(call, 'upper_bound'), Infinity),
    whole: kind === 'int' || kind === 'IntRange' || /^DEFINE_integer$/.test(name),
  }
}

const numberIn = (value: Expr | null, otherwise: number) => (isNumber(value) ? value.value : otherwise)

function literalsIn(value: Expr): (string | number)[] | null {
  if (value.kind !== 'sequence') return null
  return value.elements.flatMap((element): (string | number)[] => {
    if (element.kind === 'number') return [element.value]
    return element.kind === 'string' && element.value !== null ? [element.value] : []
  })
}

/** The part of a distribution that the limits let through; null when that is one value at most. */
export function within(distribution: Distribution, limits: Limits): Distribution | null {
  if (distribution.type === 'categorical') {
    const choices = distribution.choices.filter((choice) => allows(choice, limits))
    return choices.length > 1 ? { ...distribution, choices } : null
  }
  if (limits.choices) {
    const choices = limits.choices.filter(
      (choice) => typeof choice === 'number' && choice >= distribution.low && choice <= distribution.high,
    )
    return choices.length > 1 ? { type: 'categorical', choices } : null
  }
  if (limits.whole && distribution.type === 'float') return null
  const low = Math.max(distribution.low, limits.low)
  const high = Math.min(distribution.high, limits.high)
  return low < high ? { ...distribution, low, high } : null
}

function allows(choice: string | number | boolean, { choices, low, high, whole }: Limits): boolean {
  if (typeof choice === 'boolean') return true
  if (choices && !choices.includes(choice)) return false
  return (
    typeof choice === 'string' || (choice >= low && choice <= high && (!whole || Number.isInteger(choice)))
  )
}

/** For the reader: what an option's own declaration says. */
export const DECLARED = 'its declaration allows no other value'
