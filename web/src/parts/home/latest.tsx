import { branchOf, firstLine, shortSha } from '../../format.ts'
import { useRuns } from '../../queries.ts'
import { Card, Loaded, RunState, Time } from '../basics.tsx'
import { BestOfTarget } from '../run-table.tsx'
import { RunLink } from './project-card.tsx'

const SHOWN = 20

/** The newest runs of all projects, each in a line, on a narrow window in two. */
export function Latest() {
  const runs = useRuns(null, SHOWN)
  return (
    <Card title="Latest runs">
      <Loaded query={runs}>
        {(list) => (
          <ul className="latest" aria-label="Latest runs">
            {list.map((run) => (
              <li key={run.id}>
                <RunLink run={run} />
                <RunState run={run} />
                <span className="clip latest-commit" title={`${shortSha(run.sha)} ${run.message ?? ''}`}>
                  <span className="dim">{branchOf(run.ref)}</span> {firstLine(run.message)}
                </span>
                <BestOfTarget run={run} />
                <span className="dim latest-time">
                  <Time at={run.createdAt} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  )
}
