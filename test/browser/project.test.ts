import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Project } from '../../src/domain/project.ts'
import { hashOf } from '../../src/secrets.ts'
import { type Dashboard, visit } from '../helpers/browser.ts'
import { perTest } from '../helpers/browser-tests.ts'
import { aCompletedTrial, aDetectedRun, anEndedRun, aProject, aQueuedRun } from '../helpers/factories.ts'

let dashboard: Dashboard
let page: Page
let project: Project
perTest((opened) => {
  ;({ dashboard, page } = opened)
  project = aProject(dashboard.world)
})

const seen = (text: string | RegExp) => page.getByText(text).first().waitFor()
const runs = () => page.getByRole('row').getByRole('link', { name: /^#\d+$/ })
const query = () => new URL(page.url()).search

/** A run with a value, at its end. */
function aRunWith(metric: number, change: { ref?: string; author?: string; message?: string } = {}) {
  const { world } = dashboard
  const run = aDetectedRun(world, project, change)
  const best = aCompletedTrial(world, run, 0, metric)
  world.store.runs.update(run.id, { bestTrialId: best.id })
  return anEndedRun(world, run, metric >= 0.95 ? 'succeeded' : 'exhausted', { reason: 'It ended.' })
}

describe('runs', () => {
  test('are filtered by what the address says, and the filters write it', async () => {
    const { world } = dashboard
    aQueuedRun(world, project, { ref: 'refs/heads/wide', message: 'Widen the layers' })
    aQueuedRun(world, project, { author: 'Grace Hopper' })
    await visit(page, dashboard, '/projects/digits?branch=wide')
    await expect.poll(() => runs().allInnerTexts()).toEqual(['#1'])
    await page.getByLabel('Branch').selectOption('')
    await expect.poll(() => runs().allInnerTexts()).toEqual(['#2', '#1'])
    await page.getByLabel('Author').selectOption('Grace Hopper')
    await expect.poll(() => runs().allInnerTexts()).toEqual(['#2'])
    await expect.poll(query).toBe('?author=Grace+Hopper')
    await page.getByLabel('Search').fill('widen')
    await seen('No run is like that.')
    await expect.poll(query).toBe('?author=Grace+Hopper&q=widen')
    await page.getByRole('link', { name: 'Show all runs' }).click()
    await expect.poll(() => runs().allInnerTexts()).toEqual(['#2', '#1'])
    await expect.poll(() => page.getByLabel('Search').inputValue()).toBe('')
    await page.goBack()
    await expect.poll(() => page.getByLabel('Search').inputValue()).toBe('widen')
  })

  test('that a person stopped are told from those that spent their budget', async () => {
    const { world } = dashboard
    for (const stopped of [undefined, true] as const) {
      const run = aDetectedRun(world, project)
      anEndedRun(world, run, 'exhausted', { reason: 'over', stopped })
    }
    await visit(page, dashboard, '/projects/digits')
    await page.getByLabel('State').selectOption('stopped at its best')
    await expect.poll(() => runs().allInnerTexts()).toEqual(['#2'])
    await page.getByLabel('State').selectOption('budget spent')
    await expect.poll(() => runs().allInnerTexts()).toEqual(['#1'])
  })

  test('are ticked without a move of the list, and stay ticked on its other pages', async () => {
    const { world } = dashboard
    const ids = Array.from({ length: 52 }, () => aQueuedRun(world, project).id)
    await visit(page, dashboard, '/projects/digits')
    await expect.poll(() => runs().count()).toBe(50)
    const top = async () => (await page.locator('.card table').first().boundingBox())?.y
    const before = await top()
    await page.getByRole('checkbox', { name: 'Compare digits #52', exact: true }).check()
    await seen('Tick one more run to compare.')
    expect(await top()).toBe(before)
    await page.getByRole('link', { name: 'Older runs' }).click()
    await expect.poll(() => runs().allInnerTexts()).toEqual(['#2', '#1'])
    await page.getByRole('checkbox', { name: 'Compare digits #1', exact: true }).check()
    await page.getByRole('link', { name: 'Compare 2 runs' }).waitFor()
    await page.getByRole('link', { name: 'Newest runs' }).click()
    await expect.poll(() => runs().count()).toBe(50)
    await page.getByRole('link', { name: 'Compare 2 runs' }).waitFor()
    expect(await top()).toBe(before)
    await expect.poll(query).toBe(`?compare=${ids[51]},${ids[0]}`)
  })

  test('of a filter stay live, and older ones are a page further', async () => {
    const { world } = dashboard
    for (let count = 0; count < 52; count++) aQueuedRun(world, project)
    aQueuedRun(world, project, { ref: 'refs/heads/wide' })
    await visit(page, dashboard, '/projects/digits?branch=main')
    await expect.poll(() => runs().count()).toBe(50)
    await page.getByRole('link', { name: 'Older runs' }).click()
    await expect.poll(() => runs().allInnerTexts()).toEqual(['#2', '#1'])
    await page.getByRole('link', { name: 'Newest runs' }).click()
    await expect.poll(() => runs().count()).toBe(50)
    await page.locator('[data-live="live"]').waitFor()
    aQueuedRun(world, project)
    await page.getByRole('link', { name: '#54', exact: true }).waitFor()
    await expect.poll(() => runs().count()).toBe(50)
  })

  test('show their best metric and the target of each; a click opens the run', async () => {
    aRunWith(0.82)
    const second = aRunWith(0.91, { message: 'Half the learning rate' })
    aRunWith(0.962)
    await visit(page, dashboard, '/projects/digits')
    const chart = page.getByRole('figure', {
      name: /^Best accuracy of 3 runs: from 0.82 in run 1 to 0.962 in run 3/,
    })
    const dots = chart.locator('.run-dot')
    await expect.poll(() => dots.count()).toBe(3)
    const ticks = chart.locator('.target-tick')
    await expect.poll(() => ticks.count()).toBe(3)
    for (const tick of await ticks.all()) {
      expect(await tick.getAttribute('y1')).toBe(await tick.getAttribute('y2'))
    }
    await dots.nth(1).hover()
    await chart.getByText('Half the learning rate').waitFor()
    await dots.nth(1).click()
    await expect.poll(() => page.url()).toBe(`${dashboard.url()}/runs/${second.id}`)
  })
})

describe('settings', () => {
  const field = (title: string) => page.getByLabel(title, { exact: true })
  const stored = () => dashboard.world.store.projects.byName('digits')?.settings

  test('show what is set and the defaults, are changed together, and taken back', async () => {
    await visit(page, dashboard, '/projects/digits/settings')
    await expect.poll(() => field('Target target').inputValue()).toBe('0.95')
    await page
      .locator('.setting', { has: page.getByPlaceholder('5', { exact: true }) })
      .getByText('The default')
      .waitFor()
    await expect
      .poll(() => field('Network network').locator('option:checked').innerText())
      .toBe('auto (default)')
    await field('Restarts restarts').fill('2')
    await field('Network network').selectOption('false')
    await field('Mail to mail').fill('ada@example.org, grace@example.org')
    await field('Data sets data').fill('/srv/cats:/data/cats')
    await page.getByRole('button', { name: 'Trials: back to the default' }).click()
    await seen('5 changes not saved yet')
    await page.getByRole('button', { name: 'Save' }).click()
    await seen('Saved.')
    expect(stored()).toEqual({
      ...{ target: 0.95, restarts: 2, network: false },
      ...{
        mail: ['ada@example.org', 'grace@example.org'],
        data: [{ source: '/srv/cats', path: '/data/cats' }],
      },
    })
    await page.reload()
    await expect.poll(() => field('Restarts restarts').inputValue()).toBe('2')
  })

  test('that are not saved yet stay while another section is looked at', async () => {
    await visit(page, dashboard, '/projects/digits/settings')
    await field('Target target').fill('0.9')
    await seen('1 change not saved yet')
    await page.getByRole('link', { name: 'Deliveries' }).click()
    await seen('Nothing received yet.')
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    await seen('1 change not saved yet')
    expect(await field('Target target').inputValue()).toBe('0.9')
    await page.getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => field('Target target').inputValue()).toBe('0.95')
  })

  test('that are typed while others are saved are kept', async () => {
    let answer = () => {}
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/api/v1/projects/digits', async (route) => {
      if (route.request().method() === 'PATCH') await held
      await route.continue()
    })
    await visit(page, dashboard, '/projects/digits/settings')
    await field('Target target').fill('0.9')
    await page.getByRole('button', { name: 'Save' }).click()
    await seen('Saving…')
    await field('Trials trials').fill('7')
    answer()
    await seen('1 change not saved yet')
    expect(await field('Trials trials').inputValue()).toBe('7')
    expect(stored()).toMatchObject({ target: 0.9 })
  })

  test('that are refused say at their field what they have to be, and nothing is saved', async () => {
    const before = stored()
    await visit(page, dashboard, '/projects/digits/settings')
    await field('Trials trials').fill('0')
    await field('Mail to mail').fill('ada@example.org, nope')
    await field('Memory memory').fill('much')
    await page.getByRole('button', { name: 'Save' }).click()
    await seen('Nothing was saved')
    const about = (title: string) => field(title).locator('xpath=ancestor::*[@class="setting"]')
    await about('Trials trials').getByText('It has to be at least 1, not 0.').waitFor()
    await about('Mail to mail').getByText('Number 2 has to be a mail address').waitFor()
    await about('Memory memory').getByText("expected a size such as '4g'").waitFor()
    expect(await field('Trials trials').getAttribute('aria-invalid')).toBe('true')
    expect(stored()).toEqual(before)
    await field('Trials trials').fill('5')
    await expect.poll(() => field('Trials trials').getAttribute('aria-invalid')).toBe('false')
    expect(await field('Memory memory').getAttribute('aria-invalid')).toBe('true')
    await page.getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => field('Trials trials').inputValue()).toBe('20')
  })
})

