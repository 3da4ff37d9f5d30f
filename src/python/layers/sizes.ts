import { keyOf, type Origin } from '../flow/flow.ts'
import type { NumberLiteral } from '../syntax/tree.ts'
import type { Role } from './types.ts'
import { CHARACTERS, FACTORS, type Work } from './work.ts'

/** A literal that is used as a size. Those that have to change together form a class, with one root. */
export interface SizeVar {
  key: string
  origin: Origin
  value: number
  /** Names it is bound to; none for a literal that stands where it is used. */
  names: string[]
  /** The parameter that took it first. */
  slot: string
  /** Its value is `times` that of its parent; a root is its own parent. */
  parent: SizeVar
  times: number
  why: string
  /** What it sets: the outputs of a layer. */
  defines: { role: Role; callee: string } | null
  /** Why it must stay. */
  reason: string | null
  /** Of a root: some layer takes as many inputs. */
  consumed: boolean
  /** Of a root: numbers that have to divide it; null for one that is no literal. */
  divisors: { value: number; literal: SizeVar | null }[]
}

/** A factor of a size: a literal, or what is computed from literals. */
export interface Atom {
  /** Equal for atoms that stay equal whatever the literals become. */
  form: string
  value: number
  literal: SizeVar | null
  vars: readonly SizeVar[]
}

/** A product of atoms. */
export type Size = readonly Atom[]

/** The number of features or channels of a tensor: a size times a number, null where that is not known. */
export interface Dim {
  size: Size
  times: number | null
}

export const numberOf = (size: Size) => size.reduce((product, { value }) => product * value, 1)
const inline = (atom: Atom) => atom.literal !== null && atom.literal.names.length === 0

/** The literals of a program that are sizes, and what has to change together. */
export class Sizes {
  readonly vars = new Map<string, SizeVar>()
  private readonly work: Work

  constructor(work: Work) {
    this.work = work
  }

  literal(origin: Origin): Atom {
    const key = keyOf(origin)
    let found = this.vars.get(key)
    if (!found) {
      const { value } = origin.literal as NumberLiteral
      found = {
        key,
        origin,
        value,
        names: [],
        slot: '',
        times: 1,
        why: '',
        defines: null,
        reason: null,
        consumed: false,
        divisors: [],
      } as unknown as SizeVar
      found.parent = found
      this.vars.set(key, found)
    }
    for (const name of origin.names) if (!found.names.includes(name)) found.names.push(name)
    return { form: `#${key}`, value: found.value, literal: found, vars: [found] }
  }

  /** What an operation of two sizes gives; null where that is too large to follow. */
  computed(operator: string, operands: readonly Size[], value: number): Size | null {
    const forms = operands.map((size) =>
      size
        .map((atom) => (inline(atom) ? `=${atom.value}` : atom.form))
        .sort()
        .join('*'),
    )
    if (operator === '+') forms.sort()
    const vars = [...new Set(operands.flat().flatMap((atom) => atom.vars))]
    return this.bounded(forms, operator, value, vars)
  }

  private bounded(forms: readonly string[], operator: string, value: number, vars: SizeVar[]): Size | null {
    const length = forms.reduce((sum, form) => sum + form.length, 0)
    if (!this.work.look(length / 8 + vars.length) || length > CHARACTERS || vars.length > FACTORS) return null
    return [{ form: `(${forms.join(operator)})`, value, literal: null, vars }]
  }

  /** Features of several tensors side by side; null where that is too large to follow. */
  sum(dims: readonly Dim[], value: number): Size | null {
    const forms = dims.map(({ size, times }) => {
      const atoms = size.map((atom) => atom.form)
      return (times === 1 ? atoms : [...atoms, `=${times}`]).sort().join('*')
    })
    const vars = [...new Set(dims.flatMap(({ size }) => size.flatMap((atom) => atom.vars)))]
    return this.bounded(forms.sort(), '+', value, vars)
  }

