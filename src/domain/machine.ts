/** A transition that the state machine does not allow: always a bug or a lost race, never bad input. */
export class IllegalTransition extends Error {
  constructor(what: string, from: string, to: string) {
    super(`${what} cannot go from '${from}' to '${to}'`)
    this.name = 'IllegalTransition'
  }
}

export interface Machine<S extends string> {
  readonly states: readonly S[]
  /** True for states that nothing leaves. */
  isFinal(state: S): boolean
  can(from: S, to: S): boolean
  /** @throws IllegalTransition when `from` does not lead to `to`. */
  assert(from: S, to: S): void
}

/** Builds a state machine from a table of the states that each state leads to. */
export function machine<S extends string>(what: string, table: Record<S, readonly S[]>): Machine<S> {
  const can = (from: S, to: S) => table[from].includes(to)
  return {
    states: Object.keys(table) as S[],
    isFinal: (state) => table[state].length === 0,
    can,
    assert(from, to) {
      if (!can(from, to)) throw new IllegalTransition(what, from, to)
    },
  }
}
