import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AttemptReport } from '../../src/domain/attempt-report.ts'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import {
  aCompletedTrial,
  aDetectedRun,
  aProject,
  aRestart,
  aRunningTrial,
  writeLog,
} from '../helpers/factories.ts'

const MILLION = 1_000_000
const AT = '2026-01-02T03:04:05.000000006Z'
const HOSTILE = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">'
const RESUMED: AttemptReport = {
  python: null,
  frameworks: {},
  resumed: { step: 7, attempt: 1, by: 'hone', why: null },
  checkpoint: null,
  memory: null,
  heartbeatAt: null,
  warnings: [],
  last: null,
  end: null,
}

let browser: Browser
let dashboard: Dashboard
let page: Page
let faults: string[]

/** The box that scrolls, and the coloured pieces of the first line, in the page. */
const BOX = "document.querySelector('.log-box')"
const FIRST = 'document.querySelectorAll(\'.log-row[data-index="0"] .log-text span\')'

const box = () => page.getByRole('log')
const row = (line: number) =>
  box().locator('.log-row', { has: page.getByRole('link', { name: String(line), exact: true }) })
const search = () => page.getByRole('searchbox', { name: 'Search the log' })
const outcome = () => page.locator('.log-outcome')
const button = (name: string | RegExp) => page.getByRole('button', { name })
const poll = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 })
const shots = process.env.HONE_SHOTS
const shoot = async (name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}

async function freshPage(options = {}) {
  const opened = await openPage(browser, dashboard, options)
  page = opened.page
  faults = opened.faults
}

/** A run in training, whose first attempt has printed these lines. */
function aLog(text: string) {
  const { world } = dashboard
  const run = aDetectedRun(world, aProject(world))
  const made = aRunningTrial(world, run, 0)
  if (text !== '') writeLog(world, run, made.attempt, text)
  return { ...made, run, path: `/runs/${run.id}/log?trial=0` }
}

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  dashboard = await openDashboard()
  await freshPage()
})
afterEach(async () => {
  const found = faults
  await page.context().close()
  await dashboard.close()
  expect(found).toEqual([])
})

describe('a million lines', () => {
  test('open at their end, scroll to a linked line, and are searched', async () => {
    const { run, attempt, path } = aLog('')
    const file = dashboard.world.paths.attemptLog(run.id, attempt.id)
    mkdirSync(dirname(file), { recursive: true })
    const print = (from: number, to: number) => {
      for (let line = from; line <= to; line += 10_000) {
        const lines = Array.from({ length: 10_000 }, (_, index) => textOf(line + index))
        appendFileSync(file, lines.map((text) => `${AT} ${text}\n`).join(''))
      }
    }
    print(1, MILLION)
    await visit(page, dashboard, '/mails')
    await page.getByText('No mail yet.').waitFor()
    const times: Record<string, number> = {}
    const timed = async (name: string, work: () => Promise<unknown>) => {
      const start = performance.now()
      await work()
      times[name] = Math.round(performance.now() - start)
    }

    await page.goto(dashboard.url() + path)
    await box().waitFor()
    await timed('open', () => row(MILLION).getByText(textOf(MILLION)).waitFor())
    expect(await page.locator('.log-status').textContent()).toContain('1,000,000 lines')
    await expect.poll(() => box().locator('.log-row').count()).toBeLessThan(150)
    await shoot('million-end')

    await box().focus()
    await timed('to the start', async () => {
      await page.keyboard.press('Home')
      await row(1).getByText(textOf(1)).waitFor()
    })
    await timed('to the end', async () => {
      await page.keyboard.press('End')
      await row(MILLION).getByText(textOf(MILLION)).waitFor()
    })
    await timed('to the middle', async () => {
      await page.evaluate(`${BOX}.scrollTop = ${BOX}.scrollHeight / 2`)
      await row(500_000).getByText(textOf(500_000)).waitFor()
    })

    await page.keyboard.press('/')
    await page.keyboard.type('step 654321 ')
    await timed('search', () => row(654_321).locator('mark').waitFor())
    expect(await outcome().textContent()).toBe('1 of 1')
    expect(await row(654_321).getAttribute('data-current')).toBe('true')
    await search().fill('MILESTONE')
    await poll(() => outcome().textContent()).toBe('7 of 10')
    expect(await row(700_000).getAttribute('data-current')).toBe('true')
    await page.keyboard.press('Enter')
    await row(800_000).locator('mark').waitFor()
    await page.keyboard.press('Shift+Enter')
    await row(700_000).locator('mark').waitFor()
    await search().fill('epoch')
    await poll(() => outcome().textContent()).toMatch(/ of 10,000\+$/)
    await shoot('million-search')

    // More lines than a browser can scroll.
    print(MILLION + 1, 1_400_000)
    await search().fill('')
    await box().focus()
    await page.keyboard.press('End')
    await poll(() => page.locator('.log-status').textContent()).toContain('1,400,000 lines')
    await row(1_400_000).getByText('milestone 14').waitFor()
    await page.keyboard.press('Home')
    await row(1).getByText(textOf(1)).waitFor()
    await page.evaluate(`${BOX}.scrollTop = ${BOX}.scrollHeight`)
    await row(1_040_000).getByText(textOf(1_040_000)).waitFor()
    await page.keyboard.press('PageDown')
    await row(1_040_020).getByText(textOf(1_040_020)).waitFor()
    await search().fill('milestone 12')
    await row(1_200_000).locator('mark').waitFor()

    await page.goto('about:blank')
    await page.goto(`${dashboard.url()}${path}&attempt=1#L345678`)
    await timed('open a link', () => row(345_678).getByText(textOf(345_678)).waitFor())
    expect(await row(345_678).getAttribute('data-linked')).toBe('true')
    if (shots) console.log('a million lines, ms:', times)
  })
})

