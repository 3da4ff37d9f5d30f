import type { Email } from 'postal-mime'
import { smtpAnswer, smtpServer, type TestSmtp } from '../helpers/smtp.ts'

/**
 * What becomes of a mail whose data has come in: `take` it; `refuse` it for now (451), or `deny` it for good (550); `lose` the
 * answer: it is delivered, but the connection breaks off before the sender hears of it.
 */
export type MailRule = (mail: Email) => 'take' | 'refuse' | 'deny' | 'lose'

/** Where the mails of a world go. */
export interface Post {
  url: string
  /** A fault puts another in its place, and `take` back again. */
  rule: MailRule
  /** What was delivered, in order: one that was sent again after a lost answer is there twice. */
  delivered: Email[]
  /** The bytes of each. */
  raw: Buffer[]
  /** How many mails met another rule than `take`. */
  disturbed(): number
  /** Stops listening, so that nobody answers at all. */
  close(): Promise<void>
  /** Listens again, on the same port; does nothing while it does. */
  open(): Promise<void>
}

export const take: MailRule = () => 'take'

/** A real SMTP server that a fault can make misbehave. */
export async function post(): Promise<Post> {
  const delivered: Email[] = []
  const raw: Buffer[] = []
  let disturbed = 0
  const accept = (mail: Email, bytes: Buffer) => {
    const verdict = made.rule(mail)
    if (verdict !== 'take') disturbed++
    if (verdict === 'refuse') throw smtpAnswer(451, 'Not now, try again later')
    if (verdict === 'deny') throw smtpAnswer(550, 'No such user here')
    delivered.push(mail)
    raw.push(bytes)
    if (verdict === 'lose') server?.drop()
  }
  let server: TestSmtp | null = await smtpServer({ accept })
  const { url } = server
  const port = Number(new URL(url).port)
  const made: Post = {
    url,
    rule: take,
    delivered,
    raw,
    disturbed: () => disturbed,
    async close() {
      const closing = server
      server = null
      closing?.drop()
      await closing?.close()
    },
    async open() {
      server ??= await smtpServer({ accept, port })
    },
  }
  return made
}
