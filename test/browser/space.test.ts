import { expect, test } from 'vitest'
import { launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aDetection } from '../helpers/detections.ts'
import { aCompletedTrial, aDetectedRun, aProject } from '../helpers/factories.ts'
import { aBusySearch } from '../helpers/search-factories.ts'

test('parts of the axes are picked with the pointer and with keys, and the others fade', async () => {
  const browser = await launchBrowser()
  const dashboard = await openDashboard()
  const { world } = dashboard
  const run = aDetectedRun(world, aProject(world))
  aBusySearch(world, run)
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/search`)
  const lines = page.locator('.path')
  await expect.poll(() => lines.count()).toBe(8)
  const outside = () => page.locator('.path[data-kind="outside"]').count()
  expect(await outside()).toBe(0)
  await page.getByRole('figure', { name: 'accuracy by hidden, of 8 trials' }).waitFor()

  const axis = page.getByRole('slider', { name: /^accuracy:/ })
  const box = await page.locator('.axis-line').last().locator('.hold').boundingBox()
  if (!box) throw new Error('no axis')
  const middle = box.x + box.width / 2
  await page.mouse.move(middle, box.y + 2)
  await page.mouse.down()
  await page.mouse.move(middle, box.y + box.height * 0.4, { steps: 4 })
  await page.mouse.up()
  await page.getByText(/^[1-7] of 8 trials/).waitFor()
  expect(await outside()).toBeGreaterThan(0)
  await expect.poll(() => page.locator('.point[data-kind="outside"]').count()).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect.poll(outside).toBe(0)

  await axis.focus()
  for (let press = 0; press < 8; press++) await page.keyboard.press('ArrowUp')
  await expect.poll(outside).toBeGreaterThan(0)
  expect(await page.locator('.axis-line').last().getAttribute('aria-valuetext')).toMatch(
    /^80 to 100 % of the axis/,
  )
  await page.keyboard.press('Escape')
  await expect.poll(outside).toBe(0)

  await page.locator('.point[data-kind="best"]').first().click()
  await expect.poll(() => page.url()).toContain('trial=4')
  expect(faults).toEqual([])
  await browser.close()
  await dashboard.close()
})

test('of many hyperparameters the most important have an axis, and all of them when asked for', async () => {
  const browser = await launchBrowser()
  const dashboard = await openDashboard()
  const { world } = dashboard
  const names = Array.from({ length: 10 }, (_, index) => `rate_${index}`)
  const [first] = aDetection().hyperparameters
  if (!first) throw new Error('no hyperparameter')
  const hyperparameters = names.map((name) => ({ ...first, name }))
  const run = aDetectedRun(world, aProject(world), {}, { ...aDetection(), hyperparameters })
  for (const [number, rate] of [0.1, 0.2, 0.3].entries()) {
    const values = Object.fromEntries(names.map((name) => [name, rate]))
    aCompletedTrial(world, run, number, 0.5 + rate, { values })
  }
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/search`)
  await page.getByText('8 of 10 hyperparameters that vary, the most important.').waitFor()
  const axes = page.locator('.axis-line')
  await expect.poll(() => axes.count()).toBe(9)
  await page.getByRole('button', { name: 'Show all of them' }).click()
  await page.getByText('All 10 hyperparameters that vary.').waitFor()
  await expect.poll(() => axes.count()).toBe(11)
  await expect.poll(() => page.locator('.slices figure').count()).toBe(10)
  expect(faults).toEqual([])
  await browser.close()
  await dashboard.close()
})
