import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violationsOf } from '../helpers/axe.ts'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import {
  aCompletedTrial,
  aDetectedRun,
  aFailedRun,
  anEndedRun,
  aProject,
  MISSING_MODULE,
} from '../helpers/factories.ts'
import { aBusySearch } from '../helpers/search-factories.ts'

let browser: Browser
let dashboard: Dashboard
/** Each page by what is on it once it is drawn. */
let pages: [path: string, drawn: string][]

beforeAll(async () => {
  browser = await launchBrowser()
  dashboard = await openDashboard()
  const { world } = dashboard
  const project = aProject(world)
  const ended = aDetectedRun(world, project)
  aCompletedTrial(world, ended, 0, 0.4)
  const best = aCompletedTrial(world, ended, 1, 0.97, { values: { learning_rate_init: 0.01, hidden: 64 } })
  world.store.runs.update(ended.id, { bestTrialId: best.id })
  anEndedRun(world, ended, 'succeeded', { reason: 'accuracy 0.97 reached the target 0.95 in trial 1.' })
  const failed = aFailedRun(world, project, MISSING_MODULE)
  const live = aDetectedRun(world, project)
  aBusySearch(world, live)
  dashboard.health.report('engine', 'The Docker engine does not answer.', 'Start it.')
  pages = [
    ['/', '.project'],
    ['/new', 'form'],
    ['/projects/digits', '.card table'],
    ['/projects/digits/settings', 'fieldset'],
    ['/projects/digits/deliveries', '.card'],
    ['/projects/digits/connect', '.badge-image'],
    ['/mails', '.mails'],
    ['/mails/1', '.mail-html'],
    [`/runs/${failed.id}`, '.conclusion'],
    [`/runs/${ended.id}`, '.conclusion'],
    [`/runs/${live.id}`, '.recharts-surface'],
    [`/runs/${live.id}/trials?compare=1,2`, '.comparison .recharts-surface'],
    [`/runs/${live.id}?job=train`, '.jobs'],
    [`/compare?runs=${ended.id},${live.id}`, '.run-compare'],
    [`/runs/${live.id}/search`, '.path'],
    [`/runs/${live.id}/code?trial=4`, '.diff'],
    [`/runs/${live.id}/timeline`, '.timeline li'],
    [`/runs/${live.id}/log?trial=4`, '.log-row'],
    [`/runs/${live.id}/about`, '.card'],
    ['/admin/people', '.users, .card'],
    ['/admin/engine', '.card'],
    ['/admin/mail', '.card'],
    ['/admin/data', '.card'],
    ['/admin/audit', 'table, .empty'],
    ['/nowhere', '.card'],
  ]
})
afterAll(async () => {
  await browser.close()
  await dashboard.close()
})

test.each(['light', 'dark'] as const)('axe finds nothing to mend on any page, %s', async (colorScheme) => {
  const open = () => openPage(browser, dashboard, { colorScheme, reducedMotion: 'reduce' })
  const stranger = await open()
  await stranger.page.goto(dashboard.url())
  await stranger.page.locator('form').waitFor()
  const found: Record<string, string[]> = { 'sign in': await violationsOf(stranger.page) }
  await stranger.page.context().close()
  const { page } = await open()
  for (const [path, drawn] of pages) {
    await visit(page, dashboard, path)
    await page.locator(drawn).first().waitFor()
    found[path] = await violationsOf(page)
  }
  expect(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0))).toEqual({})
  await page.context().close()
})

/** Of these colours of the theme, in the page, against the surface: how much lighter the lighter one is. */
const CONTRASTS = `((...names) => {
  const probe = document.body.appendChild(document.createElement('div'))
  const ink = document.createElement('canvas').getContext('2d')
  const lightness = (name) => {
    probe.style.color = 'var(' + name + ')'
    ink.fillStyle = getComputedStyle(probe).color
    ink.fillRect(0, 0, 1, 1)
    const [red, green, blue] = [...ink.getImageData(0, 0, 1, 1).data].map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
  }
  const surface = lightness('--surface')
  return names.map((name) => Math.max(lightness(name) / surface, surface / lightness(name)))
})('--faded', '--dim', '--run')`

test.each(['light', 'dark'] as const)(
  'what was given up is fainter than the rest, and can be made out, %s',
  async (colorScheme) => {
    const { page } = await openPage(browser, dashboard, { colorScheme })
    await visit(page, dashboard, '/')
    await page.locator('.project').first().waitFor()
    const [faded = 0, others = 0, trials = 0] = await page.evaluate<number[]>(CONTRASTS)
    expect(faded).toBeGreaterThanOrEqual(3)
    expect(others).toBeGreaterThan(1.5 * faded)
    expect(trials).toBeGreaterThan(1.5 * faded)
    await page.context().close()
  },
)
