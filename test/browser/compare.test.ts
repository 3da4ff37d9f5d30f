import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aCompletedTrial, aDetectedRun, anEndedRun, aProject } from '../helpers/factories.ts'
import { aSource, scriptOf } from '../helpers/sources.ts'

const HOSTILE = '<img src=x onerror="window.hacked = 1">'

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

/** A run of three trials, the last one the best, with its source. */
async function aSearch(project: ReturnType<typeof aProject>, best: number, hidden: number) {
  const { world } = dashboard
  const run = aDetectedRun(world, project, { message: `Train ${HOSTILE}` })
  const source = await aSource(world, run)
  const values = { learning_rate_init: 0.004, hidden, activation: 'relu' }
  aCompletedTrial(world, run, 0, 0.41, { sha: source.sha })
  aCompletedTrial(world, run, 1, best - 0.1)
  const last = aCompletedTrial(world, run, 2, best, {
    values,
    ...(await source.commit(2, scriptOf(values, `# ${HOSTILE}\n`))),
  })
  world.store.runs.update(run.id, { bestTrialId: last.id })
  return anEndedRun(world, run, best >= 0.95 ? 'succeeded' : 'exhausted', { reason: 'the search is over' })
}

test('runs are ticked in a list and compared: outcomes, values, searches, sources', async () => {
  const project = aProject(dashboard.world, { name: 'digits' })
  await aSearch(project, 0.96, 96)
  await aSearch(project, 0.9, 12)
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, '/projects/digits')
  await page.getByRole('checkbox', { name: 'Compare digits #1' }).check()
  await page.getByText('Tick one more run to compare.').waitFor()
  await page.getByRole('checkbox', { name: 'Compare digits #2' }).press('Space')
  await page.getByRole('link', { name: 'Compare 2 runs' }).click()
  await page.getByRole('heading', { name: 'Compare runs' }).waitFor()
  await expect.poll(() => page.url()).toMatch(/\/compare\?runs=\d+,\d+$/)
  const row = (name: string) =>
    page.locator('.run-compare tbody tr').filter({ has: page.getByText(name, { exact: true }) })
  await row('best').getByText('0.96 (trial 2)').waitFor()
  await row('trials to target').getByText('3', { exact: true }).waitFor()
  await row('trials to target').getByText('not met').waitFor()
  await row('hidden').locator('[data-changed="true"]', { hasText: '12' }).waitFor()
  await page.getByRole('figure', { name: 'Best accuracy so far, of 2 runs' }).waitFor()
  const diff = page.getByRole('figure', { name: 'Diff' })
  await diff.getByText('hidden_layer_sizes=(96,),').waitFor()
  await diff.getByText('hidden_layer_sizes=(12,),').waitFor()
  await page.getByRole('combobox', { name: 'Source to' }).selectOption('run #1')
  await page.getByText('The same source.').waitFor()
  expect(await page.evaluate<boolean>("'hacked' in window")).toBe(false)
  expect(faults).toEqual([])
  await page.context().close()
})

test('runs of two projects are compared without sources; a run that is not there is told', async () => {
  const [first, second] = [
    aProject(dashboard.world, { name: 'one' }),
    aProject(dashboard.world, { name: 'two' }),
  ]
  const runs = [await aSearch(first, 0.96, 96), await aSearch(second, 0.9, 12)]
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/compare?runs=${runs.map(({ id }) => id).join(',')},999999`)
  await page.getByRole('link', { name: 'two #1' }).waitFor()
  await page.getByText('Only runs of one project have sources').waitFor()
  await page.getByRole('alert').getByText('The run 999999 does not exist.').waitFor()
  expect(await page.getByText('/api/v1').count()).toBe(0)
  await visit(page, dashboard, `/compare?runs=${runs[0]?.id},999999`)
  await page.getByRole('alert').getByText('The run 999999 does not exist.').waitFor()
  await page.getByText('Tick two or more runs in a list of runs.').waitFor()
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  await visit(page, dashboard, '/compare')
  await page.getByText('Tick two or more runs in a list of runs.').waitFor()
  expect(faults).toEqual([])
  await page.context().close()
})

test('sources that are no longer kept are told as what they are: no alert, nothing to try again', async () => {
  const project = aProject(dashboard.world, { name: 'old' })
  const runs = [await aSearch(project, 0.96, 96), await aSearch(project, 0.9, 12)]
  const { page, faults } = await openPage(browser, dashboard)
  const error = {
    code: 'source-removed',
    message: 'The sources of run 1 were removed.',
    remedy: 'Run it again.',
  }
  await page.route('**/api/v1/runs/*/diff?**', (route) => route.fulfill({ status: 410, json: { error } }))
  await visit(page, dashboard, `/compare?runs=${runs.map(({ id }) => id).join(',')}`)
  await page.getByText('The sources of run 1 were removed. Run it again.').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  expect(faults).toEqual([])
  await page.context().close()
})
