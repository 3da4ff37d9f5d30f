import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { afterEach, describe, expect, test } from 'vitest'
import type { HoneError } from '../../src/domain/failure.ts'
import { checkSmtp } from '../../src/mail/check.ts'
import { composeMail } from '../../src/mail/compose.ts'
import type { SendFailed } from '../../src/mail/contract.ts'
import { emlName, mailSender } from '../../src/mail/send.ts'
import { removeFolder, temporaryFolder } from '../helpers/git.ts'
import { smtpAnswer, smtpServer, type TestSmtp } from '../helpers/smtp.ts'
import { aMail, reached } from './factories.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

function folder() {
  const made = temporaryFolder()
  cleanUps.push(() => removeFolder(made))
  return made
}

async function server(options: Parameters<typeof smtpServer>[0] = {}): Promise<TestSmtp> {
  const made = await smtpServer(options)
  cleanUps.push(() => made.close())
  return made
}

const sender = (smtpUrl: string | null, data = folder()) =>
  mailSender({ smtpUrl, from: 'Hone <hone@example.org>', mailbox: join(data, 'mailbox'), data })

const failureOf = (promise: Promise<void>) =>
  promise.then(
    () => Promise.reject(new Error('It was sent')),
    (error: SendFailed) => error,
  )

/** A port that nothing listens on any more. */
async function closedServer() {
  const closed = await smtpServer()
  await closed.close()
  return closed.url
}

