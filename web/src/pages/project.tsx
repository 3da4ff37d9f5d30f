import { Loaded } from '../parts/basics.tsx'
import { ConnectSection } from '../parts/project/connect.tsx'
import { DeliveriesSection } from '../parts/project/deliveries.tsx'
import { RunsSection } from '../parts/project/runs.tsx'
import { ProjectSections } from '../parts/project/sections.tsx'
import { SettingsSection } from '../parts/project/settings.tsx'
import type { ProjectSection } from '../project/sections.ts'
import { useProject } from '../queries.ts'
import '../parts/project/project.css'

/** A project: its runs, settings, deliveries, and how it is connected. */
export function ProjectPage({ name, section }: { name: string; section: ProjectSection }) {
  const project = useProject(name)
  return (
    <Loaded query={project} missing={`There is no project ${name}.`}>
      {(found) => (
        <>
          <div className="page-head">
            <h1>{found.name}</h1>
            <span className="dim clip">{found.repoUrl ?? 'pushed to Hone’s own git remote'}</span>
          </div>
          <ProjectSections project={found.name} section={section}>
            {section === 'runs' ? <RunsSection project={found.name} /> : null}
            {section === 'settings' ? <SettingsSection project={found} /> : null}
            {section === 'deliveries' ? <DeliveriesSection project={found.name} /> : null}
            {section === 'connect' ? <ConnectSection project={found} /> : null}
          </ProjectSections>
        </>
      )}
    </Loaded>
  )
}
