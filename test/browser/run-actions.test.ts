import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Job } from '../../src/domain/job.ts'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aCompletedTrial, aDetectedRun, anEndedRun, aProject, aRunningTrial } from '../helpers/factories.ts'

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

/** Two trials are done, the third trains. */
function aSearch() {
  const { world } = dashboard
  world.startAgo(60_000)
  const project = aProject(world, { name: `digits-${++names}` })
  const run = aDetectedRun(world, project)
  aCompletedTrial(world, run, 0, 0.4122)
  const best = aCompletedTrial(world, run, 1, 0.8831)
  world.store.runs.update(run.id, { bestTrialId: best.id })
  const { trial } = aRunningTrial(world, run, 2)
  world.now()
  return { project, run, trial }
}

/** The search of `aSearch` is over, one trial short. */
function anEnded() {
  const { world } = dashboard
  const { project, run, trial } = aSearch()
  world.store.trials.transition(trial.id, 'cancelled')
  world.store.jobs.cancelOpen(run.id)
  return {
    project,
    run: anEndedRun(world, run, 'exhausted', { reason: '2 of 20 trials spent; best 0.8831 in trial 1' }),
  }
}

const number = (page: Page, name: string) => page.locator('.numbers > div', { hasText: name })

test('the head says what is left and until when; the search is stopped at its best after a question', async () => {
  const { run } = aSearch()
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}`)
  await number(page, 'time left')
    .getByText(/min|s|h/)
    .first()
    .waitFor()
  await number(page, 'time left').getByText('at most 23 h').waitFor()
  await number(page, 'trials').getByText('17 left to begin').waitFor()
  await page.getByRole('button', { name: 'Stop at best' }).click()
  await page.getByText('trial 1 (accuracy 0.8831) is the result').waitFor()
  expect(dashboard.world.store.runs.get(run.id).state).toBe('running')
  await page.getByRole('button', { name: 'Keep going' }).click()
  const stop = page.getByRole('button', { name: 'Stop at best' })
  const isFocused = () => page.evaluate<boolean>("document.activeElement.textContent === 'Stop at best'")
  await expect.poll(isFocused).toBe(true)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Keep going' }).press('Escape')
  await expect.poll(isFocused).toBe(true)
  await stop.press('Enter')
  await page.getByRole('button', { name: 'Really stop?' }).click()
  await page.locator('[data-job="notify"]').getByText('queued').waitFor()
  await page.getByRole('button', { name: 'Stop at best' }).waitFor({ state: 'detached' })
  const { store } = dashboard.world
  const [notify] = store.jobs.ofRun(run.id).filter(({ name }) => name === 'notify')
  expect(notify?.state).toBe('queued')
  const { conclusion } = (notify as Job).input as { conclusion: Parameters<typeof store.endRun>[2] }
  store.transaction(() => {
    store.jobs.cancelOpen(run.id)
    store.endRun(run.id, 'exhausted', conclusion)
  })
  await page.getByText('Stopped by a person after 2 of 20 trials; best 0.8831 in trial 1').waitFor()
  await page.getByText('stopped at its best').waitFor()
  expect(faults).toEqual([])
  await page.context().close()
})

test('a refused stop says why, and takes it back with the question', async () => {
  const { run } = aSearch()
  const { page, faults } = await openPage(browser, dashboard)
  const refusal = { error: { code: 'x', message: 'Not now.', remedy: 'Wait.', fields: [] } }
  await page.route('**/api/v1/runs/*/stop', (route) => route.fulfill({ status: 409, json: refusal }))
  await visit(page, dashboard, `/runs/${run.id}`)
  await page.getByRole('button', { name: 'Stop at best' }).click()
  await page.getByRole('button', { name: 'Really stop?' }).click()
  await page.getByText('Not now.').waitFor()
  await page.getByRole('button', { name: 'Keep going' }).click()
  await page.getByText('Not now.').waitFor({ state: 'detached' })
  expect(faults).toEqual([])
  await page.context().close()
})

test('a job of the chain tells by mouse and by keyboard what its jobs did', async () => {
  const { run } = aSearch()
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}`)
  const detail = page.getByRole('region', { name: 'Jobs of train' })
  const train = page.getByRole('button', { name: 'train', exact: true })
  await train.press('Enter')
  await detail.getByRole('row').nth(3).waitFor()
  await expect.poll(() => page.url()).toContain('job=train')
  await expect.poll(() => train.getAttribute('aria-expanded')).toBe('true')
  await detail.getByRole('row').nth(1).getByText('running').first().waitFor()
  await detail.getByRole('link', { name: 'trial 1: completed, accuracy 0.8831' }).waitFor()
  await page.reload()
  await detail.getByText('train:0').waitFor()
  await page.getByRole('button', { name: 'tweak' }).click()
  await page.getByText('trial 1, from the sampler').waitFor()
  await page.getByRole('button', { name: 'git-import' }).click()
  const imported = page.getByRole('region', { name: 'Jobs of git-import' })
  await imported.getByText('Train a small network on the digits').waitFor()
  await page.getByRole('button', { name: 'notify' }).click()
  await page.getByText('None: the run has not come to it.').waitFor()
  await page.getByRole('button', { name: 'Close' }).click()
  await expect.poll(() => page.url()).not.toContain('job=')
  expect(faults).toEqual([])
  await page.context().close()
})

test('an ended run is run again with other settings, from the job that is chosen, and says where it comes from', async () => {
  const { project, run } = anEnded()
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}`)
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.getByRole('radio', { name: /^train/ }).check()
  await page.getByRole('textbox', { name: 'Target' }).fill('0.97')
  await page.getByRole('textbox', { name: 'Seed' }).fill('7')
  await page.getByRole('combobox', { name: 'Sampler' }).selectOption('random')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByText('again, from train').waitFor()
  const [made] = dashboard.world.store.runs.list({ projectId: project.id })
  expect(made).toMatchObject({
    sha: run.sha,
    rerun: { run: run.id, from: 'train' },
    settings: { ...run.settings, target: 0.97, seed: 7, sampler: 'random' },
  })
  dashboard.world.store.jobs.cancelOpen(made?.id ?? 0)
  await expect.poll(() => page.url()).toContain(`/runs/${made?.id}`)
  await page.getByRole('link', { name: 'Run 1, the one before' }).click()
  await page.getByRole('link', { name: 'Run 2, the one after' }).waitFor()
  expect(faults).toEqual([])
  await page.context().close()
})

test('mails are sent again, and what the server refuses is said', async () => {
  const { run } = anEnded()
  const { store } = dashboard.world
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}`)
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.getByRole('textbox', { name: /^Trials/ }).fill('20000')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('alert').getByText('settings.trials').waitFor()
  await page.getByRole('radio', { name: /^notify/ }).check()
  await page.getByRole('button', { name: 'Send the mails again' }).click()
  await page.getByText('The mails are in the outbox.').waitFor()
  expect(store.mails.list({ runId: run.id })).toMatchObject([{ state: 'pending' }])
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('radio', { name: /^notify/ }).waitFor({ state: 'detached' })
  expect(faults).toEqual([])
  await page.context().close()
})
