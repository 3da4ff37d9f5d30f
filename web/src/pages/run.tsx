import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { CurveView, RunView } from '../../../src/http/contract.ts'
import { postJson } from '../api.ts'
import { branchOf, formatNumber, shortSha } from '../format.ts'
import type { Progress } from '../live.ts'
import { chanceWords, formatChance, isMetSoFar, isUnconfirmed, trialsLeft } from '../outlook.ts'
import {
  Card,
  Elapsed,
  Empty,
  ErrorBox,
  FailureBox,
  Loaded,
  RunState,
  Time,
  Words,
} from '../parts/basics.tsx'
import { Chain } from '../parts/chain.tsx'
import { Charts } from '../parts/charts.tsx'
import { DataSets } from '../parts/data.tsx'
import { Detection } from '../parts/detection.tsx'
import { MailList } from '../parts/mail-list.tsx'
import { Search } from '../parts/search.tsx'
import { Trial } from '../parts/trial.tsx'
import { TrialTable } from '../parts/trials.tsx'
import { Winner } from '../parts/winner.tsx'
import { seedsInMean } from '../points.ts'
import { useCurves, useRun } from '../queries.ts'
import { Link, navigate } from '../router.tsx'
import { trialToShow } from '../selection.ts'
import { hasEnded, noMailReason } from '../stages.ts'

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

function Head({ run }: { run: RunView }) {
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
            {seeds > 1 ? <span className="dim"> mean of {seeds} seeds</span> : null}
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

function ConclusionBox({ run }: { run: RunView }) {
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

function ProgressLine({ run }: { run: RunView }) {
  const { data } = useQuery<Progress | null>({ queryKey: ['progress', run.id], queryFn: skipToken })
  if (!data || !isAlive(run)) return null
  return (
    <p className="progress" role="status">
      {data.text}
    </p>
  )
}

export function RunPage({ id, chosen }: { id: number; chosen: number | null }) {
  const query = useRun(id)
  const run = query.data
  useEffect(() => {
    if (run) document.title = `${run.project} #${run.number} · Hone`
  }, [run])
  return (
    <Loaded query={query} missing={`There is no run ${id}.`}>
      {(found) => <RunContent key={found.id} run={found} chosen={chosen} />}
    </Loaded>
  )
}

const NO_CURVES: CurveView[] = []

function RunContent({ run, chosen }: { run: RunView; chosen: number | null }) {
  const { data: curves = NO_CURVES } = useCurves(run.id, isAlive(run))
  const shown = useRef<number | null>(null)
  const number = trialToShow(run, chosen, shown.current)
  useEffect(() => {
    shown.current = number
  }, [number])
  const trial = run.trials.find((one) => one.number === number)
  const select = (number: number) => navigate(`/runs/${run.id}?trial=${number}`, { replace: true })
  return (
    <>
      <Head run={run} />
      <ConclusionBox run={run} />
      <Chain run={run} />
      <ProgressLine run={run} />
      <Card
        title="Trials"
        aside={
          chosen !== null && isAlive(run) ? (
            <Link to={`/runs/${run.id}`} replace>
              follow the latest
            </Link>
          ) : null
        }
      >
        {run.trials.length === 0 ? (
          <Empty>
            {isAlive(run) ? 'None yet: the code is being looked at.' : 'The run ended before the first.'}
          </Empty>
        ) : (
          <>
            <Charts run={run} curves={curves} selected={number} onSelect={select} />
            <TrialTable run={run} curves={curves} selected={number} onSelect={select} />
          </>
        )}
      </Card>
      <Search run={run} />
      {trial === undefined ? null : <Trial key={trial.id} run={run} trial={trial} />}
      {run.detection === null ? null : <Detection detection={run.detection} />}
      <Winner run={run} />
      <DataSets run={run} />
      <Card title="Mails">
        {run.mails.length === 0 ? <Empty>{noMailReason(run.state)}</Empty> : <MailList mails={run.mails} />}
      </Card>
    </>
  )
}
