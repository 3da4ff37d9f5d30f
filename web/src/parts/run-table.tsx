import type { RunSummary } from '../../../src/http/contract.ts'
import { branchOf, columnFormat, firstLine, formatNumber, shortSha } from '../format.ts'
import { goalWords } from '../home.ts'
import { Link } from '../router.tsx'
import { Elapsed, RunState, Time } from './basics.tsx'
import { CompareBar, RunTick, useTicks } from './run-ticks.tsx'

interface Write {
  best: (value: number) => string
  target: (value: number) => string
}
const PLAIN: Write = { best: formatNumber, target: formatNumber }

interface BestProps {
  run: RunSummary
  /** How both are written, where they stand in a column of others. */
  write?: Write
}

/** How far the best value is towards the target, in words and as a small bar. */
export function BestOfTarget({ run, write = PLAIN }: BestProps) {
  return (
    <span className="best" data-met={run.met} title={`best ${run.metric}: ${goalWords(run)}`}>
      <strong>{run.best === null ? '–' : write.best(run.best)}</strong>
      <span className="dim">
        {' '}
        {run.direction === 'maximize' ? '/' : '≤'} {write.target(run.target)}
      </span>
    </span>
  )
}

const WAITS = {
  worker: 'waits for its turn',
  slot: 'waits for a slot',
  engine: 'engine away',
  disk: 'waits for disk space',
  git: 'git server away',
  retry: 'tried again',
  other: 'waits',
} as const

/** What a run waits for, in a few words; all of it on hovering. */
function WaitsFor({ run: { waits } }: { run: Pick<RunSummary, 'waits'> }) {
  if (waits === null) return null
  return (
    <div className="dim small" title={waits.text}>
      {WAITS[waits.for]}
    </div>
  )
}

/** `Ada <ada@example.org>` without the address. Pure. */
const authorName = (author: string | null) => author?.replace(/ *<[^>]*>$/, '') ?? ''

/** Runs, newest first; `project` is shown where the list is of several. */
export function RunTable({ runs, withProject }: { runs: readonly RunSummary[]; withProject: boolean }) {
  const ticks = useTicks()
  const write = {
    best: columnFormat(runs.map(({ best }) => best)),
    target: columnFormat(runs.map(({ target }) => target)),
  }
  return (
    <>
      <CompareBar ticks={ticks} />
      <div className="scroll">
        <table className="runs">
          <thead>
            <tr>
              <th>
                <span className="unseen">Compare</span>
              </th>
              <th>Run</th>
              <th>State</th>
              <th>Commit</th>
              {withProject ? null : <th className="wide-only">Author</th>}
              <th className="num">Best / target</th>
              <th className="num">Trials</th>
              <th className="num wide-only">Time</th>
              <th className="num">Started</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id}>
                <td className="tick">
                  <RunTick run={run} ticks={ticks} />
                </td>
                <td>
                  <Link to={`/runs/${run.id}`} className="strong">
                    {withProject ? `${run.project} ` : ''}#{run.number}
                  </Link>
                </td>
                <td>
                  <RunState run={run} />
                  <WaitsFor run={run} />
                </td>
                <td className="commit">
                  <code>{shortSha(run.sha)}</code> <span className="dim">{branchOf(run.ref)}</span>{' '}
                  <span title={run.message ?? ''}>{firstLine(run.message)}</span>
                </td>
                {withProject ? null : (
                  <td className="author dim wide-only" title={run.author ?? ''}>
                    {authorName(run.author)}
                  </td>
                )}
                <td className="num goal">
                  <BestOfTarget run={run} write={write} />
                </td>
                <td className="num of-budget">
                  {run.trialCount}
                  <span className="dim"> / {run.trialBudget}</span>
                </td>
                <td className="num wide-only">
                  <Elapsed from={run.startedAt} to={run.endedAt} />
                </td>
                <td className="num dim started">
                  <Time at={run.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
