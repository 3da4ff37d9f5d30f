import { createTransport } from 'nodemailer'
import { unavailable } from '../domain/failure.ts'
import { sendFailed, serverOf } from './errors.ts'
import { TIMEOUTS } from './send.ts'

/** Connects and logs in, and sends nothing. @throws HoneError `unavailable`, `mail-server-away` */
export async function checkSmtp(smtpUrl: string): Promise<void> {
  const transport = createTransport({
    url: smtpUrl,
    ...TIMEOUTS,
    connectionTimeout: 5000,
    greetingTimeout: 5000,
  })
  try {
    await transport.verify()
  } catch (error) {
    const { message, remedy } = sendFailed(error, serverOf(smtpUrl))
    throw unavailable('mail-server-away', message, remedy, error)
  } finally {
    transport.close()
  }
}
