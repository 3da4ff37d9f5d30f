import { apiPath } from '../api.ts'
import { Card, Empty, Loaded, State, Time } from '../parts/basics.tsx'
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
          {found.error === null ? null : (
            <div className="notice" data-tone="warn">
              <p>
                <strong>Not sent yet:</strong> {found.error}
              </p>
            </div>
          )}
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
