import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { mailAdmin } from '../../src/main/admin/mail.ts'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aDetectedRun, aProject } from '../helpers/factories.ts'
import { smtpAnswer, smtpServer } from '../helpers/smtp.ts'

let browser: Browser
let dashboard: Dashboard
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  dashboard = await openDashboard()
})
afterEach(() => dashboard.close())

/** Makes a user on the page, and reads the token that is shown this once. */
async function makeUser(page: Page, name: string, role: 'viewer' | 'admin'): Promise<string> {
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.locator('select[name="role"]').selectOption(role)
  await page.getByLabel('Token where it is used').fill('laptop')
  await page.getByRole('button', { name: 'Make the user' }).click()
  await page.getByText(`A token of ${name}.`).waitFor()
  const token = await page.locator('.new-token pre').innerText()
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.locator('.new-token').waitFor({ state: 'detached' })
  return token
}

async function signInAs(token: string) {
  const opened = await openPage(browser, dashboard)
  await opened.page.goto(`${dashboard.url()}/`)
  await opened.page.getByLabel('Token').fill(token)
  await opened.page.getByRole('button', { name: 'Sign in' }).click()
  return opened
}

test('a viewer is made, looks, is refused, and is out as soon as the token is revoked; the record has all of it', async () => {
  const run = aDetectedRun(dashboard.world, aProject(dashboard.world))
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, '/admin')
  await page.getByText('Nobody besides the owner yet').waitFor()
  const token = await makeUser(page, 'grace', 'viewer')
  await page.getByRole('heading', { name: 'grace' }).waitFor()
  expect(await page.content()).not.toContain(token)

  const hers = await signInAs(token)
  await hers.page.getByRole('link', { name: 'Signed in as grace' }).waitFor()
  await hers.page.goto(`${dashboard.url()}/runs/${run.id}`)
  await hers.page.getByText('viewer', { exact: true }).waitFor()
  await hers.page.getByRole('navigation', { name: 'Sections of the run' }).waitFor()
  await expect.poll(() => hers.page.getByRole('button', { name: 'Cancel run' }).count()).toBe(0)
  const answer = await hers.page.evaluate(async (id) => {
    const response = await fetch(`/api/v1/runs/${id}/cancel`, { method: 'POST' })
    return { status: response.status, body: await response.json() }
  }, run.id)
  expect(answer).toMatchObject({ status: 403, body: { error: { code: 'viewer' } } })
  await hers.page.goto(`${dashboard.url()}/admin/audit`)
  await hers.page.getByText('This is for admins only.').waitFor()

  await page.getByText('1 session', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Revoke laptop of grace' }).click()
  await page.getByRole('button', { name: 'Really revoke' }).click()
  await page.getByText('No token: they cannot sign in.').waitFor()
  await hers.page.getByRole('heading', { name: 'Sign in' }).waitFor()

  await page.getByRole('link', { name: 'Audit' }).click()
  await page.getByRole('cell', { name: 'token revoked' }).waitFor()
  await page.getByRole('combobox', { name: 'User' }).selectOption('grace')
  await expect.poll(() => page.getByRole('cell', { name: 'token revoked' }).count()).toBe(0)
  await page.getByRole('cell', { name: 'signed in' }).waitFor()
  await page.getByRole('combobox', { name: 'User' }).selectOption('owner')
  await page.getByRole('cell', { name: 'laptop of grace' }).first().waitFor()
  expect(await page.content()).not.toContain(token)
  expect([...faults, ...hers.faults]).toEqual([])
})

test('roles change, a second token is made, and a name that is taken is told', async () => {
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, '/admin/people')
  const token = await makeUser(page, 'ada', 'viewer')
  const hers = await signInAs(token)
  await hers.page.getByText('viewer', { exact: true }).waitFor()
  await page.getByLabel('Role of ada').selectOption('admin')
  await expect.poll(() => dashboard.world.store.users.byName('ada')?.role).toBe('admin')
  await hers.page.reload()
  await hers.page.getByRole('link', { name: 'Admin', exact: true }).click()
  await hers.page.getByRole('link', { name: 'Audit' }).waitFor()

  await page.getByRole('button', { name: 'New token of ada' }).click()
  const form = page.locator('.users form')
  await form.getByLabel('Token where it is used').fill('laptop')
  await form.getByRole('button', { name: 'Make the token' }).click()
  await page.getByText("ada has a token 'laptop' already.").waitFor()
  await form.getByLabel('Token where it is used').fill('ci')
  await form.getByRole('button', { name: 'Make the token' }).click()
  await page.getByText('A token of ada.').waitFor()
  await expect
    .poll(() => dashboard.world.store.tokens.ofUser(1).map(({ name }) => name))
    .toEqual(['laptop', 'ci'])

  await hers.page.getByRole('link', { name: 'People' }).click()
  await hers.page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await hers.page.getByRole('button', { name: 'Really sign out everywhere' }).click()
  await hers.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect([...faults, ...hers.faults]).toEqual([])
})

