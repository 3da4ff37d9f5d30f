import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RunDetection } from '../../jobs/schemas.ts'
import { type Dashboard, launchBrowser, openDashboard, openPage, visit } from '../helpers/browser.ts'
import { aDetection, aNetworkDetection } from '../helpers/detections.ts'
import { aDetectedRun, aProject } from '../helpers/factories.ts'

let browser: Browser
let dashboard: Dashboard
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  dashboard = await openDashboard()
})
afterEach(() => dashboard.close())

/** A section of a run that was just looked at; the page is gone when `look` is done. */
async function detected(
  section: 'about' | 'search',
  detection: RunDetection,
  look: (page: Page) => Promise<void>,
  options = {},
) {
  const { world } = dashboard
  const project = world.store.projects.byName('digits') ?? aProject(world)
  const run = aDetectedRun(world, project, {}, detection)
  const { page, faults } = await openPage(browser, dashboard, options)
  await visit(page, dashboard, `/runs/${run.id}/${section}`)
  await look(page)
  await page.context().close()
  expect(faults).toEqual([])
}
const card = (page: Page, title: string) =>
  page.locator('section.card', { has: page.getByRole('heading', { name: title }) })
const wordsOf = async (page: Page, title: string) =>
  (await card(page, title).innerText()).replaceAll(/\s+/g, ' ')

test('says which image was chosen and why, and what to change for a newer version', () =>
  detected('about', aNetworkDetection(), async (page) => {
    const words = await wordsOf(page, 'Why keras')
    expect(words).toContain(
      'family cnn task classification its metric accuracy higher is better image keras2',
    )
    expect(words).toContain(
      'Runs python lenet.py --data digits in the keras2 image: it is written for keras 2 (lenet.py:31).',
    )
    expect(words).toContain('builds Conv2D lenet.py:18')
    expect(words).toContain('Written for keras 2. To train on the newest version:')
    expect(words).toContain('call fit, which takes generators lenet.py:31 model.fit_generator(')
  }))

test('says what may become of each hyperparameter, and on what it depends', () =>
  detected('search', aNetworkDetection(), async (page) => {
    await card(page, 'Hyperparameters').locator('tbody tr').first().waitFor()
    const rows = (await card(page, 'Hyperparameters').locator('tbody tr').allInnerTexts()).map((text) =>
      text.replaceAll(/\s+/g, ' '),
    )
    expect(rows).toEqual([
      'conv_blocks lenet.py:18 2 1 – 3, whole adds or removes a layer LeNet-5 with 3 to 6 layers',
      'optimizer lenet.py:27 sgd one of sgd, adam a prior',
      'momentum lenet.py:26 0.9 0.1 – 0.99 only while optimizer is sgd a prior',
      'shuffle lenet.py:31 True one of True, False a prior',
    ])
  }))

test('says which places change together', () =>
  detected('search', aDetection(), async (page) => {
    const row = card(page, 'Hyperparameters').locator('tbody tr').nth(1)
    expect(await row.innerText()).toContain('changes 1 further place: line 21')
    expect(await row.getByText('further place').getAttribute('title')).toBe(
      'the next layer takes as many inputs',
    )
  }))

test('lists what was left alone: a few at once, many on demand', async () => {
  await detected('search', aDetection(), async (page) => {
    await page.getByText('the seed that splits the data').waitFor()
  })
  await detected('search', aNetworkDetection(), async (page) => {
    const list = card(page, 'Hyperparameters').locator('details')
    expect(await list.getByText('the number of classes').first().isVisible()).toBe(false)
    await list.getByText('Left alone: 9 values').click()
    await list.getByText('the number of classes').first().waitFor()
    expect(await list.getByRole('listitem').first().innerText()).toMatch(/num_classes = 10 lenet.py:5/)
  })
})

test('says what is installed on the image, and whether the network is on', async () => {
  const found = aDetection()
  const packages = [{ text: 'einops>=0.7', file: 'requirements.txt', line: 2 }]
  const layer = { packages, options: [], constraints: [], system: [], paths: [] }
  const image = { name: 'sklearn', reason: 'it trains with scikit-learn', layer } as const
  const evidence = [
    { file: 'train.py', line: 5, text: "fetch_openml('mnist_784')", why: 'downloads a data set' },
  ]
  await detected('about', { ...found, image, network: { wanted: true, evidence } }, async (page) => {
    const words = await wordsOf(page, 'Why scikit-learn')
    expect(words).toContain('image sklearn network on')
    expect(words).toContain('Installed on top of it: einops>=0.7 requirements.txt:2')
    expect(words).toContain(
      "The network is on, as the source uses it: downloads a data set train.py:5 fetch_openml('mnist_784')",
    )
  })
  const own = { name: 'Dockerfile', reason: 'it is the Dockerfile of the repository' } as const
  const off = { ...found, image: own, gpus: 1, network: { wanted: false, evidence: [] } }
  await detected('about', off, async (page) => {
    const words = await wordsOf(page, 'Why scikit-learn')
    expect(words).toContain('image Dockerfile graphics cards 1 network off')
    expect(words).toContain(
      "Runs python train.py in the repository's own image: it is the Dockerfile of the repository.",
    )
    expect(words).toContain(
      'The network is off: nothing was seen to use it. If something does, set network: true in hone.yaml.',
    )
  })
})

test('of an earlier Hone it says what is known', () => {
  const old = { ...aDetection(), image: null, family: null }
  return detected('about', old, async (page) => {
    expect(await wordsOf(page, 'Why scikit-learn')).toContain('Runs python train.py. imports sklearn')
  })
})

test('a notebook is called one', () =>
  detected('about', { ...aDetection(), entry: 'nb/train.ipynb' }, async (page) => {
    expect(await wordsOf(page, 'Why scikit-learn')).toContain(
      'Runs the notebook nb/train.ipynb in the sklearn image',
    )
  }))

test('fits on a phone', () => {
  const long = { ...aNetworkDetection(), entry: `${'deep/'.repeat(30)}train.py` }
  return detected(
    'search',
    long,
    async (page) => {
      await card(page, 'Hyperparameters').getByText('conv_blocks').waitFor()
      await card(page, 'Hyperparameters').locator('details summary').click()
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false)
    },
    { viewport: { width: 375, height: 740 } },
  )
})
