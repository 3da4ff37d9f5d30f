import { createTransport } from 'nodemailer'
import { sendFailed, serverOf } from './errors.ts'
import { toMessage } from './message.ts'
import { emlName, type MailOptions, mailSender } from './send.ts'

/** A person waits for the answer. */
const TIMEOUTS = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  dnsTimeout: 10_000,
  socketTimeout: 20_000,
}

export interface TestMail {
  to: string
  /** Of the Message-ID: unlike any before. */
  id: string
  /** ms since the epoch. */
  at: number
  /** Of the server, for a link. */
  url: string
}

export interface TestResult {
  ok: boolean
  /** What the server said, or where the mail was written to. */
  said: string
  /** What to do; empty when all is well. */
  remedy: string
}

/** Sends one mail as a run's are sent, past the outbox, and says what became of it. */
export async function sendTestMail(options: MailOptions, test: TestMail): Promise<TestResult> {
  const { smtpUrl, from, data, mailbox } = options
  const mail = mailOf(test)
  try {
    if (smtpUrl === null) {
      await mailSender(options).send(mail)
      const said = `No mail server is set: the mail was written to ${mailbox}/${emlName(mail)}.`
      return { ok: true, said, remedy: 'Set HONE_SMTP_URL to have mails sent.' }
    }
    const transport = createTransport({ url: smtpUrl, ...TIMEOUTS })
    try {
      const { response } = await transport.sendMail(await toMessage(mail, from, data))
      return { ok: true, said: `${serverOf(smtpUrl)} took the mail: ${response}`, remedy: '' }
    } finally {
      transport.close()
    }
  } catch (error) {
    const { message, remedy } = sendFailed(error, smtpUrl === null ? mailbox : serverOf(smtpUrl))
    // Nothing tries a test again.
    return {
      ok: false,
      said: message,
      remedy: remedy.replace(/; Hone (?:tries again|goes on) by itself\.$/, '.'),
    }
  }
}

function mailOf({ to, id, at, url }: TestMail) {
  const text = `This is a test of the mail settings of Hone at ${url}.\n\nMails about your runs come the same way.\n`
  return {
    ...{ id: 0, runId: 0, kind: 'test', to, messageId: `<test-${id}@hone>`, attachments: [] },
    ...{ subject: 'Hone: a test mail', text, html: `<p>${text.trim().replaceAll('\n\n', '</p><p>')}</p>` },
    ...{
      state: 'pending' as const,
      tries: 0,
      refusals: 0,
      nextTryAt: at,
      error: null,
      createdAt: at,
      sentAt: null,
    },
  }
}
