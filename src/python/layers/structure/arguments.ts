import type { Argument, Call, Expr } from '../../syntax/tree.ts'
import type { Slot } from '../spec.ts'
import type { Range } from '../types.ts'
import type { Edit } from './text.ts'

/** The argument of a slot. */
export function slotIn(call: Call, [names, index]: Slot): Argument | null {
  const words = names.split(' ')
  const named = call.args.find((one) => one.name !== null && words.includes(one.name))
  if (named || index === null) return named ?? null
  return call.args.filter((one) => one.name === null)[index] ?? null
}

/** The text of an argument with its keyword; null where it is written in an unusual way. */
export function rangeOf(text: string, call: Call, argument: Argument): Range | null {
  const { value, name } = argument
  if (name === null) return value
  const at = call.args.indexOf(argument)
  const from = call.args[at - 1]?.value.end ?? call.callee.end
  const before = text.slice(from, value.start)
  const found = new RegExp(`\\b${name}\\s*=\\s*$`).exec(before)
  return found ? { start: from + found.index, end: value.end } : null
}

/** Takes an argument out, with a comma; null where that cannot be told. */
export function removal(text: string, call: Call, argument: Argument): Edit | null {
  const range = rangeOf(text, call, argument)
  const at = call.args.indexOf(argument)
  if (!range) return null
  const [before, after] = [call.args[at - 1], call.args[at + 1]]
  if (before) return { start: before.value.end, end: range.end, pieces: [] }
  const next = after && rangeOf(text, call, after)
  if (after && !next) return null
  return { start: range.start, end: next ? next.start : range.end, pieces: [] }
}

/** Adds an argument behind the last; null where that cannot be told. */
export function addition(text: string, call: Call, written: string): Edit | null {
  const last = call.args.at(-1)
  if (!last) return null
  const rest = text.slice(last.value.end, call.end)
  if (!/^\s*,?\s*\)$/.test(rest)) return null
  return { start: last.value.end, end: last.value.end, pieces: [`, ${written}`] }
}

export const replacement = (value: Expr, written: string): Edit => ({
  start: value.start,
  end: value.end,
  pieces: [written],
})
