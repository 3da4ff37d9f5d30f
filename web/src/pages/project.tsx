import { lazy, Suspense } from 'react'
import { isMissing, Loaded, Loading } from '../parts/basics.tsx'
import { RunsSection } from '../parts/project/runs.tsx'
import { Sections } from '../parts/sections.tsx'
import { PROJECT_SECTIONS, type ProjectSection, projectAddress } from '../project/sections.ts'
import { useProject } from '../queries.ts'
import { useTitle } from '../title.ts'
import '../parts/project/project.css'

const SettingsSection = lazy(() => import('../parts/project/settings.tsx'))
const DeliveriesSection = lazy(() => import('../parts/project/deliveries.tsx'))
const ConnectSection = lazy(() => import('../parts/project/connect.tsx'))

/** A project: its runs, settings, deliveries, and how it is connected. */
export function ProjectPage({ name, section }: { name: string; section: ProjectSection }) {
  const project = useProject(name)
  const title = PROJECT_SECTIONS.find((one) => one.name === section)?.title
  useTitle(isMissing(project.error) ? 'Not found' : `${name} · ${title}`)
  return (
    <Loaded query={project} missing={`There is no project ${name}.`}>
      {(found) => (
        <>
          <div className="page-head">
            <h1>{found.name}</h1>
            <span className="dim clip">{found.repoUrl ?? 'pushed to Hone’s own git remote'}</span>
          </div>
          <Sections
            label="Sections of the project"
            links={PROJECT_SECTIONS.map((one) => ({ ...one, address: projectAddress(found.name, one.name) }))}
            current={section}
          >
            <Suspense fallback={<Loading />}>
              {section === 'runs' ? <RunsSection project={found.name} /> : null}
              {section === 'settings' ? <SettingsSection project={found} /> : null}
              {section === 'deliveries' ? <DeliveriesSection project={found.name} /> : null}
              {section === 'connect' ? <ConnectSection project={found} /> : null}
            </Suspense>
          </Sections>
        </>
      )}
    </Loaded>
  )
}
