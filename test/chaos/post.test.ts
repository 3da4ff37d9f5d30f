import { afterEach, beforeEach, expect, test } from 'vitest'
import { mailSender } from '../../src/mail/send.ts'
import { aMail } from '../mail/factories.ts'
import { type Post, post } from './post.ts'

let smtp: Post
beforeEach(async () => {
  smtp = await post()
})
afterEach(() => smtp.close())

const mail = aMail({ subject: 'S', text: 'T', html: '<p>T</p>', attachments: [] })
const send = () =>
  mailSender({ smtpUrl: smtp.url, from: 'hone@x.org', mailbox: '/nonexistent', data: '/' })
    .send(mail)
    .then(
      () => 'sent',
      ({ kind, permanent }) => `${kind}${permanent ? ' for good' : ''}`,
    )

test('each rule is what a sender sees of it, and it can be left again', async () => {
  const seen: string[] = []
  for (const verdict of ['refuse', 'deny', 'lose', 'take'] as const) {
    smtp.rule = () => verdict
    seen.push(await send())
  }
  await smtp.close()
  seen.push(await send())
  await smtp.open()
  seen.push(await send())
  expect(seen).toEqual(['refused', 'refused for good', 'away', 'sent', 'away', 'sent'])
  expect(smtp.disturbed()).toBe(3)
})

test('a mail whose answer was lost comes again byte for byte', async () => {
  smtp.rule = () => 'lose'
  await send()
  smtp.rule = () => 'take'
  await send()
  expect(smtp.raw).toHaveLength(2)
  expect(smtp.raw[1]?.equals(smtp.raw[0] as Buffer)).toBe(true)
})
