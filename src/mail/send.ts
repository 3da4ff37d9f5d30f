import { createHash } from 'node:crypto'
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Mail } from '../domain/mail.ts'
import type { Sender } from './contract.ts'
import { sendFailed, serverOf } from './errors.ts'
import { toMessage } from './message.ts'

export const TIMEOUTS = {
  connectionTimeout: 20_000,
  greetingTimeout: 20_000,
  dnsTimeout: 20_000,
  socketTimeout: 60_000,
}

export interface MailOptions {
  /** `smtp://user:password@host:587`; null: mails are written into the mailbox folder. */
  smtpUrl: string | null
  from: string
  mailbox: string
  /** The folder that paths of attachments are relative to. */
  data: string
}

/** Sends by SMTP, or, with no server set, writes `.eml` files that any mail program opens. */
export function mailSender(options: MailOptions): Sender {
  return options.smtpUrl === null ? mailboxSender(options) : smtpSender(options.smtpUrl, options)
}

function smtpSender(url: string, { from, data }: MailOptions): Sender {
  const transport = createTransport({ url, ...TIMEOUTS })
  return {
    accepted: 'sent',
    async send(mail, signal) {
      try {
        await transport.sendMail({ ...(await toMessage(mail, from, data)), ...(signal ? { signal } : {}) })
      } catch (error) {
        throw sendFailed(error, serverOf(url))
      }
    },
  }
}

/** The same for the same Message-ID, so that sending twice writes one file. */
export function emlName({ messageId }: Pick<Mail, 'messageId'>): string {
  const readable = messageId
    .replace(/[^A-Za-z0-9.@_-]/g, '')
    .replace(/^[.-]+/, '')
    .slice(0, 80)
  return `${readable}-${createHash('sha256').update(messageId).digest('hex').slice(0, 8)}.eml`
}

function mailboxSender({ from, data, mailbox }: MailOptions): Sender {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return {
    accepted: 'written',
    async send(mail) {
      try {
        const { message } = await transport.sendMail(await toMessage(mail, from, data))
        await mkdir(mailbox, { recursive: true })
        const file = join(mailbox, emlName(mail))
        const handle = await open(`${file}.new`, 'w')
        try {
          await handle.writeFile(message as Buffer)
          await handle.sync()
        } finally {
          await handle.close()
        }
        await rename(`${file}.new`, file)
      } catch (error) {
        throw sendFailed(error, mailbox)
      }
    },
  }
}
