import type { AttemptView } from '../../src/http/contract.ts'

type Ended = Pick<AttemptView, 'state'>

/** Why there is an attempt after another one: that one crashed, or the search had stopped it and lets it go on. Pure. */
export const reasonOf = (before: Ended | undefined): 'restart' | 'went on' | null => {
  if (before === undefined) return null
  return before.state === 'stopped' ? 'went on' : 'restart'
}

/** How often a training was started again after a crash. Pure. */
export const restartsOf = (attempts: readonly Ended[]): number =>
  attempts.filter((_, index) => reasonOf(attempts[index - 1]) === 'restart').length
