import type { MailView } from '../../../src/http/contract.ts'
import { Link } from '../router.tsx'
import { State, Time } from './basics.tsx'

export function MailList({ mails }: { mails: readonly MailView[] }) {
  return (
    <ul className="mails">
      {mails.map((mail) => (
        <li key={mail.id}>
          <Link to={`/mails/${mail.id}`} className="strong">
            {mail.subject}
          </Link>
          <span className="dim">to {mail.to}</span>
          <State of={mail.state} />
          {mail.error === null ? null : <span className="bad small">{mail.error}</span>}
          <span className="dim small push">
            <Time at={mail.sentAt ?? mail.createdAt} />
          </span>
        </li>
      ))}
    </ul>
  )
}
