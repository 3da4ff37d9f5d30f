import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sendTestMail } from '../../src/mail/test-mail.ts'
import { smtpAnswer, smtpServer, type TestSmtp } from '../helpers/smtp.ts'

let data: string
const servers: TestSmtp[] = []
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'hone-test-mail-'))
})
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
  await rm(data, { recursive: true, force: true })
})

const TEST = { to: 'ada@example.org', id: 'abc', at: 1_700_000_000_000, url: 'http://hone.example.org' }
const optionsFor = (smtpUrl: string | null) => ({
  ...{ smtpUrl, from: 'Hone <hone@example.org>', mailbox: join(data, 'mailbox'), data },
})
async function server(options: Parameters<typeof smtpServer>[0] = {}) {
  const made = await smtpServer(options)
  servers.push(made)
  return made
}

it('is a real mail through the real server, and says what that said', async () => {
  const smtp = await server()
  const result = await sendTestMail(optionsFor(smtp.url), TEST)
  expect(result).toEqual({
    ok: true,
    said: expect.stringMatching(/^127\.0\.0\.1:\d+ took the mail: 250 /),
    remedy: '',
  })
  expect(smtp.mails).toHaveLength(1)
  expect(smtp.mails[0]).toMatchObject({ subject: 'Hone: a test mail', to: [{ address: 'ada@example.org' }] })
  expect(smtp.mails[0]?.text).toContain('http://hone.example.org')
})

it('says why the server refused it, and what to do', async () => {
  const smtp = await server({
    accept: () => {
      throw smtpAnswer(550, 'No such user here')
    },
  })
  const result = await sendTestMail(optionsFor(smtp.url), TEST)
  expect(result.ok).toBe(false)
  expect(result.said).toContain('refused the mail for good: 550 No such user here')
  expect(result.remedy).toBe('Check HONE_MAIL_FROM and the recipient.')
})

it('says that the login was refused, without the password', async () => {
  const smtp = await server({
    authOptional: false,
    onAuth: (_auth, _session, callback) => callback(smtpAnswer(535, 'Wrong password')),
    allowInsecureAuth: true,
  })
  const url = smtp.url.replace('smtp://', 'smtp://ada:top-secret@')
  const result = await sendTestMail(optionsFor(url), TEST)
  expect(result).toMatchObject({ ok: false, remedy: 'Check user and password in HONE_SMTP_URL.' })
  expect(JSON.stringify(result)).not.toContain('top-secret')
})

it('says that nothing answers', async () => {
  const smtp = await server()
  await smtp.close()
  servers.pop()
  const result = await sendTestMail(optionsFor(smtp.url), TEST)
  expect(result.said).toContain('cannot be reached')
  expect(result.remedy).toBe('Check HONE_SMTP_URL and the server.')
})

it('is only written to the folder where no server is set, and says so', async () => {
  const result = await sendTestMail(optionsFor(null), TEST)
  const [file] = await readdir(join(data, 'mailbox'))
  expect(result).toEqual({
    ok: true,
    said: `No mail server is set: the mail was written to ${join(data, 'mailbox')}/${file}.`,
    remedy: 'Set HONE_SMTP_URL to have mails sent.',
  })
})
