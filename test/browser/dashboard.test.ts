import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { renderHtml } from '../../src/mail/render/html.ts'
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
  aDoneJob,
  aFailedRun,
  anEndedRun,
  aProject,
  aQueuedRun,
  aRestart,
  aRunningTrial,
  aWaitingRun,
  MISSING_MODULE,
  writeLog,
} from '../helpers/factories.ts'

const HOSTILE = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">'

let browser: Browser
let dashboard: Dashboard
let page: Page
let faults: string[]

const seen = (text: string | RegExp) => page.getByText(text).first().waitFor()
const stage = (name: string) => page.locator(`[data-job="${name}"]`)
const logBox = () => page.getByRole('log')

async function usePage(options = {}) {
  const opened = await openPage(browser, dashboard, options)
  page = opened.page
  faults = opened.faults
}

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  dashboard = await openDashboard()
  await usePage()
})
afterEach(async () => {
  const found = faults
  await page.context().close()
  await dashboard.close()
  expect(found).toEqual([])
})

describe('signing in', () => {
  test('a wrong token is refused with words, the right one opens the page that was asked for', async () => {
    aProject(dashboard.world)
    await page.goto(`${dashboard.url()}/projects/digits`)
    await page.getByLabel('Token').fill('not-the-token')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await seen('The token is wrong')
    await page.getByLabel('Token').fill(dashboard.token)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'digits' }).waitFor()
  })

  test('the token of the printed address is taken out of it', async () => {
    await visit(page, dashboard, '/mails')
    await seen('No mail yet.')
    await expect.poll(() => page.url()).toBe(`${dashboard.url()}/mails`)
    expect(await page.evaluate<number>('history.length')).toBeLessThanOrEqual(2)
  })

  test('after signing out nothing is shown any more', async () => {
    aProject(dashboard.world)
    await visit(page, dashboard, '/')
    await page.getByRole('link', { name: 'digits' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Token').waitFor()
    await expect.poll(() => page.getByRole('link', { name: 'digits' }).count()).toBe(0)
    await page.reload()
    await page.getByLabel('Token').waitFor()
  })
})

