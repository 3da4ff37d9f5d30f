import { expect, test } from 'vitest'
import type { Mail } from '../../src/domain/mail.ts'
import { chartOf, composeMail } from '../../src/mail/compose.ts'
import { drawPicture } from '../../src/mail/picture.ts'
import { launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aDetectedRun, aProject } from '../helpers/factories.ts'
import { budgetSpent } from '../mail/factories.ts'

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

test.each([
  [1280, 'light'],
  [390, 'dark'],
] as const)('a mail with its chart is shown whole, %i pixels wide and %s', async (width, colorScheme) => {
  const browser = await launchBrowser()
  const dashboard = await openDashboard()
  try {
    const { world } = dashboard
    const run = aDetectedRun(world, aProject(world))
    const input = budgetSpent()
    const mail = composeMail(input, await drawPicture(chartOf(input)?.svg ?? ''))
    const about = { runId: run.id, kind: 'budget', messageId: '<1@hone>', to: 'ada@example.org' } as const
    world.store.mails.insert({ ...about, ...mail })
    world.store.mails.markSent({ id: 1, runId: run.id } as Mail, 'written')
    const viewport = { width, height: 800 }
    const { page, faults } = await openPage(browser, dashboard, { viewport, colorScheme })
    await visit(page, dashboard, '/mails/1')
    await page.getByText('written to the mailbox folder', { exact: true }).waitFor()
    await page.getByText('attached: digits-run-3-trial-7.patch').waitFor()
    const frame = page.frameLocator('iframe')
    const picture = frame.getByRole('img', { name: /^accuracy of 20 trials: 0.5 in trial 0, best 0.912/ })
    await picture.waitFor()
    const inFrame = (what: string) => page.frames()[1]?.evaluate<number>(what)
    await expect.poll(() => inFrame('document.images[0].naturalWidth')).toBe(1200)
    const root = 'document.documentElement'
    await expect.poll(() => inFrame(`${root}.scrollHeight - ${root}.clientHeight`)).toBe(0)
    await expect.poll(() => inFrame(`${root}.scrollWidth - ${root}.clientWidth`)).toBe(0)
    const end = frame.getByRole('cell', { name: '19', exact: true })
    await end.waitFor()
    expect(faults).toEqual([])
  } finally {
    await browser.close()
    await dashboard.close()
  }
})
