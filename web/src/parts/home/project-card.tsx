import type { ProjectOverview, RunInShort } from '../../../../src/http/contract/overview.ts'
import { branchOf, firstLine, formatNumber } from '../../format.ts'
import { goalWords, type Shown, shownValues } from '../../home.ts'
import { projectAddress } from '../../project/sections.ts'
import { Link } from '../../router.tsx'
import { Empty, RunState, Time } from '../basics.tsx'
import { ChainStrip } from '../chain.tsx'
import { Sparkline } from './spark.tsx'

export const RunLink = ({ run }: { run: Pick<RunInShort, 'id' | 'project' | 'number'> }) => (
  <Link to={`/runs/${run.id}`} className="strong">
    {run.project} #{run.number}
  </Link>
)

/** A best value against the target of its run. */
function GoalLine({ run, shown }: { run: RunInShort; shown: Shown }) {
  return (
    <p className="goal" data-met={shown.met}>
      <strong>{formatNumber(shown.best)}</strong>{' '}
      <span>
        {run.metric}
        {shown.number === null ? null : ` in #${shown.number}`}, {goalWords({ ...run, ...shown })}
      </span>
    </p>
  )
}

/** The last run's value, and that of the newest run before it that reached its target where the last has not. */
function GoalLines({ project, run }: { project: ProjectOverview; run: RunInShort }) {
  const values = shownValues(project)
  if (values.length === 0) {
    return (
      <p className="goal" data-met={run.met}>
        <strong>–</strong> {run.metric}, {goalWords(run)}
      </p>
    )
  }
  return values.map((shown) => <GoalLine key={shown.number ?? 0} run={run} shown={shown} />)
}

function LastRun({ project, run }: { project: ProjectOverview; run: RunInShort }) {
  return (
    <>
      <ChainStrip run={run} />
      <GoalLines project={project} run={run} />
      <Sparkline history={project.history} goal={run} />
      <div className="last-run small">
        <RunLink run={run} />
        <span className="dim clip" title={run.message ?? ''}>
          {branchOf(run.ref)} {firstLine(run.message)}
        </span>
        <span className="dim">
          <Time at={run.createdAt} />
        </span>
      </div>
    </>
  )
}

/** A project with its last run, and how the runs before it did. */
export function ProjectCard({ project }: { project: ProjectOverview }) {
  const { name, repoUrl, last } = project
  return (
    <li className="card project">
      <div className="project-head">
        <h2>
          <Link to={projectAddress(name, 'runs')}>{name}</Link>
        </h2>
        {last === null ? null : <RunState run={last} />}
      </div>
      <p className="dim small clip">{repoUrl ?? 'Hone’s own git remote'}</p>
      {last === null ? (
        <Empty>
          No run yet: push to it. <Link to={projectAddress(name, 'connect')}>What to type</Link>
        </Empty>
      ) : (
        <LastRun project={project} run={last} />
      )}
    </li>
  )
}