describe('home', () => {
  test('an empty server leads through three steps to a project and shows its secrets once', async () => {
    await visit(page, dashboard, '/')
    await seen('Start here')
    await page.getByLabel('Name').fill('-bad-')
    await expect.poll(() => page.getByLabel('Target accuracy').inputValue()).toBe('0.8')
    await page.getByLabel('Target accuracy').fill('0.93')
    await page.getByLabel('Mail to').fill('ada@example.org, grace@example.org')
    await page.getByRole('button', { name: 'Make the project' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Name').fill('digits')
    await page.getByRole('button', { name: 'Make the project' }).click()
    await seen('shown only now')
    const project = dashboard.world.store.projects.byName('digits')
    expect(project?.settings).toEqual({
      target: 0.93,
      trials: 20,
      mail: ['ada@example.org', 'grace@example.org'],
    })
    const shown = await page.locator('main').textContent()
    expect(shown).not.toContain('let GitHub tell')
    expect(shown).not.toContain('/webhooks/')
    expect(shown).toMatch(/git remote add hone http:\/\/hone:[\w-]+@127\.0\.0\.1:\d+\/git\/digits\.git/)
    expect(shown).toContain('git push hone HEAD:main')
    await page.reload()
    await seen('Make a project')
    await page.getByText('git push hone HEAD:main', { exact: false }).first().waitFor()
    await seen('was shown once')
    expect(await page.locator('main').textContent()).not.toMatch(/http:\/\/hone:/)
  })

  test('a project of a repository gets its webhook address and secret, once', async () => {
    await visit(page, dashboard, '/new')
    await page.getByLabel('Name').fill('digits')
    await page.getByLabel('Repository').fill('https://example.org/ada/digits.git')
    await page.getByRole('button', { name: 'Make the project' }).click()
    await seen('Let GitHub tell Hone')
    const project = dashboard.world.store.projects.byName('digits')
    expect(project?.settings).toEqual({ target: 0.8, trials: 20 })
    const shown = await page.locator('main').textContent()
    expect(shown).toContain(`${dashboard.url()}/webhooks/digits`)
    expect(shown).toContain(project?.secret)
    await page.getByRole('link', { name: 'Go to digits' }).click()
    await page.getByRole('heading', { name: 'digits' }).waitFor()
    expect(await page.locator('main').textContent()).not.toContain(project?.secret)
  })

  test('projects come with their last run, and what is wrong is said with its remedy', async () => {
    const { world, health } = dashboard
    const run = aDetectedRun(world, aProject(world))
    aCompletedTrial(world, run, 0, 0.4122)
    health.report('engine', 'The Docker engine does not answer.', 'Start it with `systemctl start docker`.')
    await visit(page, dashboard, '/')
    await seen('The Docker engine does not answer.')
    await seen('systemctl start docker')
    const card = page.locator('.project')
    await card.getByText('0.4122', { exact: true }).waitFor()
    await card.getByRole('list', { name: /git-import: done, detect-model: done, train: done/ }).waitFor()
  })
})

describe('a run', () => {
  test('shows chain, trials, values, diff, evidence, log and the mail', async () => {
    const { world } = dashboard
    const run = aDetectedRun(world, aProject(world))
    aCompletedTrial(world, run, 0, 0.4122)
    const best = aCompletedTrial(world, run, 1, 0.9622, {
      values: { learning_rate_init: 0.0011, hidden: 180, activation: 'tanh' },
      restarts: 1,
    })
    world.store.runs.update(run.id, { bestTrialId: best.id })
    anEndedRun(world, run, 'succeeded', { reason: 'accuracy 0.9622 reached the target 0.95 in trial 1.' })
    await visit(page, dashboard, `/runs/${run.id}`)

    await seen('Target reached:')
    for (const name of ['git-import', 'detect-model', 'train', 'tweak', 'notify']) {
      await stage(name).getByText('done').waitFor()
    }
    await stage('train').getByText('×2').waitFor()
    await page.getByRole('figure', { name: /accuracy by trial: best 0.9622, target 0.95/ }).waitFor()
    expect(await page.locator('tr[data-decisive="true"]').textContent()).toContain('Test accuracy: 0.9622')
    await page.getByRole('link', { name: 'model.joblib' }).waitFor()

    await openSection(page, 'Trials')
    const row = page.locator('.trials tbody tr').nth(1)
    expect(await row.textContent()).toMatch(/best[\s\S]*0\.9622[\s\S]*0\.0011[\s\S]*180[\s\S]*1 restart/)
    await expect.poll(() => row.locator('td[data-changed="true"]').allInnerTexts()).toEqual(['0.0011', '180'])
    await openSection(page, 'Code')
    const diff = page.getByRole('figure', { name: 'Diff' })
    await diff.waitFor()
    await expect
      .poll(() => diff.locator('[data-kind="del"]').allInnerTexts())
      .toContain('-    learning_rate_init=0.5,')
    await expect.poll(() => diff.locator('[data-kind="add"] mark').allInnerTexts()).toEqual(['0.0011', '180'])
    await openSection(page, 'Log')
    await logBox().getByText('Test accuracy: 0.9622').waitFor()
    await page.getByRole('button', { name: /attempt 1/ }).click()
    await seen('The training was killed (SIGKILL).')
    await logBox().getByText('Epoch 1/12').first().waitFor()
    await openSection(page, 'Trials')
    await page.locator('.trials').getByRole('link', { name: '0', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Trial 0 completed' }).waitFor()
    await page.getByRole('link', { name: 'what Hone changed' }).click()
    await seen('Nothing: this is your own source.')
    await expect.poll(() => page.url()).toMatch(/\/runs\/\d+\/code\?trial=0$/)

    await openSection(page, 'About')
    await seen('imports sklearn')
    await page.getByRole('link', { name: /\[hone\] digits #1/ }).click()
    const mail = page.frameLocator('iframe')
    await mail.getByRole('heading', { name: 'digits #1' }).waitFor()
  })

  test('that failed says cause, place and remedy', async () => {
    const { world } = dashboard
    const run = aFailedRun(world, aProject(world), MISSING_MODULE)
    await visit(page, dashboard, `/runs/${run.id}`)
    const box = page.locator('.conclusion')
    await box.getByText("No module named 'seaborn'").first().waitFor()
    const text = await box.textContent()
    expect(text).toContain('train.py:4')
    expect(text).toContain(MISSING_MODULE.remedy)
    expect(text).toContain('import seaborn as sns')
    await stage('train').getByText('failed').waitFor()
    await page.goto(dashboard.url())
    await page.getByRole('list', { name: /train: failed/ }).waitFor()
  })

  test('that waits says why and until when', async () => {
    const { world } = dashboard
    const run = aWaitingRun(world, aProject(world), 240_000)
    await visit(page, dashboard, `/runs/${run.id}`)
    await seen(/git-import waits:/)
    await seen('The Docker engine does not answer.')
    await seen('in 4 min')
  })

  test('is shown live: jobs, progress, trials, log and the end', async () => {
    const { world, notices } = dashboard
    const project = aProject(world)
    const run = aDetectedRun(world, project)
    await visit(page, dashboard, `/runs/${run.id}`)
    await seen('No trial yet: Hone is finding out what the code trains.')
    world.store.runs.progress(run.id, 'Step 3/7: installing scikit-learn')
    await seen('Step 3/7: installing scikit-learn')

    const { trial, attempt, job } = aRunningTrial(world, run, 0)
    await stage('train').getByText('running').waitFor()
    await seen('Nothing printed yet.')
    notices.grown(run.id, attempt.id, writeLog(world, run, attempt, 'Epoch 1/9 - loss: 1.2345'))
    await logBox().getByText('Epoch 1/9 - loss: 1.2345').waitFor()
    notices.grown(run.id, attempt.id, writeLog(world, run, attempt, 'Epoch 2/9 - loss: 1.1'))
    await logBox().getByText('Epoch 2/9 - loss: 1.1').waitFor()
    await expect.poll(() => logBox().locator('.log-text').allInnerTexts()).toHaveLength(2)

    const second = aRestart(world, trial, attempt)
    await page.getByRole('button', { name: /attempt 2 restart/ }).waitFor()
    world.store.attempts.transition(second.id, 'succeeded', { exitCode: 0 })
    world.store.trials.transition(trial.id, 'completed', { metric: 0.97 })
    world.store.jobs.complete(job, {})
    anEndedRun(world, run, 'succeeded', { reason: 'accuracy 0.97 reached the target 0.95 in trial 0.' })
    await seen('Target reached:')
    await expect.poll(() => page.getByRole('button', { name: 'Cancel run' }).count()).toBe(0)
    await expect.poll(() => logBox().getByText('Epoch 2/9 - loss: 1.1').count()).toBe(1)
  })

  test('waits for a training slot, and says so', async () => {
    const { world } = dashboard
    const other = aDetectedRun(world, aProject(world, { name: 'plants' }))
    aRunningTrial(world, other, 0)
    const run = aDetectedRun(world, aProject(world))
    world.store.jobs.enqueue(run.id, 'train', 'train:0', {})
    await visit(page, dashboard, `/runs/${run.id}`)
    await stage('train').getByText('waits for a training slot').waitFor()
    const name = world.store.projects.byId(other.projectId)?.name
    await seen(`Waits for a training slot: ${name} #${other.number} trains now.`)
    await visit(page, dashboard, '/')
    await page
      .getByRole('list', { name: 'Waits' })
      .getByText(`${name} #${other.number} trains now.`)
      .waitFor()
  })

  test('can be cancelled, after one question', async () => {
    const { world } = dashboard
    const run = aDetectedRun(world, aProject(world))
    aRunningTrial(world, run, 0)
    await visit(page, dashboard, `/runs/${run.id}`)
    await page.getByRole('button', { name: 'Cancel run' }).dblclick()
    await page.getByRole('button', { name: 'Cancel run' }).click()
    await seen('Cancel this run? Its training is stopped.')
    expect(world.store.runs.get(run.id).state).toBe('running')
    await page.getByRole('button', { name: 'Really cancel?' }).click()
    await page.locator('.page-head').getByText('cancelled').waitFor()
    expect(world.store.runs.get(run.id).state).toBe('cancelled')
    await openSection(page, 'About')
    await seen('no mail is written for a cancelled run')
    await openSection(page, 'Progress')
    await stage('notify').getByText('no mail').waitFor()
  })

  test('that is not there says so', async () => {
    await visit(page, dashboard, '/runs/4711')
    await page.getByRole('alert').getByText('There is no run 4711.').waitFor()
    await page.getByText('connecting').waitFor({ state: 'detached' })
    await page.getByRole('alert').getByRole('link', { name: 'All projects' }).click()
    await seen('Start here')
  })
})

test('what untrusted code and pushers write stays text', async () => {
  const { world } = dashboard
  const project = aProject(world)
  const run = aDetectedRun(world, project, { message: HOSTILE, author: HOSTILE })
  const { attempt, trial, job } = aRunningTrial(world, run, 0, {
    diff: `+${HOSTILE}`,
    values: { [HOSTILE]: HOSTILE },
  })
  writeLog(world, run, attempt, `${HOSTILE}\n\u001b[31mred\u001b[0m\n10%\r100%\n`)
  const failure = { ...MISSING_MODULE, message: HOSTILE, remedy: HOSTILE, detail: HOSTILE }
  world.store.attempts.transition(attempt.id, 'failed', { exitCode: 1, failure })
  world.store.trials.transition(trial.id, 'failed', { failure })
  world.store.jobs.fail(job, failure)
  anEndedRun(world, run, 'failed', { reason: HOSTILE, failure })
  await visit(page, dashboard, `/runs/${run.id}/log`)
  await logBox().getByText(HOSTILE).waitFor()
  await expect.poll(() => logBox().locator('.log-text').allInnerTexts()).toEqual([HOSTILE, 'red', '100%'])
  const harmless = async (section: string) => {
    await openSection(page, section)
    expect(await page.locator('main img, main script').count(), section).toBe(0)
  }
  for (const section of ['Progress', 'Trials', 'Search', 'Timeline']) await harmless(section)
  await harmless('Code')
  await page.getByRole('figure', { name: 'Diff' }).getByText(HOSTILE).waitFor()
  await page.locator('.commit-line').getByText(HOSTILE).first().waitFor()
  await harmless('About')
  await page.getByRole('link', { name: /^\[hone\]/ }).click()
  await page.locator('iframe').waitFor()
  await seen('As text')
  expect(await page.evaluate<boolean>("'hacked' in window")).toBe(false)
})

/** Mean of the red, green and blue of `rgb(24, 32, 44)`, 0 .. 255. */
const brightness = (colour: string) =>
  (colour.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part) / 3, 0)

test.each(['dark', 'light'] as const)('a mail can be read in a %s colour scheme', async (colorScheme) => {
  const { world } = dashboard
  const run = aDetectedRun(world, aProject(world))
  const html = renderHtml([{ type: 'paragraph', text: 'The words of the mail' }])
  const about = { runId: run.id, kind: 'budget', messageId: '<1@hone>', to: 'ada@example.org' } as const
  world.store.mails.insert({ ...about, subject: 'A mail', text: 'Words', html, attachments: [] })
  await page.context().close()
  await usePage({ colorScheme })
  await visit(page, dashboard, '/mails')
  await page.getByRole('link', { name: 'A mail' }).click()
  await page.frameLocator('iframe').getByText('The words of the mail').waitFor()
  const styleOf = (selector: string) => `getComputedStyle(document.querySelector('${selector}'))`
  const text = await page.frames()[1]?.evaluate<string>(`${styleOf('p')}.color`)
  const behind = await page.evaluate<string>(`${styleOf('iframe')}.backgroundColor`)
  const difference = brightness(text ?? '') - brightness(behind)
  expect(Math.abs(difference)).toBeGreaterThan(150)
  expect(difference > 0).toBe(colorScheme === 'dark')
})

test('a project shows its deliveries with their outcome', async () => {
  const { world } = dashboard
  const project = aProject(world)
  await visit(page, dashboard, '/projects/digits/deliveries')
  await seen('Nothing received yet.')
  const delivery = { projectId: project.id, runId: null, payload: Buffer.from('{}') }
  const reason = 'The branch `gh-pages` is not followed.'
  world.store.deliveries.insert({
    ...delivery,
    deliveryId: 'a-b-c',
    event: 'push',
    outcome: 'ignored',
    reason,
  })
  await seen('ignored')
  expect(await page.locator('main').textContent()).toContain('The branch gh-pages is not followed.')
  aQueuedRun(world, project)
  await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Runs' }).click()
  await page.getByRole('link', { name: '#1' }).waitFor()
})

test('a lost connection is shown and heals, with what happened meanwhile', async () => {
  const { world } = dashboard
  const run = aDetectedRun(world, aProject(world))
  await visit(page, dashboard, `/runs/${run.id}`)
  await page.locator('[data-live="live"]').waitFor()
  await dashboard.stop()
  await seen('Connection lost.')
  aDoneJob(world, run, 'train', 'train:0')
  await dashboard.start()
  await page.locator('[data-live="live"]').waitFor()
  await stage('train').getByText('done').waitFor()
  await page.getByText('Connection lost.').waitFor({ state: 'detached' })
})
