import type { ParameterValue } from '../../domain/trial.ts'
import { escapeOf, parseNumber } from '../literal.ts'
import type { Dialect } from './dialect.ts'
import { writeNumber } from './numbers.ts'

/** A literal with what stands around it on both sides. */
export interface Place {
  before: string
  found: string
  after: string
}

export interface Change {
  /** What is expected to stand there. */
  from: ParameterValue
  to: ParameterValue
  /** Whether a number has to be a float, even where an int stands. */
  float: boolean
}

const KEYWORD_AFTER = /^(?:and|else|for|if|in|is|not|or)\b/
const NAME_END = /[\p{ID_Continue}]$/u
const NAME_START = /^[\p{ID_Continue}]/u

/**
 * Whether the literal of `from` stands there, and not a part of a longer one. A number may also be the whole content of
 * a text, as in `os.environ.get('LR', '0.1')`.
 */
export function isLiteralOf(place: Place, from: ParameterValue, dialect: Dialect): boolean {
  const literal = isWhole(place) ? dialect.read(place.found) : null
  return literal !== null && (literal.value === from || sameNumber(literal.value, from))
}

const sameNumber = (text: ParameterValue, number: ParameterValue) =>
  typeof text === 'string' && typeof number === 'number' && parseNumber(text)?.value === number

function isWhole({ before, found, after }: Place): boolean {
  if (/^[+-]?[ \t]*[\d.]/.test(found)) {
    const cut = found.startsWith('.')
      ? /[\d.]$/
      : found.startsWith('+') || found.startsWith('-')
        ? /[\d.][eE]$/
        : /[\w.]$/
    return (
      !cut.test(before) &&
      !/[\d.][eE][-+]$/.test(before) &&
      (!/^[\w.]/.test(after) || KEYWORD_AFTER.test(after))
    )
  }
  if (/^['"]/.test(found)) return !/(?:^|\W)[rbuf]{1,2}$/i.test(before)
  return !NAME_END.test(before) && !(NAME_END.test(found) && NAME_START.test(after))
}

/**
 * The text that takes the place of a literal, in its style.
 * @param fits whether the file can hold a text: its encoding
 * @returns null when the value cannot stand there
 */
export function replaced(
  place: Place,
  change: Change,
  dialect: Dialect,
  fits: (text: string) => boolean,
): string | null {
  const { found } = place
  const literal = dialect.read(found)
  if (!literal) return null
  const { to } = change
  const inText = typeof change.from === 'number' && typeof literal.value === 'string'
  let text: string | null
  if (typeof to === 'boolean') text = dialect.writeBoolean(to, found)
  else if (typeof to === 'string') text = dialect.writeString(to, found)
  else {
    const like = inText ? String(literal.value) : found
    const float =
      change.float || (parseNumber(like)?.float ?? false) || literal.float || !Number.isInteger(to)
    if (!Number.isFinite(to) || (!float && !Number.isSafeInteger(to))) return null
    const number = writeNumber(to, like, float, dialect.numbers)
    text = inText ? dialect.writeString(number, found) : number
  }
  if (text === null) return null
  if (!fits(text)) text = text.replaceAll(/\P{ASCII}/gu, escapeOf)
  const read = dialect.read(text)
  if (!read || !fits(text) || !(read.value === to || (inText && sameNumber(read.value, to)))) return null
  return apart(place, text)
}

/** `return.5` -> `return 1.5`, `1or x` -> `0 or x`. */
function apart({ before, after }: Place, text: string): string {
  const left = NAME_END.test(before) && NAME_START.test(text) ? ' ' : ''
  const right = /[\p{ID_Continue}.]$/u.test(text) && NAME_START.test(after) ? ' ' : ''
  return left + text + right
}
