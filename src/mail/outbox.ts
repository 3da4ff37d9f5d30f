import { toFailure } from '../domain/failure.ts'
import type { Health } from '../domain/health.ts'
import type { Mail } from '../domain/mail.ts'
import { reached } from '../fault-points.ts'
import { type MailQueue, type Sender, SendFailed } from './contract.ts'

const FIRST_MS = 1000
const LIMIT_MS = 5 * 60_000
/** How long the end of the server waits for a mail that is being sent. */
const GRACE_MS = 5000

/**
 * How often in a row a mail is refused before it is given up. For good (5xx): over ten minutes, since servers that are being
 * set up say so too. For now (4xx): over five days, as RFC 5321 (4.5.4.1) asks for.
 */
export const MOST_REFUSALS = { permanent: 10, temporary: 5 * 24 * 12 } as const

/** 1 s, 2 s, 4 s ... up to 5 minutes. */
export const backOffMs = (tries: number) => Math.min(FIRST_MS * 2 ** Math.min(tries, 30), LIMIT_MS)

export interface OutboxDeps {
  mails: MailQueue
  /** Tells of every commit that changed something. */
  events: { subscribe(listener: () => void): () => void }
  sender: Sender
  health: Pick<Health, 'report' | 'clear'>
  logger: { warn(data: object, text: string): void; error(data: object, text: string): void }
  now?: () => number
}

/**
 * Sends the mails of the outbox one after the other. A mail is marked as sent after the server has taken it: a kill in
 * between sends it again with the same Message-ID.
 */
export function outbox({ mails, events, sender, health, logger, now = Date.now }: OutboxDeps) {
  const aborted = new AbortController()
  let unsubscribe = () => {}
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | null = null
  let again = false
  let ending = false
  /** While the server is away nothing is tried, so that a hundred mails do not wait for a hundred timeouts. */
  let awayUntil = 0
  let awayTimes = 0
  /** A clock that was set back must not make a short wait one of hours. */
  const isAway = () => awayUntil > now() && awayUntil <= now() + LIMIT_MS

  function stayAway(text: string, remedy: string, until = now() + backOffMs(awayTimes)): void {
    awayTimes++
    awayUntil = until
    health.report('mail', text, remedy)
  }

  function failed(mail: Mail, error: unknown): 'away' | 'refused' {
    const text = error instanceof Error ? error.message : String(error)
    logger.warn({ mail: mail.id, to: mail.to, error: text }, 'mail not sent')
    if (error instanceof SendFailed && error.kind === 'refused') {
      const most = MOST_REFUSALS[error.permanent ? 'permanent' : 'temporary']
      const givenUp = mail.refusals + 1 >= most
      if (givenUp) logger.error({ mail: mail.id, to: mail.to, error: text }, 'mail given up')
      mails.markRefused(mail, text, givenUp ? null : now() + backOffMs(mail.refusals))
      return 'refused'
    }
    const remedy =
      error instanceof SendFailed ? error.remedy : 'Hone tries again by itself; see the server log.'
    const until = now() + backOffMs(awayTimes)
    // No mail that is sent would take the problem back again.
    if (!mails.markFailed(mail, text, until)) return 'refused'
    stayAway(text, remedy, until)
    return 'away'
  }

  async function drainOnce(): Promise<void> {
    while (!ending && !isAway()) {
      const [mail] = mails.due(1, LIMIT_MS)
      if (!mail) return
      try {
        reached('mail')
        await sender.send(mail, aborted.signal)
      } catch (error) {
        if (aborted.signal.aborted || failed(mail, error) === 'away') return
        continue
      }
      reached('mail')
      awayTimes = 0
      mails.markSent(mail, sender.accepted)
      health.clear('mail')
    }
  }

  /** Sends all that is due; resolves when nothing is, or the server is away. Calls at the same time share one pass. */
  function drain(): Promise<void> {
    again = true
    working ??= (async () => {
      try {
        while (again) {
          again = false
          await drainOnce()
        }
      } finally {
        working = null
      }
    })()
    return working
  }

  function wake(): void {
    if (ending) return
    clearTimeout(timer)
    drain()
      .then(sleepUntilDue)
      .catch((error: unknown) => {
        // The store cannot be written: trying again at once would send the same mail again and again.
        logger.error({ err: error }, 'the outbox failed')
        const { message, remedy } = toFailure(error)
        stayAway(message, remedy)
        sleep(awayUntil)
      })
  }

  function sleepUntilDue(): void {
    if (ending) return
    const due = mails.nextDue()
    if (due !== null) sleep(Math.max(due, awayUntil))
  }

  function sleep(until: number): void {
    clearTimeout(timer)
    if (!ending) timer = setTimeout(wake, Math.min(until - now(), LIMIT_MS))
  }

  return {
    drain,
    /** Sends what is due, and from now on every mail as soon as it is committed. */
    start(): void {
      unsubscribe = events.subscribe(wake)
      wake()
    },
    /** Tries the server once although it is away, and goes on while it answers. */
    tryNow(): void {
      awayUntil = 0
      wake()
    },
    /** Lets a mail that is being sent come to its end, within a few seconds. */
    async stop(): Promise<void> {
      ending = true
      unsubscribe()
      clearTimeout(timer)
      const grace = setTimeout(() => aborted.abort(), GRACE_MS)
      await working?.catch(() => {})
      clearTimeout(grace)
    },
  }
}
