import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aCompletedTrial, aDetectedRun, aProject, aRestart, aRunningTrial } from '../helpers/factories.ts'

let browser: Browser
let dashboard: Dashboard
beforeAll(async () => {
  browser = await launchBrowser()
  dashboard = await openDashboard()
})
afterAll(async () => {
  await browser.close()
  await dashboard.close()
})

test('the timeline shows jobs, attempts, checkpoints, and restarts with their cause, as they come', async () => {
  const { world } = dashboard
  const { store } = world
  world.startAgo(120_000)
  const run = aDetectedRun(world, aProject(world))
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/timeline`)
  const rows = page.locator('.timeline li')
  await expect.poll(() => rows.locator('.row-label').allInnerTexts()).toEqual(['git-import', 'detect-model'])
  aCompletedTrial(world, run, 0, 0.4)
  const { trial, attempt } = aRunningTrial(world, run, 1)
  world.pass(20_000)
  const checkpoint = {
    step: 7,
    at: store.now() - 2000,
    bytes: 2048,
    seconds: 0.1,
    count: 7,
    totalSeconds: 0.7,
  }
  const report = {
    python: null,
    frameworks: {},
    resumed: null,
    memory: null,
    heartbeatAt: null,
    warnings: [],
  }
  store.attempts.tell(attempt.id, { ...report, checkpoint, last: null, end: null }, true)
  aRestart(world, trial, attempt)

  const row = page.locator('.timeline li', { hasText: 'trial 1' })
  const restart = row.getByRole('button', { name: /^restart 1/ })
  await restart.focus()
  await page.locator('.hint').getByText('The training was killed (SIGKILL).').waitFor()
  expect(await restart.getAttribute('aria-label')).toContain('1.0 s after the attempt before it')
  await row
    .getByRole('button', { name: /^last checkpoint of attempt 1\. last checkpoint after epoch 7/ })
    .waitFor()
  await row.getByRole('button', { name: /^attempt 2, after a restart: running/ }).waitFor()
  const [mark, bar] = await Promise.all(
    [restart, row.locator('.span').nth(1)].map((one) => one.boundingBox()),
  )
  expect((mark?.y ?? Number.NaN) + (mark?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0)
  const [first, second] = await Promise.all([0, 1].map((at) => row.locator('.span').nth(at).boundingBox()))
  expect(second?.x).toBeGreaterThan((first?.x ?? 0) + (first?.width ?? Number.NaN))
  const train = await page.locator('.timeline li', { hasText: 'trial 0' }).locator('.span').boundingBox()
  expect(train?.x).toBeLessThan(first?.x ?? 0)
  expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false)

  await row.getByRole('button', { name: /^attempt 1/ }).click()
  await page.getByRole('region', { name: 'Log', exact: true }).waitFor()
  await expect.poll(() => page.url()).toContain('/log?trial=1')
  expect(faults).toEqual([])
  await page.context().close()
})
