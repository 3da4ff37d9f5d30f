import type { RunView } from '../../src/http/contract.ts'
import { isUnconfirmed } from './outlook.ts'

type Ended = Pick<RunView, 'state' | 'conclusion' | 'met'>

const TITLES = { target: 'Target reached', budget: 'Target not reached', failed: 'The run failed' }

/** How a run ended, and why, without saying a word twice; null while it goes on. Pure. */
export function conclusionWords(run: Ended): { title: string; why: string | null } | null {
  if (run.conclusion === null) return null
  const { kind, reason, failure, stopped } = run.conclusion
  // `stopped by a person after 5 of 20 trials; ...`
  if (stopped) return { title: 'Stopped', why: reason.replace(/^stopped /, '') }
  const title = isUnconfirmed(run) ? 'Target not confirmed' : TITLES[kind]
  // What the failure says stands in its own box.
  if (failure?.message === reason) return { title: `${title}.`, why: null }
  return { title: `${title}:`, why: kind === 'target' ? reason.replace(/^reached /, '') : reason }
}
