import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { MailView } from '../../../src/http/contract.ts'
import { apiPath, postJson } from '../api.ts'
import { Card, Empty, ErrorBox, Loaded, State, Time } from '../parts/basics.tsx'
import { MailList } from '../parts/mail-list.tsx'
import { useMail, useMails } from '../queries.ts'
import { Link } from '../router.tsx'

export function MailsPage() {
  const mails = useMails()
  return (
    <>
      <div className="page-head">
        <h1>Mails</h1>
      </div>
      <Card>
        <Loaded query={mails}>
          {(list) =>
            list.length === 0 ? (
              <Empty>No mail yet. A run that ends writes one.</Empty>
            ) : (
              <MailList mails={list} />
            )
          }
        </Loaded>
      </Card>
    </>
  )
}

function Unsent({ mail: { id, state, error } }: { mail: MailView }) {
  const client = useQueryClient()
  const again = useMutation({
    mutationFn: () => postJson(`/mails/${id}/send`),
    onSettled: () => client.invalidateQueries({ queryKey: ['mails'] }),
  })
  return (
    <div className="notice" data-tone={state === 'failed' ? 'bad' : 'warn'}>
      <p>
        <strong>{state === 'failed' ? 'Given up:' : 'Not sent yet:'}</strong> {error}
      </p>
      <button type="button" disabled={again.isPending} onClick={() => again.mutate()}>
        {state === 'failed' ? 'Send again' : 'Try now'}
      </button>
      {again.isError ? <ErrorBox error={again.error} /> : null}
    </div>
  )
}

export function MailPage({ id }: { id: number }) {
  const mail = useMail(id)
  return (
    <Loaded query={mail} missing={`There is no mail ${id}.`}>
      {(found) => (
        <>
          <div className="page-head">
            <h1>{found.subject}</h1>
            <State of={found.state} />
          </div>
          <p className="dim meta">
            to {found.to} · <Time at={found.sentAt ?? found.createdAt} /> ·{' '}
            <Link to={`/runs/${found.runId}`}>the run</Link>
            {found.attachments.length > 0 ? ` · attached: ${found.attachments.join(', ')}` : null}
          </p>
          {found.state === 'sent' || found.error === null ? null : <Unsent mail={found} />}
          <Card title="As sent">
            <iframe
              className="mail-html"
              sandbox=""
              title={`Mail: ${found.subject}`}
              src={apiPath(`/mails/${found.id}/html`)}
            />
          </Card>
          <Card title="As text">
            <pre className="code wrap">{found.text}</pre>
          </Card>
        </>
      )}
    </Loaded>
  )
}
