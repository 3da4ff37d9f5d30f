import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aDetectedRun, aProject } from '../helpers/factories.ts'
import { aBusySearch } from '../helpers/search-factories.ts'

const WIDTH = 390
let browser: Browser
let dashboard: Dashboard
let page: Page
let run: number

beforeAll(async () => {
  browser = await launchBrowser()
  dashboard = await openDashboard()
  const project = aProject(dashboard.world)
  dashboard.world.store.deliveries.insert({
    projectId: project.id,
    deliveryId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    event: 'push',
    outcome: 'ignored',
    runId: null,
    reason: 'The branch feature/x is not among those that are watched: main. Nothing was done with it.',
    payload: Buffer.from('{}'),
  })
  const found = aDetectedRun(dashboard.world, project)
  run = found.id
  aBusySearch(dashboard.world, found)
  ;({ page } = await openPage(browser, dashboard, { viewport: { width: WIDTH, height: 844 } }))
})
afterAll(async () => {
  await browser.close()
  await dashboard.close()
})

const boxOf = async (selector: string) => {
  const part = page.locator(selector).first()
  await part.waitFor()
  const box = await part.boundingBox()
  if (box === null) throw new Error(`${selector} is not drawn`)
  return box
}

test('the figures of a run leave room for its section', async () => {
  await visit(page, dashboard, `/runs/${run}`)
  expect((await boxOf('.numbers')).height).toBeLessThan(170)
  expect((await boxOf('.sections')).y).toBeLessThan(420)
})

test('a row of runs shows what the run came to without scrolling', async () => {
  await visit(page, dashboard, '/projects/digits')
  const goal = await boxOf('.runs .goal')
  expect(goal.x + goal.width).toBeLessThan(WIDTH)
  const [link, commit, started] = [
    await boxOf('.runs a.strong'),
    await boxOf('.runs .commit'),
    await boxOf('.runs .started'),
  ]
  expect(started.x + started.width).toBeLessThan(WIDTH)
  expect(goal.y).toBeLessThan(link.y + link.height)
  expect(commit.y).toBeGreaterThan(link.y + link.height / 2)
  expect(await page.evaluate<number>("document.querySelector('.runs').offsetWidth")).toBeLessThan(WIDTH)
})

test('the number of a trial stays in sight while its values are scrolled to', async () => {
  await visit(page, dashboard, `/runs/${run}/trials`)
  const state = (await boxOf('.trials tbody tr:first-child td:nth-child(3)')).x
  await page.evaluate("document.querySelector('.scroll.tall').scrollTo({ left: 1000 })")
  await expect
    .poll(async () => (await boxOf('.trials tbody tr:first-child td:nth-child(3)')).x)
    .toBeLessThan(state - 100)
  const trial = await boxOf('.trials tbody tr:first-child td:nth-child(2)')
  expect(trial.x).toBeGreaterThanOrEqual(0)
  expect(trial.x).toBeLessThan(60)
})

test.each([
  ['deliveries', '/projects/digits/deliveries'],
  ['slots that are held', '/admin/engine'],
  ['the record', '/admin/audit'],
  ['the jobs of a stage', '/runs/1?job=train'],
])('%s need no scrolling to the side', async (_, path) => {
  await visit(page, dashboard, path)
  const [end, below] = [await boxOf('.stacked .end'), await boxOf('.stacked .below')]
  expect(end.x + end.width).toBeLessThan(WIDTH)
  expect(below.y).toBeGreaterThanOrEqual(end.y + end.height)
  expect(below.x + below.width).toBeLessThan(WIDTH)
  const table = await boxOf('.stacked')
  expect(table.width).toBeLessThan(WIDTH)
})
