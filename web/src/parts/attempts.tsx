import type { AttemptView, FailureView, RunView } from '../../../src/http/contract.ts'
import { failureSince, reasonWords, watchWords } from '../attempts.ts'
import { useNow } from '../clock.ts'
import { factsOf, resumedWords } from '../report.ts'
import { wordOf } from '../stages.ts'
import { Elapsed, FailureBox, State, Words } from './basics.tsx'

export const sameFailure = (a: FailureView, b: FailureView | null | undefined) =>
  a.code === b?.code && a.message === b.message

/** How a container ended, in a few words. */
function endOf(attempt: AttemptView): string {
  const words = [
    attempt.exitCode === null ? null : `exit code ${attempt.exitCode}`,
    attempt.signal,
    attempt.outOfMemory ? 'out of memory' : null,
  ].filter((word) => word !== null)
  return words.join(', ')
}

/** What the runtime in the container told. */
function Report({ attempt }: { attempt: AttemptView }) {
  const resumed = attempt.report && resumedWords(attempt.report)
  const facts = factsOf(attempt)
  const warnings = attempt.report?.warnings ?? []
  return (
    <>
      {resumed === null && facts.length === 0 ? null : (
        <p className="report small">
          {resumed === null ? null : <span className="strong">{resumed}</span>}
          {facts.map((fact) => (
            <span key={fact} className="dim">
              {fact}
            </span>
          ))}
        </p>
      )}
      {warnings.length === 0 ? null : (
        <ul className="notice small" data-tone="warn">
          {warnings.map(({ code, message }) => (
            <li key={`${code} ${message}`}>
              <Words text={message} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** What is being done about one that waits, or that shows no sign of life. */
function Watch({ attempt, run }: { attempt: AttemptView; run: RunView }) {
  const now = useNow()
  const silentLimit = Number(run.settings.silentLimit)
  const words = watchWords(attempt, { engineAway: run.engineAway !== null, silentLimit, now })
  return words === null ? null : (
    <p className="notice small" data-tone="warn">
      {words}
    </p>
  )
}

/** Why an attempt failed, and what is, or was, done about it. */
function Failed({ failure, next }: { failure: FailureView; next: AttemptView | undefined }) {
  return <FailureBox failure={failureSince(failure, next, useNow())} />
}

interface AttemptsProps {
  run: RunView
  /** The failure of the trial, which need not be said again. */
  told: FailureView | null
  attempts: readonly AttemptView[]
  selected: number | undefined
  onSelect: (id: number) => void
}

export function Attempts({ run, attempts, told, selected, onSelect }: AttemptsProps) {
  return (
    <ul className="attempts">
      {attempts.map((attempt, index) => (
        <li key={attempt.id}>
          <button type="button" aria-pressed={attempt.id === selected} onClick={() => onSelect(attempt.id)}>
            <span className="strong">attempt {attempt.number}</span>
            {index > 0 ? <span className="tag">{reasonWords(attempts[index - 1])}</span> : null}
            <State of={wordOf(attempt.state, run.state)} plain />
            <span className="dim small">{endOf(attempt)}</span>
            <span className="dim small push">
              <Elapsed from={attempt.startedAt} to={attempt.endedAt} />
            </span>
          </button>
          <Watch attempt={attempt} run={run} />
          <Report attempt={attempt} />
          {attempt.failure === null || sameFailure(attempt.failure, told) ? null : (
            <Failed failure={attempt.failure} next={attempts[index + 1]} />
          )}
        </li>
      ))}
    </ul>
  )
}
