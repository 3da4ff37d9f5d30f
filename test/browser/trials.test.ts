import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aCompletedTrial, aDetectedRun, anEndedRun, aProject } from '../helpers/factories.ts'
import { git, gitTestEnvironment } from '../helpers/git.ts'
import { anOutlook, aPrunedTrial } from '../helpers/search-factories.ts'
import { aSource, scriptOf } from '../helpers/sources.ts'

const HOSTILE = '<img src=x onerror="window.hacked = 1">'

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

/** Four trials with sources of their own, the third the best, the last given up. */
async function aSearch() {
  const { world } = dashboard
  const project = aProject(world, { name: `digits-${++names}` })
  const run = aDetectedRun(world, project)
  const source = await aSource(world, run)
  const make = async (number: number, values: Record<string, string | number>, more = '') => ({
    values,
    ...(await source.commit(number, scriptOf(values, more))),
  })
  aCompletedTrial(world, run, 0, 0.4122, { sha: source.sha })
  aCompletedTrial(world, run, 1, 0.8831, {
    ...(await make(1, { learning_rate_init: 0.004, hidden: 96, activation: 'tanh' })),
    restarts: 1,
  })
  const options = await make(
    2,
    { learning_rate_init: 0.0011, hidden: 180, activation: 'relu' },
    `# ${HOSTILE}\n`,
  )
  const best = aCompletedTrial(world, run, 2, 0.9532, options)
  aPrunedTrial(
    world,
    run,
    3,
    0.5,
    3,
    await make(3, { learning_rate_init: 0.3, hidden: 12, activation: 'tanh' }),
  )
  world.store.runs.update(run.id, { bestTrialId: best.id, outlook: anOutlook() })
  return { run, project, source, best }
}

const order = (page: Page) =>
  page.evaluate<number[]>(
    "[...document.querySelectorAll('.trials tbody tr')].map((row) => Number(row.dataset.trial))",
  )

test('trials are sorted by any column and filtered, in an address that can be shared', async () => {
  const { run } = await aSearch()
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/trials`)
  const head = (name: string) => page.locator('.trials thead').getByRole('button', { name })
  await head('accuracy').click()
  await expect.poll(() => order(page)).toEqual([3, 0, 1, 2])
  await head('accuracy').press('Enter')
  await expect.poll(() => order(page)).toEqual([2, 1, 0, 3])
  expect(
    await page.locator('.trials').getByRole('columnheader', { name: 'accuracy' }).getAttribute('aria-sort'),
  ).toBe('descending')
  for (const [name, first] of [
    ['Trial', 0],
    ['State', 0],
    ['learning_rate_init', 2],
    ['hidden', 0],
    ['activation', 2],
    ['Attempts', 0],
    ['Time', 3],
  ] as const) {
    await head(name).click()
    await expect.poll(async () => [name, (await order(page))[0]]).toEqual([name, first])
  }
  const filter = page.getByRole('searchbox', { name: 'Filter' })
  await filter.fill('hidden > 10, activation = tanh')
  await expect.poll(() => order(page)).toEqual([3, 1])
  await page.getByText('2 of 4 trials.').waitFor()
  await page.getByRole('combobox', { name: 'State' }).selectOption('completed')
  await expect.poll(() => order(page)).toEqual([1])
  await page.reload()
  await expect.poll(() => order(page)).toEqual([1])
  await filter.fill('hidden > 1000')
  await page.getByText('No trial is like that.').waitFor()
  await filter.fill('hiden > 10')
  await page.getByRole('alert').getByText('There is no column hiden').waitFor()
  await filter.fill('hidden > 100')
  await expect.poll(() => order(page)).toEqual([2])
  // What is typed on leaves the rows as they are until it can be understood.
  await filter.fill('hidden > 100, activation =')
  await page.getByRole('alert').getByText('activation = wants a value after it').waitFor()
  expect(await order(page)).toEqual([2])
  expect(faults).toEqual([])
  await page.context().close()
})

test('trials are compared: values that differ first, curves, and the diff between two sources', async () => {
  const { run } = await aSearch()
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/trials`)
  await page.getByText('Tick two or more to compare them.').waitFor()
  await page.getByRole('checkbox', { name: 'Compare trial 1' }).check()
  await page.getByRole('checkbox', { name: 'Compare trial 2' }).press('Space')
  const comparison = page.getByRole('region', { name: 'Comparison' })
  await comparison.getByText('Trials 1, 2 compared').waitFor()
  await expect.poll(() => page.url()).toContain('compare=1,2')
  const rows = (await comparison.locator('tbody tr').allInnerTexts()).map((row) =>
    row.replaceAll(/\s+/g, ' '),
  )
  expect(rows).toEqual([
    'accuracy 0.8831 0.9532',
    'learning_rate_init 0.004 0.0011',
    'hidden 96 180',
    'activation tanh relu',
  ])
  await comparison.getByRole('figure', { name: 'accuracy by epoch, of 2 trials' }).waitFor()
  const diff = comparison.getByRole('figure', { name: 'Diff' })
  expect(await diff.locator('[data-kind="del"]').first().innerText()).toBe('-    learning_rate_init=0.004,')
  expect(await diff.locator('[data-kind="add"]').first().innerText()).toBe('+    learning_rate_init=0.0011,')
  await diff.getByText(HOSTILE).waitFor()

  await page.getByRole('checkbox', { name: 'Compare trial 3' }).check()
  await comparison.getByRole('combobox', { name: 'Source to' }).selectOption('trial 3')
  await diff.getByText('hidden_layer_sizes=(12,),').waitFor()
  await page.getByRole('button', { name: 'Untick all' }).click()
  await comparison.waitFor({ state: 'detached' })
  expect(await page.evaluate<boolean>("'hacked' in window")).toBe(false)
  expect(faults).toEqual([])
  await page.context().close()
})

