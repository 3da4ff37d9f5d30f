import { afterAll, beforeAll, expect, it } from 'vitest'
import type { HealthView } from '../../src/http/contract.ts'
import { pushTo } from '../helpers/push.ts'
import { type TestServer, testServer } from '../helpers/server.ts'
import { smtpServer, type TestSmtp } from '../helpers/smtp.ts'

let smtp: TestSmtp
let port: number
let server: TestServer
beforeAll(async () => {
  smtp = await smtpServer()
  port = Number(new URL(smtp.url).port)
  await smtp.close()
  server = await testServer({ HONE_SMTP_URL: smtp.url, HONE_MAIL_TO: 'ada@example.org' })
})
afterAll(async () => {
  await server.dispose()
  await smtp.close()
})

it('SMTP down: the run ends, the health says so, and the mail comes once when the server is back', async () => {
  const project = await server.createProject('smtp-down', {})
  const { runId } = await pushTo(project.gitRemote, project.pushToken, { 'README.md': 'no script' })
  await server.event(runId, ({ type, data }) => type === 'mail' && data.error !== undefined)
  const { problems } = await server.api<HealthView>('/health')
  expect(problems.find(({ part }) => part === 'mail')).toMatchObject({ remedy: expect.stringMatching(/\S/) })
  expect((await server.run(runId)).state).toBe('failed')

  smtp = await smtpServer({ port })
  const run = await server.ended(runId)
  expect(run.mails).toMatchObject([{ state: 'sent', error: null }])
  expect(smtp.mails.map(({ to }) => to?.[0]?.address)).toEqual(['ada@example.org'])
  expect(smtp.mails[0]?.subject).toContain('smtp-down #1: failed')
  const mailProblems = async () =>
    (await server.api<HealthView>('/health')).problems.filter(({ part }) => part === 'mail')
  await expect.poll(mailProblems).toEqual([])
})