test('a secret is made anew after a question, and shown this once', async () => {
  await visit(page, dashboard, '/projects/digits/connect')
  const secret = page.getByRole('region', { name: 'Webhook secret' })
  await secret.getByRole('button', { name: 'Rotate the webhook secret' }).click()
  await secret.getByRole('button', { name: 'Keep it' }).click()
  expect(dashboard.world.store.projects.byName('digits')?.secret).toBe('a-secret')
  await secret.getByRole('button', { name: 'Rotate the webhook secret' }).click()
  await secret.getByRole('button', { name: 'Make a new one' }).click()
  await secret.getByText('It is shown only now').waitFor()
  const made = dashboard.world.store.projects.byName('digits')?.secret ?? ''
  expect(made).not.toBe('a-secret')
  await expect.poll(() => secret.locator('pre').innerText()).toBe(made)
  await page.reload()
  await secret.getByRole('button', { name: 'Rotate the webhook secret' }).waitFor()
  expect(await page.locator('main').textContent()).not.toContain(made)
})

test('a new push token comes with the command that gives it to the remote', async () => {
  await visit(page, dashboard, '/projects/digits/connect')
  const token = page.getByRole('region', { name: 'Push token' })
  await token.getByRole('button', { name: 'Rotate the push token' }).click()
  await token.getByRole('button', { name: 'Make a new one' }).click()
  await token.getByText('git remote set-url').waitFor()
  const [made = '', command] = await token.locator('pre').allInnerTexts()
  expect(hashOf(made)).toBe(dashboard.world.store.projects.byName('digits')?.pushTokenHash)
  const remote = `${dashboard.url()}/git/digits.git`.replace('://', `://hone:${made}@`)
  expect(command).toBe(`git remote set-url hone ${remote}`)
})

