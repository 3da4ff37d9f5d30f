import { skipToken, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { CurveView, RunView, TrialSummary } from '../../../src/http/contract.ts'
import { type Followed, useFollowed } from '../follow.ts'
import type { Progress } from '../live.ts'
import { Card, Empty, isMissing, Loaded, Loading } from '../parts/basics.tsx'
import { Chain } from '../parts/chain.tsx'
import { Charts, loadCharts } from '../parts/charts.tsx'
import { CodeSection } from '../parts/code-section.tsx'
import { DataSets } from '../parts/data.tsx'
import { Model, SearchSpace } from '../parts/detection.tsx'
import { EngineAway } from '../parts/engine-away.tsx'
import { LogSection } from '../parts/log-section.tsx'
import { MailList } from '../parts/mail-list.tsx'
import { onDemand } from '../parts/on-demand.tsx'
import { Conclusion, RunHead } from '../parts/run-head.tsx'
import { RunSections } from '../parts/run-sections.tsx'
import { Search } from '../parts/search.tsx'
import { CodeDiff } from '../parts/shown-diff.tsx'
import { ShownTrial } from '../parts/shown-trial.tsx'
import { TrialLink } from '../parts/trial-link.tsx'
import { Trials } from '../parts/trials-section.tsx'
import { Winner } from '../parts/winner.tsx'
import { useCurves, useRun } from '../queries.ts'
import { Link, setParams } from '../router.tsx'
import { runAddress, type Section, titleOf } from '../sections.ts'
import { hasEnded, noMailReason } from '../stages.ts'
import { useTitle } from '../title.ts'

const Space = onDemand(() => import('../parts/space.tsx'), <Card title="Where the trials lie">{null}</Card>)
const Timeline = onDemand(() => import('../parts/timeline.tsx'), <Loading />)

interface PageProps {
  id: number
  section: Section
  /** The trial that the visitor has chosen. */
  chosen: number | null
}

/** What a section needs besides this file: asked for at once, and not when the run is there. */
const CHUNKS: Partial<Record<Section, () => Promise<unknown>>> = {
  progress: loadCharts,
  search: Space.load,
  code: CodeDiff.load,
  timeline: Timeline.load,
}

export function RunPage({ id, section, chosen }: PageProps) {
  const query = useRun(id)
  const run = query.data
  const { data: curves = NO_CURVES } = useCurves(id, run !== undefined && !hasEnded(run.state))
  useEffect(() => {
    // Where it fails, the part that needs it says so.
    CHUNKS[section]?.().catch(() => {})
  }, [section])
  useTitle(
    run
      ? `${run.project} #${run.number} · ${titleOf(section)}`
      : isMissing(query.error)
        ? 'Not found'
        : 'Run',
  )
  return (
    <Loaded query={query} missing={`There is no run ${id}.`}>
      {(found) => <RunContent key={found.id} run={found} curves={curves} section={section} chosen={chosen} />}
    </Loaded>
  )
}

const NO_CURVES: CurveView[] = []

const select = (trial: number) => setParams({ trial, attempt: null })

interface ContentProps extends Omit<PageProps, 'id'> {
  run: RunView
  curves: CurveView[]
}

function RunContent({ run, curves, section, chosen }: ContentProps) {
  const followed = useFollowed(run, chosen)
  const { number } = followed
  const view: View = {
    run,
    curves,
    trial: run.trials.find((one) => one.number === number),
    isChosen: chosen !== null,
    followed,
    select,
  }
  const Content = CONTENT[section]
  return (
    <>
      <RunHead run={run} />
      <Conclusion run={run} />
      <EngineAway run={run} />
      <RunSections run={run} section={section}>
        <NoSuchTrial run={run} chosen={chosen} shown={number} />
        <Content {...view} />
      </RunSections>
    </>
  )
}

interface NoSuchTrialProps {
  run: RunView
  chosen: number | null
  /** In its place. */
  shown: number | null
}

/** An address may name a trial that the run does not have. */
function NoSuchTrial({ run, chosen, shown }: NoSuchTrialProps) {
  if (chosen === null || run.trials.some(({ number }) => number === chosen)) return null
  const what = Number.isInteger(chosen) ? `trial ${chosen}` : 'such trial'
  return (
    <div className="notice" data-tone="warn" role="status">
      <p>
        <strong>There is no {what} in this run</strong>
        {hasEnded(run.state) ? '' : ' yet'}
        {shown === null ? (
          '.'
        ) : (
          <>
            : this is <TrialLink number={shown} />.
          </>
        )}
      </p>
    </div>
  )
}

/** What every section is given. */
interface View {
  run: RunView
  curves: CurveView[]
  /** The trial that is shown; none before the first. */
  trial: TrialSummary | undefined
  /** Whether the visitor has chosen it. */
  isChosen: boolean
  followed: Followed
  select: (trial: number) => void
}

const CONTENT: Record<Section, (view: View) => React.ReactNode> = {
  progress: ProgressSection,
  trials: TrialsSection,
  search: SearchSection,
  code: CodeSection,
  timeline: TimelineSection,
  log: LogSection,
  about: AboutSection,
}

function ProgressLine({ run }: { run: RunView }) {
  const { data } = useQuery<Progress | null>({ queryKey: ['progress', run.id], queryFn: skipToken })
  if (!data || hasEnded(run.state)) return null
  return (
    <p className="progress" role="status">
      {data.text}
    </p>
  )
}

function noTrial(run: RunView): string {
  if (hasEnded(run.state)) return 'None: the run ended before its first trial.'
  if (run.jobs.some(({ name }) => name === 'detect-model'))
    return 'No trial yet: Hone is finding out what the code trains.'
  const isFetched = run.jobs.some(({ state }) => state === 'running')
  return isFetched ? 'No trial yet: the source is being fetched.' : 'No trial yet: the run waits to begin.'
}

function FollowLatest({ run, isChosen }: Pick<View, 'run' | 'isChosen'>) {
  if (!isChosen || hasEnded(run.state)) return null
  return (
    <Link to={runAddress(run.id, 'progress')} replace>
      follow the latest
    </Link>
  )
}

function ProgressSection({ run, curves, trial, isChosen, followed, select }: View) {
  // Who watches the log keeps it when the run ends.
  const [withLog] = useState(!hasEnded(run.state))
  return (
    <>
      <Chain run={run} />
      <ProgressLine run={run} />
      <Winner run={run} />
      <Card title={`Progress of ${run.metric}`} aside={<FollowLatest run={run} isChosen={isChosen} />}>
        {run.trials.length === 0 ? (
          <Empty>{noTrial(run)}</Empty>
        ) : (
          <Charts run={run} curves={curves} selected={trial?.number ?? null} onSelect={select} />
        )}
      </Card>
      {trial === undefined ? null : <ShownTrial run={run} trial={trial} followed={followed} log={withLog} />}
    </>
  )
}

function TrialsSection({ run, curves, trial, followed }: View) {
  return (
    <>
      <Card title="Trials">
        {run.trials.length === 0 ? (
          <Empty>{noTrial(run)}</Empty>
        ) : (
          <Trials run={run} curves={curves} selected={trial?.number ?? null} />
        )}
      </Card>
      {trial === undefined ? null : <ShownTrial run={run} trial={trial} followed={followed} />}
    </>
  )
}

function TimelineSection({ run }: View) {
  return <Timeline run={run} />
}

function SearchSection({ run, curves, trial }: View) {
  return (
    <>
      <Search run={run} />
      <Space run={run} curves={curves} selected={trial?.number ?? null} />
      {run.detection === null ? null : <SearchSpace detection={run.detection} />}
    </>
  )
}

function AboutSection({ run }: View) {
  return (
    <>
      {run.detection === null ? (
        <Card title="Model">
          <Empty>
            {hasEnded(run.state)
              ? 'The run ended before its code was looked at.'
              : 'The code is being looked at.'}
          </Empty>
        </Card>
      ) : (
        <Model detection={run.detection} />
      )}
      <DataSets run={run} />
      <Card title="Mails">
        {run.mails.length === 0 ? <Empty>{noMailReason(run.state)}</Empty> : <MailList mails={run.mails} />}
      </Card>
    </>
  )
}
