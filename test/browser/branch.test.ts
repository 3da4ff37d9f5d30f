import type { Browser } from 'playwright-core'
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

test('a trial is taken as a branch; what the remote refuses is said, with what to do', async () => {
  const { world } = dashboard
  const { store, paths } = world
  const project = aProject(world, { name: 'digits' })
  // The source names the run's commit, so it comes before the run.
  const id = store.runs.list({ limit: 1 }).length + 1
  const source = await aSource(world, { id, number: 1 } as Parameters<typeof aSource>[1])
  const run = aDetectedRun(world, project, { sha: source.sha })
  expect(run.id).toBe(id)
  aCompletedTrial(world, run, 0, 0.41, { sha: run.sha })
  const values = { learning_rate_init: 0.004, hidden: 96, activation: 'tanh' }
  const trial = aCompletedTrial(world, run, 1, 0.88, {
    values,
    ...(await source.commit(1, scriptOf(values))),
  })
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