const textOf = (line: number) =>
  line % 100_000 === 0
    ? `milestone ${line / 100_000}`
    : `Epoch ${Math.ceil(line / 20_000)}/50 step ${line} - loss: ${(1 / line).toFixed(6)}`

describe('a log', () => {
  test('grows live while its end is seen, and stays where it is while an earlier line is', async () => {
    const { run, attempt, path } = aLog('')
    const { world, notices } = dashboard
    await visit(page, dashboard, path)
    await page.getByText('Nothing printed yet.').waitFor()
    const print = (text: string) => notices.grown(run.id, attempt.id, writeLog(world, run, attempt, text))
    print('line one\n10%|█   |\r100%|████|')
    await row(2).getByText('100%|████|').waitFor()
    expect(await box().textContent()).not.toContain('10%|█   |')
    print(Array.from({ length: 300 }, (_, index) => `more ${index + 3}`).join('\n'))
    await row(302).waitFor()
    await box().focus()
    await page.keyboard.press('Home')
    await row(1).waitFor()
    print('the last')
    await poll(() => page.locator('.log-status').textContent()).toBe('303 lines · live')
    expect(await page.evaluate<number>(`${BOX}.scrollTop`)).toBe(0)
    await button('Follow').click()
    await row(303).getByText('the last').waitFor()
    print('even later')
    await row(304).getByText('even later').waitFor()
    await button('Wrap').click()
    print(`${'a long line '.repeat(300)}\n${'another one '.repeat(300)}`)
    await row(306).waitFor()
    const below = () => page.evaluate<number>(`${BOX}.scrollHeight - ${BOX}.scrollTop - ${BOX}.clientHeight`)
    await poll(below).toBeLessThan(2)
    await box().focus()
    await page.keyboard.press('Control+f')
    await page.keyboard.type('latest')
    await poll(() => outcome().textContent()).toBe('none')
    print('the latest')
    await poll(() => outcome().textContent()).toBe('1 of 1')
    await page.keyboard.press('Escape')
    await expect.poll(() => search().inputValue()).toBe('')
    expect(await page.evaluate<boolean>(`document.activeElement === ${BOX}`)).toBe(true)
  })

  test('says that its later lines are held back until the attempt ends', async () => {
    const { run, attempt, path } = aLog('one')
    const { notices, world } = dashboard
    await visit(page, dashboard, path)
    await page.locator('.log-status', { hasText: /^1 line · live$/ }).waitFor()
    notices.grown(run.id, attempt.id, 99, true)
    await page.locator('.log-status', { hasText: 'the rest comes at the end' }).waitFor()
    world.store.attempts.transition(attempt.id, 'succeeded', { exitCode: 0 })
    await page.locator('.log-status', { hasText: /^1 line$/ }).waitFor()
  })

  test('has all attempts in order, and says between them why the training was started again', async () => {
    const { run, trial, attempt } = aLog('Epoch 7/9\n')
    const { world } = dashboard
    const second = aRestart(world, trial, attempt)
    world.store.attempts.tell(second.id, RESUMED, true)
    writeLog(world, run, second, 'Epoch 8/9\n')
    await visit(page, dashboard, `/runs/${run.id}/log?trial=0`)
    await box().getByText('Epoch 8/9').waitFor()
    const text = (await box().innerText()).replaceAll(/\s+/g, ' ')
    expect(text).toMatch(
      /attempt 1 began .*1 Epoch 7\/9.*attempt 2 started again: The training was killed \(SIGKILL\)\. It went on after epoch 7 \(checkpoint of attempt 1\)\..*1 Epoch 8\/9/,
    )
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      box().getByRole('link', { name: 'download' }).first().click(),
    ])
    expect(download.suggestedFilename()).toBe(`attempt-${attempt.id}.log`)
  })

  test.each([
    ['', 100],
    ['&attempt=2', 40],
  ])('stays where the reader is when the training is started again (trial=0%s)', async (chosen, lines) => {
    const many = (text: string) => Array.from({ length: 100 }, (_, index) => `${text} ${index}\n`).join('')
    const { run, trial, attempt, path } = aLog(many('first'))
    const { world, notices } = dashboard
    const print = (one: typeof attempt, text: string) =>
      notices.grown(run.id, one.id, writeLog(world, run, one, text))
    const last = chosen === '' ? attempt : aRestart(world, trial, attempt)
    if (last !== attempt) print(last, many('second'))
    await visit(page, dashboard, path + chosen)
    const status = (count: number) =>
      page.locator('.log-status', { hasText: new RegExp(`^${count} lines`) }).waitFor()
    await status(last === attempt ? 100 : 200)
    await box()
      .getByText(last === attempt ? 'first 99' : 'second 99')
      .waitFor()
    await page.evaluate(`${BOX}.scrollTop -= ${17 * lines}`)
    const top = `(() => {
      const { top } = ${BOX}.getBoundingClientRect()
      const rows = [...document.querySelectorAll('.log-row')]
      return rows.find((row) => row.getBoundingClientRect().bottom > top + 1)?.querySelector('.log-text')?.textContent
    })()`
    await button('Follow').waitFor()
    const before = await page.evaluate<string>(top)
    expect(before).toMatch(/^(first|second) \d+$/)
    const anew = aRestart(world, trial, last)
    await page.getByText(`attempt ${anew.number}`).first().waitFor({ state: 'attached' })
    print(anew, 'again\n')
    await status(last === attempt ? 101 : 201)
    expect(await page.evaluate<string>(top)).toBe(before)
    await button('Follow').click()
    await box().getByText('again', { exact: true }).waitFor()
  })

  test('shows the colours of a terminal, and what is hostile or odd as text', async () => {
    const { path } = aLog(
      [
        '\u001b[1;31mERROR\u001b[0m plain \u001b[38;5;208morange\u001b[0m \u001b[48;2;10;20;30mbehind\u001b[0m',
        `${HOSTILE}\u001b[32m${HOSTILE}`,
        'null \u0000 turned \u202e around, a\ttab',
        `long ${'x'.repeat(30_000)} end`,
      ].join('\n'),
    )
    await visit(page, dashboard, path)
    await row(1).getByText('ERROR').waitFor()
    expect(await page.evaluate<string>(`getComputedStyle(${FIRST}[0]).fontWeight`)).toBe('700')
    const colours = await page.evaluate<string[]>(
      `[...${FIRST}].map((one) => getComputedStyle(one).color + getComputedStyle(one).backgroundColor)`,
    )
    expect(new Set(colours).size).toBe(3)
    expect(colours.at(-1)).toContain('rgba(10, 20, 30, 0.35)')
    expect(await row(2).locator('.log-text').innerText()).toBe(HOSTILE + HOSTILE)
    expect(await row(3).locator('.log-text').textContent()).toBe('null \u2400 turned <U+202E> around, a\ttab')
    expect((await row(4).locator('.log-text').innerText()).length).toBeLessThan(2100)
    await row(4).getByRole('button', { name: 'show all 30,009 characters' }).click()
    await row(4)
      .getByText(/x end$/)
      .waitFor()
    await button('Wrap').click()
    await poll(async () => (await row(4).boundingBox())?.height).toBeGreaterThan(500)
    expect(await page.evaluate<boolean>("'hacked' in window")).toBe(false)
    expect(await box().locator('img, script').count()).toBe(0)
  })

  test('leads to its errors, one after the other', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `line ${index + 1}`)
    lines[99] = 'ERROR no such file'
    lines[1999] = 'Traceback (most recent call last):'
    lines[2000] = '  File "train.py", line 4, in <module>'
    lines[2001] = 'ValueError: bad shape'
    const { path } = aLog(lines.join('\n'))
    await visit(page, dashboard, path)
    await row(3000).waitFor()
    await box().focus()
    await page.keyboard.press('Home')
    await button('Errors').click()
    await button('Error 1 of 2').waitFor()
    await row(100).getByText('ERROR no such file').waitFor()
    await page.keyboard.press('e')
    await row(2002).getByText('ValueError: bad shape').waitFor()
    await button('Error 2 of 2').click()
    await button('Error 1 of 2').waitFor()
  })

  test('marks the line that the metric was read from', async () => {
    const { world } = dashboard
    const run = aDetectedRun(world, aProject(world))
    aCompletedTrial(world, run, 0, 0.4122)
    await visit(page, dashboard, `/runs/${run.id}/log?trial=0`)
    await row(13).getByText('test accuracy 0.4122').waitFor()
    expect(await row(13).getAttribute('data-evidence')).toBe('true')
    expect(await row(12).locator('.log-evidence').getAttribute('title')).toContain('validation accuracy')
    await button('Evidence').click()
    await shoot('evidence')
  })

  test('gives a link to a line at a press on its number', async () => {
    const { path } = aLog('one\ntwo\nthree')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await visit(page, dashboard, path)
    await row(2).getByRole('link', { name: '2' }).click()
    await page.getByText('Link to line 2 copied').waitFor()
    const link = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(link).toBe(`${dashboard.url()}/runs/1/log?trial=0&attempt=1#L2`)
    await expect.poll(() => page.url()).toBe(link)
    expect(await row(2).getAttribute('data-linked')).toBe('true')
    await search().fill('three')
    await poll(() => outcome().textContent()).toBe('1 of 1')
    await page.keyboard.press('Escape')
    await page.keyboard.press('l')
    await page.getByText('Link to line 1 copied').waitFor()
  })

  test('says that it cannot be read, and is read when the server is back', async () => {
    const { path } = aLog('one')
    await visit(page, dashboard, path)
    await row(1).waitFor()
    await dashboard.stop()
    await search().fill('one')
    await poll(() => outcome().textContent()).toBe('The server does not answer.')
    await page.locator('.log-status', { hasText: 'The server does not answer.' }).waitFor()
    await dashboard.start()
    await page.locator('.log-status', { hasText: /^1 line · live$/ }).waitFor()
  })
})

