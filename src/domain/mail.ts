/**
 * `sent`: the mail server took it. `written`: no server is set, so it lies in the mailbox folder. `failed`: refused so often
 * that it is not tried any more; it can be sent again by hand.
 */
export const MAIL_STATES = ['pending', 'sent', 'written', 'failed'] as const
export type MailState = (typeof MAIL_STATES)[number]

/** A row of the outbox. */
export interface Mail {
  id: number
  runId: number
  /** `target`, `budget` or `failed`; one mail of a kind for a run and recipient. */
  kind: string
  /** RFC 5322 Message-ID: a second sending after a lost answer is the same mail to the receiver. */
  messageId: string
  to: string
  subject: string
  text: string
  html: string
  attachments: MailAttachment[]
  state: MailState
  tries: number
  /** Of the tries, those in a row that the server answered with a refusal. */
  refusals: number
  nextTryAt: number
  error: string | null
  createdAt: number
  sentAt: number | null
}

/** Content is inline, or a file of the run's artifacts, by its path relative to the data folder. */
export interface MailAttachment {
  filename: string
  contentType: string
  content?: string | undefined
  /** Of the content; text where there is none. */
  encoding?: 'base64' | undefined
  path?: string | undefined
  /** Content-ID: it is a picture that the HTML shows as `cid:...`, and no file to keep. */
  cid?: string | undefined
}

/** Of the same mail when it is sent as a new one: `<x@host>`, `<x.again-1@host>`, `<x.again-2@host>`. Pure. */
export const nextMessageId = (messageId: string) =>
  messageId.replace(/(?:\.again-(\d+))?@/, (_, times = 0) => `.again-${Number(times) + 1}@`)
