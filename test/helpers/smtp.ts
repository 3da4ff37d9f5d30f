import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface TestSmtp {
  /** `smtp://127.0.0.1:<port>` */
  url: string
  /** What was accepted, in order. */
  mails: Email[]
  /** The bytes of each, as they came over the wire. */
  raw: Buffer[]
  /** Breaks off every connection, without an answer. */
  drop(): void
  close(): Promise<void>
}

/**
 * A real SMTP server on a free port.
 * @param accept called with each mail once its data is there; an error it throws is the server's answer
 */
export async function smtpServer(
  options: SMTPServerOptions & { port?: number; accept?: (mail: Email, bytes: Buffer) => void } = {},
): Promise<TestSmtp> {
  const { port = 0, accept = () => {}, ...rest } = options
  const mails: Email[] = []
  const raw: Buffer[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    ...rest,
    async onData(stream, _session, callback) {
      const pieces: Buffer[] = []
      for await (const piece of stream) pieces.push(piece as Buffer)
      const bytes = Buffer.concat(pieces)
      const mail = await PostalMime.parse(bytes)
      try {
        accept(mail, bytes)
      } catch (error) {
        return callback(error as Error)
      }
      mails.push(mail)
      raw.push(bytes)
      callback()
    },
  })
  // Connections that a test breaks off are no failure of the server.
  server.on('error', () => {})
  const sockets = new Set<Socket>()
  server.server.on('connection', (socket: Socket) => sockets.add(socket))
  const listening = server.listen(port, '127.0.0.1')
  await once(listening, 'listening')
  return {
    url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    mails,
    raw,
    drop() {
      for (const socket of sockets) socket.destroy()
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** An answer with an SMTP code: 4xx for now, 5xx for good. */
export const smtpAnswer = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode })
