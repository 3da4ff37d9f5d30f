import type { ReactNode } from 'react'
import { PROJECT_SECTIONS, type ProjectSection, projectAddress } from '../../project/sections.ts'
import { Link } from '../../router.tsx'
import { Boundary } from '../boundary.tsx'

interface Props {
  project: string
  section: ProjectSection
  children: ReactNode
}

/** The sections of a project as links, and the one that is shown. */
export function ProjectSections({ project, section, children }: Props) {
  const title = PROJECT_SECTIONS.find(({ name }) => name === section)?.title
  return (
    <>
      <nav className="sections" aria-label="Sections of the project">
        {PROJECT_SECTIONS.map(({ name, title }) => (
          <Link
            key={name}
            to={projectAddress(project, name)}
            stay
            aria-current={name === section ? 'page' : undefined}
          >
            {title}
          </Link>
        ))}
      </nav>
      <section className="section" aria-label={title}>
        <Boundary key={section}>{children}</Boundary>
      </section>
    </>
  )
}
