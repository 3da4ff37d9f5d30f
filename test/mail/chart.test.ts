import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countsOf, ticksOf, withoutOutliers } from '../../src/mail/compose/scale.ts'
import { chartOf, type MailInput } from '../../src/mail/compose.ts'
import { drawPicture } from '../../src/mail/picture.ts'
import { budgetSpent, failed, reached, trial } from './factories.ts'

const svgOf = (input: MailInput) => chartOf(input)?.svg ?? ''
const count = (text: string, what: RegExp) => (text.match(what) ?? []).length
const DOT = /<circle [^>]*r="4"/g
const curve = [0.2, 0.6, 0.97].map((value, index) => ({ step: index + 1, value }))
const alone = (change: Partial<MailInput> = {}) => {
  const trials = [trial(0, 0.97)]
  return reached({ trials, best: trials[0] as (typeof trials)[number], ...change })
}

describe('what the chart shows', () => {
  test('each trial with a value, the best so far, and the target', () => {
    const svg = svgOf(reached())
    // Four trials and the mark of the legend.
    expect(count(svg, DOT)).toBe(5)
    expect(svg).toContain('accuracy by trial')
    expect(svg).toContain('best so far')
    expect(svg).toContain('target 0.95')
  })

  test('the epochs of the best trial where there is one trial only', () => {
    expect(chartOf(alone({ curve }))).toMatchObject({
      alt: 'accuracy of trial 0 by epoch: 0.2 after epoch 1, 0.97 after epoch 3; target 0.95.',
      svg: expect.stringContaining('accuracy by epoch, trial 0'),
    })
  })

  test.each([
    ['no trial has a value', failed()],
    ['the only trial has no epochs', alone()],
    ['it has one epoch', alone({ curve: curve.slice(0, 1) })],
  ])('nothing where %s', (_, input) => {
    expect(chartOf(input)).toBe(null)
  })

  test('trainings with other seeds stand at the trial that they repeat', () => {
    const repeated = reached()
    const trials = [...repeated.trials, trial(5, 0.951, { repeats: 4, seed: 1 })]
    expect(svgOf({ ...repeated, trials })).toContain('another seed')
    expect(svgOf(repeated)).not.toContain('another seed')
  })

  test('a hopeless trial is marked at the edge and flattens none of the others', () => {
    const trials = [trial(0, 1e6), trial(1, 0.3), trial(2, 0.2), trial(3, 0.1)]
    const settings = {
      ...reached().run.settings,
      metric: 'loss',
      direction: 'minimize',
      target: 0.15,
    } as const
    const best = trials[3] as (typeof trials)[number]
    const svg = svgOf(reached({ trials, best, run: { ...reached().run, settings } }))
    expect(svg).not.toContain('>1000000<')
    expect(svg).toContain('above the axis: 1000000 (trial 0)')
    expect(count(svg, DOT)).toBe(4)
    expect(svg).toContain('z" fill=')
  })

  test('what lies below the axis is told with its value, and the line begins with the first value on it', () => {
    const trials = [0.09, 0.94, 0.2, 0.943, 0.951, 0.953].map((metric, number) => trial(number, metric))
    const svg = svgOf(reached({ trials, best: trials[5] as (typeof trials)[number] }))
    expect(svg).toContain('below the axis: 0.09 (trial 0), 0.2 (trial 2)')
    const stairs = /<path d="(M[^"]*)" fill="none" stroke="#0f938a" stroke-width="2.2"/.exec(svg)?.[1]
    const circles = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="4"/g)]
    expect(
      stairs
        ?.match(/^M([\d.]+) ([\d.]+)/)
        ?.slice(1)
        .map(Number),
    ).toEqual(circles[0]?.slice(1).map(Number))
    expect(svgOf(reached())).not.toContain('the axis')
  })

  test('epochs below the axis are told as well', () => {
    const early = [0.01, 0.968, 0.969, 0.97].map((value, index) => ({ step: index + 1, value }))
    expect(svgOf(alone({ curve: early }))).toContain('below the axis: 0.01 (epoch 1)')
  })

  test('many beyond the axis are counted', () => {
    const trials = [1e6, 2e6, 3e6, 4e6, 0.31, 0.3, 0.2, 0.1].map((metric, number) => trial(number, metric))
    const settings = { ...reached().run.settings, direction: 'minimize', target: 0.15 } as const
    const input = { trials, best: trials[7] as (typeof trials)[number], run: { ...reached().run, settings } }
    expect(svgOf(reached(input))).toContain(
      'above the axis: 1000000 (trial 0), 2000000 (trial 1), 3000000 (trial 2), 1 more',
    )
  })

  test('names of metrics beyond the letters of the font are left to the words beside it', () => {
    const settings = { ...reached().run.settings, metric: 'точность' }
    const chart = chartOf(reached({ run: { ...reached().run, settings } }))
    expect(chart?.svg).toContain('The metric by trial')
    expect(chart?.alt).toContain('точность of 4 trials')
  })

  test('text of the repository is never SVG', () => {
    const settings = { ...reached().run.settings, metric: '</text><script>' }
    expect(svgOf(reached({ run: { ...reached().run, settings } }))).not.toContain('<script')
  })

  test('is drawn from any values without a place that is not a number', () => {
    const value = fc.oneof(fc.double(), fc.constant(null))
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 30 }), (metrics) => {
        const trials = metrics.map((metric, number) => trial(number, metric))
        expect(svgOf(budgetSpent({ trials, best: null }))).not.toMatch(/NaN|Infinity/)
      }),
    )
  })
})

