import type { FormEvent } from 'react'
import type { MailSettingsView, MailTestView } from '../../../../src/http/contract.ts'
import { postJson } from '../../api.ts'
import { useGet } from '../../queries.ts'
import { Link } from '../../router.tsx'
import { ForAdmins } from '../../who.tsx'
import { Card, ErrorBox, Loaded, Time, Words } from '../basics.tsx'
import { Facts } from './facts.tsx'
import { useChange } from './use-change.ts'

const EVERY_MS = 10_000

function Settings({ mail }: { mail: MailSettingsView }) {
  const { pending, sent, written, failed } = mail.counts
  return (
    <Card title="Mail server">
      {mail.server === null ? (
        <div className="notice" data-tone="warn">
          <p>
            <strong>No mail server is set:</strong> mails are only written to <code>{mail.folder}</code>.
            Start Hone with <code>HONE_SMTP_URL</code>, such as{' '}
            <code>smtp://user:password@mail.example.org:587</code>.
          </p>
        </div>
      ) : null}
      {mail.problem === null ? null : (
        <div className="notice" data-tone="bad">
          <p>
            <strong>
              <Words text={mail.problem.message} />
            </strong>{' '}
            <Words text={mail.problem.remedy} />{' '}
            <span className="dim small">
              since <Time at={mail.problem.since} />
            </span>
          </p>
        </div>
      )}
      <Facts
        of={[
          ...(mail.server === null
            ? []
            : ([
                ['server', mail.server],
                ['user', mail.user ?? 'none'],
                ['encryption', mail.secure ? 'TLS' : 'STARTTLS where the server offers it'],
              ] as const)),
          ['from', mail.from],
          ['to, where a project names nobody', mail.to.length === 0 ? 'nobody' : mail.to.join(', ')],
        ]}
      />
      <h3>Mails so far</h3>
      <Facts
        of={[
          ['pending', pending],
          ['sent', sent],
          ...(written > 0 ? ([['written to the folder', written]] as const) : []),
          [
            'given up',
            <span key="failed" className={failed > 0 ? 'bad' : undefined}>
              {failed}
            </span>,
          ],
        ]}
      />
      <p className="dim small">
        <Link to="/mails">All mails</Link>. The settings come from the environment that Hone is started with.
      </p>
    </Card>
  )
}

const Answer = ({ answer: { ok, said, remedy } }: { answer: MailTestView }) => (
  <div className="notice" data-tone={ok ? 'ok' : 'bad'} role="status">
    <p>
      <strong>{said}</strong> <Words text={remedy} />
    </p>
  </div>
)

function Test() {
  const test = useChange((to: string) => postJson<MailTestView>('/admin/mail/test', { to }))
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    test.mutate(String(new FormData(event.currentTarget).get('to')))
  }
  return (
    <Card title="Send a test">
      <form className="form" onSubmit={submit}>
        <label>
          To
          <input name="to" type="email" required placeholder="you@example.org" autoComplete="email" />
        </label>
        {test.data === undefined || test.isPending ? null : <Answer answer={test.data} />}
        {test.isError ? <ErrorBox error={test.error} /> : null}
        <button type="submit" className="button" disabled={test.isPending}>
          {test.isPending ? 'Sending…' : 'Send a test'}
        </button>
      </form>
    </Card>
  )
}

export function Mail() {
  const mail = useGet<MailSettingsView>(['admin', 'mail'], '/admin/mail', { every: EVERY_MS })
  return (
    <>
      <Loaded query={mail}>{(found) => <Settings mail={found} />}</Loaded>
      <ForAdmins>
        <Test />
      </ForAdmins>
    </>
  )
}
