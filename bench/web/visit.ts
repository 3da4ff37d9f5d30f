import { setTimeout } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { type Dashboard, openPage, visit } from '../../test/helpers/browser.ts'

/** As Lighthouse has them, ms after the navigation began. */
export interface Load {
  firstPaint: number
  /** What the visitor came for is drawn. */
  drawn: number
  /** The end of the last long task, or `drawn` where that came later. */
  interactive: number
  /** Of each long task what is over 50 ms. */
  blocked: number
}

const WATCH = `
  window.longTasks = []
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) longTasks.push([startTime, duration])
  }).observe({ type: 'longtask', buffered: true })
`
/** Without a long task for this long, a page counts as quiet. */
const QUIET_MS = 1000

/** Opens a page with a cold cache, as a new visitor who is signed in. */
export async function load(browser: Browser, dashboard: Dashboard, path: string, drawn: string) {
  const { page } = await openPage(browser, dashboard)
  await visit(page, dashboard, '/nowhere')
  await page.getByText('There is no such page').waitFor()
  await page.addInitScript(WATCH)
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  const sizes = { scripts: 0, styles: 0, answers: 0 }
  const types = new Map<string, string>()
  session.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const type = types.get(requestId)
    if (type === 'Script') sizes.scripts += encodedDataLength
    else if (type === 'Stylesheet') sizes.styles += encodedDataLength
    else if (type === 'Fetch' || type === 'XHR') sizes.answers += encodedDataLength
  })
  await page.goto(dashboard.url() + path)
  await page.locator(drawn).first().waitFor()
  const at = await page.evaluate<number>('performance.now()')
  const quiet = `performance.now() - Math.max(${at}, ...longTasks.map(([start, ms]) => start + ms)) > ${QUIET_MS}`
  while (!(await page.evaluate<boolean>(quiet))) await setTimeout(100)
  const tasks = await page.evaluate<[number, number][]>('longTasks')
  const firstPaint = await page.evaluate<number>(
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0",
  )
  const figures: Load = {
    firstPaint,
    drawn: at,
    interactive: Math.max(at, ...tasks.map(([start, ms]) => start + ms)),
    blocked: tasks.reduce((sum, [, ms]) => sum + Math.max(0, ms - 50), 0),
  }
  return { page, figures, sizes }
}

/** The frames that the browser draws meanwhile. @returns frames a second, and the times between them, ms, sorted */
export async function framesDuring(page: Page, work: () => Promise<void>) {
  await page.evaluate(`
    window.frames_ = []
    const step = (at) => { frames_.push(at); window.frameHandle = requestAnimationFrame(step) }
    window.frameHandle = requestAnimationFrame(step)
    longTasks.length = 0
  `)
  await work()
  const at = await page.evaluate<number[]>('cancelAnimationFrame(frameHandle), frames_')
  const tasks = await page.evaluate<[number, number][]>('longTasks')
  const gaps = at.slice(1).map((time, index) => time - (at[index] as number))
  const seconds = ((at.at(-1) as number) - (at[0] as number)) / 1000
  return {
    perSecond: gaps.length / seconds,
    gaps: gaps.toSorted((a, b) => a - b),
    longest: Math.max(0, ...tasks.map(([, ms]) => ms)),
  }
}
