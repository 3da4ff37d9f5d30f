import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AttemptReport } from '../../src/domain/attempt-report.ts'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import {
  aDetectedRun,
  aProject,
  aRestart,
  aRunningTrial,
  logOf,
  readEpochs,
  writeLog,
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

const REPORT: AttemptReport = {
  python: '3.13.5',
  frameworks: { pytorch: '2.6.0', 'scikit-learn': '1.6.1' },
  resumed: null,
  checkpoint: { step: 7, at: 0, bytes: 184_320, seconds: 0.03, count: 7, totalSeconds: 0.21 },
  memory: 1_288_490_188,
  heartbeatAt: null,
  warnings: [],
  last: { name: 'accuracy', split: 'validation', value: 0.81234, step: 7 },
  end: null,
}
const BUS_ERROR = {
  kind: 'user',
  code: 'shared-memory',
  message: 'The training needed more shared memory than the 1 GiB of its /dev/shm (a bus error).',
  remedy:
    'Hone starts it again in 1 s, from its checkpoint after epoch 7, with 2 GiB of /dev/shm instead of 1 GiB (restart 1 of 5 without getting further).',
} as const
const MESSAGE = 'No checkpoint can be kept, so a restart begins anew: the disk is full.'

test('an attempt says from where it went on, what it used, and what the runtime warns of', async () => {
  const { world } = dashboard
  const { store } = world
  const run = aDetectedRun(world, aProject(world))
  const { trial, attempt } = aRunningTrial(world, run, 0)
  writeLog(world, run, attempt, logOf(0.9).split('\n').slice(0, 7).join('\n'))
  readEpochs(world, run, attempt, logOf(0.9).split('\n').slice(0, 7).join('\n'))
  store.attempts.tell(attempt.id, REPORT, true)
  world.pass(9000)
  const second = aRestart(world, trial, attempt)

  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}`)
  await page.getByRole('heading', { name: 'Trial 0 running' }).waitFor()
  const attempts = page.locator('.attempts li')
  const wordsOf = async (index: number) => (await attempts.nth(index).innerText()).replaceAll(/\s+/g, ' ')
  const first = await wordsOf(0)
  expect(first).toContain('reported last: accuracy 0.8123 (validation) in epoch 7')
  expect(first).toContain('last checkpoint after epoch 7 (180.0 KiB; 7 checkpoints in 210 ms)')
  expect(first).toContain('1.2 GiB of memory at most Python 3.13.5, pytorch 2.6.0, scikit-learn 1.6.1')
  expect(first).not.toContain('went on')

  // As it comes, without another visit.
  const resumed = { step: 7, attempt: 1, by: 'hone', why: null } as const
  const told = { ...REPORT, resumed, checkpoint: null, last: null }
  store.attempts.tell(second.id, { ...told, warnings: [{ code: 'checkpoint', message: MESSAGE }] }, true)
  await attempts.getByText('went on after epoch 7 (checkpoint of attempt 1)').waitFor()
  expect(await wordsOf(1)).toContain(MESSAGE)

  store.attempts.tell(
    second.id,
    { ...told, resumed: { step: null, attempt: null, by: 'script', why: 'it loads model.pt' } },
    true,
  )
  await attempts.getByText('went on from a checkpoint of its own: it loads model.pt').waitFor()
  expect(faults).toEqual([])
  await page.context().close()
})

test('an attempt says what is done about it: why it was restarted, with what, and what is waited for', async () => {
  const { world } = dashboard
  const { store } = world
  const run = aDetectedRun(world, aProject(world, { name: 'watched' }))
  const { trial, attempt } = aRunningTrial(world, run, 0)
  store.attempts.transition(attempt.id, 'failed', { exitCode: 1, failure: BUS_ERROR })
  const deadline = store.now() + 3_600_000
  const next = { trialId: trial.id, deadline }
  const second = store.attempts.insert({
    ...{ ...next, number: 2, container: 'hone-second', shmBytes: 2 * 2 ** 30 },
    notBefore: store.now() + 60_000,
  })

  const { page, faults } = await openPage(browser, dashboard)
  await visit(page, dashboard, `/runs/${run.id}`)
  await page.getByRole('heading', { name: 'Trial 0 running' }).waitFor()
  const attempts = page.locator('.attempts li')
  const wordsOf = async (index: number) => (await attempts.nth(index).innerText()).replaceAll(/\s+/g, ' ')
  expect(await wordsOf(0)).toContain(`${BUS_ERROR.message} ${BUS_ERROR.remedy.replaceAll('`', '')}`)
  expect(await wordsOf(1)).toContain('restart: out of shared memory')
  expect(await wordsOf(1)).toMatch(/Its container starts in \d+/)
  expect(await wordsOf(1)).toContain('2.0 GiB of /dev/shm, as it needed more')

  store.attempts.transition(second.id, 'running')
  store.transaction(() => store.attempts.feel(second.id, { silentMs: 300_000, usage: null }, true))
  await page.getByText('No sign of life for 5 min').waitFor()

  const since = store.now()
  store.engineAway.set({ since, awayMs: 0 })
  store.transaction(() => store.attempts.feel(second.id, { silentMs: 0, usage: null }, true))
  await page.getByText('Engine away since').waitFor()
  expect(await wordsOf(1)).toContain('while the engine is away')
  store.engineAway.clear()
  store.transaction(() => store.attempts.feel(second.id, { silentMs: 0, usage: null }, true))
  await page.getByText('Engine away since').waitFor({ state: 'detached' })
  expect(faults).toEqual([])
  await page.context().close()
})
