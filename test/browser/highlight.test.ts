import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aCompletedTrial, aDetectedRun, aProject } from '../helpers/factories.ts'
import { aBusySearch, anOutlook } from '../helpers/search-factories.ts'
import { aSource, scriptOf } from '../helpers/sources.ts'

let browser: Browser
let dashboard: Dashboard
let names = 0
beforeAll(async () => {
  browser = await launchBrowser()
  dashboard = await openDashboard()
})
afterAll(async () => {
  await browser.close()
  await dashboard.close()
})

const newProject = () => aProject(dashboard.world, { name: `digits-${++names}` })
const aSearch = () => {
  const run = aDetectedRun(dashboard.world, newProject())
  aBusySearch(dashboard.world, run)
  return run
}
const highlighted = (page: Page) =>
  page.evaluate<string[]>(
    "[...new Set([...document.querySelectorAll('.highlight[data-trial], tr[data-highlight=true]')].map((one) => one.dataset.trial))]",
  )

test('a trial that is pointed at in one chart is marked in the other', async () => {
  const run = aSearch()
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}`)
  const byTrial = page.getByRole('figure', { name: /^accuracy by trial/ })
  await byTrial.locator('circle').first().waitFor()
  const curves = page.getByRole('figure', { name: /^accuracy by epoch/ })
  await curves.locator('.recharts-line').first().waitFor()
  expect(await highlighted(page)).toEqual([])
  const chart = byTrial.locator('.recharts-surface').first()
  await chart.hover({ position: { x: 54, y: 100 } })
  await expect.poll(() => highlighted(page)).toEqual(['0'])
  await curves.getByText('trial 0', { exact: true }).waitFor()
  await page.getByRole('heading', { level: 1 }).hover()
  await expect.poll(() => highlighted(page)).toEqual([])

  await chart.focus()
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => highlighted(page)).toHaveLength(1)
  const [first] = await highlighted(page)
  await page.keyboard.press('ArrowRight')
  await expect.poll(async () => (await highlighted(page))[0]).not.toBe(first)
  expect(faults).toEqual([])
  await page.context().close()
})

test('a row of the table marks its curve, by pointer and by keyboard', async () => {
  const run = aSearch()
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/trials?compare=0,1`)
  const curves = page.getByRole('figure', { name: /^accuracy by epoch/ })
  await curves.locator('.recharts-line').first().waitFor()
  await page.locator('tr[data-trial="1"]').hover()
  await curves.locator('.highlight[data-trial="1"]').waitFor()
  expect(await highlighted(page)).toEqual(['1'])
  // Where no row comes under it when the page scrolls.
  await page.mouse.move(0, 0)
  await expect.poll(() => highlighted(page)).toEqual([])
  await page.getByRole('checkbox', { name: 'Compare trial 1' }).focus()
  await page.keyboard.press('Tab')
  await curves.locator('.highlight[data-trial="1"]').waitFor()
  expect(await highlighted(page)).toEqual(['1'])
  expect(faults).toEqual([])
  await page.context().close()
})

test('a line through the search space marks its points, and a hyperparameter is marked wherever it stands', async () => {
  const run = aSearch()
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/search`)
  await page.locator('.path[data-trial="1"]').waitFor()
  await page.locator('.slices .point[data-trial="1"]').first().hover()
  await page.locator('.parallel .highlight[data-trial="1"]').waitFor()
  await expect.poll(() => page.locator('.slices .highlight[data-trial="1"]').count()).toBeGreaterThan(1)
  await page.getByRole('slider', { name: /^hidden:/ }).focus()
  const bar = page.locator('.bars li[data-highlight="true"]')
  await expect.poll(() => bar.allInnerTexts()).toEqual([expect.stringContaining('hidden')])
  await page.locator('.parameters tr[data-highlight="true"]').getByText('hidden').first().waitFor()
  await page.keyboard.press('Tab')
  await expect.poll(() => bar.count()).toBeLessThan(2)
  expect(faults).toEqual([])
  await page.context().close()
})

test('a changed number of the diff marks the column of its hyperparameter', async () => {
  const { world } = dashboard
  const run = aDetectedRun(world, newProject())
  const source = await aSource(world, run)
  const values = { learning_rate_init: 0.0011, hidden: 180, activation: 'relu' }
  aCompletedTrial(world, run, 0, 0.4122, { sha: source.sha })
  aCompletedTrial(world, run, 1, 0.95, { values, ...(await source.commit(1, scriptOf(values))) })
  world.store.runs.update(run.id, { outlook: anOutlook() })
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/trials?compare=0,1`)
  const comparison = page.getByRole('region', { name: 'Comparison' })
  await comparison.getByRole('button', { name: '180' }).focus()
  const head = page.locator('.trials th[data-highlight="true"]')
  await expect.poll(() => head.allInnerTexts()).toEqual(['hidden'])
  await expect.poll(() => page.locator('.trials col[data-highlight="true"]').count()).toBe(1)
  await comparison.locator('tr[data-highlight="true"]').getByText('hidden').waitFor()
  await page.keyboard.press('Tab')
  await expect.poll(() => head.allInnerTexts()).not.toContain('hidden')
  expect(faults).toEqual([])
  await page.context().close()
})

test('pointing at one of 500 trials draws two rows again, and no other', async () => {
  const { world } = dashboard
  const run = aDetectedRun(world, newProject())
  for (let number = 0; number < 500; number++) {
    const trial = world.store.trials.insert({
      ...{
        runId: run.id,
        number,
        values: { hidden: number },
        origin: 'x',
        sha: run.sha,
        diff: '',
        seed: 0,
        repeats: null,
      },
    })
    world.store.trials.transition(trial.id, 'running')
    world.store.trials.transition(trial.id, 'completed', { metric: number / 1000 })
  }
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/trials`)
  await expect.poll(() => page.locator('.trials tbody tr').count()).toBe(500)
  await page.locator('tr[data-trial="2"]').hover()
  await expect.poll(() => highlighted(page)).toEqual(['2'])
  await page.evaluate(
    `window.changes = [];
     new MutationObserver((all) => window.changes.push(...all.map(({ target }) => target.closest('tr').dataset.trial)))
       .observe(document.querySelector('.trials'), { subtree: true, attributes: true, childList: true })`,
  )
  await page.locator('tr[data-trial="3"]').hover()
  await expect.poll(() => highlighted(page)).toEqual(['3'])
  // A row that is drawn again writes the attributes of its checkbox again.
  expect(new Set(await page.evaluate<string[]>('window.changes'))).toEqual(new Set(['2', '3']))
  expect(faults).toEqual([])
  await page.context().close()
})

test('an address of a trial that is not there says so', async () => {
  const run = aSearch()
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/trials?trial=77`)
  await page.getByText(/There is no trial 77 in this run yet: this is trial \d+\./).waitFor()
  expect(faults).toEqual([])
  await page.context().close()
})