describe('by SMTP', () => {
  test('brings subject, text, HTML and attachments as they are', async () => {
    const smtp = await server()
    const data = folder()
    mkdirSync(join(data, 'artifacts/run-3/trial-4'), { recursive: true })
    const model = Buffer.from([0, 255, 13, 10, 13, 0, 46, 13, 10])
    writeFileSync(join(data, 'artifacts/run-3/trial-4/model.joblib'), model)
    const composed = composeMail(reached())
    await sender(smtp.url, data).send(aMail(composed))
    const [mail] = smtp.mails
    expect(mail?.subject).toBe(composed.subject)
    expect(mail?.text?.trim()).toBe(composed.text.trim())
    expect(mail?.html?.trim()).toBe(composed.html.trim())
    expect(mail?.from).toMatchObject({ name: 'Hone', address: 'hone@example.org' })
    expect(mail?.to?.[0]?.address).toBe('ada@example.org')
    expect(mail?.messageId).toBe('<run-3-target@hone.example>')
    expect(mail?.date).toBe('2026-01-02T03:04:05.000Z')
    const files = mail?.attachments.map(({ filename, content }) => [
      filename,
      Buffer.from(content as ArrayBuffer),
    ])
    expect(files).toEqual([
      ['digits-run-3-trial-4.patch', Buffer.from(reached().best?.diff ?? '')],
      ['model.joblib', model],
    ])
    expect(mail?.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated')
  })

  test('shows a picture in its place in the HTML, and not among the files', async () => {
    const smtp = await server()
    const png = Uint8Array.from([137, 80, 78, 71, 0, 255])
    await sender(smtp.url).send(aMail(composeMail(reached({ artifacts: [] }), png)))
    const [mail] = smtp.mails
    const picture = mail?.attachments.find(({ contentId }) => contentId === '<chart@hone>')
    expect(picture).toMatchObject({ mimeType: 'image/png', disposition: 'inline', related: true })
    expect(new Uint8Array(picture?.content as ArrayBuffer)).toEqual(png)
    expect(mail?.html).toContain('src="cid:chart@hone"')
    // Only with the HTML, so that a reader of the text is not given it as a file.
    expect(smtp.raw[0]?.toString()).toMatch(/multipart\/related/)
  })

  test('tells a refusal for now from one for good', async () => {
    const answers = [smtpAnswer(451, 'Try later'), smtpAnswer(550, 'No such user')]
    const smtp = await server({
      accept: () => {
        const answer = answers.shift()
        if (answer) throw answer
      },
    })
    const mails = sender(smtp.url)
    expect(await failureOf(mails.send(aMail()))).toMatchObject({
      kind: 'refused',
      permanent: false,
      message: expect.stringContaining('451 Try later'),
    })
    expect(await failureOf(mails.send(aMail()))).toMatchObject({
      kind: 'refused',
      permanent: true,
      message: expect.stringContaining('550 No such user'),
    })
    await mails.send(aMail())
    expect(smtp.mails.length).toBe(1)
  })

  test('says that the login was refused, without the password', async () => {
    const smtp = await server({
      authOptional: false,
      onAuth: (_auth, _session, callback) => callback(smtpAnswer(535, 'Bad credentials')),
    })
    const url = smtp.url.replace('://', '://ada:s3cret@')
    const error = await failureOf(sender(url).send(aMail()))
    expect(error).toMatchObject({ kind: 'away', remedy: expect.stringContaining('HONE_SMTP_URL') })
    expect(error.message).toContain('refused the login')
    expect(error.message + error.remedy).not.toContain('s3cret')
  })

  test('logs in', async () => {
    const smtp = await server({
      authOptional: false,
      onAuth: ({ username, password }, _session, callback) =>
        password === 'pass word' ? callback(null, { user: username }) : callback(new Error('no')),
    })
    await sender(smtp.url.replace('://', '://ada:pass%20word@')).send(aMail())
    expect(smtp.mails.length).toBe(1)
  })

  test('says that the server is away', async () => {
    expect(await failureOf(sender(await closedServer()).send(aMail()))).toMatchObject({
      kind: 'away',
      permanent: false,
      message: expect.stringContaining('cannot be reached'),
    })
  })

  test('sends what is left when a file has gone, and says so in its place', async () => {
    const smtp = await server()
    const path = 'artifacts/gone.pt'
    const attachments = [{ filename: 'gone.pt', contentType: 'application/octet-stream', path }]
    await sender(smtp.url).send(aMail({ attachments }))
    expect(smtp.mails[0]?.attachments[0]?.filename).toBe('gone.pt.txt')
  })

  test('attaches nothing from outside of the data folder', async () => {
    const smtp = await server()
    for (const path of ['../../../etc/passwd', '/etc/passwd', 'https://example.org/x']) {
      await sender(smtp.url).send(
        aMail({ attachments: [{ filename: 'x', contentType: 'text/plain', path }] }),
      )
      expect(smtp.mails.at(-1)?.attachments[0]?.filename).toBe('x.txt')
    }
  })

  test('lets nothing of a mail become a header', async () => {
    const smtp = await server()
    await sender(smtp.url).send(
      aMail({ subject: 'Hello\r\nBcc: eve@example.org', messageId: '<a@b>\r\nX-Evil: 1' }),
    )
    expect(smtp.raw[0]?.toString()).not.toMatch(/^(?:Bcc|X-Evil):/m)
  })

  test('stops when it is told to', async () => {
    const stop = new AbortController()
    const smtp = await server({ onMailFrom: () => stop.abort() })
    await expect(sender(smtp.url).send(aMail(), stop.signal)).rejects.toThrow()
    expect(smtp.mails).toEqual([])
  })
})

describe('into the mailbox folder', () => {
  test('writes one file that a mail program opens, also when it is sent twice', async () => {
    const data = folder()
    const mails = sender(null, data)
    await mails.send(aMail(composeMail(reached({ artifacts: [] }))))
    await mails.send(aMail(composeMail(reached({ artifacts: [] }))))
    const files = readdirSync(join(data, 'mailbox'))
    expect(files).toEqual([emlName(aMail())])
    const mail = await PostalMime.parse(readFileSync(join(data, 'mailbox', files[0] as string)))
    expect(mail.subject).toBe('digits #3: accuracy 0.953 reached')
    expect(mail.attachments.map(({ filename }) => filename)).toEqual(['digits-run-3-trial-4.patch'])
  })

  test('names files after the Message-ID, and never outside of the folder', () => {
    expect(emlName({ messageId: '<run-3-target@hone>' })).toMatch(/^run-3-target@hone-[0-9a-f]{8}\.eml$/)
    expect(emlName({ messageId: '<../../etc/passwd>' })).toMatch(/^etcpasswd-[0-9a-f]{8}\.eml$/)
    expect(emlName({ messageId: '<a/b@c>' })).not.toBe(emlName({ messageId: '<ab@c>' }))
    expect(emlName({ messageId: `<${'a'.repeat(500)}>` }).length).toBeLessThan(100)
  })

  test('says when the folder cannot be written', async () => {
    const data = folder()
    writeFileSync(join(data, 'mailbox'), 'a file')
    expect((await failureOf(sender(null, data).send(aMail()))).message).toContain('mailbox')
  })
})

describe('checkSmtp', () => {
  test('is silent when all is well, and sends nothing', async () => {
    const smtp = await server()
    await expect(checkSmtp(smtp.url)).resolves.toBeUndefined()
    expect(smtp.mails).toEqual([])
  })

  test('says what is wrong', async () => {
    const error = await checkSmtp(await closedServer()).catch((reason: HoneError) => reason)
    expect((error as HoneError).failure).toMatchObject({ kind: 'unavailable', code: 'mail-server-away' })
  })
})
