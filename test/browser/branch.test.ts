import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aCompletedTrial, aDetectedRun, anEndedRun, aProject } from '../helpers/factories.ts'
import { git } from '../helpers/git.ts'
import { aSource, scriptOf } from '../helpers/sources.ts'

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

/** A run with a trial that changed something, whose source is where the project's code is. */
async function aTrialToTake(name: string, repoUrl: string | null = null) {
  const { world } = dashboard
  const project = aProject(world, { name, repoUrl })
  // The source names the run's commit, so it comes before the run.
  const id = world.store.runs.list({ limit: 100 }).length + 1
  const source = await aSource(world, { id, number: 1 } as Parameters<typeof aSource>[1])
  const run = aDetectedRun(world, project, { sha: source.sha })
  expect(run.id).toBe(id)
  aCompletedTrial(world, run, 0, 0.41, { sha: run.sha })
  const values = { learning_rate_init: 0.004, hidden: 96, activation: 'tanh' }
  const trial = aCompletedTrial(world, run, 1, 0.88, {
    values,
    ...(await source.commit(1, scriptOf(values))),
  })
  return { project, run, trial, source }
}

/** Hides the page behind another, and shows it again. */
async function leaveAndComeBack(page: Page) {
  await page.evaluate(`for (const hidden of [true, false]) {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden })
    document.dispatchEvent(new Event('visibilitychange'))
  }`)
}

test('a trial is taken as a branch; what the remote refuses is said, with what to do', async () => {
  const { world } = dashboard
  const { store, paths } = world
  const { project, run, trial, source } = await aTrialToTake('digits')
  const remote = paths.ownRemote(project.name)
  git(paths.data, 'clone', '--quiet', '--bare', source.repository, remote)
  git(remote, 'branch', 'hone', 'main')

  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/code?trial=1`)
  await page.getByText('Hone pushes it to its own git remote').waitFor()
  await page.getByRole('button', { name: 'Make a branch', exact: true }).click()
  await page.getByRole('alert').getByText('did not take the branch hone/run-1-trial-1').waitFor()
  git(remote, 'branch', '-D', 'hone')
  await page.getByRole('button', { name: 'Make a branch', exact: true }).press('Enter')
  await page.getByText('hone/run-1-trial-1 is there').waitFor()
  await page.getByText('git fetch hone hone/run-1-trial-1').waitFor()
  await page.getByText(`${dashboard.url()}/git/digits.git in the place of hone`).waitFor()
  expect(git(remote, 'rev-parse', 'hone/run-1-trial-1^{tree}')).toBe(
    git(source.workspace, 'rev-parse', `${trial.sha}^{tree}`),
  )

  // Whoever comes later finds it there, and the winner's on the first page of the run, too.
  anEndedRun(world, run, 'succeeded', { reason: 'reached' })
  store.runs.update(run.id, { bestTrialId: trial.id })
  await visit(page, dashboard, `/runs/${run.id}/code?trial=1`)
  await page.getByText('git fetch hone hone/run-1-trial-1').waitFor()
  await expect.poll(() => page.getByRole('button', { name: 'Make a branch', exact: true }).count()).toBe(0)
  await visit(page, dashboard, `/runs/${run.id}`)
  const card = page.locator('section', { hasText: 'Take the winner' })
  await card.getByText('Trial 1 is on the branch hone/run-1-trial-1').waitFor()
  await card.getByText('git fetch hone hone/run-1-trial-1').waitFor()
  await card.getByRole('link', { name: 'diff and patch' }).click()
  await page.getByRole('heading', { name: 'Take trial 1' }).waitFor()
  expect(faults).toEqual([])
  await page.context().close()
})

test('a branch in a repository elsewhere is shown as long as the page is, which the server does not ask for it', async () => {
  const remote = join(dashboard.world.paths.data, 'elsewhere.git')
  const { run, source } = await aTrialToTake('elsewhere', pathToFileURL(remote).href)
  git(dashboard.world.paths.data, 'clone', '--quiet', '--bare', source.repository, remote)
  anEndedRun(dashboard.world, run, 'succeeded', { reason: 'reached' })

  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/code?trial=1`)
  await page.getByText("Hone pushes it to the project's repository").waitFor()
  await page.getByRole('button', { name: 'Make a branch', exact: true }).click()
  await page.getByText('hone/run-1-trial-1 is there').waitFor()
  const asked = page.waitForResponse((response) => response.url().endsWith('/branch'))
  await leaveAndComeBack(page)
  expect(await (await asked).json()).toBeNull()
  // What is asked for after the answer is shown after it.
  await page.getByRole('link', { name: 'Timeline', exact: true }).click()
  await page.goBack()
  await page.getByText('hone/run-1-trial-1 is there').waitFor()
  await expect.poll(() => page.getByRole('button', { name: 'Make a branch', exact: true }).count()).toBe(0)
  expect(faults).toEqual([])
  await page.context().close()
})

test('the branch of a winner is shown on a page that is open when the run ends', async () => {
  const { world } = dashboard
  const { project, run, trial, source } = await aTrialToTake('won')
  const remote = world.paths.ownRemote(project.name)
  git(world.paths.data, 'clone', '--quiet', '--bare', source.repository, remote)

  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/code?trial=1`)
  await page.getByText('live', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Make a branch', exact: true }).waitFor()
  git(source.workspace, 'push', '--quiet', remote, `${trial.sha}:refs/heads/hone/run-1-trial-1`)
  anEndedRun(world, run, 'succeeded', { reason: 'reached' })
  await page.getByText('hone/run-1-trial-1 is there').waitFor()
  expect(faults).toEqual([])
  await page.context().close()
})
