import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { MailView } from '../../../src/http/contract.ts'
import { postJson } from '../api.ts'
import { Card, Empty, ErrorBox, isMissing, Loaded, State, Time } from '../parts/basics.tsx'
import { MailFrame } from '../parts/mail-frame.tsx'
import { MailList } from '../parts/mail-list.tsx'
import { useMail, useMails } from '../queries.ts'
import { Link } from '../router.tsx'
import { useTitle } from '../title.ts'
import { ForAdmins } from '../who.tsx'

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

function SendButton({ id, children }: { id: number; children: string }) {
  const client = useQueryClient()
  const again = useMutation({
    mutationFn: () => postJson(`/mails/${id}/send`),
    onSettled: () => client.invalidateQueries({ queryKey: ['mails'] }),
  })
  return (
    <ForAdmins>
      <button type="button" disabled={again.isPending} onClick={() => again.mutate()}>
        {children}
      </button>
      {again.isError ? <ErrorBox error={again.error} /> : null}
    </ForAdmins>
  )
}

const Unsent = ({ mail: { id, state, error } }: { mail: MailView }) => (
  <div className="notice" data-tone={state === 'failed' ? 'bad' : 'warn'}>
    <p>
      <strong>{state === 'failed' ? 'Given up:' : 'Not sent yet:'}</strong> {error}
    </p>
    <SendButton id={id}>{state === 'failed' ? 'Send again' : 'Try now'}</SendButton>
  </div>
)

const Written = ({ mail: { id } }: { mail: MailView }) => (
  <div className="notice">
    <p>
      <strong>Nobody was sent this mail:</strong> no mail server was set, so it was written to the mailbox
      folder of the data folder. Set <code>HONE_SMTP_URL</code> and send it then.
    </p>
    <SendButton id={id}>Send now</SendButton>
  </div>
)

export function MailPage({ id }: { id: number }) {
  const mail = useMail(id)
  useTitle(mail.data?.subject ?? (isMissing(mail.error) ? 'Not found' : 'Mail'))
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
          {found.state === 'written' ? <Written mail={found} /> : null}
          {found.state === 'sent' || found.error === null ? null : <Unsent mail={found} />}
          <Card title="As sent">
            <MailFrame id={found.id} subject={found.subject} />
          </Card>
          <Card title="As text">
            <pre className="code wrap">{found.text}</pre>
          </Card>
        </>
      )}
    </Loaded>
  )
}
