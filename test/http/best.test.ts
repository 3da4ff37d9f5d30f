import { describe, expect, it } from 'vitest'
import type { RunState } from '../../src/domain/run.ts'
import { metIn, metOf } from '../../src/http/best.ts'
import type { TrialResult } from '../../src/store/trials.ts'

const trial = (number: number, metric: number | null, change: Partial<TrialResult> = {}): TrialResult => ({
  ...{ id: number + 10, number, metric, repeats: null },
  ...{ state: metric === null ? 'running' : 'completed', ...change },
})
const seed = (number: number, metric: number | null, change: Partial<TrialResult> = {}) =>
  trial(number, metric, { repeats: 4, ...change })

const settings = { target: 0.95, direction: 'maximize', confirm: 1 } as const
const run = { state: 'running' as RunState, bestTrialId: null, settings }
const own = trial(0, 0.9)

describe('whether a run has met its target', () => {
  it.each([
    ['no', 'no trial has a value', [trial(0, null)]],
    ['no', 'the best is short of it', [own]],
    ['yes', 'the own values meet it, which were not picked', [trial(0, 0.96)]],
    ['unconfirmed', 'no other seed was trained yet', [own, trial(4, 0.9532)]],
    ['unconfirmed', 'the other seed trains', [own, trial(4, 0.9532), seed(5, null)]],
    ['refuted', 'another seed misses it, the mean does not', [own, trial(4, 0.9532), seed(5, 0.9478)]],
    ['no', 'another seed misses it, and so does the mean', [own, trial(4, 0.9532), seed(5, 0.94)]],
    ['refuted', 'another seed failed', [own, trial(4, 0.9532), seed(5, null, { state: 'failed' })]],
    ['yes', 'another seed meets it', [own, trial(4, 0.9532), seed(5, 0.951)]],
  ] as const)('%s: %s', (met, _, trials) => {
    expect(metOf(run, trials)).toBe(met)
  })

  it('counts as many seeds as the settings ask for, and the direction', () => {
    const trials = [own, trial(4, 0.9532), seed(5, 0.951)]
    expect(metOf({ ...run, settings: { ...settings, confirm: 2 } }, trials)).toBe('unconfirmed')
    expect(metOf({ ...run, settings: { ...settings, confirm: 0 } }, trials.slice(0, 2))).toBe('yes')
    const loss = { ...settings, direction: 'minimize' } as const
    expect(metOf({ ...run, settings: loss }, [trial(0, 0.96)])).toBe('no')
    expect(metOf({ ...run, settings: loss }, [trial(0, 0.94)])).toBe('yes')
  })

  it('names the first trial that met it for certain', () => {
    const trials = [own, trial(3, 0.96), trial(4, 0.9532), seed(5, 0.951), trial(6, 0.97)]
    expect(metIn(run, trials)).toBe(4)
    expect(metIn(run, trials.slice(0, 2))).toBeNull()
  })

  it('follows the chain, which said so', () => {
    expect(metOf({ ...run, state: 'succeeded' }, [own, trial(4, 0.9532)])).toBe('yes')
    expect(metIn({ ...run, state: 'succeeded' }, [own, trial(4, 0.9532)])).toBe(4)
  })
})
