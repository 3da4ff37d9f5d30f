import { useState } from 'react'
import type { JobView, RunView } from '../../../src/http/contract.ts'
import { didWords } from '../job-words.ts'
import { Link } from '../router.tsx'
import { runAddress } from '../sections.ts'
import { type Stage, wordOf } from '../stages.ts'
import { Card, Elapsed, Empty, FailureBox, State, Time } from './basics.tsx'

/** A long search has hundreds; the last ones are mostly wanted. */
const SHOWN = 20

/** The jobs of one stage of the chain, the latest first: state, tries, times, failure, what each did. */
export default function JobDetail({ run, stage, close }: { run: RunView; stage: Stage; close: () => void }) {
  const [all, setAll] = useState(false)
  const jobs = stage.jobs.toReversed()
  const hidden = all ? 0 : Math.max(0, jobs.length - SHOWN)
  const aside = (
    <button type="button" className="quiet" onClick={close}>
      Close
    </button>
  )
  return (
    <section id="job-detail" aria-label={`Jobs of ${stage.name}`}>
      <Card title={stage.name} aside={aside}>
        {jobs.length === 0 ? (
          <Empty>None: the run has not come to it.</Empty>
        ) : (
          <div className="scroll">
            <table className="jobs stacked">
              <thead>
                <tr>
                  <th>Job</th>
                  <th>State</th>
                  <th>What it did</th>
                  <th className="num wide-only">Tries</th>
                  <th className="num wide-only">Began</th>
                  <th className="num">Time</th>
                </tr>
              </thead>
              <tbody>
                {jobs.slice(0, jobs.length - hidden).map((job) => (
                  <JobRow key={job.id} run={run} job={job} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {hidden === 0 ? null : (
          <button type="button" onClick={() => setAll(true)}>
            Show {hidden} earlier
          </button>
        )}
      </Card>
    </section>
  )
}

function JobRow({ run, job }: { run: RunView; job: JobView }) {
  return (
    <>
      <tr>
        <td>
          <code>{job.key}</code>
        </td>
        <td>
          <State of={wordOf(job.state, run.state)} plain />
        </td>
        <td className="wide below">
          <Did run={run} job={job} />
        </td>
        <td className="num wide-only">{job.startedAt === null ? 0 : job.tries + 1}</td>
        <td className="num wide-only">{job.startedAt === null ? '–' : <Time at={job.startedAt} />}</td>
        <td className="num end">
          <Elapsed from={job.startedAt} to={job.endedAt} />
        </td>
      </tr>
      {job.failure === null ? null : (
        <tr>
          <td colSpan={6}>
            <FailureBox failure={job.failure} />
          </td>
        </tr>
      )}
    </>
  )
}

function Did({ run, job }: { run: RunView; job: JobView }) {
  const words = didWords(job, run)
  if (words === null) return null
  if (job.trial === null) return words
  return <Link to={runAddress(run.id, 'trials', `?trial=${job.trial}`)}>{words}</Link>
}