test('a changed number says what the search knows of it, on hover and by keyboard', async () => {
  const { run } = await aSearch()
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/code?trial=2`)
  const words = 'learning_rate_init: 0.0001 – 0.5, log · importance 71 % · LCBench (Zimmer et al. 2021)'
  const number = page.getByRole('button', { name: '0.0011' })
  await number.hover()
  await page.locator('.hint').getByText(words).waitFor()
  await page.mouse.move(0, 0)
  await page.locator('.hint').waitFor({ state: 'detached' })
  await number.focus()
  await page.locator('.hint').getByText(words).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.hint').waitFor({ state: 'detached' })
  const id = await number.getAttribute('aria-describedby')
  expect(await page.locator(`[id="${id}"]`).textContent()).toBe(words)
  const changes = (await page.locator('.changes tbody tr').allInnerTexts()).map((row) =>
    row.replaceAll(/\s+/g, ' '),
  )
  expect(changes[1]).toBe('hidden 4 180 4 – 256, whole, log 22 % auto-sklearn (Feurer et al. 2015)')
  const colours = await page.evaluate<number>(
    "new Set([...document.querySelectorAll('.diff [data-token]')].map((token) => getComputedStyle(token).color)).size",
  )
  expect(colours).toBeGreaterThanOrEqual(4)

  await page.getByRole('button', { name: 'Side by side' }).click()
  await page.locator('.split').first().waitFor()
  const left = await page.locator('.split [data-kind="del"]').first().boundingBox()
  const right = await page.locator('.split [data-kind="add"]').first().boundingBox()
  expect(right?.y).toBe(left?.y)
  expect(right?.x).toBeGreaterThan(left?.x ?? Number.NaN)
  await expect.poll(() => page.url()).toContain('view=split')
  await page.getByRole('combobox', { name: 'From' }).selectOption('trial 1, 0.8831')
  await page.getByText('learning_rate_init=0.004,').waitFor()
  expect(await page.locator('main img').count()).toBe(0)
  expect(faults).toEqual([])
  await page.context().close()
})

test('the commands that the page shows make a branch of the downloaded patch', async () => {
  const { world } = dashboard
  const { run, project, source, best } = await aSearch()
  anEndedRun(world, run, 'succeeded', { reason: 'reached' })
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}/code?trial=2`)
  const waited = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download the patch' }).click()
  const download = await waited
  expect(download.suggestedFilename()).toBe(`${project.name}-run-1-trial-2.patch`)
  const patch = readFileSync(await download.path(), 'utf8')
  writeFileSync(join(source.repository, download.suggestedFilename()), patch)
  const commands = await page.locator('.copyable pre').allInnerTexts()
  // The row of a run in these tests names a commit that no repository has.
  const script = (commands[0] as string).replace(run.sha, source.sha)
  execFileSync('sh', ['-e', '-c', script], { cwd: source.repository, env: gitTestEnvironment, stdio: 'pipe' })
  expect(git(source.repository, 'rev-parse', 'hone/run-1-trial-2^{tree}')).toBe(
    git(source.workspace, 'rev-parse', `${best.sha}^{tree}`),
  )
  expect(git(source.repository, 'log', '-1', '--format=%s')).toBe(
    'Take trial 2 of run 1: accuracy 0.9532, found by Hone',
  )
  expect(faults).toEqual([])
  await page.context().close()
})
