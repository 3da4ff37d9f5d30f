import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type Dashboard,
  launchBrowser,
  openDashboard,
  openPage,
  openSection,
  visit,
} from '../helpers/browser.ts'
import { aCompletedTrial, aDetectedRun, anEndedRun, aProject } from '../helpers/factories.ts'
import { aBusySearch, anOutlook, aPrunedTrial, aRepeat, aTrialUnderWay } from '../helpers/search-factories.ts'

let browser: Browser
let dashboard: Dashboard
let page: Page
let faults: string[]

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  dashboard = await openDashboard()
  await usePage()
})
afterEach(async () => {
  const found = faults
  await page.context().close()
  await dashboard.close()
  expect(found).toEqual([])
})

async function usePage(options = {}) {
  const opened = await openPage(browser, dashboard, options)
  page = opened.page
  faults = opened.faults
}
const aRun = () => aDetectedRun(dashboard.world, aProject(dashboard.world), { overrides: { parallel: 2 } })
const card = (title: string) =>
  page.locator('section.card', { has: page.getByRole('heading', { name: title, exact: true }) })
const wordsOf = async (title: string) => (await card(title).innerText()).replaceAll(/\s+/g, ' ')
const rowOf = async (number: number) =>
  (await page.locator(`.trials tr[data-trial="${number}"]`).innerText()).replaceAll(/\s+/g, ' ').trim()
const shown = (number: number, state: string) =>
  page.getByRole('heading', { name: `Trial ${number} ${state}` }).waitFor()

test('a search shows what it knows, trials of every kind, and what they came to', async () => {
  const run = aRun()
  aBusySearch(dashboard.world, run)
  await visit(page, dashboard, `/runs/${run.id}`)
  await page.getByRole('figure', { name: 'accuracy by trial: best 0.9505, target 0.95' }).waitFor()
  await page.getByRole('figure', { name: 'accuracy by epoch, of 9 trials' }).waitFor()

  await page.getByText('0.9505 mean of 2 seeds').waitFor()

  await page.getByRole('button', { name: 'Look closely at the best' }).click()
  await page.getByRole('button', { name: 'Show all values', pressed: true }).click()

  await page.locator('[data-job="train"]').getByText('2 at once').waitFor()

  await openSection(page, 'Search')
  const search = await wordsOf('Search')
  expect(search).toContain('gaussian-process, 2 trainings at once')
  expect(search).toContain('62 % to reach 0.95 within the 13 trials that are not done')
  expect(search).toContain('Best accuracy by all trials together 0.951 ± 0.004 in trial 4')
  expect(search).toContain('learning_rate_init 71 % hidden 22 % activation 3 % Share of the variation')
  expect(search).toContain('A first impression, from 8 trials.')
  const [track, bar] = [page.locator('.bars .bar').first(), page.locator('.bars .bar span').first()]
  const widths = [await bar.boundingBox(), await track.boundingBox()].map((box) => box?.width ?? 0)
  expect((widths[0] as number) / (widths[1] as number)).toBeCloseTo(0.71, 1)
  expect(search).toContain('Train longer: the accuracy of trial 4 still rises')

  await openSection(page, 'Trials')
  expect(await rowOf(0)).toBe('0 your own values completed 0.4122 0.5 4 tanh 11 s')
  expect(await rowOf(1)).toContain('the best of run #12')
  expect(await rowOf(2)).toMatch(/^2 pruned 0\.3458 after 3 epochs, behind 5 of 6 others 0\.3458/)
  expect(await rowOf(3)).toMatch(/^3 failed The training ended with ValueError: hidden must be > 0\. – /)
  expect(await rowOf(4)).toMatch(/^4 best completed 0\.9532/)
  expect(await rowOf(6)).toMatch(/^6 seed 1 of trial 4 completed 0\.9478/)
  expect(await rowOf(8)).toMatch(/^8 running 0\.8961/)
  await page.getByTitle('0.3458 after 3 epochs, behind 5 of 6 others').waitFor()

  await page.locator('.trials').getByRole('link', { name: '2', exact: true }).focus()
  await page.keyboard.press('Enter')
  await shown(2, 'pruned')
  const pruned = await page.locator('main').innerText()
  expect(pruned).toContain(
    'Given up: 0.3458 after 3 epochs, behind 5 of 6 others. It goes on from its checkpoint',
  )

  await page.locator('.trials').getByRole('link', { name: '4', exact: true }).click()
  await page.getByText('with other seeds').waitFor()
  await card('Trial 4 completed').getByRole('link', { name: 'trial 6' }).click()
  await page.getByText(/Trains the values of\s+trial 4\s+again with seed 1/).waitFor()
})

