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
  const spans = row.locator('.span')
  const train = page.locator('.timeline li', { hasText: 'trial 0' }).locator('.span')
  const drawn = async () => {
    const [mark, first, second, before] = await Promise.all(
      [restart, spans.nth(0), spans.nth(1), train].map((one) => one.boundingBox()),
    )
    if (!(mark && first && second && before)) return null
    return {
      'the mark is above the bar': mark.y + mark.height <= second.y,
      'the bars do not touch': second.x > first.x + first.width,
      'the trial before begins earlier': before.x < first.x,
    }
  }
  await expect.poll(drawn).toEqual({
    'the mark is above the bar': true,
    'the bars do not touch': true,
    'the trial before begins earlier': true,
  })
  expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false)

  await row.getByRole('button', { name: /^attempt 1/ }).click()
  await page.getByRole('region', { name: 'Log', exact: true }).waitFor()
  await expect.poll(() => page.url()).toContain('/log?trial=1')
  expect(faults).toEqual([])
  await page.context().close()
})
