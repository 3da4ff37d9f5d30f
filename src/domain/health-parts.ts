import { bytesInWords } from './bytes.ts'
import type { Facts, Problem } from './health.ts'
import type { Disk } from './retention.ts'

/** `idle`: nothing is known of it yet, or it is switched off. `warn`: it asks for a look, but Hone goes on. */
export const HEALTH_STATES = ['ok', 'idle', 'warn', 'bad'] as const

/** One part of the surroundings, whatever its state. */
export interface HealthPart {
  /** `engine`, `disk`, `engine-disk`, `mail`, `webhook` */
  part: string
  state: (typeof HEALTH_STATES)[number]
  text: string
  /** What to do; null where there is nothing to do. */
  remedy: string | null
  /** Since when it is wrong, ms since the epoch; null where it is not, or where that is not known. */
  since: number | null
  /** When it was seen to work last, ms since the epoch; null where it never was. */
  seenAt: number | null
}

export interface MailFigures {
  pending: number
  /** Given up: Hone does not try them again by itself. */
  failed: number
  lastSentAt: number | null
}

/** What the parts are made of. */
export interface Surroundings {
  problems: readonly Problem[]
  facts: Facts
  mail: MailFigures
  /** Folder that mails lie in where no SMTP server is set. */
  mailbox: string | null
  /** The newest, with the name of its project. */
  delivery: {
    project: string
    event: string
    outcome: string
    reason: string | null
    receivedAt: number
  } | null
  now: number
}

/** The monitor asks the engine every few seconds. */
const SILENT_MS = 60_000

const fine = (part: string, text: string, seenAt: number | null = null): HealthPart => ({
  ...{ part, state: 'ok', text, remedy: null, since: null, seenAt },
})

const PLACES = { disk: 'in the data folder', 'engine-disk': "on the Docker engine's disk" } as const

/** Engine, disks, mail and webhooks, in this order: each with what is wrong, or with what is known. Pure. */
export function healthParts(all: Surroundings): HealthPart[] {
  const { problems, facts } = all
  const { data = null, engine = null } = facts.disks ?? {}
  // Two folders of one disk are as full as each other.
  const isOther = engine !== null && engine.total !== data?.total
  const parts = [
    engineOf(all),
    diskOf('disk', data),
    ...(isOther ? [diskOf('engine-disk', engine)] : []),
    mailOf(all),
    webhookOf(all),
  ]
  const wrong = problems.map((problem): HealthPart => {
    const { part, since, message: text, remedy } = problem
    return { part, state: 'bad', text, remedy, since, seenAt: seenOf(part, parts) }
  })
  const others = wrong.filter(({ part }) => parts.every((known) => known.part !== part))
  return [...parts.map((known) => wrong.find(({ part }) => part === known.part) ?? known), ...others]
}

const seenOf = (name: string, parts: readonly HealthPart[]) =>
  parts.find(({ part }) => part === name)?.seenAt ?? null

function engineOf({ facts: { engine }, now }: Surroundings): HealthPart {
  if (!engine) return { ...fine('engine', 'The Docker engine has not been asked yet.'), state: 'idle' }
  const name = engine.version === null ? 'The Docker engine' : `Docker ${engine.version}`
  if (now - engine.at < SILENT_MS) return fine('engine', `${name} answers.`, engine.at)
  return {
    ...fine('engine', `${name} has not answered for a while.`, engine.at),
    ...{ state: 'warn', since: engine.at },
    remedy: 'Look whether it is busy or stuck: `docker ps` has to answer at once.',
  }
}

function diskOf(part: keyof typeof PLACES, disk: Disk | null): HealthPart {
  if (!disk) return { ...fine(part, 'Its free space is not known.'), state: 'idle' }
  return fine(part, `${bytesInWords(disk.free)} of ${bytesInWords(disk.total)} are free ${PLACES[part]}.`)
}

function mailOf({ mail: { pending, failed, lastSentAt }, mailbox }: Surroundings): HealthPart {
  const waiting = pending === 0 ? 'none waits' : pending === 1 ? 'one waits' : `${pending} wait`
  if (failed > 0)
    return {
      ...fine(
        'mail',
        `${failed === 1 ? 'A mail was' : `${failed} mails were`} given up; ${waiting}.`,
        lastSentAt,
      ),
      state: 'warn',
      remedy: 'The page of mails says why of each, and sends it again.',
    }
  if (mailbox === null)
    return fine(
      'mail',
      lastSentAt === null ? `No mail was sent yet; ${waiting}.` : `Mails are sent; ${waiting}.`,
      lastSentAt,
    )
  return {
    ...fine('mail', `No SMTP server is set: mails are only written to \`${mailbox}\`.`, lastSentAt),
    state: 'idle',
    remedy: 'Set HONE_SMTP_URL, for example `smtp://user:password@host:587`, to have them sent.',
  }
}

function webhookOf({ delivery, facts: { badSignature } }: Surroundings): HealthPart {
  const seenAt = delivery?.receivedAt ?? null
  if (badSignature && badSignature.at > (seenAt ?? 0))
    return {
      ...fine(
        'webhook',
        `A webhook for ${badSignature.project} came with a missing or wrong signature.`,
        seenAt,
      ),
      ...{ state: 'warn', since: badSignature.at },
      remedy: "Set the webhook's secret on GitHub to the project's; the project's page makes a new one.",
    }
  if (!delivery) return { ...fine('webhook', 'No push and no webhook was received yet.'), state: 'idle' }
  const { event, project, outcome, reason } = delivery
  if (outcome === 'refused')
    return {
      ...fine(
        'webhook',
        `The last ${event}, for ${project}, was refused: ${reason ?? 'too many runs wait.'}`,
        seenAt,
      ),
      ...{ state: 'warn', since: seenAt },
      remedy: "Deliver it again on the project's page when there is room, or raise HONE_QUEUE.",
    }
  return fine('webhook', `The last ${event} received was for ${project}.`, seenAt)
}
