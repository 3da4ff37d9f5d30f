/**
 * How large the dashboard is and how soon one can use it, with a run of 500 trials of 100 epochs, and how it draws
 * while 50 events a second come: `npm run bench:web`; `HONE_BENCH_PAGES=home,run: trials` takes only these pages.
 */
import { cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { type Dashboard, launchBrowser, openDashboard } from '../../test/helpers/browser.ts'
import { writeLog } from '../../test/helpers/factories.ts'
import { aLargeRun } from './large-run.ts'
import { framesDuring, type Load, load } from './visit.ts'

const LOADS = 5
const LIVE_SECONDS = 20
const PER_SECOND = 50

let browser: Browser
let dashboard: Dashboard
let large: ReturnType<typeof aLargeRun>
beforeAll(async () => {
  browser = await launchBrowser()
  dashboard = await openDashboard()
  large = aLargeRun(dashboard.world, { trials: 500, epochs: 100 })
  say(
    `${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.version}, Chromium ${browser.version()}`,
  )
})
afterAll(async () => {
  await browser.close()
  await dashboard.close()
})

const say = (line: string) => process.stdout.write(`${line}\n`)
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
const kb = (bytes: number) => `${(bytes / 1000).toFixed(0)}`

const PAGES: [name: string, path: (run: number) => string, drawn: string][] = [
  ['home', () => '/', '.project'],
  ['run: progress', (id) => `/runs/${id}`, '.recharts-surface'],
  ['run: trials', (id) => `/runs/${id}/trials`, '.trials tbody tr'],
  ['run: search', (id) => `/runs/${id}/search`, '.path'],
  ['run: code', (id) => `/runs/${id}/code?trial=7`, '.diff'],
  ['run: timeline', (id) => `/runs/${id}/timeline`, '.timeline li'],
  ['run: log', (id) => `/runs/${id}/log?trial=7`, '.log-row'],
]
const only = process.env.HONE_BENCH_PAGES?.split(',')
const wanted = PAGES.filter(([name]) => only?.includes(name) ?? true)

test('first loads, with a cold cache', async () => {
  say(
    '\n| page | scripts, kB | styles, kB | answers, kB | first paint, ms | drawn, ms | interactive, ms | worst | blocked, ms |',
  )
  say('| --- | --- | --- | --- | --- | --- | --- | --- | --- |')
  for (const [name, path, drawn] of wanted) {
    const all: Load[] = []
    let sizes = { scripts: 0, styles: 0, answers: 0 }
    for (let time = 0; time < LOADS; time++) {
      const one = await load(browser, dashboard, path(large.run.id), drawn)
      all.push(one.figures)
      sizes = one.sizes
      await one.page.context().close()
    }
    const of = (key: keyof Load) => median(all.map((one) => one[key])).toFixed(0)
    const worst = Math.max(...all.map(({ interactive }) => interactive)).toFixed(0)
    say(
      `| ${name} | ${kb(sizes.scripts)} | ${kb(sizes.styles)} | ${kb(sizes.answers)} | ${of('firstPaint')} | ${of('drawn')} | ${of('interactive')} | ${worst} | ${of('blocked')} |`,
    )
  }
})

test('frames while the run is live', async () => {
  say(`\n${PER_SECOND} events a second for ${LIVE_SECONDS} s`)
  say('| page | frames a second | between two, ms: median | 99 % | most | longest task, ms |')
  say('| --- | --- | --- | --- | --- | --- |')
  for (const [name, path, drawn] of wanted) {
    const { page } = await load(browser, dashboard, path(large.run.id), drawn)
    const { perSecond, gaps, longest } = await framesDuring(page, tell)
    const at = (share: number) =>
      (gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))] as number).toFixed(0)
    say(`| ${name} | ${perSecond.toFixed(0)} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${longest.toFixed(0)} |`)
    await page.context().close()
  }
})

let step = 0
/** Reports metrics and prints lines as a training does that is in a hurry. */
async function tell(): Promise<void> {
  const { world, notices } = dashboard
  const { run, live } = large
  const about = { runId: run.id, trialId: live.trial.id, attemptId: live.attempt.id }
  const began = performance.now()
  for (let sent = 0; sent < LIVE_SECONDS * PER_SECOND; sent++) {
    step++
    const evidence = `Epoch ${step} - val_accuracy: ${(1 - 0.999 ** step).toFixed(4)}`
    const value = 1 - 0.999 ** step
    world.store.metrics.insert(about, {
      ...{ name: 'accuracy', split: 'validation', value, evidence, step, source: 'log', line: step },
    })
    notices.grown(run.id, live.attempt.id, writeLog(world, run, live.attempt, `${evidence}\n`))
    await setTimeout(Math.max(0, began + ((sent + 1) * 1000) / PER_SECOND - performance.now()))
  }
}