test('what cannot be loaded says so, and is asked for again', async () => {
  const { page } = await openPage(browser, dashboard)
  let broken = true
  await page.route('**/api/v1/admin/**', (route) =>
    broken
      ? route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'Hone failed at this.' } } })
      : route.continue(),
  )
  await visit(page, dashboard, '/admin/people')
  await page.getByText('Hone failed at this.').waitFor({ timeout: 15_000 })
  broken = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Nobody besides the owner yet').waitFor()
})

test('a test mail goes through the real mail server, and its answer is shown', async () => {
  const answers = [
    () => {},
    () => {
      throw smtpAnswer(550, 'No such user here')
    },
  ]
  const smtp = await smtpServer({ accept: () => answers.shift()?.() })
  try {
    const config = readConfig({ HONE_DATA: dashboard.world.paths.data, HONE_SMTP_URL: smtp.url })
    dashboard.admin.mail = mailAdmin(config, { now: Date.now, url: dashboard.url })
    const { page, faults } = await openPage(browser, dashboard)
    await visit(page, dashboard, '/admin/mail')
    await page.getByText(new URL(smtp.url).host).waitFor()
    await page.getByLabel('To', { exact: true }).fill('ada@example.org')
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByText('took the mail: 250').waitFor()
    expect(smtp.mails.map(({ subject }) => subject)).toEqual(['Hone: a test mail'])
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByText('550 No such user here').waitFor()
    await page.getByText('Check HONE_MAIL_FROM and the recipient.').waitFor()
    await page.getByRole('link', { name: 'Audit' }).click()
    await page.getByRole('cell', { name: 'to ada@example.org: refused' }).waitFor()
    await page.getByRole('cell', { name: 'to ada@example.org: taken' }).waitFor()
    expect(faults).toEqual([])
  } finally {
    await smtp.close()
  }
})

test('engine, slots, disks and backups are shown, also while the engine is away', async () => {
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, '/admin/engine')
  await page.getByText('overlay2').waitFor()
  await page.getByText('0 of 4 (HONE_PARALLEL)').waitFor()
  await page.getByText('Nothing trains now.').waitFor()
  const engine = await dashboard.admin.engine()
  const image = (name: string, kind: 'library' | 'other') => ({
    ...{ names: [name], bytes: 1024, createdAt: 1, lastUsedAt: null, used: false, kind },
  })
  const images = [
    image('hone/sklearn:1', 'library'),
    ...Array.from({ length: 130 }, (_, index) => image(`hone/needs-${index}:1`, 'other')),
  ]
  Object.assign(dashboard.admin, { engine: async () => ({ ...engine, images }) })
  await page.reload()
  await page.getByRole('cell', { name: 'hone/sklearn:1' }).waitFor()
  await expect.poll(() => page.getByRole('cell', { name: /^hone\/needs/ }).count()).toBe(0)
  await page.getByRole('button', { name: '130 images that no run of this Hone trained in' }).click()
  await expect.poll(() => page.getByRole('cell', { name: /^hone\/needs/ }).count()).toBe(100)
  await page.getByText('And 30 more.').waitFor()
  const away = { since: Date.now() - 60_000, message: 'The engine does not answer.', remedy: 'Start it.' }
  Object.assign(dashboard.admin, { engine: async () => ({ ...engine, facts: null, images: [], away }) })
  await page.reload()
  await page.getByText('The engine does not answer.').waitFor()

  const removed = [{ kind: 'logs', name: 'logs/run-1', bytes: 2048, reason: 'its run ended long ago' }]
  dashboard.admin.cleanUp = async () => ({ removed, failed: [], freedBytes: 2048, compacted: 1 })
  await page.getByRole('link', { name: 'Data' }).click()
  await page.getByRole('button', { name: 'Clean up now' }).click()
  await page.getByText('Removed 1 thing, 2.0 KiB.').waitFor()

  const list = await dashboard.admin.backups.list()
  const files = [{ name: 'hone-2026-01-31T03-15-00Z.tar.gz', bytes: 5_000_000, madeAt: Date.now() }]
  const use = await dashboard.admin.dataUse()
  dashboard.admin.backups.start = () => {
    const lists = [{ ...list, makingSince: Date.now() }]
    dashboard.admin.backups.list = async () => lists.pop() ?? { ...list, files }
    const backups = { name: 'backups', what: 'Backups that were made on this page', bytes: 5_000_000 }
    dashboard.admin.dataUse = async () => ({ ...use, parts: lists.length > 0 ? use.parts : [backups] })
  }
  await page.getByText('None was made here yet.').waitFor()
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByRole('link', { name: 'hone-2026-01-31T03-15-00Z.tar.gz' }).waitFor()
  await page.locator('.parts').getByText('4.8 MiB').first().waitFor()
  expect(faults).toEqual([])
})