  find(one: SizeVar): { root: SizeVar; times: number } {
    let times = 1
    let at = one
    while (at.parent !== at) {
      times *= at.times
      at = at.parent
    }
    // The next question has a short way.
    if (one.parent !== at) {
      one.parent = at
      one.times = times
    }
    return { root: at, times }
  }

  freeze(size: Size, reason: string): void {
    for (const atom of size) for (const one of atom.vars) this.freezeVar(one, reason)
  }

  freezeVar(one: SizeVar, reason: string): void {
    one.reason ??= reason
    this.find(one).root.reason ??= reason
  }

  consume(dim: Dim): void {
    for (const atom of dim.size) for (const one of atom.vars) this.find(one).root.consumed = true
  }

  /** `b` is `times` `a` from now on. */
  private tie(a: SizeVar, b: SizeVar, times: number, why: string): boolean {
    const [left, right] = [this.find(a), this.find(b)]
    // b = times * a, so right.times * right.root = times * left.times * left.root.
    const [up, down] = [times * left.times, right.times]
    if (left.root === right.root) return up === down
    const [parent, child, factor] =
      up % down === 0 ? [left.root, right.root, up / down] : [right.root, left.root, down / up]
    if (!Number.isInteger(factor)) return false
    child.parent = parent
    child.times = factor
    child.why ||= why
    b.why ||= why
    parent.consumed ||= child.consumed
    for (const divisor of child.divisors) parent.divisors.push(divisor)
    const reason = parent.reason ?? child.reason
    if (reason !== null) parent.reason = reason
    return true
  }

  /**
   * A layer or a function takes `size` features where `dim` come in: ties what has to be equal.
   * @returns the features with their number of times, where that was not known; null when the two do not fit, and
   * then nothing in them may change
   */
  match(dim: Dim, size: Size, why: string): Dim | null {
    const { length } = dim.size
    if (!this.work.look(length * size.length)) return null
    const matched = this.matched(dim, size, why)
    if (matched === null) {
      const reason = 'it does not follow from the layer before in a way that Hone knows'
      this.freeze(dim.size, reason)
      this.freeze(size, reason)
      return null
    }
    return { size: dim.size, times: matched }
  }

  private matched(dim: Dim, size: Size, why: string): number | null {
    const [before, after] = this.withoutCommon(dim.size, size)
    const [from, to] = [numberOf(before), numberOf(after)]
    const times = dim.times ?? to / from
    if (!Number.isInteger(times) || times < 1 || from * times !== to) return null
    const [only, more] = before
    if (!only) {
      this.freeze(after, 'it follows from the shape of what comes in')
      return times
    }
    if (more || !only.literal) return null
    const { root, times: own } = this.find(only.literal)
    const wanted = times * own
    const factor =
      after.find((atom) => atom.literal && atom.value === root.value && inline(atom)) ??
      after.find((atom) => atom.literal && atom.value === root.value)
    if (factor?.literal) {
      const rest = after.filter((atom) => atom !== factor)
      if (!this.tie(root, factor.literal, 1, why)) return null
      this.freeze(rest, 'it follows from the shape of what comes in')
      return times
    }
    const [single, further] = after
    if (!single?.literal || further) return null
    return this.tie(root, single.literal, wanted, why) ? times : null
  }

  /** Both products without the factors that stay equal whatever the literals become. */
  private withoutCommon(a: Size, b: Size): [Atom[], Atom[]] {
    const [before, after] = [[...a], [...b]]
    for (const atom of a) {
      const at = after.findIndex((other) => this.sameAtom(atom, other))
      if (at === -1) continue
      after.splice(at, 1)
      before.splice(before.indexOf(atom), 1)
    }
    return [before, after]
  }

  private sameAtom(a: Atom, b: Atom): boolean {
    if (!a.literal || !b.literal) return a.form === b.form
    const [left, right] = [this.find(a.literal), this.find(b.literal)]
    return left.root === right.root && left.times === right.times
  }

  /** Whether two stay equal whatever the literals become. */
  same(a: Dim, b: Dim): boolean {
    if (a.times !== b.times) return false
    const [before, after] = this.withoutCommon(a.size, b.size)
    return before.length === 0 && after.length === 0
  }
}
