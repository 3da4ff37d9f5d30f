import type { Email } from 'postal-mime'
import { smtpAnswer, smtpServer } from '../helpers/smtp.ts'

/**
 * What becomes of a mail whose data has come in: `take` it; `refuse` it for now (451); `lose` the answer: it is delivered, but
 * the connection breaks off before the sender hears of it.
 */
export type MailRule = (mail: Email) => 'take' | 'refuse' | 'lose'

/** Where the mails of a world go. */
export interface Post {
  url: string
  /** A fault puts another in its place, and `take` back again. */
  rule: MailRule
  /** What was delivered, in order: one that was sent again after a lost answer is there twice. */
  delivered: Email[]
  /** Stops listening, so that nobody answers at all. */
  close(): Promise<void>
  /** Listens again, on the same port. */
  open(): Promise<void>
}

export const take: MailRule = () => 'take'

/** A real SMTP server that a fault can make misbehave. */
export async function post(): Promise<Post> {
  const delivered: Email[] = []
  const accept = (mail: Email) => {
    const verdict = made.rule(mail)
    if (verdict === 'refuse') throw smtpAnswer(451, 'Not now, try again later')
    delivered.push(mail)
    if (verdict === 'lose') server.drop()
  }
  let server = await smtpServer({ accept })
  const port = Number(new URL(server.url).port)
  const made: Post = {
    url: server.url,
    rule: take,
    delivered,
    async close() {
      server.drop()
      await server.close()
    },
    async open() {
      server = await smtpServer({ accept, port })
    },
  }
  return made
}
