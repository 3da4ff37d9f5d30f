import { afterEach, beforeEach, expect, test } from 'vitest'
import { mailSender } from '../../../src/mail/send.ts'
import { aMail } from '../../mail/factories.ts'
import { type SwitchableSmtp, switchableSmtp } from './smtp-server.ts'

let smtp: SwitchableSmtp
beforeEach(async () => {
  smtp = await switchableSmtp()
})
afterEach(() => smtp.close())

const send = () =>
  mailSender({ smtpUrl: smtp.url, from: 'hone@x.org', mailbox: '/nonexistent', data: '/' })
    .send(aMail({ subject: 'S', text: 'T', html: '<p>T</p>', attachments: [] }))
    .then(
      () => 'sent',
      ({ kind, permanent }) => `${kind}${permanent ? ' for good' : ''}`,
    )

test('each mode is what a sender sees of it, and it can be left again', async () => {
  const seen: Record<string, string> = {}
  for (const mode of ['away', 'not-now', 'never', 'answer-lost', 'accept'] as const) {
    await smtp.switchTo(mode)
    seen[mode] = await send()
  }
  expect(seen).toEqual({
    away: 'away',
    'not-now': 'refused',
    never: 'refused for good',
    'answer-lost': 'away',
    accept: 'sent',
  })
  expect(smtp.taken).toHaveLength(2)
  expect(smtp.taken[1]?.equals(smtp.taken[0] as Buffer)).toBe(true)
  expect(smtp.disturbed()).toBe(3)
})
