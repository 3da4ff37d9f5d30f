/** The parts of a run's page, each with an address of its own. */
export const SECTIONS = [
  { name: 'progress', title: 'Progress' },
  { name: 'trials', title: 'Trials' },
  { name: 'search', title: 'Search' },
  { name: 'code', title: 'Code' },
  { name: 'timeline', title: 'Timeline' },
  { name: 'log', title: 'Log' },
  { name: 'about', title: 'About' },
] as const

export type Section = (typeof SECTIONS)[number]['name']

export const titleOf = (section: Section) => SECTIONS.find(({ name }) => name === section)?.title ?? ''

/** The section that an address names; the first where it names none, null where there is no such. Pure. */
export function sectionOf(name: string | undefined): Section | null {
  if (name === undefined) return 'progress'
  return SECTIONS.find((section) => section.name === name && name !== 'progress')?.name ?? null
}

/** Changes of a query: null takes one out. */
export type Params = Readonly<Record<string, string | number | null>>

/** A query such as `?trial=3`, empty or with its question mark, with some of it changed. Pure. */
export function withParams(query: string, changes: Params): string {
  const params = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) params.delete(name)
    else params.set(name, String(value))
  }
  // A comma may stand in a query as it is, and is easier to read.
  const text = params.toString().replaceAll('%2C', ',')
  return text === '' ? '' : `?${text}`
}

/** The address of a part of a run's page. Pure. */
export const runAddress = (run: number, section: Section, query = '') =>
  `/runs/${run}${section === 'progress' ? '' : `/${section}`}${query}`
