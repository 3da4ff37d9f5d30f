import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashOf } from '../../src/secrets.ts'
import { type Dashboard, launchBrowser, openDashboard, openPage } from '../helpers/browser.ts'
import { aCompletedTrial, aDetectedRun, anEndedRun, aProject } from '../helpers/factories.ts'

const TOKEN = 'the-token-of-a-viewer'

let browser: Browser
let dashboard: Dashboard
beforeAll(async () => {
  browser = await launchBrowser()
  dashboard = await openDashboard()
  const { store } = dashboard.world
  const { id } = store.users.insert({ name: 'grace', role: 'viewer' })
  store.tokens.insert({ userId: id, name: 'laptop', endsAt: null, hash: hashOf(TOKEN) })
})
afterAll(async () => {
  await browser.close()
  await dashboard.close()
})

/** Opens a page as the viewer; it is there when its landmark is, and who looks is known. */
async function look(page: Page, path: string, landmark: string) {
  await page.goto(`${dashboard.url()}${path}#token=${TOKEN}`)
  await page.getByText('viewer', { exact: true }).waitFor()
  await page.getByText(landmark).first().waitFor()
}

/** What can be pressed on the page, besides copying and signing out. */
const pressable = (page: Page) => async () => {
  const names = await page.locator('main :is(button:enabled, a.button)').evaluateAll((all) =>
    all.map((one) => {
      const element = one as unknown as { ariaLabel: string | null; textContent: string }
      return element.ariaLabel ?? element.textContent
    }),
  )
  return names.filter((name) => !name.startsWith('Copy'))
}

test('a viewer finds no button that the server would refuse', async () => {
  const { world } = dashboard
  const { page, faults } = await openPage(browser, dashboard)
  const project = aProject(world, { repoUrl: 'https://example.org/ada/digits.git' })
  await look(page, '/', 'Payload URL')
  await expect.poll(pressable(page)).toEqual([])

  const run = aDetectedRun(world, project)
  aCompletedTrial(world, run, 0, 0.8)
  aCompletedTrial(world, run, 1, 0.9)
  anEndedRun(world, run, 'exhausted', { reason: '2 of 20 trials spent' })
  await look(page, '/', 'Latest runs')
  await expect.poll(pressable(page)).toEqual([])
  await look(page, '/projects/digits/connect', 'Badge')
  await expect.poll(pressable(page)).toEqual([])
  await look(page, `/runs/${run.id}/code?trial=1`, 'Take trial 1')
  await expect.poll(pressable(page)).toEqual(['Side by side', 'Download the patch'])
  await look(page, '/new', 'A viewer cannot make projects')
  await expect.poll(pressable(page)).toEqual([])
  expect(faults).toEqual([])
  await page.context().close()
})

test('a viewer reads the settings, and cannot write them', async () => {
  const { page, faults } = await openPage(browser, dashboard)
  aProject(dashboard.world, { name: 'read' })
  await look(page, '/projects/read/settings', 'A viewer cannot change these')
  const target = page.getByLabel('Target target', { exact: true })
  await expect.poll(() => target.inputValue()).toBe('0.95')
  expect(await target.isDisabled()).toBe(true)
  await expect.poll(pressable(page)).toEqual([])
  expect(faults).toEqual([])
  await page.context().close()
})
