import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { DataSet } from '../../src/domain/data.ts'
import { resolveSettings } from '../../src/domain/settings.ts'
import {
  type Dashboard,
  launchBrowser,
  openDashboard,
  openPage,
  openSection,
  visit,
} from '../helpers/browser.ts'
import { aCompletedTrial, aDetectedRun, anEndedRun, aProject } from '../helpers/factories.ts'

let browser: Browser
let dashboard: Dashboard
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  dashboard = await openDashboard()
})
afterEach(() => dashboard.close())

const cats: DataSet = {
  ...{ source: '/srv/data/cats', path: '/data/cats', files: 25_000, bytes: 600_000_000, unreadable: 0 },
  ...{ content: 'a'.repeat(64), times: 'b'.repeat(64) },
}
const card = (page: Page, title: string) =>
  page.locator('section.card', { has: page.getByRole('heading', { name: title }) })
const wordsOf = async (page: Page, title: string) =>
  (await card(page, title).innerText()).replaceAll(/\s+/g, ' ')

function aWonRun(data: DataSet[], image: string | null) {
  const { world } = dashboard
  const { store } = world
  const project = store.projects.byName('digits') ?? aProject(world)
  const run = aDetectedRun(world, project)
  store.runs.update(run.id, {
    data,
    settings: resolveSettings(project.settings, { data: data.map(({ source, path }) => ({ source, path })) }),
    ...(image ? { image } : {}),
  })
  const trial = aCompletedTrial(world, run, 0, 0.97)
  store.trials.keep(trial.id, { kept: [], leftOut: ['out/epoch-1.ckpt: 900 MiB, more than 512 MiB'] })
  store.runs.update(run.id, { bestTrialId: trial.id })
  return anEndedRun(world, run, 'succeeded', { reason: 'reached 0.97 ≥ 0.95 in trial 0' })
}

test('says what the data was and that it changed, how the winner is run again, and what was not kept', async () => {
  const { page, faults } = await openPage(browser, dashboard, {})
  const first = aWonRun([cats], null)
  await visit(page, dashboard, `/runs/${first.id}/about`)
  expect(await wordsOf(page, 'Data')).toBe(
    'Data /data/cats /srv/data/cats, 25000 files, 572.2 MiB, fingerprint aaaaaaaaaaaa',
  )
  await expect.poll(() => card(page, 'The winner as an image').count()).toBe(0)

  const changed = { ...cats, content: 'c'.repeat(64), unreadable: 1 }
  const second = aWonRun([changed], 'hone/winner-digits:run-2')
  await visit(page, dashboard, `/runs/${second.id}`)
  const winner = await wordsOf(page, 'The winner as an image')
  await page.getByText('out/epoch-1.ckpt: 900 MiB, more than 512 MiB').waitFor()
  await openSection(page, 'About')
  const words = await wordsOf(page, 'Data')
  expect(words).toContain('The data at /data/cats changed since run 1.')
  expect(words).toContain('1 file cannot be read by the training: it runs as user 1000.')
  expect(winner).toContain('docker run --rm -v /srv/data/cats:/data/cats:ro hone/winner-digits:run-2')

  const third = aWonRun([changed], null)
  await visit(page, dashboard, `/runs/${third.id}/about`)
  expect(await wordsOf(page, 'Data')).toContain(', the same as in run 2')
  await page.context().close()
  expect(faults).toEqual([])
})
