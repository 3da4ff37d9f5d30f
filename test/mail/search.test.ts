import { describe, expect, test } from 'vitest'
import type { Outlook } from '../../src/domain/outlook.ts'
import { confirmationOf } from '../../src/mail/compose/seeds.ts'
import { composeMail, type MailInput } from '../../src/mail/compose.ts'
import { budgetSpent, reached, trial } from './factories.ts'

type MailTrial = MailInput['trials'][number]

const OUTLOOK: Outlook = {
  trials: 5,
  chance: 1,
  best: { trial: 4, mean: 0.9514, sd: 0.0038 },
  importance: [
    { name: 'lr', share: 0.712 },
    { name: 'batch', share: 0.2 },
    { name: 'momentum', share: 0.08 },
    { name: 'dropout', share: 0.07 },
    { name: 'width', share: 0.06 },
    { name: 'depth', share: 0.055 },
    { name: 'optimiser', share: 0.02 },
  ],
  advice: [
    'Train longer: the accuracy of trial 4 still rises at its end, `epochs` 20.',
    'More data: the gap is wide.',
  ],
}

const own = (number: number, metric: number | null, change: Partial<MailTrial> = {}) =>
  trial(number, metric, change)
const repeat = (number: number, of: number, metric: number | null) =>
  trial(number, metric, { repeats: of, seed: 1, origin: `trial ${of} with another seed` })
const pruned = (number: number) =>
  trial(number, null, { state: 'pruned', pruning: '0.41 after 3 epochs, behind 5 of 6 others' })

/** Trial 4 met the target, and what its repeats came to. */
function search(repeats: (number | null)[], change: Partial<MailInput> = {}): MailInput {
  const trials = [
    own(0, 0.71),
    own(1, 0.8, { origin: 'the best of run #2, its trial 7' }),
    own(2, null),
    pruned(3),
    own(4, 0.953),
    ...repeats.map((metric, index) => repeat(5 + index, 4, metric)),
  ]
  const all = [0.953, ...repeats.filter((metric) => metric !== null)]
  const mean = all.reduce((sum, metric) => sum + metric, 0) / all.length
  return reached({ trials, best: { ...(trials[4] as MailTrial), metric: mean }, outlook: OUTLOOK, ...change })
}
const facts = (input: MailInput) => composeMail(input).text.replaceAll(/ +/g, ' ')

describe('a confirmed target', () => {
  const input = search([0.951])

  test('comes with the value of each seed, and how sure it is', () => {
    const text = facts(input)
    expect(text).toContain(
      'accuracy 0.952, target at least 0.95; the mean of 2 seeds: 0.953 in trial 4, 0.951 with another seed (trial 5).\n',
    )
    expect(text).toContain('Confirmed: yes, with another seed\n')
    expect(text).toContain(
      'How sure: picked as the best of 3 trials, so probably somewhat lucky; by all trials together about 0.951 ± 0.004 (one standard deviation; how much the choice of test examples adds is not in it)\n',
    )
    expect(text).toContain(
      'Trials: 5 of 20, 1 of them given up early, 1 failed; 1 more training with another seed\n',
    )
    expect(composeMail(input).subject).toBe('digits #3: accuracy 0.952 reached')
  })

  test('says what mattered, the five that count, and what to try', () => {
    const { text, html } = composeMail(input)
    expect(text).toMatch(
      /What mattered for accuracy\n-+\n\n.*\n {4}lr +71 %\n {4}batch +20 %\n {4}momentum +8 %/,
    )
    expect(text).toContain('width')
    expect(text).toContain('may exceed 100 %. A first impression, from 5 trials.\n')
    expect(composeMail({ ...input, outlook: { ...OUTLOOK, trials: 10 } }).text).not.toContain('impression')
    expect(text).not.toMatch(/depth|optimiser +2 %/)
    expect(text).toContain(
      '\n- Train longer: the accuracy of trial 4 still rises at its end, `epochs` 20.\n- More data',
    )
    expect(html).toContain('at its end, <code')
    expect(html).toContain('>epochs</code> 20.</li>')
  })

  test('lists each trial with what is to know of it', () => {
    const text = facts(input)
    expect(text).toContain('\n 1 0.8 the best of run #2, its trial 7\n')
    expect(text).toContain('\n 3 – given up: 0.41 after 3 epochs, behind 5 of 6 others\n')
    expect(text).toContain('\n 4 (best) 0.953 counts with 0.952, the mean of 2 seeds\n')
    expect(text).toContain('\nAll 5 trials and 1 more with another seed\n')
    expect(facts(search([]))).toContain('\nAll 5 trials\n')
    expect(facts(search([0.953]))).not.toContain('counts with')
    expect(text).toContain('\n 5 0.951 trial 4 with seed 1\n')
  })

  test('counts what was stopped with the run apart', () => {
    const trials = [
      ...input.trials,
      own(6, null, { state: 'cancelled' }),
      own(7, null, { state: 'cancelled' }),
    ]
    expect(facts({ ...input, trials })).toContain(
      'Trials: 5 of 20, 1 of them given up early, 1 failed; 1 more',
    )
    expect(facts({ ...input, trials })).toContain('; 2 stopped at the end\n')
    expect(facts({ ...input, trials })).toContain('\n 7 – stopped: the run had ended\n')
  })

  test('with the same value again says what that means', () => {
    const same = search([0.953])
    expect(facts(same)).toContain(
      'the same value again with another seed: the script seems to set a seed of its own',
    )
    expect(facts(same)).toContain('; 0.953 in trial 4, 0.953 with another seed (trial 5).\n')
    expect(facts(same)).toContain('so probably somewhat lucky; by all trials')
  })
})

