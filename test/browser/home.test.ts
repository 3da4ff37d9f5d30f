import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { type Dashboard, visit } from '../helpers/browser.ts'
import { perTest } from '../helpers/browser-tests.ts'
import {
  aCompletedTrial,
  aDetectedRun,
  aDoneJob,
  anEndedRun,
  aProject,
  aQueuedRun,
  aRunningTrial,
  aWaitingRun,
} from '../helpers/factories.ts'

let dashboard: Dashboard
let page: Page
perTest((opened) => {
  ;({ dashboard, page } = opened)
})

const step = (title: string) => page.locator('.steps > li').filter({ hasText: title })
const doneSteps = () => page.locator('.steps > li[data-done="true"]').count()
const live = () => page.locator('[data-live="live"]').waitFor()

/** A run of a project that ended with this value. */
function aRunWith(value: number) {
  const { world } = dashboard
  const project = world.store.projects.byName('digits') ?? aProject(world)
  const run = aDetectedRun(world, project)
  const best = aCompletedTrial(world, run, 0, value)
  world.store.runs.update(run.id, { bestTrialId: best.id })
  return anEndedRun(world, run, value >= 0.95 ? 'succeeded' : 'exhausted', { reason: 'over' })
}

describe('the start', () => {
  test('goes green step by step as project, test, push and run come, without a reload', async () => {
    await visit(page, dashboard, '/')
    await live()
    await expect.poll(doneSteps).toBe(0)
    await page.getByLabel('Name').fill('digits')
    await page.getByLabel('Repository').fill('https://example.org/ada/digits.git')
    await page.getByRole('button', { name: 'Make the project' }).click()
    await expect.poll(doneSteps).toBe(1)

    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByRole('status').getByText('The test arrived, and its signature is right.').waitFor()
    await page.getByText('GitHub cannot reach it there').waitFor()
    await expect.poll(doneSteps).toBe(2)
    await step('connect GitHub').getByText('a push starts the first run').waitFor()
    await page.getByText('/webhooks/digits').first().waitFor()

    const { world } = dashboard
    const project = world.store.projects.byName('digits')
    if (!project) throw new Error('no project')
    aQueuedRun(world, project)
    await expect.poll(doneSteps).toBe(3)
    await step('first run').getByRole('link', { name: 'digits #1' }).waitFor()
    await page.locator('.project').getByRole('link', { name: 'digits #1' }).waitFor()
    // Who comes anew finds the overview alone.
    await page.reload()
    await page.locator('.project').waitFor()
    expect(await page.getByText('Start here').count()).toBe(0)
  })

  test('is there after a reload until the first run, and says where new secrets are made', async () => {
    aProject(dashboard.world, { repoUrl: 'https://example.org/ada/digits.git' })
    await visit(page, dashboard, '/')
    await expect.poll(doneSteps).toBe(1)
    await page.getByText('The secret was shown once').waitFor()
    expect(await page.getByText('git push hone').count()).toBe(0)
    await step('connect GitHub').getByRole('link', { name: 'digits', exact: true }).click()
    await page.getByRole('heading', { name: 'Secrets' }).waitFor()
  })

  test('makes the project of the example, and says how to push it', async () => {
    await visit(page, dashboard, '/')
    await page.getByRole('button', { name: 'Try the example' }).click()
    await page.getByText('digits-example is there.').waitFor()
    await page.getByText('cp -r examples/digits-sklearn').waitFor()
    expect(dashboard.world.store.projects.byName('digits-example')?.settings).toEqual({
      target: 0.97,
      trials: 40,
    })
  })

  test('says why a push made no run', async () => {
    const { world } = dashboard
    const project = aProject(world)
    await visit(page, dashboard, '/')
    await live()
    world.store.deliveries.insert({
      ...{ projectId: project.id, deliveryId: 'd', event: 'push', outcome: 'ignored', runId: null },
      ...{ reason: 'The branch `dev` is not followed.', payload: Buffer.from('{}') },
    })
    await expect.poll(doneSteps).toBe(2)
    await step('connect GitHub').getByText('The branch dev is not followed.').waitFor()
  })
})

