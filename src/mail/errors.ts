import { SendFailed } from './contract.ts'

const CONNECTION = new Set([
  'ECONNECTION',
  'ETIMEDOUT',
  'ESOCKET',
  'EDNS',
  'ETLS',
  'EPROTOCOL',
  'EPROXY',
  'EREQUIRETLS',
])
const LOGIN = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2'])
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT'])

/** Host and port of an SMTP address, without the password. */
export const serverOf = (smtpUrl: string) => new URL(smtpUrl).host

interface Thrown {
  code?: string
  responseCode?: number
  response?: string
  permanent?: boolean
  message?: string
}

/** An error of nodemailer or of the disk, in words that tell what to do. */
export function sendFailed(error: unknown, server: string): SendFailed {
  if (error instanceof SendFailed) return error
  const { code = '', response, permanent = false, message = String(error) } = error as Thrown
  const said = (response ?? message).replace(/\s+/g, ' ').slice(0, 300)
  const failed = (text: string, kind: 'away' | 'refused', never: boolean, remedy: string) =>
    new SendFailed(text, { kind, permanent: never, remedy }, { cause: error })
  if (DISK_FULL.has(code)) {
    return failed(
      `The disk is full (${code}).`,
      'away',
      false,
      'Free some space where HONE_DATA lies; Hone goes on by itself.',
    )
  }
  if (LOGIN.has(code)) {
    return failed(
      `The SMTP server ${server} refused the login: ${said}`,
      'away',
      permanent,
      'Check user and password in HONE_SMTP_URL.',
    )
  }
  if (CONNECTION.has(code)) {
    return failed(
      `The SMTP server ${server} cannot be reached: ${said}`,
      'away',
      false,
      'Check HONE_SMTP_URL and the server; Hone tries again by itself.',
    )
  }
  const never = permanent ? 'for good' : 'for now'
  return failed(
    `${server} refused the mail ${never}: ${said}`,
    'refused',
    permanent,
    'Check HONE_MAIL_FROM and the recipient; Hone tries again by itself.',
  )
}
