import { oneLine } from '../../domain/clean.ts'
import { branchOf } from '../../domain/run.ts'
import { meetsTarget } from '../../domain/settings.ts'
import type { Block, Tone } from '../render.ts'
import { count, type MailInput, place, show } from './input.ts'
import { confirmationOf, seedsInMean, seedsInWords, spentTrials } from './seeds.ts'

/** What a mail says first: its subject, its title and the result in a sentence. All of it is pure. */

const SUBJECT_CHARACTERS = 180
const LEAST_DIGITS = 3
const MOST_DIGITS = 6

/** One line for a header: no line breaks, no invisible characters, cut to a bounded length. */
export function headerLine(text: string): string {
  const line = oneLine(text)
  const characters = [...line]
  return characters.length <= SUBJECT_CHARACTERS
    ? line
    : `${characters
        .slice(0, SUBJECT_CHARACTERS - 1)
        .join('')
        .trimEnd()}…`
}

/** Three digits, or as many as it takes to stay on its side of the target: `0.958`. */
function brief(value: number, settings: MailInput['run']['settings']): string {
  for (let digits = LEAST_DIGITS; digits < MOST_DIGITS; digits += 1) {
    const short = Number(value.toPrecision(digits))
    if (meetsTarget(short, settings) === meetsTarget(value, settings)) return String(short)
  }
  return show(value)
}

/** What became of the target: `reached`, or `target 0.95 not reached`. */
function standing({ conclusion, best, run }: MailInput): string {
  const { settings } = run
  const isMet = best?.metric != null && meetsTarget(best.metric, settings)
  if (conclusion.kind === 'target') return 'reached'
  if (conclusion.stopped && isMet) return `target ${show(settings.target)} met`
  return `target ${show(settings.target)} not ${isMet ? 'confirmed' : 'reached'}`
}

/** `my-digits #1: accuracy 0.958 reached`: what a phone shows of it says enough. */
export function subjectOf(input: MailInput): string {
  const { project, run, conclusion, best } = input
  const { metric } = run.settings
  const said = (): string => {
    if (conclusion.kind === 'failed') {
      const { failure, reason } = conclusion
      const message = (failure?.message ?? reason).replace(/\.$/, '')
      return `failed: ${message}${failure ? place(failure) : ''}`
    }
    if (best?.metric == null) return `no value of ${metric}`
    const value = `${metric} ${brief(best.metric, run.settings)}`
    if (conclusion.kind === 'target') return `${value} reached`
    return `${conclusion.stopped ? 'stopped at ' : ''}${value}, ${standing(input)}`
  }
  return headerLine(`${project.name} #${run.number}: ${said()}`)
}

const TITLES = {
  target: 'the target is reached',
  budget: 'the target is not reached',
  failed: 'the run failed',
}

function titleOf({ best, conclusion, run }: MailInput): string {
  if (conclusion.stopped) return 'the search was stopped at its best'
  const isMet = best?.metric != null && meetsTarget(best.metric, run.settings)
  return conclusion.kind === 'budget' && isMet ? 'the target is not confirmed' : TITLES[conclusion.kind]
}

function toneOf({ kind }: MailInput['conclusion']): Tone {
  if (kind === 'target') return 'good'
  return kind === 'failed' ? 'bad' : 'warn'
}

/** `accuracy 0.952, target at least 0.95: trial 4, the mean of 0.953 and 0.951 with another seed (trial 5).` */
function bestSentence({ best, trials, run }: MailInput): string | null {
  const { metric, target, direction } = run.settings
  if (best?.metric == null) return null
  const goal = `target ${direction === 'maximize' ? 'at least' : 'at most'} ${show(target)}`
  const seeds = seedsInMean(best, trials)
  const all = seedsInWords(best, trials)
  const mean = seeds > 1 ? `the mean of ${seeds} seeds: ${all}` : all
  const where = mean ?? (best.number === 0 ? 'with your own values, trial 0' : `in trial ${best.number}`)
  return `${metric} ${show(best.metric)}, ${goal}; ${where}.`
}

/** Without what the sentence before it says: `20 of 20 trials spent`. */
const whyEnded = (reason: string) => reason.replace(/; (?:best|no trial gave) .*$/s, '')

/** Only a plain word gets a capital at the beginning: a file, a setting or a metric keeps its spelling. */
const sentence = (text: string, file?: string) => {
  const isPlain = /^[a-z]+(?=[\s,:;.]*(\s|$))/.test(text) && !(file && text.startsWith(file))
  const [first = '', ...rest] = text
  return `${isPlain ? first.toUpperCase() : first}${rest.join('')}${/[.!?]$/.test(text) ? '' : '.'}`
}

/** Whether the run ended since its best is not sure to meet the target, which the result says. */
export const isDoubted = (input: MailInput) =>
  input.conclusion.kind === 'budget' && confirmationOf(input)?.confirmed === false

/** The result: what it came to, and, where that is not the target, why it ended there. */
export function resultOf(input: MailInput): Block[] {
  const { project, run, conclusion, trials } = input
  const { failure } = conclusion
  const spent = count(spentTrials(trials).length, 'trial')
  const confirmation = confirmationOf(input)
  const said = [
    ...(conclusion.kind === 'failed'
      ? [
          sentence(
            `${(failure?.message ?? conclusion.reason).replace(/\.$/, '')}${failure ? place(failure) : ''}`,
            failure?.file,
          ),
        ]
      : []),
    bestSentence(input) ??
      (conclusion.kind === 'failed'
        ? null
        : `No trial gave a value of ${run.settings.metric}, after ${spent}.`),
    confirmation && isDoubted(input) ? `Not confirmed: ${confirmation.text.replace(/^no: /, '')}.` : null,
    conclusion.kind === 'budget' ? sentence(whyEnded(conclusion.reason)) : null,
  ]
  return [
    { type: 'title', text: `${project.name} #${run.number}: ${titleOf(input)}`, tone: toneOf(conclusion) },
    { type: 'paragraph', text: said.filter((text) => text !== null).join(' ') },
    { type: 'link', text: 'Open the run', url: input.url },
  ]
}

/** `1a2b3c4d5e6f on main: Train on the digits`. */
export const commitOf = ({ run }: MailInput) =>
  `${run.sha.slice(0, 12)} on ${branchOf(run.ref)}${run.message ? `: ${run.message.split('\n')[0]}` : ''}`