test('the trial that is shown stays while several train, and goes on to another when it ends', async () => {
  const { world } = dashboard
  const run = aRun()
  aCompletedTrial(world, run, 0, 0.4)
  const first = aTrialUnderWay(world, run, 1, 0.9, 3)
  await visit(page, dashboard, `/runs/${run.id}/trials`)
  await shown(1, 'running')
  aTrialUnderWay(world, run, 2, 0.8, 2)
  await page.locator('.trials tr[data-trial="2"]').waitFor()
  await shown(1, 'running')
  world.store.attempts.transition(first.attempt.id, 'stopped', {})
  world.store.trials.transition(first.trial.id, 'pruned', { pruning: 'behind' })
  await shown(2, 'running')
  await page.locator('.trials').getByRole('link', { name: '0', exact: true }).click()
  await shown(0, 'completed')
  aPrunedTrial(world, run, 3, 0.5, 2)
  await page.locator('.trials tr[data-trial="3"]').waitFor()
  await shown(0, 'completed')
})

test('says that nothing is known yet, then, as it is told, more', async () => {
  const { world } = dashboard
  const run = aRun()
  await visit(page, dashboard, `/runs/${run.id}/search`)
  await page.getByText('Nothing is known yet: the first trial has not ended.').waitFor()
  const trial = aCompletedTrial(world, run, 0, 0.4)
  const early = anOutlook({ trials: 1, chance: null, best: null, importance: [], advice: [] })
  world.store.runs.update(run.id, { bestTrialId: trial.id, outlook: early })
  await page.reload()
  await page.getByText('How likely the target 0.95 is will be told from trial 5 on.').waitFor()
  await page.getByText('Told once a few trials with different values are done.').waitFor()
  anEndedRun(world, run, 'exhausted', { reason: '1 of 1 trials spent; best 0.4 in trial 0' })
  await page.getByText('Too few trials to tell.').waitFor()
  expect(await wordsOf('Search')).not.toContain('not done')
})

test('what ended with the run was stopped, and a target that another seed missed is not confirmed', async () => {
  const { world } = dashboard
  const run = aRun()
  const best = aCompletedTrial(world, run, 0, 0.99)
  aRepeat(world, run, 1, best, 1, 0.93)
  const under = aTrialUnderWay(world, run, 2, 0.5, 2)
  await visit(page, dashboard, `/runs/${run.id}?trial=2`)
  await shown(2, 'running')
  await page.getByText('Metrics and their evidence').waitFor()
  expect(await page.locator('main').innerText()).not.toContain('no model files')
  world.store.runs.update(run.id, { bestTrialId: best.id })
  world.store.attempts.cancelOpen(run.id)
  world.store.trials.cancelOpen(run.id)
  world.store.jobs.cancelOpen(run.id)
  anEndedRun(world, run, 'exhausted', { reason: 'the time of the run is spent' })
  await page
    .getByText(/^Target not confirmed/)
    .first()
    .waitFor()
  await page.locator('.page-head').getByText('target not confirmed').waitFor()
  await shown(under.trial.number, 'stopped')
  await page.locator('[data-job="train"]').getByText('done').waitFor()
  await openSection(page, 'Trials')
  expect(await rowOf(2)).toContain('stopped the run had ended')
  expect(await page.locator('main').innerText()).not.toContain('cancelled')
})

test('a long search fits on a phone, its table in a box of its own', async () => {
  await page.context().close()
  await usePage({ viewport: { width: 375, height: 740 } })
  const { world } = dashboard
  const run = aRun()
  aBusySearch(world, run)
  for (let number = 10; number < 40; number++) aPrunedTrial(world, run, number, 0.5, 2)
  const name = 'a_hyperparameter_with_a_name_that_is_long'.repeat(3)
  world.store.runs.update(run.id, {
    outlook: anOutlook({ importance: [{ name, share: 0.5 }], advice: [name.repeat(3)] }),
  })
  const fits = async () =>
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false)
  await visit(page, dashboard, `/runs/${run.id}?trial=39`)
  const zoom = await page.getByRole('button', { name: 'Look closely at the best' }).boundingBox()
  const title = await page.locator('.chart-title').first().boundingBox()
  expect((zoom?.y ?? 0) + (zoom?.height ?? Number.NaN)).toBeLessThanOrEqual(title?.y ?? 0)
  await fits()
  await openSection(page, 'Search')
  await page.getByText('What matters for accuracy').waitFor()
  await fits()
  await openSection(page, 'Trials')
  await page.locator('.trials').waitFor()
  await fits()
  const box = page.locator('.tall')
  expect((await box.boundingBox())?.height).toBeLessThan(600)
  expect(await page.evaluate<number>("document.querySelector('.tall').scrollTop")).toBeGreaterThan(0)
})
