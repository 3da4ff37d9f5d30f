import { useEffect, useState } from 'react'
import { useFilteredRuns, useRunFilters } from '../../project/queries.ts'
import { isFiltered, type RunFilter, runFilterOf } from '../../project/run-filter.ts'
import { Link, setParams, useParams } from '../../router.tsx'
import { withParams } from '../../sections.ts'
import { Card, Empty, Loaded, STATE_WORDS } from '../basics.tsx'
import { RunTable } from '../run-table.tsx'
import { MetricHistory } from './metric-history.tsx'

const PAGE = 50
/** After the last key, so that not each letter is looked for. */
const TYPING_MS = 300
const STATES = [
  ...['queued', 'running', 'succeeded', 'exhausted', 'stopped-at-best'],
  ...['failed', 'cancelled', 'superseded'],
]

interface ChoiceProps {
  label: string
  value: string | null
  options: readonly string[]
  words?: Partial<Record<string, string>>
  onChange: (value: string | null) => void
}

function Choice({ label, value, options, words = {}, onChange }: ChoiceProps) {
  // What the address asks for is shown, also where no run has it.
  const all = value === null || options.includes(value) ? options : [value, ...options]
  return (
    <label>
      {label}
      <select value={value ?? ''} onChange={({ target }) => onChange(target.value || null)}>
        <option value="">all</option>
        {all.map((option) => (
          <option key={option} value={option}>
            {words[option] ?? option}
          </option>
        ))}
      </select>
    </label>
  )
}

function Search({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const [text, setText] = useState(value ?? '')
  const [from, setFrom] = useState(value)
  // The address changed by itself, such as by going back.
  if (from !== value) {
    setFrom(value)
    if ((value ?? '') !== text.trim()) setText(value ?? '')
  }
  useEffect(() => {
    const wanted = text.trim() || null
    if (wanted === value) return
    const timer = setTimeout(() => onChange(wanted), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <label className="grow">
      Search
      <input
        type="search"
        value={text}
        placeholder="message, or beginning of a commit"
        onChange={({ target }) => setText(target.value)}
      />
    </label>
  )
}

/** Another filter begins with its newest runs. */
const change = (changes: Partial<RunFilter>) => setParams({ ...changes, before: null })
const search = (q: string | null) => change({ q })

function Filters({ project, filter }: { project: string; filter: RunFilter }) {
  const known = useRunFilters(project)
  const { branches = [], authors = [] } = known.data ?? {}
  return (
    <search className="toolbar" aria-label="Filter runs">
      <Choice
        label="Branch"
        value={filter.branch}
        options={branches}
        onChange={(branch) => change({ branch })}
      />
      <Choice
        label="State"
        value={filter.state}
        options={STATES}
        words={STATE_WORDS}
        onChange={(state) => change({ state })}
      />
      <Choice
        label="Author"
        value={filter.author}
        options={authors}
        onChange={(author) => change({ author })}
      />
      <Search value={filter.q} onChange={search} />
    </search>
  )
}

/** The runs of a project with their filters, and the metric over commits; both follow the address. */
export function RunsSection({ project }: { project: string }) {
  const [params] = useParams()
  const filter = runFilterOf(params)
  const runs = useFilteredRuns(project, filter, PAGE + 1)
  const to = (before: number | null) =>
    `/projects/${encodeURIComponent(project)}${withParams(`?${params}`, { before })}`
  return (
    <>
      <MetricHistory project={project} branch={filter.branch} />
      <Card title="Runs">
        <Filters project={project} filter={filter} />
        <Loaded query={runs}>
          {(list) => (
            <>
              {list.length === 0 ? (
                <NoRuns filter={filter} />
              ) : (
                <RunTable runs={list.slice(0, PAGE)} withProject={false} />
              )}
              <nav className="pages" aria-label="Pages of runs">
                {filter.before === null ? null : <Link to={to(null)}>← Newest runs</Link>}
                {list.length > PAGE ? <Link to={to(list[PAGE - 1]?.id ?? null)}>Older runs →</Link> : null}
              </nav>
            </>
          )}
        </Loaded>
      </Card>
    </>
  )
}

function NoRuns({ filter }: { filter: RunFilter }) {
  if (isFiltered(filter)) {
    return (
      <Empty>
        No run is like that. <Link to={location.pathname}>Show all runs</Link>
      </Empty>
    )
  }
  if (filter.before !== null) return <Empty>There are no older runs.</Empty>
  return <Empty>No run yet. Push to the git remote, or connect the webhook: see Connect.</Empty>
}