test('a delivery shows its payload as text, and what Hone answered', async () => {
  const payload = '{"ref":"refs/heads/docs","note":"<img src=x onerror=\\"window.hacked = 1\\">"}'
  dashboard.world.store.deliveries.insert({
    ...{ projectId: project.id, deliveryId: 'a-b-c', event: 'push', outcome: 'ignored', runId: null },
    ...{ reason: 'The branch `docs` is not followed.', payload: Buffer.from(payload) },
  })
  await visit(page, dashboard, '/projects/digits/deliveries')
  await page.getByRole('button', { name: 'push: payload of a-b-c' }).click()
  await seen('What Hone answered 202')
  await seen('"outcome": "ignored"')
  await seen('"ref": "refs/heads/docs"')
  await seen('<img src=x')
  expect(await page.evaluate<unknown>('window.hacked')).toBeUndefined()
})

test('the badge is shown with the markdown of a README', async () => {
  aRunWith(0.962)
  await visit(page, dashboard, '/projects/digits/connect')
  await page.getByRole('img', { name: 'Status badge' }).waitFor()
  await expect
    .poll(() => page.evaluate<number>("document.querySelector('.badge-image').naturalWidth"))
    .toBeGreaterThan(100)
  const text = page.locator('pre', { hasText: '[![Hone]' })
  const url = /\((\S+?)\)/.exec(await text.innerText())?.[1] ?? ''
  const picture = await page.context().newPage()
  await picture.goto(url)
  await expect.poll(() => picture.title()).toBe('hone: target met 0.962')
})

