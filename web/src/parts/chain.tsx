import { lazy, Suspense } from 'react'
import type { RunView } from '../../../src/http/contract.ts'
import { formatDuration } from '../format.ts'
import { useParams } from '../router.tsx'
import {
  type Chained,
  runningOf,
  type Stage,
  stagesOf,
  stageWord,
  waitingOf,
  waitsForSlot,
} from '../stages.ts'
import { Elapsed, Loading, State, Words } from './basics.tsx'
import { NextTry } from './next-try.tsx'

const JobDetail = lazy(() => import('./job-detail.tsx'))

const SLOT = 'waits for a training slot'

/** How many of its jobs run, where that is more than the one that its state tells of. */
const atOnce = (stage: Stage) => (runningOf(stage) > 1 ? `, ${runningOf(stage)} at once` : '')

/** Five small marks, one a job, for lists. */
export function ChainStrip({ run }: { run: Chained }) {
  const stages = stagesOf(run)
  const wordsOf = (stage: Stage) =>
    `${stage.name}: ${waitsForSlot(stage) ? SLOT : stageWord(stage, run.state)}${atOnce(stage)}`
  return (
    <ol className="strip" aria-label={stages.map(wordsOf).join(', ')}>
      {stages.map((stage) => (
        <li key={stage.name} data-state={stage.state} title={wordsOf(stage)}>
          {stage.name}
        </li>
      ))}
    </ol>
  )
}

interface StageBoxProps {
  stage: Stage
  run: RunView
  /** The stage whose jobs are shown. */
  open: string | null
  onOpen: (name: string | null) => void
}

function StageBox({ stage, run, open, onOpen }: StageBoxProps) {
  const isOpen = open === stage.name
  const { name, state, jobs, current } = stage
  const first = jobs[0]
  const done = jobs.filter((job) => job.endedAt !== null)
  const spent = done.reduce((sum, job) => sum + ((job.endedAt ?? 0) - (job.startedAt ?? job.endedAt ?? 0)), 0)
  return (
    <li className="stage" data-state={state} data-job={name}>
      <div className="stage-name">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={isOpen ? 'job-detail' : undefined}
          title={`The jobs of ${name}`}
          onClick={() => onOpen(isOpen ? null : name)}
        >
          {name}
        </button>
        {jobs.length > 1 ? (
          <span
            className="count"
            title={`${jobs.length} jobs${name === 'train' ? ', those with another seed included' : ''}`}
          >
            ×{jobs.length}
          </span>
        ) : null}
      </div>
      <State of={stageWord(stage, run.state)} plain />
      {runningOf(stage) > 1 ? <span className="at-once">{runningOf(stage)} at once</span> : null}
      {first ? (
        <div className="dim small">
          {waitsForSlot(stage) ? (
            SLOT
          ) : current?.state === 'running' ? (
            <Elapsed from={current.startedAt} to={null} />
          ) : spent > 0 ? (
            formatDuration(spent)
          ) : null}
          {jobs.some((job) => job.tries > 0) ? ' · tried again' : null}
        </div>
      ) : null}
    </li>
  )
}

/** The stages in order; train and tweak stand in the loop that they make. */
export function Chain({ run }: { run: RunView }) {
  const stages = stagesOf(run)
  const [params, setParams] = useParams()
  const open = params.get('job')
  const opened = stages.find(({ name }) => name === open)
  const shared = { run, open, onOpen: (job: string | null) => setParams({ job }) }
  const [gitImport, detect, train, tweak, notify] = stages as [Stage, Stage, Stage, Stage, Stage]
  return (
    <>
      <ol className="chain" aria-label="Chain">
        <StageBox stage={gitImport} {...shared} />
        <StageBox stage={detect} {...shared} />
        <li className="loop">
          <ol>
            <StageBox stage={train} {...shared} />
            <li
              className="loop-mark"
              title="train and tweak take turns until the target or the budget is reached"
            >
              ⇄
            </li>
            <StageBox stage={tweak} {...shared} />
          </ol>
        </li>
        <StageBox stage={notify} {...shared} />
      </ol>
      {opened === undefined ? null : (
        <Suspense fallback={<Loading />}>
          <JobDetail run={run} stage={opened} close={() => setParams({ job: null })} />
        </Suspense>
      )}
      {run.waits?.for === 'worker' ? (
        <div className="notice" data-tone="info">
          <p>
            <Words text={run.waits.text} />{' '}
            <span className="dim">
              For <Elapsed from={run.waits.since} to={null} />.
            </span>
          </p>
        </div>
      ) : null}
      {stages.flatMap(waitingOf).map(({ id, name, failure, runAfter }) => (
        <div className="notice" data-tone="warn" key={id}>
          <p>
            <strong>{name} waits:</strong> <Words text={failure.message} /> <Words text={failure.remedy} />{' '}
            <NextTry at={runAfter} />
          </p>
        </div>
      ))}
    </>
  )
}
