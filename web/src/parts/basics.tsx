import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { FailureView, RunSummary } from '../../../src/http/contract.ts'
import { ApiError, isFinal } from '../api.ts'
import { useTimeText } from '../clock.ts'
import { formatDuration, formatRelative } from '../format.ts'
import { isUnconfirmed } from '../outlook.ts'
import { Link } from '../router.tsx'

/** Relative, with the exact time on hover. */
export function Time({ at }: { at: number }) {
  const text = useTimeText((now) => formatRelative(at, now))
  const date = new Date(at)
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString()}>
      {text}
    </time>
  )
}

/** Time from start to end, or until now while there is no end. */
export function Elapsed({ from, to }: { from: number | null; to: number | null }) {
  const text = useTimeText(
    (now) => (from === null ? '–' : formatDuration((to ?? now) - from)),
    from !== null && to === null,
  )
  return from === null ? text : <span title={`since ${new Date(from).toLocaleString()}`}>{text}</span>
}

/** States whose name says too little. */
export const STATE_WORDS: Readonly<Record<string, string>> = {
  succeeded: 'target reached',
  exhausted: 'budget spent',
  unconfirmed: 'target not confirmed',
  written: 'written to the mailbox folder',
  'stopped-at-best': 'stopped at its best',
}

/** A state in words and colour; `data-state` carries it for styles. */
export function State({ of, plain = false }: { of: string; plain?: boolean }) {
  return (
    <span className="state" data-state={of}>
      {plain ? of : (STATE_WORDS[of] ?? of)}
    </span>
  )
}

/** How a run stands; one that met its target, but not with every seed, says so. */
export function RunState({
  run,
}: {
  run: Parameters<typeof isUnconfirmed>[0] & Pick<RunSummary, 'conclusion'>
}) {
  if (run.conclusion?.stopped) return <State of="stopped-at-best" />
  return <State of={isUnconfirmed(run) ? 'unconfirmed' : run.state} />
}

export function Card({
  title,
  aside,
  isPage = false,
  children,
}: {
  title?: ReactNode
  aside?: ReactNode
  /** It is all that is on the page, which takes its heading from it. */
  isPage?: boolean
  children: ReactNode
}) {
  const Heading = isPage ? 'h1' : 'h2'
  return (
    <section className="card">
      {title === undefined ? null : (
        <header className="card-head">
          <Heading>{title}</Heading>
          {aside}
        </header>
      )}
      {children}
    </section>
  )
}

export const Empty = ({ children }: { children: ReactNode }) => <p className="empty">{children}</p>

/** @param retry offered where asking again may help */
export function ErrorBox({ error, retry }: { error: Error; retry?: () => void }) {
  return (
    <div className="notice" data-tone="bad" role="alert">
      <p>
        <strong>
          <Words text={error.message} />
        </strong>{' '}
        {error instanceof ApiError ? <Words text={error.remedy ?? ''} /> : null}
      </p>
      {retry === undefined || isFinal(error) ? null : (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  )
}

/** A message, with what stands in backticks as code. */
export function Words({ text }: { text: string }) {
  return text.split(/`([^`\n]+)`/).map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change their order
    index % 2 === 1 ? <code key={index}>{part}</code> : part,
  )
}

/** What happened, where, what to do, and the detail folded away. */
export function FailureBox({ failure, open = false }: { failure: FailureView; open?: boolean }) {
  const where = failure.file ? `${failure.file}${failure.line ? `:${failure.line}` : ''}` : null
  return (
    <div className="failure">
      <p>
        <strong>
          <Words text={failure.message} />
        </strong>
        {where === null ? null : <code className="where">{where}</code>}
      </p>
      {failure.remedy === '' ? null : (
        <p>
          <Words text={failure.remedy} />
        </p>
      )}
      {failure.detail ? (
        <details open={open}>
          <summary>Details</summary>
          <pre className="code">{failure.detail}</pre>
        </details>
      ) : null}
    </div>
  )
}

export const isMissing = (error: Error | null) => error instanceof ApiError && error.status === 404

/** What was there, and is no longer kept: no fault, and nothing to try again. */
const isGone = (error: Error | null): error is ApiError => error instanceof ApiError && error.status === 410

/** There is no such thing, and where the others are. @param isPage it is all that the page shows */
export function Missing({ text, isPage = false }: { text: string; isPage?: boolean }) {
  return (
    <div className="notice" role="alert">
      {isPage ? <h1>{text}</h1> : null}
      <p>
        {isPage ? null : <strong>{text}</strong>} <Link to="/">All projects</Link>
      </p>
    </div>
  )
}

interface LoadedProps<T> {
  query: UseQueryResult<T, Error>
  /** Of what a whole page is about: what to say when it does not exist. */
  missing?: string
  children: (data: T) => ReactNode
}

/** Loading, error or the data; data that is there stays while a refresh fails. */
export function Loaded<T>({ query, missing, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (missing !== undefined && isMissing(query.error)) return <Missing text={missing} isPage />
  if (isGone(query.error)) {
    return (
      <Empty>
        <Words text={`${query.error.message} ${query.error.remedy ?? ''}`} />
      </Empty>
    )
  }
  if (query.isError) return <ErrorBox error={query.error} retry={() => void query.refetch()} />
  return <Loading />
}

export const Loading = () => (
  <p className="loading" role="status">
    Loading…
  </p>
)