test.each(['light', 'dark'] as const)(
  'what scrolls on is shaded darker than its card, %s',
  async (scheme) => {
    await page.emulateMedia({ colorScheme: scheme })
    await visit(page, dashboard, '/projects/digits')
    const [surface = 0, shaded = 0] = await page.evaluate<number[]>(`(() => {
    const probe = document.body.appendChild(document.createElement('div'))
    const ink = document.createElement('canvas').getContext('2d')
    return ['--surface', '--shade'].map((name) => {
      probe.style.color = 'var(' + name + ')'
      ink.fillStyle = getComputedStyle(probe).color
      ink.fillRect(0, 0, 1, 1)
      const [red, green, blue] = ink.getImageData(0, 0, 1, 1).data
      return red + green + blue
    })
  })()`)
    expect(shaded).toBeLessThan(surface)
  },
)

describe('at the end of the settings', () => {
  test('the project is deleted once its name was typed, and home is shown', async () => {
    const { store } = dashboard.world
    const run = aQueuedRun(dashboard.world, project)
    await visit(page, dashboard, '/projects/digits/settings')
    const really = page.getByRole('button', { name: 'Delete it for good' })
    await seen(`Run #${run.number} has not ended: cancel it first.`)
    const link = page.getByRole('status').getByRole('link', { name: `#${run.number}` })
    await expect.poll(() => link.getAttribute('href')).toBe(`/runs/${run.id}`)
    await expect
      .poll(() => page.getByRole('button', { name: 'Delete this project…' }).isVisible())
      .toBe(false)
    store.endRun(run.id, 'cancelled')
    await page.getByRole('button', { name: 'Delete this project…' }).click()
    await expect.poll(() => really.isDisabled()).toBe(true)
    await page.getByLabel('Type digits to delete it').fill('digit')
    await expect.poll(() => really.isDisabled()).toBe(true)
    await page.getByLabel('Type digits to delete it').fill('digits')
    await really.click()
    await seen('The project digits is deleted, with its runs.')
    await expect.poll(() => new URL(page.url()).pathname).toBe('/')
    await expect.poll(() => store.projects.byName('digits')).toBeNull()
    await visit(page, dashboard, '/projects/digits')
    await seen('There is no project digits.')
  })

  test('what the machine cannot give is said at its field', async () => {
    await visit(page, dashboard, '/projects/digits/settings')
    await page.locator('[name="memory"]').fill('900g')
    await page.getByRole('button', { name: 'Save' }).click()
    await seen('It is more than the 51.2 GiB of memory that trainings may have on this engine')
    await page.reload()
    await seen('It is more than the 51.2 GiB of memory that trainings may have on this engine')
    await page.locator('[name="memory"]').fill('4g')
    await expect.poll(() => page.getByText('51.2 GiB').count()).toBe(0)
  })
})

test('the badge gets another address when its key is rotated', async () => {
  await visit(page, dashboard, '/projects/digits/connect')
  const markdown = page.getByText(/^\[!\[Hone\]/)
  await markdown.waitFor()
  const before = await markdown.innerText()
  await page.getByRole('button', { name: 'Rotate the badge’s key…' }).click()
  await page.getByRole('button', { name: 'Make a new one' }).click()
  await seen('This is the new address.')
  await expect.poll(() => markdown.innerText()).not.toBe(before)
})

test('a name that cannot be is told at its field', async () => {
  await visit(page, dashboard, '/new')
  const name = page.getByLabel('Name', { exact: false }).first()
  await name.fill('my digits')
  await page.getByRole('button', { name: 'Make the project' }).click()
  await seen("'my digits' cannot be a project's name.")
  await expect.poll(() => name.getAttribute('aria-invalid')).toBe('true')
  await page.locator('[name="name"]:focus').waitFor()
  await name.fill('my-digits')
  await expect.poll(() => name.getAttribute('aria-invalid')).toBe('false')
  await page.getByRole('button', { name: 'Make the project' }).click()
  await seen('my-digits is there.')
})
