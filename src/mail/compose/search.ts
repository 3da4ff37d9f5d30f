import type { Outlook } from '../../domain/outlook.ts'
import type { Block } from '../render.ts'
import { count, type MailInput, type MailTrial, show } from './input.ts'
import { meanOfSeeds, spentTrials } from './seeds.ts'

const MOST_NAMED = 5
const LEAST_SHARE = 0.05
const MOST_TRIALS = 25
const NOTE_CHARACTERS = 100
/** What fewer trials say of importance may well change. */
const FEW_TRIALS = 10

/** What the ± is, and what it leaves out: in a small set of test data the larger part of the error. */
const DEVIATION = 'one standard deviation; how much the choice of test examples adds is not in it'

/** Only as many digits as the deviation leaves standing: `0.949 ± 0.004`. */
function estimate({ mean, sd }: { mean: number; sd: number }): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(sd)))
  return sd > 0 && decimals <= 6 ? `${mean.toFixed(decimals)} ± ${sd.toFixed(decimals)}` : show(mean)
}

/**
 * How far the best value can be trusted, by a model of all trials, which evens out the luck of single ones; null where
 * there is none to say it. Pure.
 * @param seeds that the best was trained with
 * @param candidates trials with a value that it is the best of
 */
export function sureness(
  best: MailTrial,
  outlook: Outlook | null,
  seeds: number,
  candidates: number,
): string | null {
  const once = seeds === 1 ? ['trained once only'] : []
  const lucky =
    candidates > 1 && best.number !== 0
      ? [`picked as the best of ${candidates} trials, so probably somewhat lucky`]
      : []
  const seen = outlook?.best
  const model = !seen
    ? []
    : seen.trial === best.number
      ? [`by all trials together about ${estimate(seen)} (${DEVIATION})`]
      : [
          `by all trials together trial ${seen.trial} is the better one: about ${estimate(seen)} (${DEVIATION})`,
        ]
  return [...once, ...lucky, ...model].join('; ') || null
}

/** `14 of 20, 5 of them given up early, 1 failed; 1 more training with another seed`. Pure. */
export function trialsInWords({ trials, run }: Pick<MailInput, 'trials' | 'run'>): string {
  const spent = spentTrials(trials)
  const inState = (state: MailTrial['state'], among = spent) =>
    among.filter((trial) => trial.state === state).length
  const pruned = inState('pruned')
  const failed = inState('failed')
  const cancelled = inState('cancelled', [...trials])
  const repeats = trials.filter((trial) => trial.repeats !== null && trial.state !== 'cancelled').length
  return [
    `${spent.length} of ${run.settings.trials}`,
    pruned > 0 ? `, ${pruned} of them given up early` : '',
    failed > 0 ? `, ${failed} failed` : '',
    repeats > 0
      ? `; ${count(repeats, 'more training')} with ${repeats === 1 ? 'another seed' : 'other seeds'}`
      : '',
    cancelled > 0 ? `; ${cancelled} stopped at the end` : '',
  ].join('')
}

function shareWords(trials: number): string {
  const what = 'Shares include interactions: together they may exceed 100 %.'
  return trials < FEW_TRIALS ? `${what} A first impression, from ${count(trials, 'trial')}.` : what
}

/** The hyperparameters that the metric depends on most. Pure. */
export function mattered({ outlook, run }: MailInput): Block[] {
  const named = (outlook?.importance ?? []).filter(({ share }) => share >= LEAST_SHARE).slice(0, MOST_NAMED)
  if (outlook === null || named.length === 0) return []
  const rows = named.map(({ name, share }) => [name, `${Math.round(share * 100)} %`])
  return [
    { type: 'heading', text: `What mattered for ${run.settings.metric}` },
    { type: 'table', header: ['hyperparameter', 'share of the variation'], rows },
    { type: 'paragraph', text: shareWords(outlook.trials) },
  ]
}

/** What to try that the search may not change. Pure. */
export function toTry({ outlook, conclusion }: MailInput): Block[] {
  if (outlook === null || outlook.advice.length === 0) return []
  return [
    { type: 'heading', text: conclusion.kind === 'target' ? 'Worth a try' : 'What to try next' },
    { type: 'list', items: outlook.advice },
  ]
}

const SAMPLER = /^the (\S+ )?sampler$/

/** What is to know about a trial besides its own value, and what it counts with where that is another. */
function notesOf(trial: MailTrial, trials: readonly MailTrial[]): string {
  const mean = meanOfSeeds(trial, trials)
  const counts = mean === null ? [] : [`counts with ${show(mean.value)}, the mean of ${mean.seeds} seeds`]
  return [...counts, noteOf(trial)].filter((note) => note !== '').join('; ')
}

function noteOf(trial: MailTrial): string {
  if (trial.repeats !== null) return `trial ${trial.repeats} with seed ${trial.seed}`
  if (trial.state === 'pruned') return `given up: ${trial.pruning ?? ''}`
  if (trial.state === 'cancelled') return 'stopped: the run had ended'
  if (trial.state !== 'completed') return trial.failure?.code ?? trial.state
  return SAMPLER.test(trial.origin) ? '' : trial.origin
}

const cut = (text: string) =>
  text.length <= NOTE_CHARACTERS ? text : `${text.slice(0, NOTE_CHARACTERS - 1).trimEnd()}…`

/** Each trial with its own value. Pure. */
export function trialTable({ trials, best, run }: MailInput): Block[] {
  if (trials.length < 2) return []
  const shown = trials.slice(-MOST_TRIALS)
  const rows = shown.map((trial) => [
    `${trial.number}${trial.number === best?.number ? ' (best)' : ''}`,
    trial.metric === null ? '–' : show(trial.metric),
    cut(notesOf(trial, trials)),
  ])
  const repeats = trials.filter(({ repeats }) => repeats !== null).length
  const all =
    repeats === 0
      ? count(trials.length, 'trial')
      : `${count(trials.length - repeats, 'trial')} and ${repeats} more with another seed`
  const title = shown.length < trials.length ? `The last ${shown.length} of ${all}` : `All ${all}`
  return [
    { type: 'heading', text: title },
    { type: 'table', header: ['trial', run.settings.metric, 'note'], rows },
  ]
}
