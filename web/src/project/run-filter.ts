/** What of a project's runs is shown; it stands in the address. Null: no such condition. */
export interface RunFilter {
  branch: string | null
  /** A state of runs, or `stopped-at-best`; `exhausted` then means those that spent their budget. */
  state: string | null
  author: string | null
  /** Part of the message, or the beginning of the commit. */
  q: string | null
  /** Id of a run: only earlier ones. */
  before: string | null
}

const NAMES = ['branch', 'state', 'author', 'q', 'before'] as const

/** What a query says; what it has empty counts as not there. Pure. */
export function runFilterOf(params: URLSearchParams): RunFilter {
  const [branch = null, state = null, author = null, q = null, before = null] = NAMES.map(
    (name) => params.get(name) || null,
  )
  return { branch, state, author, q, before: before !== null && /^\d{1,15}$/.test(before) ? before : null }
}

/** Pure. */
export const isFiltered = ({ before: _, ...conditions }: RunFilter) =>
  Object.values(conditions).some((value) => value !== null)

/** As the API takes it. Pure. @param limit runs at most */
export function runQuery(project: string, filter: RunFilter, limit: number): string {
  const query = new URLSearchParams({ project, limit: String(limit) })
  for (const name of NAMES) if (filter[name] !== null) query.set(name, filter[name])
  if (filter.state === 'exhausted' || filter.state === 'stopped-at-best') {
    query.set('state', 'exhausted')
    query.set('stopped', String(filter.state === 'stopped-at-best'))
  }
  return query.toString()
}
