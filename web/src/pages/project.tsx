import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { DeliveryView, ProjectView } from '../../../src/http/contract.ts'
import { postJson } from '../api.ts'
import { formatValue } from '../format.ts'
import { Card, Copyable, Empty, ErrorBox, Loaded, State, Time, Words } from '../parts/basics.tsx'
import { RunTable } from '../parts/run-table.tsx'
import { useDeliveries, useProject, useRuns } from '../queries.ts'
import { Link } from '../router.tsx'

const RUNS = 50

function Settings({ project }: { project: ProjectView }) {
  const entries = Object.entries(project.settings)
  if (entries.length === 0) return <Empty>All settings have their defaults.</Empty>
  return (
    <dl className="facts">
      {entries.map(([key, value]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>{Array.isArray(value) ? value.map(formatValue).join(', ') || '–' : formatValue(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** For one that was refused: takes it once more, from what is stored of it. */
function DeliverAgain({ project, delivery }: { project: string; delivery: DeliveryView }) {
  const client = useQueryClient()
  const path = `/projects/${encodeURIComponent(project)}/deliveries/${encodeURIComponent(delivery.deliveryId)}/again`
  const again = useMutation({
    mutationFn: () => postJson(path),
    onSettled: () => client.invalidateQueries({ queryKey: ['deliveries'] }),
  })
  return (
    <>
      <button type="button" disabled={again.isPending} onClick={() => again.mutate()}>
        Deliver again
      </button>
      {again.isError ? <ErrorBox error={again.error} /> : null}
    </>
  )
}

function Deliveries({ project, deliveries }: { project: string; deliveries: readonly DeliveryView[] }) {
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th>Event</th>
            <th>Outcome</th>
            <th>Reason</th>
            <th>Delivery</th>
            <th className="num">Received</th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((delivery) => (
            <tr key={delivery.id}>
              <td>{delivery.event}</td>
              <td>
                <State of={delivery.outcome} plain />
              </td>
              <td className="wide">
                <Words text={delivery.reason ?? ''} />{' '}
                {delivery.runId === null ? null : <Link to={`/runs/${delivery.runId}`}>to the run</Link>}
                {delivery.outcome === 'refused' ? (
                  <DeliverAgain project={project} delivery={delivery} />
                ) : null}
              </td>
              <td className="dim">
                <code>{delivery.deliveryId.slice(0, 13)}</code>
              </td>
              <td className="num dim">
                <Time at={delivery.receivedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function ProjectPage({ name }: { name: string }) {
  const project = useProject(name)
  const runs = useRuns(name, RUNS)
  const deliveries = useDeliveries(name)
  return (
    <Loaded query={project} missing={`There is no project ${name}.`}>
      {(found) => (
        <>
          <div className="page-head">
            <h1>{found.name}</h1>
            <span className="dim clip">{found.repoUrl ?? 'pushed to Hone’s own git remote'}</span>
          </div>
          <Card title="Runs">
            <Loaded query={runs}>
              {(list) =>
                list.length === 0 ? (
                  <Empty>No run yet. Push to the git remote below, or connect the webhook.</Empty>
                ) : (
                  <RunTable runs={list} withProject={false} />
                )
              }
            </Loaded>
          </Card>
          <div className="columns">
            <Card title="Addresses">
              <h3>Git remote</h3>
              <Copyable label="git remote" text={found.gitRemote} />
              <p className="dim small">Any user name; the password is the push token that was shown once.</p>
              <h3>Webhook</h3>
              <Copyable label="webhook address" text={found.webhookUrl} />
            </Card>
            <Card title="Settings">
              <Settings project={found} />
            </Card>
          </div>
          <Card title="Deliveries">
            <Loaded query={deliveries}>
              {(list) =>
                list.length === 0 ? (
                  <Empty>Nothing received yet.</Empty>
                ) : (
                  <Deliveries project={name} deliveries={list} />
                )
              }
            </Loaded>
          </Card>
        </>
      )}
    </Loaded>
  )
}
