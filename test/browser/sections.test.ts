import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Dashboard,
  launchBrowser,
  openDashboard,
  openPage,
  openSection,
  visit,
} from '../helpers/browser.ts'
import {
  aCompletedTrial,
  aDetectedRun,
  aFailedRun,
  aProject,
  aRunningTrial,
  MISSING_MODULE,
} from '../helpers/factories.ts'

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

const SECTIONS = ['Progress', 'Trials', 'Search', 'Code', 'Timeline', 'Log', 'About']

test('each section of a run has an address, and browser back returns to the one before', async () => {
  const { world } = dashboard
  const run = aDetectedRun(world, aProject(world))
  aCompletedTrial(world, run, 0, 0.4)
  aCompletedTrial(world, run, 1, 0.6)
  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}?trial=1`)
  const links = page.getByRole('navigation', { name: 'Sections of the run' })
  await expect
    .poll(() => links.getByRole('link').allInnerTexts())
    .toEqual(SECTIONS.map((title) => (title === 'Trials' ? 'Trials\n2' : title)))
  for (const title of SECTIONS) {
    await openSection(page, title)
    await expect.poll(() => links.locator('[aria-current="page"]').innerText()).toContain(title)
    await expect.poll(() => page.title()).toBe(`digits #1 · ${title} · Hone`)
    const path = title === 'Progress' ? '' : `/${title.toLowerCase()}`
    await expect.poll(() => page.url()).toBe(`${dashboard.url()}/runs/${run.id}${path}?trial=1`)
  }
  await page.goBack()
  await page.getByRole('region', { name: 'Log', exact: true }).waitFor()
  await page.goBack()
  await page.getByRole('region', { name: 'Timeline', exact: true }).waitFor()
  await page.reload()
  await page.getByRole('region', { name: 'Timeline', exact: true }).waitFor()

  await links.getByRole('link', { name: 'Log' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: 'Log of' }).selectOption('trial 0, 0.4')
  await page.getByRole('log').getByText('Test accuracy: 0.4').waitFor()
  await expect.poll(() => page.url()).toBe(`${dashboard.url()}/runs/${run.id}/log?trial=0`)

  await page.goto(`${dashboard.url()}/runs/${run.id}/nonsense`)
  await page.getByText('There is no such page').waitFor()
  expect(faults).toEqual([])
  await page.context().close()
})

test('the links of the sections stay where they are while others open and live data comes', async () => {
  const { world } = dashboard
  const project = aProject(world, { name: 'steady' })
  const run = aDetectedRun(world, project)
  aCompletedTrial(world, run, 0, 0.4)
  const { page } = await openPage(browser, dashboard, { viewport: { width: 375, height: 740 } })
  await visit(page, dashboard, `/runs/${run.id}`)
  const links = page.getByRole('navigation', { name: 'Sections of the run' })
  await page.getByRole('heading', { name: 'Trial 0 completed' }).waitFor()
  const top = async () => (await links.boundingBox())?.y
  const before = await top()
  for (const title of SECTIONS) {
    await openSection(page, title)
    expect(await top(), title).toBe(before)
    const box = await links.getByRole('link', { name: title }).boundingBox()
    expect(box?.x, title).toBeGreaterThanOrEqual(0)
    expect((box?.x ?? 0) + (box?.width ?? Number.NaN), title).toBeLessThanOrEqual(375)
  }
  await openSection(page, 'Progress')
  aRunningTrial(world, run, 1)
  await page.getByRole('heading', { name: 'Trial 1 running' }).waitFor()
  expect(await top()).toBe(before)

  // Scrolled down, they stay in sight, and the next section begins right under them.
  await page.evaluate('scrollTo(0, document.body.scrollHeight)')
  await expect.poll(top).toBe(0)
  await openSection(page, 'About')
  const section = await page.getByRole('region', { name: 'About' }).boundingBox()
  expect(section?.y).toBeCloseTo((await links.boundingBox())?.height ?? Number.NaN, 0)
  await page.context().close()
})

test('no page scrolls sideways on a phone', async () => {
  const { world } = dashboard
  const project = aProject(world, { name: 'narrow' })
  const long = 'a-word-without-any-place-to-break-it'.repeat(6)
  const run = aFailedRun(
    world,
    project,
    { ...MISSING_MODULE, message: long, detail: long },
    { message: long },
  )
  const { page, faults } = await openPage(browser, dashboard, { viewport: { width: 375, height: 740 } })
  const seen = (text: string) => page.getByText(text).first().waitFor()
  const scrollsSideways = () => page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')
  await visit(page, dashboard, '/')
  await seen('Latest runs')
  expect(await scrollsSideways()).toBe(false)
  for (const [path, text] of [
    [`/runs/${run.id}`, 'Metrics and their evidence'],
    [`/runs/${run.id}/trials`, 'Metrics and their evidence'],
    [`/runs/${run.id}/search`, 'Left alone'],
    [`/runs/${run.id}/code`, 'your own source'],
    [`/runs/${run.id}/timeline`, 'Timeline'],
    [`/runs/${run.id}/log`, 'attempt 1'],
    [`/runs/${run.id}/about`, 'Why scikit-learn'],
    ['/projects/narrow', 'Deliveries'],
    ['/mails', `[hone] narrow #1: ${long}`],
    ['/mails/1', 'As text'],
    ['/new', 'Make the project'],
  ] as const) {
    await page.goto(dashboard.url() + path)
    await seen(text)
    expect(await scrollsSideways(), path).toBe(false)
  }
  expect(faults).toEqual([])
  await page.context().close()
})
