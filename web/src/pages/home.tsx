import { useState } from 'react'
import type { ProjectView, RunSummary } from '../../../src/http/contract.ts'
import { Card, Copyable, Empty, Loaded, RunState, Time } from '../parts/basics.tsx'
import { ChainStrip } from '../parts/chain.tsx'
import { NewProject } from '../parts/new-project.tsx'
import { BestOfTarget, RunTable } from '../parts/run-table.tsx'
import { useProjects, useRun, useRuns } from '../queries.ts'
import { Link } from '../router.tsx'

const LATEST = 20

function Start({ onCreated }: { onCreated: () => void }) {
  return (
    <Card title="Start here">
      <ol className="steps">
        <li>
          <h3>Make a project</h3>
          <p className="dim">
            One repository with a plain training script, and the accuracy that you want of it.
          </p>
          <NewProject onCreated={onCreated} />
        </li>
        <li>
          <h3>Push to it, or connect GitHub</h3>
          <p className="dim">
            The project has a git remote of its own and, where you named its repository, a webhook for GitHub.
            You get them, with what to type, as soon as it is made.
          </p>
        </li>
        <li>
          <h3>Or watch an example first</h3>
          <p className="dim">In Hone's folder; it pushes an example repository and follows it to the mail.</p>
          <Copyable label="demo command" text="npm run demo" />
        </li>
      </ol>
    </Card>
  )
}

function LastRun({ run }: { run: RunSummary }) {
  const full = useRun(run.id)
  return (
    <>
      <ChainStrip run={full.data} />
      <div className="row">
        <Link to={`/runs/${run.id}`}>#{run.number}</Link>
        <RunState run={run} />
        <BestOfTarget run={run} />
        <span className="dim small push">
          <Time at={run.createdAt} />
        </span>
      </div>
    </>
  )
}

function ProjectCard({ project }: { project: ProjectView }) {
  const runs = useRuns(project.name, 1)
  return (
    <li className="card project">
      <h2>
        <Link to={`/projects/${encodeURIComponent(project.name)}`}>{project.name}</Link>
      </h2>
      <p className="dim small clip">{project.repoUrl ?? 'Hone’s own git remote'}</p>
      <Loaded query={runs}>
        {([last]) => (last === undefined ? <Empty>No run yet: push to it.</Empty> : <LastRun run={last} />)}
      </Loaded>
    </li>
  )
}

export function Home() {
  const projects = useProjects()
  const runs = useRuns(null, LATEST)
  const [starting, setStarting] = useState(false)
  return (
    <Loaded query={projects}>
      {(all) =>
        all.length === 0 || starting ? (
          <Start onCreated={() => setStarting(true)} />
        ) : (
          <>
            <div className="page-head">
              <h1>Projects</h1>
              <Link to="/new" className="button quiet">
                New project
              </Link>
            </div>
            <ul className="projects">
              {all.map((project) => (
                <ProjectCard key={project.id} project={project} />
              ))}
            </ul>
            <Card title="Latest runs">
              <Loaded query={runs}>
                {(list) =>
                  list.length === 0 ? (
                    <Empty>No run yet. A push to one of the projects starts one.</Empty>
                  ) : (
                    <RunTable runs={list} withProject />
                  )
                }
              </Loaded>
            </Card>
          </>
        )
      }
    </Loaded>
  )
}
