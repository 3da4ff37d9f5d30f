import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aDetectedRun, aProject } from '../helpers/factories.ts'

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
  await page.getByLabel('User').selectOption('grace')
  await page.getByRole('cell', { name: 'signed in' }).waitFor()
  await expect.poll(() => page.getByRole('cell', { name: 'token revoked' }).count()).toBe(0)
  await page.getByLabel('User').selectOption('owner')
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
