/** The parts of a project's page, each with an address of its own. */
export const PROJECT_SECTIONS = [
  { name: 'runs', title: 'Runs' },
  { name: 'settings', title: 'Settings' },
  { name: 'deliveries', title: 'Deliveries' },
  { name: 'connect', title: 'Connect' },
] as const

export type ProjectSection = (typeof PROJECT_SECTIONS)[number]['name']

/** The section that an address names; the first where it names none, null where there is no such. Pure. */
export function projectSectionOf(name: string | undefined): ProjectSection | null {
  if (name === undefined) return 'runs'
  return PROJECT_SECTIONS.find((section) => section.name === name && name !== 'runs')?.name ?? null
}

/** The address of a part of a project's page. Pure. */
export const projectAddress = (project: string, section: ProjectSection) =>
  `/projects/${encodeURIComponent(project)}${section === 'runs' ? '' : `/${section}`}`
