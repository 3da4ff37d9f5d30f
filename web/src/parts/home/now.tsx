import type { OverviewView, RunInShort } from '../../../../src/http/contract/overview.ts'
import { formatNumber, plural } from '../../format.ts'
import { goalWords, workWords } from '../../home.ts'
import { Card, Elapsed, Empty, Words } from '../basics.tsx'
import { NextTry } from '../next-try.tsx'
import { RunLink } from './project-card.tsx'

function AtWork({ run }: { run: RunInShort }) {
  const { best, metric, trialCount, trialBudget } = run
  return (
    <li>
      <div className="row">
        <RunLink run={run} />
        <span className="dim push">
          <Elapsed from={run.startedAt ?? run.createdAt} to={null} />
        </span>
      </div>
      <span
        className="state"
        data-state={run.jobs.some(({ state }) => state === 'running') ? 'running' : 'queued'}
      >
        {workWords(run)}
      </span>
      <progress max={trialBudget} value={trialCount} aria-label={`trials of ${run.project} #${run.number}`} />
      <p className="dim small">
        {trialCount} of {plural(trialBudget, 'trial')} done;{' '}
        {best === null
          ? `no value yet, ${goalWords(run)}`
          : `best ${metric} ${formatNumber(best)}, ${goalWords(run)}`}
      </p>
    </li>
  )
}

function Waiting({ run, waits }: { run: RunInShort; waits: NonNullable<RunInShort['waits']> }) {
  return (
    <li>
      <div className="row">
        <RunLink run={run} />
        <span className="dim push">
          for <Elapsed from={waits.since} to={null} />
        </span>
      </div>
      <p className="dim small">
        <Words text={waits.text} /> {waits.until === null ? null : <NextTry at={waits.until} />}
      </p>
    </li>
  )
}

/** What is at work, and what waits for what. */
export function Now({ overview: { now, waits, more } }: { overview: OverviewView }) {
  return (
    <>
      <Card title="Runs now">
        {now.length === 0 ? (
          <Empty>Nothing. A push starts a run.</Empty>
        ) : (
          <ul className="now" aria-label="Runs now">
            {now.map((run) => (
              <AtWork key={run.id} run={run} />
            ))}
          </ul>
        )}
      </Card>
      <Card title="Waits">
        {waits.length === 0 ? (
          <Empty>Nothing waits.</Empty>
        ) : (
          <ul className="now" aria-label="Waits">
            {waits.map((run) =>
              run.waits === null ? null : <Waiting key={run.id} run={run} waits={run.waits} />,
            )}
          </ul>
        )}
        {more === 0 ? null : <p className="dim small">And {plural(more, 'further run')}.</p>}
      </Card>
    </>
  )
}