describe('a best that was not confirmed says so', () => {
  const confirmation = (input: MailInput) => confirmationOf(input)
  const budget = (repeats: (number | null)[], confirm = 1) => {
    const { run } = reached()
    return search(repeats, {
      conclusion: { kind: 'budget', reason: 'the time of the run is spent' },
      run: { ...run, settings: { ...run.settings, confirm } },
    })
  }

  test('when another seed missed the target', () => {
    const input = budget([0.9])
    expect(confirmation(input)).toEqual({
      confirmed: false,
      text: 'no: 0.9 with another seed misses the target',
    })
    expect(composeMail(input).subject).toContain('accuracy 0.926, target 0.95 not reached')
  })

  test('when another seed missed it, though the mean meets it', () => {
    const { subject, text } = composeMail(budget([0.949]))
    expect(subject).toBe('digits #3: accuracy 0.951, target 0.95 not confirmed')
    expect(text).toMatch(/^digits #3: the target is not confirmed\n/)
    expect(text).toContain(
      ' Not confirmed: 0.949 with another seed misses the target. The time of the run is spent.',
    )
  })

  test('when the training with another seed failed', () => {
    const input = budget([null])
    expect(confirmation(input)?.text).toBe('no: a training with another seed failed')
    expect(facts(input)).toContain('0.953 in trial 4, a failed training with another seed (trial 5).')
  })

  test('when the run ended before', () => {
    const input = budget([])
    expect(confirmation(input)?.text).toBe(
      'no: the run ended before other seeds could say whether it was luck',
    )
    expect(facts(input)).toContain('Not confirmed: the run ended before other seeds could say')
    expect(confirmation(budget([0.96], 2))?.confirmed).toBe(false)
  })

  test('when the settings want none', () => {
    const { run } = reached()
    const input = search([], { run: { ...run, settings: { ...run.settings, confirm: 0 } } })
    expect(facts(input)).toContain('Confirmed: no: `confirm` is 0, so it was trained once')
  })

  test('when it is the own values that meet it', () => {
    const input = reached({ best: trial(0, 0.96), trials: [trial(0, 0.96)] })
    expect(confirmation(input)).toEqual({
      confirmed: false,
      text: 'no, and not needed: your own values were not picked out of many',
    })
  })
})

describe('a search that did not get there', () => {
  test('says how sure its best is, and nothing of confirmation', () => {
    const outlook = { ...OUTLOOK, best: { trial: 9, mean: 0.9, sd: 0.02 } }
    const text = facts(budgetSpent({ outlook }))
    expect(text).toContain(
      'How sure: trained once only; picked as the best of 20 trials, so probably somewhat lucky; by all trials together trial 9 is the better one: about 0.90 ± 0.02 (one standard deviation; how much the choice of test examples adds is not in it)\n',
    )
    expect(text).not.toContain('Confirmed')
  })

  test('says nothing of a search that knows nothing', () => {
    const text = facts(budgetSpent())
    expect(text).toContain(
      'How sure: trained once only; picked as the best of 20 trials, so probably somewhat lucky\n',
    )
    expect(text).not.toMatch(/What mattered|Worth a try|What to try/)
  })

  test('without anything important or to try has no empty headings', () => {
    const text = facts(
      budgetSpent({ outlook: { ...OUTLOOK, importance: [{ name: 'lr', share: 0.01 }], advice: [] } }),
    )
    expect(text).not.toMatch(/What mattered|Worth a try|What to try/)
  })
})
