import { createHash } from 'node:crypto'
import { access } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import type { SendMailOptions } from 'nodemailer'
import type { Mail, MailAttachment } from '../domain/mail.ts'

/** Where an attachment lies; null when it points out of the data folder. */
function insideData(data: string, path: string): string | null {
  const root = resolve(data)
  const file = resolve(root, path)
  return file.startsWith(root + sep) ? file : null
}

async function attachment(
  data: string,
  { filename, contentType, content = '', encoding, path, cid }: MailAttachment,
) {
  if (path === undefined) {
    const about = { filename, contentType, content, ...(encoding ? { encoding } : {}) }
    return cid === undefined ? about : { ...about, cid, contentDisposition: 'inline' as const }
  }
  const file = insideData(data, path)
  const there =
    file !== null &&
    (await access(file).then(
      () => true,
      () => false,
    ))
  if (there) return { filename, contentType, path: file }
  return {
    filename: `${filename}.txt`,
    contentType: 'text/plain',
    content: `${filename} was no longer on the server when this mail was sent.\n`,
  }
}

/** nodemailer takes it, though its types do not name it. */
type Message = SendMailOptions & { baseBoundary: string }

/** A mail of the outbox as nodemailer takes it: byte for byte the same whenever it is made. */
export async function toMessage(mail: Mail, from: string, data: string): Promise<Message> {
  return {
    from,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    date: new Date(mail.createdAt),
    baseBoundary: createHash('sha256').update(mail.messageId).digest('hex').slice(0, 32),
    // RFC 3834: keeps out-of-office replies away.
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments: await Promise.all(mail.attachments.map((one) => attachment(data, one))),
    disableUrlAccess: true,
  }
}
