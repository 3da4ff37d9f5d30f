import type { RunView } from '../../src/http/contract.ts'
import { formatNumber } from './format.ts'
import { isUnconfirmed } from './outlook.ts'

type Ended = Pick<RunView, 'state' | 'conclusion' | 'met'>

const TITLES = { target: 'Target reached', budget: 'Target not reached', failed: 'The run failed' }

/** Its values as the page writes them everywhere, unless two that differ would look the same. */
const inShort = (reason: string) =>
  reason.replaceAll(/\b\d+\.\d{5,}\b/g, (digits) => {
    const short = formatNumber(Number(digits))
    return reason.split(/[^\d.]+/).includes(short) ? digits : short
  })

/** How a run ended, and why, without saying a word twice; null while it goes on. Pure. */
export function conclusionWords(run: Ended): { title: string; why: string | null } | null {
  if (run.conclusion === null) return null
  const { kind, failure, stopped } = run.conclusion
  const reason = kind === 'failed' ? run.conclusion.reason : inShort(run.conclusion.reason)
  // `stopped by a person after 5 of 20 trials; ...`
  if (stopped) return { title: 'Stopped', why: reason.replace(/^stopped /, '') }
  const title = isUnconfirmed(run) ? 'Target not confirmed' : TITLES[kind]
  // What the failure says stands in its own box.
  if (failure?.message === reason) return { title: `${title}.`, why: null }
  return { title: `${title}:`, why: kind === 'target' ? reason.replace(/^reached /, '') : reason }
}
