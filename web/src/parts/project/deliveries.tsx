import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Fragment, useState } from 'react'
import type { DeliveryView } from '../../../../src/http/contract.ts'
import { postJson } from '../../api.ts'
import { formatBytes } from '../../format.ts'
import { useDeliveryPayload } from '../../project/queries.ts'
import { useDeliveries } from '../../queries.ts'
import { Link } from '../../router.tsx'
import { ForAdmins } from '../../who.tsx'
import { Card, Empty, ErrorBox, Loaded, State, Time, Words } from '../basics.tsx'
import { Copyable } from '../copyable.tsx'

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

/** Indented where it is JSON, else as it is. Pure. */
function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function Payload({ project, deliveryId }: { project: string; deliveryId: string }) {
  const query = useDeliveryPayload(project, deliveryId)
  return (
    <Loaded query={query}>
      {({ payload, bytes, cut, answer }) => (
        <div>
          <h3>
            {answer.status === null ? 'What git printed' : 'What Hone answered'}{' '}
            {answer.status === null ? null : <code>{answer.status}</code>}
          </h3>
          <pre className="code wrap">{answer.body}</pre>
          <h3>
            Payload{' '}
            <span className="dim">
              {formatBytes(bytes)}
              {cut ? '; its beginning' : ''}
            </span>
          </h3>
          <Copyable label="payload" text={cut ? payload : laidOut(payload)} />
        </div>
      )}
    </Loaded>
  )
}

function Row({ project, delivery }: { project: string; delivery: DeliveryView }) {
  const [isOpen, setOpen] = useState(false)
  const short = delivery.deliveryId.slice(0, 13)
  return (
    <Fragment>
      <tr>
        <td>
          <button
            type="button"
            className="unfold"
            aria-expanded={isOpen}
            aria-label={`${delivery.event}: payload of ${short}`}
            onClick={() => setOpen(!isOpen)}
          >
            {delivery.event}
          </button>
        </td>
        <td>
          <State of={delivery.outcome} plain />
        </td>
        <td className="wide below">
          <Words text={delivery.reason ?? ''} />{' '}
          {delivery.runId === null ? null : <Link to={`/runs/${delivery.runId}`}>to the run</Link>}
          {delivery.outcome === 'refused' ? (
            <ForAdmins>
              <DeliverAgain project={project} delivery={delivery} />
            </ForAdmins>
          ) : null}
        </td>
        <td className="dim wide-only">
          <code>{short}</code>
        </td>
        <td className="num dim end">
          <Time at={delivery.receivedAt} />
        </td>
      </tr>
      {isOpen ? (
        <tr>
          <td colSpan={5} className="payload">
            <Payload project={project} deliveryId={delivery.deliveryId} />
          </td>
        </tr>
      ) : null}
    </Fragment>
  )
}

/** What came in, what became of it and why. */
export default function DeliveriesSection({ project }: { project: string }) {
  const deliveries = useDeliveries(project)
  return (
    <Card title="Deliveries">
      <Loaded query={deliveries}>
        {(list) =>
          list.length === 0 ? (
            <Empty>Nothing received yet.</Empty>
          ) : (
            <div className="scroll">
              <table className="stacked">
                <thead>
                  <tr>
                    <th>Event</th>
                    <th>Outcome</th>
                    <th>Reason</th>
                    <th className="wide-only">Delivery</th>
                    <th className="num">Received</th>
                  </tr>
                </thead>
                <tbody>
                  {list.map((delivery) => (
                    <Row key={delivery.id} project={project} delivery={delivery} />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </Card>
  )
}