describe('the overview', () => {
  test('shows the best value, how far it is, and a curve over the runs in words too', async () => {
    for (const value of [0.8, 0.91, 0.962, 0.93]) aRunWith(value)
    await visit(page, dashboard, '/')
    const card = page.locator('.project')
    await card.getByText('accuracy, 0.02 short of 0.95').waitFor()
    await card
      .getByRole('img', {
        name: 'best accuracy of the last 4 runs: 0.8 to 0.962; the last 0.93; target 0.95, met by 1',
      })
      .waitFor()
    await expect.poll(() => card.locator('.spark circle').count()).toBe(4)
    await expect
      .poll(() => card.locator('.spark circle[data-met="true"] title').textContent())
      .toBe('#3: 0.962')
  })

  test('a target that another seed missed is not shown as met', async () => {
    const { world } = dashboard
    const run = aDetectedRun(world, aProject(world))
    aCompletedTrial(world, run, 0, 0.9)
    const lucky = aCompletedTrial(world, run, 1, 0.9532)
    aCompletedTrial(world, run, 2, 0.9478, { repeats: lucky.number, seed: 1 })
    await visit(page, dashboard, '/')
    const card = page.locator('.project')
    await card.getByText('accuracy, target 0.95 met, but not with every seed').waitFor()
    await card.locator('.goal[data-met="refuted"]').waitFor()
    await card.locator('.spark circle[data-met="false"]').waitFor()
    await page.locator('.latest .best[data-met="refuted"]').waitFor()
  })

  test('shows what runs and what waits for what, live', async () => {
    const { world } = dashboard
    const project = aProject(world)
    aRunWith(0.9)
    await visit(page, dashboard, '/')
    await live()
    await page.getByText('Nothing. A push starts a run.').waitFor()
    await page.getByText('Nothing waits.').waitFor()

    const run = aDetectedRun(world, project)
    aCompletedTrial(world, run, 0, 0.91)
    const { job } = aRunningTrial(world, run, 1)
    const now = page.getByRole('list', { name: 'Runs now' })
    await now.getByRole('link', { name: 'digits #2' }).waitFor()
    await now.getByText('train: trial 1').waitFor()
    await now.getByText('1 of 20 trials done; best accuracy 0.91, 0.04 short of 0.95').waitFor()
    await now.getByRole('progressbar', { name: 'trials of digits #2' }).waitFor()

    const waiting = aWaitingRun(world, aProject(world, { name: 'plants' }), 240_000)
    const waits = page.getByRole('list', { name: 'Waits' })
    await waits.getByRole('link', { name: `plants #${waiting.number}` }).waitFor()
    await waits.getByText(/The Docker engine does not answer\. Next try in [34] min\./).waitFor()

    world.store.jobs.complete(job, {})
    world.store.endRun(run.id, 'cancelled')
    await page.getByText('Nothing. A push starts a run.').waitFor()
  })

  test('keeps what is beside it in its place when a run begins', async () => {
    const { world } = dashboard
    aRunWith(0.9)
    await visit(page, dashboard, '/')
    await live()
    const card = page.locator('.project')
    await card.getByText('short of').waitFor()
    const places = () =>
      Promise.all(
        [card, page.getByRole('heading', { name: 'Latest runs' })].map((part) => part.boundingBox()),
      )
    const before = await places()
    const run = aDetectedRun(world, world.store.projects.byName('digits') ?? aProject(world))
    aRunningTrial(world, run, 0)
    await page.getByRole('list', { name: 'Runs now' }).waitFor()
    await card.getByText('accuracy in #1').waitFor()
    expect(await places()).toEqual(before)
  })

  test('shows each part of the surroundings, a problem with its remedy, and that it is over', async () => {
    const { health } = dashboard
    aRunWith(0.9)
    health.know('engine', { version: '28.1.1', at: Date.now() })
    health.know('disks', { data: { total: 100 * 1024 ** 3, free: 40 * 1024 ** 3 }, engine: null })
    await visit(page, dashboard, '/')
    const list = page.getByRole('list', { name: 'Health' })
    const engine = list.getByRole('listitem').filter({ hasText: 'Docker engine' })
    await engine.getByText('Docker 28.1.1 answers.').waitFor()
    await list.getByText('40.0 GiB of 100.0 GiB are free in the data folder.').waitFor()
    await list.getByText('No push and no webhook was received yet.').waitFor()
    health.report('engine', 'The Docker engine does not answer.', 'Start it.', Date.now() - 420_000)
    await engine.getByText('wrong').waitFor()
    await engine.getByText('since 7 min ago').waitFor()
    await engine.getByText('Start it.').waitFor()
    health.clear('engine')
    await engine.getByText('ok', { exact: true }).waitFor()
    expect(await engine.textContent()).not.toContain('Start it.')
  })
})

test('the number of a run within its project leads to its page', async () => {
  const run = aRunWith(0.9)
  await visit(page, dashboard, '/projects/digits/runs/1')
  await page.getByRole('heading', { name: 'digits #1' }).waitFor()
  await expect.poll(() => page.url()).toBe(`${dashboard.url()}/runs/${run.id}`)
  await expect.poll(() => page.title()).toContain('digits #1')
  await page.goto(`${dashboard.url()}/projects/digits/runs/7`)
  await page.getByRole('alert').getByText('There is no run digits #7.').waitFor()
})

describe('a part of the page that cannot be loaded', () => {
  const box = () => page.getByRole('alert').filter({ hasText: 'This part of the page could not be loaded.' })
  const timeline = () => page.getByRole('link', { name: 'Timeline' }).click()

  test('says so while the server is away, and is there by itself when that is back', async () => {
    const { world } = dashboard
    const run = aDetectedRun(world, aProject(world))
    aDoneJob(world, run, 'train', 'train:0')
    await visit(page, dashboard, `/runs/${run.id}`)
    await live()
    await dashboard.stop()
    await page.getByText('Connection lost.').waitFor()
    await timeline()
    await box().waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await box().getByText('The server does not answer yet.').waitFor()
    await dashboard.start()
    await page.locator('.timeline').first().waitFor()
    await expect.poll(() => box().count()).toBe(0)
  })

  test('is not asked for again and again where it is gone for good', async () => {
    const { world } = dashboard
    const run = aDetectedRun(world, aProject(world))
    let asked = 0
    await page.route('**/assets/timeline-*', (route) => {
      asked++
      return route.fulfill({ status: 404, body: 'gone' })
    })
    await visit(page, dashboard, `/runs/${run.id}/timeline`)
    await live()
    await box().waitFor()
    const loads = asked
    await expect
      .poll(() => page.evaluate<string | null>("sessionStorage.getItem('hone.reloaded')"))
      .not.toBeNull()
    await box().waitFor()
    expect(asked).toBeLessThanOrEqual(loads + 2)
  })
})
