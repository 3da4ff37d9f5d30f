import type { RunView, TrialSummary, TrialView } from '../../../src/http/contract.ts'
import { formatBytes, formatNumber, formatParameter, shortSha } from '../format.ts'
import { useParameter } from '../highlight.ts'
import { useTrial } from '../queries.ts'
import { Link, navigate } from '../router.tsx'
import { runAddress, type Section, withParams } from '../sections.ts'
import { hasEnded, wordOf } from '../stages.ts'
import { Attempts, sameFailure } from './attempts.tsx'
import { Card, Empty, FailureBox, Loaded, State, Words } from './basics.tsx'
import { AttemptLog } from './log-section.tsx'
import { Metrics } from './metrics.tsx'
import { TrialLink } from './trial-link.tsx'
import { isChanged } from './trial-row.tsx'

function Values({ trial, first }: { trial: TrialSummary; first: TrialSummary | undefined }) {
  const entries = Object.entries(trial.values)
  if (entries.length === 0) return null
  return (
    <dl className="facts">
      {entries.map(([name, value]) => (
        <Value
          key={name}
          name={name}
          value={value}
          was={isChanged(trial.values, first?.values, name) ? first?.values[name] : undefined}
        />
      ))}
    </dl>
  )
}

/** `was`: the user's own value, where that differs. */
function Value({ name, value, was }: { name: string; value: unknown; was: unknown }) {
  return (
    <div data-changed={was !== undefined} {...useParameter(name)}>
      <dt>
        <code>{name}</code>
      </dt>
      <dd>
        {formatParameter(value)}
        {was === undefined ? null : <span className="dim small"> was {formatParameter(was)}</span>}
      </dd>
    </div>
  )
}

const isUnderWay = ({ state }: TrialSummary) => state === 'queued' || state === 'running'

function Artifacts({ artifacts, leftOut }: Pick<TrialView, 'artifacts' | 'leftOut'>) {
  return (
    <>
      <ArtifactList artifacts={artifacts} />
      {leftOut.length === 0 ? null : (
        <div className="notice" data-tone="warn">
          <p>Not kept:</p>
          <ul>
            {leftOut.map((what) => (
              <li key={what}>{what}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}

function ArtifactList({ artifacts }: Pick<TrialView, 'artifacts'>) {
  if (artifacts.length === 0)
    return (
      <Empty>
        The training left no model files: let the script save its model at its end, as by{' '}
        <code>joblib.dump(model, "model.joblib")</code>.
      </Empty>
    )
  return (
    <ul className="files">
      {artifacts.map(({ name, size, url }) => (
        <li key={name}>
          <a href={url} download>
            {name}
          </a>{' '}
          <span className="dim small">{formatBytes(size)}</span>
        </li>
      ))}
    </ul>
  )
}

/** Where the values come from, and what they came to with other seeds. */
function Origin({ run, trial }: { run: RunView; trial: TrialSummary }) {
  if (trial.repeats !== null) {
    return (
      <p className="origin">
        Trains the values of <TrialLink number={trial.repeats} /> again with seed {trial.seed}, to see whether
        its value was luck.
      </p>
    )
  }
  const repeats = run.trials.filter(({ repeats }) => repeats === trial.number)
  return (
    <p className="origin">
      <span className="dim">Origin:</span> {trial.origin}
      {repeats.length === 0 ? null : (
        <>
          {' · '}
          <span className="dim">with other seeds</span>{' '}
          {repeats.map(({ id, number, metric, state }, index) => (
            <span key={id}>
              {index > 0 ? ', ' : ''}
              <strong>{metric === null ? wordOf(state, run.state) : formatNumber(metric)}</strong> in{' '}
              <TrialLink number={number} />
            </span>
          ))}
        </>
      )}
    </p>
  )
}

function Pruning({ run, trial }: { run: RunView; trial: TrialSummary }) {
  if (trial.pruning === null) return null
  return (
    <div className="notice">
      <p>
        <strong>Given up:</strong> <Words text={trial.pruning} />.
        {hasEnded(run.state) ? null : ' It goes on from its checkpoint should the others turn out worse.'}
      </p>
    </div>
  )
}

interface Props {
  run: RunView
  trial: TrialSummary
  /** Whether the log is part of it. */
  log?: boolean
}

/** One trial: values, attempts, where its metric comes from, and what it left. */
export function Trial({ run, trial, log = false }: Props) {
  const full = useTrial(trial.id)
  const to = (section: Section, text: string) => (
    <Link to={runAddress(run.id, section, `?trial=${trial.number}`)} stay>
      {text}
    </Link>
  )
  return (
    <Card
      title={
        <>
          Trial {trial.number} <State of={wordOf(trial.state, run.state)} plain />
        </>
      }
      aside={
        <span className="dim">
          {trial.metric === null ? null : (
            <>
              {run.metric} <strong>{formatNumber(trial.metric)}</strong> ·{' '}
            </>
          )}
          <code>{shortSha(trial.sha)}</code> · {to('code', 'what Hone changed')} · {to('log', 'log')}
        </span>
      }
    >
      {trial.failure === null || sameFailure(trial.failure, run.conclusion?.failure) ? null : (
        <div className="notice" data-tone="bad">
          <FailureBox failure={trial.failure} />
        </div>
      )}
      <Pruning run={run} trial={trial} />
      <Origin run={run} trial={trial} />
      <Values trial={trial} first={run.trials.find(({ number }) => number === 0)} />
      <h3>{log ? 'Attempts and log' : 'Attempts'}</h3>
      {log ? <AttemptLog run={run} trial={trial} /> : <AttemptList run={run} trial={trial} />}
      <Loaded query={full}>
        {({ metrics, artifacts, leftOut }) => (
          <>
            <h3>Metrics and their evidence</h3>
            <Metrics metrics={metrics} isOver={!isUnderWay(trial)} />
            {artifacts.length === 0 && isUnderWay(trial) ? null : (
              <>
                <h3>Artifacts</h3>
                <Artifacts artifacts={artifacts} leftOut={leftOut} />
              </>
            )}
          </>
        )}
      </Loaded>
    </Card>
  )
}

/** A press on one opens its log. */
function AttemptList({ run, trial }: { run: RunView; trial: TrialSummary }) {
  if (trial.attempts.length === 0) return <Empty>No container yet.</Empty>
  const open = (id: number) => {
    const attempt = trial.attempts.find((one) => one.id === id)?.number ?? null
    navigate(runAddress(run.id, 'log', withParams('', { trial: trial.number, attempt })), { stay: true })
  }
  return (
    <Attempts run={run} attempts={trial.attempts} told={trial.failure} selected={undefined} onSelect={open} />
  )
}