describe.each(['light', 'dark'] as const)('on a phone, %s', (colorScheme) => {
  test('a log with a restart, colours and long lines can be read without scrolling sideways', async () => {
    const long = `Epoch 3/9 ${'a-word-without-any-place-to-break-it '.repeat(8)}`
    const lines = [
      '\u001b[36mINFO\u001b[0m reading \u001b[4mdigits.csv\u001b[0m: \u001b[32mok\u001b[0m',
      '\u001b[33mWARNING\u001b[0m 3 rows without a label are left out',
      'Epoch 1/9 - loss: 0.9123 - val_accuracy: 0.71',
      'Epoch 2/9 - loss: 0.7017 - val_accuracy: 0.78',
      long,
      '\u001b[1;31mRuntimeError\u001b[0m: CUDA error: \u001b[38;5;208mdevice-side assert\u001b[0m',
    ]
    const { run, trial, attempt, path } = aLog(lines.join('\n'))
    const { world } = dashboard
    const second = aRestart(world, trial, attempt)
    world.store.attempts.tell(second.id, RESUMED, true)
    writeLog(world, run, second, 'Epoch 8/9 - loss: 0.31 - val_accuracy: 0.91\n')
    for (const [size, viewport] of [
      ['phone', { width: 375, height: 740 }],
      ['wide', { width: 1280, height: 900 }],
    ] as const) {
      await page.context().close()
      await freshPage({ viewport, colorScheme })
      await visit(page, dashboard, path)
      await box().getByText('Epoch 8/9').waitFor()
      await search().fill('epoch')
      await poll(() => outcome().textContent()).toMatch(/ of 4$/)
      expect(await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')).toBe(false)
      const wrapped = await page.evaluate<boolean>(`${BOX}.scrollWidth <= ${BOX}.clientWidth`)
      expect(wrapped).toBe(size === 'phone')
      if (size === 'phone') await page.evaluate("document.querySelector('.log').scrollIntoView()")
      await shoot(`${size}-${colorScheme}`)
    }
  })
})
