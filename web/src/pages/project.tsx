import { lazy, Suspense } from 'react'
import { Loaded, Loading } from '../parts/basics.tsx'
import { RunsSection } from '../parts/project/runs.tsx'
import { ProjectSections } from '../parts/project/sections.tsx'
import { PROJECT_SECTIONS, type ProjectSection } from '../project/sections.ts'
import { useProject } from '../queries.ts'
import { useTitle } from '../title.ts'
import '../parts/project/project.css'

const SettingsSection = lazy(() => import('../parts/project/settings.tsx'))
const DeliveriesSection = lazy(() => import('../parts/project/deliveries.tsx'))
const ConnectSection = lazy(() => import('../parts/project/connect.tsx'))

/** A project: its runs, settings, deliveries, and how it is connected. */
export function ProjectPage({ name, section }: { name: string; section: ProjectSection }) {
  const project = useProject(name)
  useTitle(`${name} · ${PROJECT_SECTIONS.find((one) => one.name === section)?.title}`)
  return (
    <Loaded query={project} missing={`There is no project ${name}.`}>
      {(found) => (
        <>
          <div className="page-head">
            <h1>{found.name}</h1>
            <span className="dim clip">{found.repoUrl ?? 'pushed to Hone’s own git remote'}</span>
          </div>
          <ProjectSections project={found.name} section={section}>
            <Suspense fallback={<Loading />}>
              {section === 'runs' ? <RunsSection project={found.name} /> : null}
              {section === 'settings' ? <SettingsSection project={found} /> : null}
              {section === 'deliveries' ? <DeliveriesSection project={found.name} /> : null}
              {section === 'connect' ? <ConnectSection project={found} /> : null}
            </Suspense>
          </ProjectSections>
        </>
      )}
    </Loaded>
  )
}