describe('scales', () => {
  test('ticks are round and enclose all values', () => {
    expect(ticksOf([0.71, 0.953])).toEqual([0.7, 0.8, 0.9, 1])
    expect(ticksOf([3, 3])).toEqual([3, 4])
  })

  test('counts are whole and few', () => {
    expect(countsOf(0, 4)).toEqual([0, 1, 2, 3, 4])
    expect(countsOf(0, 499)).toEqual([0, 100, 200, 300, 400])
    expect(countsOf(1, 30)).toEqual([5, 10, 15, 20, 25, 30])
    expect(countsOf(3, 3)).toEqual([3])
  })

  test('an outlier is far below the better half', () => {
    expect(withoutOutliers([0.9, 0.8, 0.85, -50], 0.95, true)).toEqual([0.9, 0.8, 0.85])
    expect(withoutOutliers([0.1, 0.2, 900], 0.05, false)).toEqual([0.1, 0.2])
  })
})

describe('the picture', () => {
  const header = (png: Uint8Array) => Buffer.from(png).subarray(0, 8).toString('latin1')
  const sizeOf = (png: Uint8Array) => [Buffer.from(png).readUInt32BE(16), Buffer.from(png).readUInt32BE(20)]

  test('is a PNG of a bounded size, byte for byte the same each time', async () => {
    const png = await drawPicture(svgOf(budgetSpent()))
    expect(header(png)).toBe('\x89PNG\r\n\x1a\n')
    expect(sizeOf(png)).toEqual([1200, 700])
    expect(png.length).toBeLessThan(80_000)
    expect(Buffer.from(await drawPicture(svgOf(budgetSpent()))).equals(png)).toBe(true)
  })

  test('its letters are drawn: other words make another picture', async () => {
    const { run } = reached()
    const named = (metric: string) => reached({ run: { ...run, settings: { ...run.settings, metric } } })
    const [one, other] = await Promise.all(['accuracy', 'f1'].map((name) => drawPicture(svgOf(named(name)))))
    expect(Buffer.from(one as Uint8Array).equals(other as Uint8Array)).toBe(false)
  })

  test('what is no drawing is refused, and the next one is drawn', async () => {
    await expect(drawPicture('<svg')).rejects.toBeDefined()
    expect(header(await drawPicture(svgOf(reached())))).toContain('PNG')
  })
})
