import type { Operation } from '../syntax/tree.ts'
import { followed } from './follow.ts'
import { arithmetic } from './functions.ts'
import { listOf } from './lists.ts'
import { type Runner, truth } from './runner.ts'
import { numberOf, type Size } from './sizes.ts'
import { type Frame, UNKNOWN, type Value } from './values.ts'
import { FACTORS } from './work.ts'

/** What an operator gives. */
export function operation(runner: Runner, value: Operation, frame: Frame): Value {
  const operands = value.operands.map((operand) => runner.evaluate(operand, frame))
  const [left, right] = operands
  const { operator } = value
  if (operands.some((one) => one.kind === 'tensor')) return arithmetic(runner, operator, operands)
  if (!left) return UNKNOWN
  if (operator === 'not') {
    const known = truth(left)
    return known === null ? UNKNOWN : { kind: 'constant', value: !known }
  }
  if (!right) return UNKNOWN
  if (operator === 'and' || operator === 'or') {
    const known = truth(left)
    if (known === null) return followed(runner, value, frame)
    return known === (operator === 'and') ? right : left
  }
  if (operator === '==' || operator === '!=' || operator === 'is' || operator === 'is not') {
    const equal = sameValue(left, right)
    return equal === null ? UNKNOWN : { kind: 'constant', value: equal === !/!|not/.test(operator) }
  }
  if (left.kind === 'list' && right.kind === 'list' && operator === '+') {
    return listOf(runner, [...left.values, ...right.values])
  }
  if (left.kind === 'list' && right.kind === 'size' && operator === '*') {
    const times = Math.min(numberOf(right.size), 8)
    return listOf(runner, Array.from({ length: Math.max(times, 0) }, () => left.values).flat())
  }
  if (left.kind === 'size' && right.kind === 'size') return computed(runner, operator, left.size, right.size)
  const numeric = operands.every(
    (one) => one.kind === 'size' || (one.kind === 'constant' && one.value === null),
  )
  return numeric && ARITHMETIC[operator] ? { kind: 'constant', value: null } : UNKNOWN
}

function computed(runner: Runner, operator: string, left: Size, right: Size): Value {
  if (operator === '*') {
    if (left.length + right.length <= FACTORS) return { kind: 'size', size: [...left, ...right] }
    return tooLarge(runner, left, right)
  }
  const [a, b] = [numberOf(left), numberOf(right)]
  if (operator === '<' || operator === '>' || operator === '<=' || operator === '>=') {
    const known = operator === '<' ? a < b : operator === '>' ? a > b : operator === '<=' ? a <= b : a >= b
    return { kind: 'constant', value: known }
  }
  const value = ARITHMETIC[operator]?.(a, b)
  if (value === undefined) return UNKNOWN
  // No size: a number such as a scale.
  if (!Number.isSafeInteger(value)) return { kind: 'constant', value: null }
  const size = runner.sizes.computed(operator, [left, right], value)
  return size ? { kind: 'size', size } : tooLarge(runner, left, right)
}

function tooLarge(runner: Runner, left: Size, right: Size): Value {
  for (const size of [left, right])
    runner.sizes.freeze(size, 'what is computed from it is too large to follow')
  return UNKNOWN
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
  '**': (a, b) => a ** b,
}

function sameValue(left: Value, right: Value): boolean | null {
  const none = (value: Value) => value.kind === 'constant' && value.value === null
  const known = (value: Value) => !/^(unknown|method|constant)$/.test(value.kind)
  if (none(left) && none(right)) return true
  if ((none(left) && known(right)) || (none(right) && known(left))) return false
  if (left.kind === 'text' && right.kind === 'text') return left.value === right.value
  if (left.kind === 'size' && right.kind === 'size') return numberOf(left.size) === numberOf(right.size)
  if ((left.kind === 'text' && right.kind === 'size') || (left.kind === 'size' && right.kind === 'text'))
    return false
  return null
}
