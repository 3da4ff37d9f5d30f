/** The parts of the page Admin, each with an address of its own; `admins`: a viewer does not see it. */
export const ADMIN_SECTIONS = [
  { name: 'people', title: 'People', admins: false },
  { name: 'engine', title: 'Engine', admins: false },
  { name: 'mail', title: 'Mail', admins: false },
  { name: 'data', title: 'Data', admins: false },
  { name: 'audit', title: 'Audit', admins: true },
] as const

export type AdminSection = (typeof ADMIN_SECTIONS)[number]['name']

/** The section that an address names; the first where it names none, null where there is no such. Pure. */
export const adminSectionOf = (name: string | undefined): AdminSection | null =>
  name === undefined ? 'people' : (ADMIN_SECTIONS.find((section) => section.name === name)?.name ?? null)
