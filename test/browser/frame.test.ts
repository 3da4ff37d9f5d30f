import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { type Dashboard, visit } from '../helpers/browser.ts'
import { perTest } from '../helpers/browser-tests.ts'
import { aCompletedTrial, aDetectedRun, anEndedRun, aProject } from '../helpers/factories.ts'

let dashboard: Dashboard
let page: Page
perTest((opened) => {
  ;({ dashboard, page } = opened)
})

const titled = (title: string) => expect.poll(() => page.title()).toBe(`${title} · Hone`)

/** Two ended runs of one project. */
function twoRuns() {
  const { world } = dashboard
  const project = aProject(world)
  return [0.8, 0.9].map((metric) => {
    const run = aDetectedRun(world, project)
    const best = aCompletedTrial(world, run, 0, metric)
    world.store.runs.update(run.id, { bestTrialId: best.id })
    anEndedRun(world, run, 'exhausted', { reason: 'the budget is spent' })
    return run
  })
}

test('the tab has the name of what it shows, also after going back to it', async () => {
  const [first, second] = twoRuns()
  await visit(page, dashboard, `/runs/${second?.id}`)
  await titled('digits #2 · Progress')
  await page.getByRole('link', { name: 'Projects' }).click()
  await titled('Projects')
  await page.locator('.project').first().waitFor()
  await page.goBack()
  await page.locator('.page-head').getByText('digits #2').waitFor()
  await titled('digits #2 · Progress')
  await visit(page, dashboard, '/admin/data')
  await titled('Data · Admin')
  await visit(page, dashboard, '/projects/digits/connect')
  await titled('digits · Connect')
  await visit(page, dashboard, '/mails/1')
  await expect.poll(() => page.title()).toContain('digits')
  await visit(page, dashboard, `/compare?runs=${first?.id},${second?.id}`)
  await titled('Compare digits #1, digits #2')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await titled('Sign in')
})

test.each([
  ['/', 'Start here', 'Projects'],
  ['/runs/77', 'There is no run 77.', 'Not found'],
  ['/projects/none', 'There is no project none.', 'Not found'],
  ['/projects/none/runs/3', 'There is no run none #3.', 'Not found'],
  ['/mails/5', 'There is no mail 5.', 'Not found'],
  ['/nowhere', 'There is no such page', 'Not found'],
])('%s without anything to show has a heading and a name', async (path, heading, title) => {
  await visit(page, dashboard, path)
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  await titled(title)
})

test('a sign-out that fails says so, and can be tried again', async () => {
  await visit(page, dashboard, '/')
  await page.route(/\/api\/v1\/session$/, (route) => route.fulfill({ status: 500, body: '{}' }))
  const button = page.getByRole('button', { name: 'Sign out' })
  await button.click()
  await page.getByRole('alert').getByText('You are still signed in:').waitFor()
  await page.unroute(/\/api\/v1\/session$/)
  await button.click()
  await page.getByLabel('Token').waitFor()
})

test('a session that has ended meanwhile is left all the same', async () => {
  await visit(page, dashboard, '/')
  await page.route(/\/api\/v1\/session$/, (route) => route.fulfill({ status: 401, body: '{}' }))
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Token').waitFor()
  await page.unroute(/\/api\/v1\/session$/)
})

test('a screen reader is told of a problem, but not of the time that goes by', async () => {
  dashboard.health.report('engine', 'The Docker engine does not answer.', 'Start it.')
  await visit(page, dashboard, '/')
  const notice = page.locator('main > [aria-live="polite"] .notice', { hasText: 'does not answer' })
  await notice.locator('time').waitFor()
  // The nearest one counts.
  const nearest =
    "document.querySelector('main .notice time').closest('[aria-live]').getAttribute('aria-live')"
  expect(await page.evaluate(nearest)).toBe('off')
})

test('the keyboard skips the header, and begins at the content of a page that is gone to', async () => {
  const [run] = twoRuns()
  await visit(page, dashboard, '/')
  await page.locator('.project').first().waitFor()
  const focused = () => page.evaluate('document.activeElement.tagName')
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Skip to content' }).waitFor()
  await page.keyboard.press('Enter')
  expect(await focused()).toBe('MAIN')
  await page.getByRole('link', { name: 'Mails' }).click()
  await expect.poll(focused).toBe('MAIN')

  // A section is part of its page: who goes through the links of the sections stays among them.
  await visit(page, dashboard, `/runs/${run?.id}`)
  const trials = page
    .getByRole('navigation', { name: 'Sections of the run' })
    .getByRole('link', { name: 'Trials' })
  await trials.click()
  await page.locator('.trials').waitFor()
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Trials1')
  // A link that its own section took away leaves the keyboard on the content.
  await page.getByRole('link', { name: 'what Hone changed' }).click()
  await expect.poll(focused).toBe('MAIN')
})

test('a compared run that is slow has its column from the start, in the order of the address', async () => {
  const [first, second] = twoRuns()
  let answer = () => {}
  const gate = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route(new RegExp(`/api/v1/runs/${first?.id}$`), async (route) => {
    await gate
    await route.continue()
  })
  await visit(page, dashboard, `/compare?runs=${first?.id},${second?.id}`)
  const heads = page.locator('.run-compare thead th')
  const known = heads.getByRole('link', { name: '#2' })
  await known.waitFor()
  await expect.poll(() => heads.nth(1).innerText()).toBe('Loading…')
  const left = async () => (await known.boundingBox())?.x
  const before = await left()
  expect(before).toBeGreaterThan(0)
  answer()
  await expect.poll(() => page.locator('.run-compare thead a').allInnerTexts()).toEqual(['#1', '#2'])
  expect(await left()).toBe(before)
  await page.unrouteAll({ behavior: 'wait' })
})
