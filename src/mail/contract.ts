import type { Mail, MailState } from '../domain/mail.ts'

/** Delivers mails, each with the Message-ID of its row: sending one twice is the same mail to the receiver. */
export interface Sender {
  /** What a mail is once it is accepted: with a server, or lying in the mailbox folder. */
  readonly accepted: Extract<MailState, 'sent' | 'written'>
  /**
   * Resolves once the mail is accepted for good.
   * @throws SendFailed
   */
  send(mail: Mail, signal?: AbortSignal): Promise<void>
}

/**
 * - `away`: no server, no connection, a login that is refused: no mail gets through at present.
 * - `refused`: the server does not take this mail; `permanent` when it says that it never will.
 */
export class SendFailed extends Error {
  readonly kind: 'away' | 'refused'
  readonly permanent: boolean
  readonly remedy: string
  constructor(
    message: string,
    about: { kind: 'away' | 'refused'; permanent: boolean; remedy: string },
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'SendFailed'
    this.kind = about.kind
    this.permanent = about.permanent
    this.remedy = about.remedy
  }
}

/** What the outbox needs of the table of mails. */
export interface MailQueue {
  /** Pending mails whose time has come, or lies further ahead than the longest wait, oldest first. */
  due(limit?: number, longestWaitMs?: number): Mail[]
  /** When the next pending mail is due, ms since the epoch; null when none waits. */
  nextDue(): number | null
  markSent(mail: Mail, state: Sender['accepted']): void
  /** @returns false where the mail went with its project while it was under way */
  markFailed(mail: Mail, error: string, nextTryAt: number): boolean
  /** Of this mail alone; null: it is not tried any more. */
  markRefused(mail: Mail, error: string, nextTryAt: number | null): void
}
