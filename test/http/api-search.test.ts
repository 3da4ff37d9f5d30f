import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { Metric } from '../../src/domain/metric.ts'
import type { Outlook } from '../../src/domain/outlook.ts'
import { CurveView, RunSummary, RunView } from '../../src/http/contract.ts'
import { curvesOf, MAX_POINTS, selection } from '../../src/http/curves.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()

const OUTLOOK: Outlook = {
  trials: 6,
  chance: 0.62,
  best: { trial: 1, mean: 0.905, sd: 0.004 },
  importance: [{ name: 'lr', share: 0.8 }],
  advice: ['More epochs: the curve still rises.'],
}

type Change = { repeats?: number; metric?: number; pruning?: string }

/** One more trial of the run, in the end that the change says; failed where it says none. */
function add(runId: number, number: number, { repeats, metric, pruning }: Change = {}) {
  const { trials } = api.hone.store
  const { id } = trials.insert({
    ...{ runId, number, values: { lr: number }, origin: 'the sampler', sha: 'b'.repeat(40), diff: '' },
    ...{ repeats: repeats ?? null, seed: repeats === undefined ? 0 : number },
  })
  trials.transition(id, 'running')
  if (pruning !== undefined) return trials.transition(id, 'pruned', { pruning })
  if (metric === undefined) return trials.transition(id, 'failed')
  return trials.transition(id, 'completed', { metric })
}
const read = async (runId: number) => RunView.parse(await (await api.get(`/runs/${runId}`)).json())

describe('the search of a run', () => {
  it('is shown with its outlook, in lists too', async () => {
    const { run, project } = api.full()
    expect((await read(run.id)).outlook).toBeNull()
    api.hone.store.runs.update(run.id, { outlook: OUTLOOK })
    expect((await read(run.id)).outlook).toEqual(OUTLOOK)
    const list = await (await api.get(`/runs?project=${project.name}`)).json()
    expect(RunSummary.array().parse(list)[0]?.outlook).toEqual(OUTLOOK)
  })

  it('says where values come from, what is repeated and why a trial was given up', async () => {
    const { run } = api.full()
    add(run.id, 1, { metric: 0.9 })
    add(run.id, 2, { repeats: 1, metric: 0.8 })
    add(run.id, 3, { pruning: '0.41 after 3 epochs, behind 5 of 6 others' })
    const { trials } = await read(run.id)
    expect(trials.map(({ origin, repeats, seed }) => [origin, repeats, seed])).toEqual([
      ['your own values', null, 0],
      ['the sampler', null, 0],
      ['the sampler', 1, 2],
      ['the sampler', null, 0],
    ])
    expect(trials[3]).toMatchObject({
      state: 'pruned',
      metric: null,
      pruning: '0.41 after 3 epochs, behind 5 of 6 others',
    })
  })

  it('counts done trials, given up ones too, but no repeats', async () => {
    const { run } = api.full()
    add(run.id, 1, { metric: 0.9 })
    add(run.id, 2, { repeats: 1, metric: 0.8 })
    add(run.id, 3, { pruning: 'behind' })
    add(run.id, 4)
    expect((await read(run.id)).trialCount).toBe(4)
  })

  it('has a best trial that is no repeat, and its value is the mean of its seeds', async () => {
    const { run } = api.full()
    const first = add(run.id, 1, { metric: 0.9 })
    add(run.id, 2, { metric: 0.88 })
    const repeat = add(run.id, 3, { repeats: 1, metric: 0.8 })
    expect(await read(run.id)).toMatchObject({ best: 0.88, bestTrial: 2 })
    for (const chosen of [first, repeat]) {
      api.hone.store.runs.update(run.id, { bestTrialId: chosen.id })
      expect(await read(run.id)).toMatchObject({ best: 0.85, bestTrial: 1 })
    }
  })

  it('takes a repeat that failed for nothing', async () => {
    const { run } = api.full()
    add(run.id, 1, { metric: 0.9 })
    add(run.id, 2, { repeats: 1 })
    expect(await read(run.id)).toMatchObject({ best: 0.9, bestTrial: 1 })
  })
})

const metric = (step: number | null, value: number, change: Partial<Metric> = {}): Metric => ({
  ...{ name: 'accuracy', split: 'validation', value, step, source: 'log', evidence: '', line: null },
  ...change,
})
describe('the curves of a run', () => {
  it('are those of its trials that report the metric by steps', async () => {
    const { run, trial, attempt } = api.full()
    const about = { runId: run.id, trialId: trial.id, attemptId: attempt.id }
    expect(await (await api.get(`/runs/${run.id}/curves`)).json()).toEqual([])
    for (const [step, value] of [0.4, 0.6].entries()) {
      api.hone.store.metrics.insert(about, metric(step + 1, value, { line: step + 1, evidence: 'x' }))
    }
    add(run.id, 1)
    const curves = CurveView.array().parse(await (await api.get(`/runs/${run.id}/curves`)).json())
    expect(curves).toEqual([
      {
        trial: 0,
        points: [
          { step: 1, value: 0.4 },
          { step: 2, value: 0.6 },
        ],
      },
    ])
    await errorOf(api.get('/runs/999999/curves'), 404)
  })

  it('are read again only of a trial that has reported more', () => {
    const { run, trial, attempt } = api.full()
    const { store } = api.hone
    const other = add(run.id, 1, { metric: 0.6 })
    const reading = vi.spyOn(store.metrics, 'stepsOfTrial')
    const curves = curvesOf(store)
    const read = () => {
      reading.mockClear()
      curves(store.runs.get(run.id))
      return reading.mock.calls.map(([id]) => id)
    }
    expect(read()).toEqual([trial.id, other.id])
    expect(read()).toEqual([])
    const about = { runId: run.id, trialId: trial.id, attemptId: attempt.id }
    store.metrics.insert(about, metric(1, 0.5, { line: 1 }))
    expect(read()).toEqual([trial.id])
    reading.mockRestore()
  })

  it('are there after the run was packed, too, where none was there before', () => {
    const { run } = api.full()
    const { store } = api.hone
    const { id: trialId } = add(run.id, 1)
    const attempt = store.attempts.insert({ trialId, number: 1, container: 'c', deadline: 1 })
    const curves = curvesOf(store)
    const read = () => curves(store.runs.get(run.id))
    expect(read()).toEqual([])
    store.metrics.insert({ runId: run.id, trialId, attemptId: attempt.id }, metric(1, 0.5, { line: 1 }))
    store.transaction(() => store.metrics.pack(run.id))
    expect(read()).toEqual([{ trial: 1, points: [{ step: 1, value: 0.5 }] }])
  })

  it('have no points that cannot be drawn', () => {
    const points = [0.3, Number.NaN, 0.7, Number.POSITIVE_INFINITY].map((value, step) => ({ step, value }))
    expect(selection(points).map(({ value }) => value)).toEqual([0.3, 0.7])
  })

  it('are bounded, rise in their steps and end where the training is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (length) => {
        const points = selection(Array.from({ length }, (_, step) => ({ step, value: step / length })))
        const steps = points.map(({ step }) => step)
        expect(steps.length).toBeLessThanOrEqual(MAX_POINTS)
        expect(steps.length).toBeGreaterThanOrEqual(Math.min(length, MAX_POINTS / 2))
        expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b))
        expect(steps.at(-1)).toBe(length - 1)
      }),
      { numRuns: 40 },
    )
  })
})
