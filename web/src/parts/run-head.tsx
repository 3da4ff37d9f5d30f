import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { RunView } from '../../../src/http/contract.ts'
import { postJson } from '../api.ts'
import { branchOf, formatNumber, shortSha } from '../format.ts'
import { chanceWords, formatChance, isMetSoFar, isUnconfirmed, trialsLeft } from '../outlook.ts'
import { seedsInMean } from '../points.ts'
import { Link } from '../router.tsx'
import { hasEnded } from '../stages.ts'
import { Elapsed, ErrorBox, FailureBox, RunState, Time, Words } from './basics.tsx'

const isAlive = ({ state }: RunView) => !hasEnded(state)

const focus = (element: HTMLElement | null) => element?.focus()

/** Asks once before it cancels. */
function Cancel({ run }: { run: RunView }) {
  const [asking, setAsking] = useState(false)
  const client = useQueryClient()
  const cancel = useMutation({
    mutationFn: () => postJson(`/runs/${run.id}/cancel`),
    onSettled: () => client.invalidateQueries({ queryKey: ['run', run.id] }),
  })
  return (
    <>
      {asking ? (
        // The safe answer takes the place and the focus of the button, so that a double click does no harm.
        <div className="ask push">
          <span role="status">Cancel this run? Its training is stopped.</span>
          <button
            type="button"
            className="danger"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            Really cancel?
          </button>
          <button type="button" ref={focus} onClick={() => setAsking(false)}>
            Keep going
          </button>
        </div>
      ) : (
        <button type="button" className="danger push" onClick={() => setAsking(true)}>
          Cancel run
        </button>
      )}
      {cancel.isError ? <ErrorBox error={cancel.error} /> : null}
    </>
  )
}

/** What the run is of, how it stands, and its figures. */
export function RunHead({ run }: { run: RunView }) {
  const [subject, ...rest] = (run.message ?? '').split('\n')
  const seeds = run.bestTrial === null ? 0 : seedsInMean(run.bestTrial, run.trials)
  const chance =
    isAlive(run) && trialsLeft(run) > 0 && !isMetSoFar(run) ? (run.outlook?.chance ?? null) : null
  return (
    <>
      <div className="page-head">
        <h1>
          <Link to={`/projects/${encodeURIComponent(run.project)}`}>{run.project}</Link> #{run.number}
        </h1>
        <RunState run={run} />
        {isAlive(run) ? <Cancel run={run} /> : null}
      </div>
      <p className="commit-line">
        <code>{branchOf(run.ref)}</code> <code>{shortSha(run.sha)}</code>{' '}
        <span className="strong" title={rest.join('\n').trim()}>
          {subject}
        </span>{' '}
        <span className="dim">
          {run.author ? `by ${run.author}, ` : ''}
          {run.trigger} <Time at={run.createdAt} />
        </span>
      </p>
      <dl className="numbers">
        <div data-met={run.state === 'succeeded'}>
          <dt>best {run.metric}</dt>
          <dd>
            {run.best === null ? '–' : formatNumber(run.best)}
            {seeds > 1 ? <span className="dim small"> mean of {seeds} seeds</span> : null}
          </dd>
        </div>
        <div>
          <dt>target</dt>
          <dd>
            {run.direction === 'maximize' ? '≥ ' : '≤ '}
            {formatNumber(run.target)}
          </dd>
        </div>
        <div>
          <dt>trials</dt>
          <dd>
            {run.trialCount} <span className="dim">of {run.trialBudget}</span>
          </dd>
        </div>
        {chance === null ? null : (
          <div title={`${formatChance(chance)} ${chanceWords(run)}`}>
            <dt>chance to reach it</dt>
            <dd>{formatChance(chance)}</dd>
          </div>
        )}
        <div>
          <dt>elapsed</dt>
          <dd>
            <Elapsed from={run.startedAt} to={run.endedAt} />
          </dd>
        </div>
      </dl>
    </>
  )
}

const TITLES = { target: 'Target reached', budget: 'Target not reached', failed: 'The run failed' }
const TONES = { target: 'ok', budget: 'warn', failed: 'bad' }

/** How the run ended, and why. */
export function Conclusion({ run }: { run: RunView }) {
  if (run.conclusion === null) return null
  const { kind, reason, failure } = run.conclusion
  const title = isUnconfirmed(run) ? 'Target not confirmed' : TITLES[kind]
  return (
    <div className="notice conclusion" data-tone={TONES[kind]}>
      <p>
        <strong>{title}.</strong> {failure?.message === reason ? null : <Words text={reason} />}
      </p>
      {failure === undefined ? null : <FailureBox failure={failure} open />}
    </div>
  )
}
