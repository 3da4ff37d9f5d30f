import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { AuditPage, AuditView } from '../../../../src/http/contract.ts'
import { getJson } from '../../api.ts'
import { useParams } from '../../router.tsx'
import { Card, Empty, ErrorBox, Loading, Time } from '../basics.tsx'

const EVERY_MS = 10_000

function useAudit(user: string, action: string) {
  const filter = `${user && `&user=${encodeURIComponent(user)}`}${action && `&action=${encodeURIComponent(action)}`}`
  return useInfiniteQuery({
    queryKey: ['admin', 'audit', user, action],
    queryFn: ({ pageParam, signal }) =>
      getJson<AuditPage>(
        `/admin/audit?limit=100${pageParam === null ? '' : `&before=${pageParam}`}${filter}`,
        signal,
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  })
}

function Row({ entry }: { entry: AuditView }) {
  return (
    <tr>
      <td className="dim end">
        <Time at={entry.at} />
      </td>
      <td>
        {entry.user === null ? (
          <span className="dim">nobody known</span>
        ) : (
          <span className="strong">{entry.user}</span>
        )}
      </td>
      <td>
        {entry.action}
        {entry.count > 1 ? <span className="tag">{entry.count} times</span> : null}
      </td>
      <td className="wide below">{entry.subject}</td>
      <td className="dim below">
        {entry.token === null ? '–' : `${entry.token}${entry.via === 'session' ? ', browser' : ''}`}
      </td>
      <td className="dim below">{entry.address ?? '–'}</td>
    </tr>
  )
}

interface ChooseProps {
  label: string
  name: string
  value: string
  all: readonly string[]
}

function Choose({ label, name, value, all }: ChooseProps) {
  const [, setParams] = useParams()
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => setParams({ [name]: event.target.value || null })}>
        <option value="">all</option>
        {all.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  )
}

/** Who did what, newest first. */
export function Audit() {
  const [params] = useParams()
  const [user, action] = [params.get('user') ?? '', params.get('action') ?? '']
  const audit = useAudit(user, action)
  const entries = audit.data?.pages.flatMap((page) => page.entries) ?? []
  const first = audit.data?.pages[0]
  return (
    <Card title="Who did what">
      {first === undefined ? null : (
        <div className="toolbar">
          <Choose label="User" name="user" value={user} all={first.users} />
          <Choose label="Action" name="action" value={action} all={first.actions} />
        </div>
      )}
      {audit.isPending ? <Loading /> : null}
      {audit.isError && first === undefined ? (
        <ErrorBox error={audit.error} retry={() => void audit.refetch()} />
      ) : null}
      {first !== undefined && entries.length === 0 ? (
        <Empty>Nothing of this kind is recorded. Rows are kept for a year.</Empty>
      ) : null}
      {entries.length === 0 ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className="scroll" tabIndex={0} aria-label="The record">
          <table className="stacked">
            <thead>
              <tr>
                <th>When</th>
                <th>Who</th>
                <th>What</th>
                <th>To what</th>
                <th>Token</th>
                <th>From</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <Row key={entry.id} entry={entry} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {audit.hasNextPage ? (
        <button type="button" disabled={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          {audit.isFetchingNextPage ? 'Loading…' : 'Earlier'}
        </button>
      ) : null}
    </Card>
  )
}
