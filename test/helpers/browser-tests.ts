import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { type Dashboard, launchBrowser, openDashboard, openPage } from './browser.ts'

interface Opened {
  dashboard: Dashboard
  page: Page
}

/**
 * Gives each test of a file a dashboard over an empty database, and a page; whatever the page must never do fails the test.
 * @param take what the test calls them
 */
export function perTest(take: (opened: Opened) => void): void {
  let browser: Browser
  let close = async () => {}
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    const dashboard = await openDashboard()
    const { page, faults } = await openPage(browser, dashboard)
    close = async () => {
      const found = [...faults]
      await page.context().close()
      await dashboard.close()
      expect(found).toEqual([])
    }
    take({ dashboard, page })
  })
  afterEach(() => close())
}
