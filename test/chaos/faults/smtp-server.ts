import { smtpAnswer, smtpServer, type TestSmtp } from '../../helpers/smtp.ts'

/**
 * - `away`: nobody listens on the port
 * - `not-now`, `never`: the mail is answered with 451, with 550
 * - `answer-lost`: the mail is taken, and the connection breaks before the answer
 */
export type SmtpMode = 'accept' | 'away' | 'not-now' | 'never' | 'answer-lost'

export interface SwitchableSmtp {
  /** The same in every mode. */
  url: string
  /** The bytes of each mail that the receiver has, in order; one whose answer was lost too. */
  taken: Buffer[]
  /** Mails that were offered in a mode other than `accept`. */
  disturbed(): number
  mode(): SmtpMode
  switchTo(mode: SmtpMode): Promise<void>
  close(): Promise<void>
}

/** A real SMTP server whose way to fail can be chosen while it is used. */
export async function switchableSmtp(): Promise<SwitchableSmtp> {
  const taken: Buffer[] = []
  let mode: SmtpMode = 'accept'
  let disturbed = 0
  const accept = (_: unknown, bytes: Buffer) => {
    if (mode !== 'accept') disturbed++
    if (mode === 'not-now') throw smtpAnswer(451, 'Try again later')
    if (mode === 'never') throw smtpAnswer(550, 'No such user here')
    taken.push(bytes)
    if (mode === 'answer-lost') server?.drop()
  }
  let server: TestSmtp | null = await smtpServer({ accept })
  const { url } = server
  const port = Number(new URL(url).port)
  const leave = async () => {
    const leaving = server
    server = null
    leaving?.drop()
    await leaving?.close()
  }
  return {
    url,
    taken,
    disturbed: () => disturbed,
    mode: () => mode,
    async switchTo(to) {
      mode = to
      if (to === 'away') await leave()
      else server ??= await smtpServer({ port, accept })
    },
    close: leave,
  }
}
