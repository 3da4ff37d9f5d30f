import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { type Dashboard, visit } from '../helpers/browser.ts'
import { perTest } from '../helpers/browser-tests.ts'
import { aCompletedTrial, aDetectedRun, anEndedRun, aProject } from '../helpers/factories.ts'
import { aTrialUnderWay } from '../helpers/search-factories.ts'

let dashboard: Dashboard
let page: Page
perTest((opened) => {
  ;({ dashboard, page } = opened)
})

const aRun = () => aDetectedRun(dashboard.world, aProject(dashboard.world), { overrides: { parallel: 2 } })
const shown = (number: number, state: string) =>
  page.getByRole('heading', { name: `Trial ${number} ${state}` }).waitFor()

/** A promise that the test keeps when it wants. */
function aPromise() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** Ends a trial's training as the pruner does. */
function giveUp({ attempt, trial }: ReturnType<typeof aTrialUnderWay>) {
  const { attempts, trials } = dashboard.world.store
  attempts.transition(attempt.id, 'stopped', {})
  trials.transition(trial.id, 'pruned', { pruning: 'behind' })
}

test('answers that take longer than the time between two events are shown all the same', async () => {
  const { store } = dashboard.world
  const run = aRun()
  await visit(page, dashboard, `/runs/${run.id}`)
  await page.getByText('live', { exact: true }).waitFor()
  const isRun = (url: string) => new RegExp(`/runs/${run.id}$`).test(url)
  await page.route(/\/api\/v1\/runs\/\d+$/, async (route) => {
    await sleep(500)
    await route.continue()
  })
  let answers = 0
  const aborted: string[] = []
  page.on('requestfinished', (request) => {
    if (isRun(request.url())) answers += 1
  })
  page.on('requestfailed', (request) => aborted.push(request.url()))
  const answersWhileEventsCome = () => {
    store.events.append('run', { runId: run.id }, { state: 'running' })
    return answers
  }
  await expect.poll(answersWhileEventsCome, { interval: 100 }).toBeGreaterThan(1)
  expect(aborted).toEqual([])
  // What came while an answer was under way is asked for after it.
  anEndedRun(dashboard.world, run, 'exhausted', { reason: 'the budget is spent' })
  await page.locator('.page-head').getByText('budget spent').waitFor()
  await page.unrouteAll({ behavior: 'wait' })
})

test('the page stays where it is while a trial is read, says that another trains, and shows it on demand', async () => {
  const { world } = dashboard
  const run = aRun()
  aCompletedTrial(world, run, 0, 0.4)
  const first = aTrialUnderWay(world, run, 1, 0.9, 30)
  await visit(page, dashboard, `/runs/${run.id}`)
  await shown(1, 'running')
  await page.getByRole('table', { name: 'Metrics by epoch' }).waitFor()
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
  await expect.poll(() => page.evaluate<number>('scrollY')).toBeGreaterThan(300)
  const seenAt = async () => (await page.getByRole('table', { name: 'Metrics by epoch' }).boundingBox())?.y
  const before = await seenAt()

  giveUp(first)
  aTrialUnderWay(world, run, 2, 0.8, 2)
  await page.getByText('Trial 2 trains now.').waitFor()
  await shown(1, 'pruned')
  expect(await seenAt()).toBe(before)

  await page.getByRole('button', { name: 'Show trial 2' }).click()
  await shown(2, 'running')
  await expect.poll(() => page.getByText('Trial 2 trains now.').count()).toBe(0)
})

test('who is at the top of the page sees the trial that trains, once all of it is there', async () => {
  const { world } = dashboard
  const run = aRun()
  const first = aTrialUnderWay(world, run, 0, 0.9, 3)
  await visit(page, dashboard, `/runs/${run.id}/trials`)
  await shown(0, 'running')
  await page.getByText('Metrics and their evidence').waitFor()
  const gate = aPromise()
  const asked = aPromise()
  await page.route(/\/api\/v1\/trials\/2$/, async (route) => {
    asked.resolve()
    await gate.promise
    await route.continue()
  })
  giveUp(first)
  aTrialUnderWay(world, run, 1, 0.8, 2)
  await asked.promise
  await shown(0, 'pruned')
  await page.getByText('Metrics and their evidence').waitFor()
  expect(await page.locator('main .loading').count()).toBe(0)
  gate.resolve()
  await shown(1, 'running')
  await page.unrouteAll({ behavior: 'wait' })
})

test('a row of a trial that has not changed is not drawn again when another has', async () => {
  const { world } = dashboard
  const run = aRun()
  aCompletedTrial(world, run, 0, 0.4)
  const second = aTrialUnderWay(world, run, 1, 0.8, 2)
  await visit(page, dashboard, `/runs/${run.id}/trials`)
  await page.locator('.trials tr[data-trial="1"]').getByText('running').waitFor()
  await shown(1, 'running')
  await page.getByText('Metrics and their evidence').waitFor()
  // React gives an element other props whenever its component is drawn.
  const propsOf = (number: number) =>
    `(() => { const row = document.querySelector('.trials tr[data-trial="${number}"]')
      return row[Object.keys(row).find((key) => key.startsWith('__reactProps'))] })()`
  await page.evaluate(`globalThis.before = [${propsOf(0)}, ${propsOf(1)}]`)
  giveUp(second)
  await page.locator('.trials tr[data-trial="1"]').getByText('pruned', { exact: true }).waitFor()
  expect(
    await page.evaluate(
      `[before[0] === ${propsOf(0)}, before[0] === undefined, before[1] === ${propsOf(1)}]`,
    ),
  ).toEqual([true, false, false])
})
