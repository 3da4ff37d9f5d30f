import { expect, test } from 'vitest'
import type { Mail } from '../../src/domain/mail.ts'
import { launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aDetectedRun, aProject } from '../helpers/factories.ts'

test('a mail that was given up says why, and waits again after a click', async () => {
  const browser = await launchBrowser()
  const dashboard = await openDashboard()
  try {
    const { world } = dashboard
    const { mails } = world.store
    const run = aDetectedRun(world, aProject(world))
    const about = { runId: run.id, kind: 'budget', messageId: '<1@hone>', to: 'ada@example.org' } as const
    mails.insert({ ...about, subject: 'A mail', text: 'Words', html: '<p>Words</p>', attachments: [] })
    const mail = mails.byId(1) as Mail
    mails.markRefused(mail, 'mx.example.org refused the mail for good: 550 No such user', null)
    const { page, faults } = await openPage(browser, dashboard)
    await visit(page, dashboard, '/mails')
    await page.locator('[data-state="failed"]').waitFor()
    await page.getByRole('link', { name: 'A mail' }).click()
    await page.getByText('Given up:').waitFor()
    await page.getByText('550 No such user').waitFor()
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByText('Not sent yet:').waitFor()
    expect(mails.byId(1)).toMatchObject({ state: 'pending', refusals: 0 })
    mails.markSent(mail)
    await page.locator('[data-state="sent"]').waitFor()
    await expect.poll(() => page.getByText('Not sent yet:').count()).toBe(0)
    expect(faults).toEqual([])
  } finally {
    await browser.close()
    await dashboard.close()
  }
})
