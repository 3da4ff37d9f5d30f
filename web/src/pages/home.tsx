import { lazy, useState } from 'react'
import type { OverviewView } from '../../../src/http/contract/overview.ts'
import type { NewProjectView } from '../../../src/http/contract.ts'
import { startingOf } from '../home.ts'
import { Loaded } from '../parts/basics.tsx'
import { HealthCard } from '../parts/home/health.tsx'
import { Latest } from '../parts/home/latest.tsx'
import { Now } from '../parts/home/now.tsx'
import { ProjectCard } from '../parts/home/project-card.tsx'
import { useOverview } from '../queries.ts'
import { Link, useParams } from '../router.tsx'
import { ForAdmins } from '../who.tsx'

const Start = lazy(() => import('../parts/home/start.tsx'))

function Projects({ overview }: { overview: OverviewView }) {
  return (
    <section>
      <div className="page-head">
        <h1>Projects</h1>
        <ForAdmins>
          <Link to="/new" className="button quiet">
            New project
          </Link>
        </ForAdmins>
      </div>
      <ul className="projects">
        {overview.projects.map((project) => (
          <ProjectCard key={project.id} project={project} />
        ))}
      </ul>
    </section>
  )
}

/** After a deletion that led here, while no new project has the name. */
function Deleted({ projects }: Pick<OverviewView, 'projects'>) {
  const [params] = useParams()
  const name = params.get('deleted')
  if (name === null || projects.some((project) => project.name === name)) return null
  return (
    <div className="notice" role="status">
      <span>
        The project <strong>{name}</strong> is deleted, with its runs.
      </span>
    </div>
  )
}

/** The start is shown until the first run has come, and stays for who has seen its steps go green. */
function Content({ overview }: { overview: OverviewView }) {
  const { projects } = overview
  const [secrets, setSecrets] = useState<NewProjectView | null>(null)
  const starting = startingOf(projects)
  const hasRuns = projects.some(({ last }) => last !== null)
  const [followed, setFollowed] = useState(starting?.id)
  const id = secrets?.id ?? starting?.id
  if (id !== undefined && id !== followed) setFollowed(id)
  const shown = projects.find((project) => project.id === followed)
  const withStart = !hasRuns || followed !== undefined
  const isNew = shown === undefined || shown.id === secrets?.id
  return (
    <>
      <Deleted projects={projects} />
      {withStart ? (
        <Start project={shown} secrets={isNew ? secrets : null} onCreated={setSecrets} isPage={!hasRuns} />
      ) : null}
      {hasRuns ? (
        <div className="home">
          <Projects overview={overview} />
          <aside aria-label="At work">
            <Now overview={overview} />
            <HealthCard />
          </aside>
          <Latest />
        </div>
      ) : (
        <HealthCard />
      )}
    </>
  )
}

export function Home() {
  const overview = useOverview()
  return <Loaded query={overview}>{(found) => <Content overview={found} />}</Loaded>
}
