import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aProject } from '../helpers/factories.ts'

let browser: Browser
let dashboard: Dashboard
beforeAll(async () => {
  browser = await launchBrowser()
  dashboard = await openDashboard()
  aProject(dashboard.world)
})
afterAll(async () => {
  await browser.close()
  await dashboard.close()
})

const REFUSED = `Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } })`
const NONE = `Object.defineProperty(navigator, 'clipboard', { value: undefined })`
const NO_COMMAND = 'document.execCommand = () => false'

test.each([
  ['without a clipboard, over plain HTTP', NONE, 'Copied'],
  ['where the clipboard is refused', REFUSED, 'Copied'],
  ['where nothing may copy, by hand', `${NONE}; ${NO_COMMAND}`, 'Selected: press Ctrl+C'],
])('a text is copied %s', async (_, script, said) => {
  const { page, faults } = await openPage(browser, dashboard)
  await page.addInitScript(script)
  await visit(page, dashboard, '/projects/digits/connect')
  const button = page.getByRole('button', { name: 'Copy webhook address' })
  await button.click()
  await expect.poll(() => button.innerText()).toBe(said)
  const selected = await page.evaluate<string>('getSelection().toString()')
  expect(selected.trim()).toBe(`${dashboard.url()}/webhooks/digits`)
  // What was said holds for a moment only.
  await expect.poll(() => button.innerText(), { timeout: 10_000 }).toBe('Copy')
  expect(faults).toEqual([])
  await page.context().close()
})
