import { randomUUID } from 'node:crypto'
import type { Config } from '../../config.ts'
import type { AdminDeps } from '../../http/api/admin/deps.ts'
import { serverOf } from '../../mail/errors.ts'
import { sendTestMail } from '../../mail/test-mail.ts'
import { dataPaths } from '../../paths.ts'

/** What the page Admin asks of the mails. @param url of this server, for a link */
export function mailAdmin(
  config: Config,
  { now, url }: { now: () => number; url: () => string },
): AdminDeps['mail'] {
  const { smtpUrl, mailFrom: from, mailTo: to, data } = config
  const { mailbox } = dataPaths(data)
  const server = smtpUrl === null ? null : new URL(smtpUrl)
  return {
    settings: {
      server: smtpUrl === null ? null : serverOf(smtpUrl),
      user: server && server.username !== '' ? decodeURIComponent(server.username) : null,
      secure: server?.protocol === 'smtps:',
      ...{ from, to, folder: mailbox },
    },
    sendTest: (address) =>
      sendTestMail(
        { smtpUrl, from, mailbox, data },
        { to: address, id: randomUUID(), at: now(), url: url() },
      ),
  }
}
