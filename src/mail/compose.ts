import { isModel } from '../domain/artifacts.ts'
import { bytesInWords } from '../domain/bytes.ts'
import { changeInWords } from '../domain/data.ts'
import type { MailAttachment } from '../domain/mail.ts'
import { branchOf } from '../domain/run.ts'
import { meetsTarget } from '../domain/settings.ts'
import type { ParameterValue } from '../domain/trial.ts'
import { chartOf } from './compose/chart.ts'
import { changedLines } from './compose/diff.ts'
import { count, type MailInput, type MailTrial, place, show } from './compose/input.ts'
import { learnt, sureness, trialsInWords, trialTable } from './compose/search.ts'
import { confirmationOf, doubtOf, seedsInMean, seedsInWords, seedsOf, spentTrials } from './compose/seeds.ts'
import { clean } from './render/clean.ts'
import { renderHtml } from './render/html.ts'
import { renderText } from './render/text.ts'
import type { Block, Tone } from './render.ts'

export { chartOf } from './compose/chart.ts'
export type { MailInput } from './compose/input.ts'

export interface ComposedMail {
  subject: string
  text: string
  html: string
  attachments: MailAttachment[]
}

const SUBJECT_CHARACTERS = 180
const EXCERPT_CHARACTERS = 12_000
const LOG_LINES = 30
/** What mail servers take without complaint, base64 included. */
export const ATTACHED_BYTES = 10 * 1024 * 1024
const MOST_ATTACHED = 20

const withoutStop = (text: string) => text.replace(/\.$/, '')

/** One line for a header: no line breaks, no invisible characters, cut to a bounded length. */
function headerLine(text: string): string {
  const line = clean(text).replace(/\s+/g, ' ').trim()
  const characters = [...line]
  return characters.length <= SUBJECT_CHARACTERS
    ? line
    : `${characters
        .slice(0, SUBJECT_CHARACTERS - 1)
        .join('')
        .trimEnd()}…`
}

/** A run's commit as a person knows it: `run #3 main 1a2b3c4`. */
const nameOf = ({ number, ref, sha }: MailInput['run']) =>
  `run #${number} ${branchOf(ref)} ${sha.slice(0, 7)}`

function headline(input: MailInput): string {
  const { run, conclusion, best, trials } = input
  const { metric, target, direction } = run.settings
  if (conclusion.kind === 'failed') {
    const { failure } = conclusion
    return `failed: ${withoutStop(failure?.message ?? conclusion.reason)}${failure ? place(failure) : ''}`
  }
  const spent = `after ${count(spentTrials(trials).length, 'trial')}`
  if (best?.metric == null) return `not reached: no trial gave a value of ${metric}, ${spent}`
  const [met, missed] = direction === 'maximize' ? ['≥', '<'] : ['≤', '>']
  const seeds = seedsInMean(best, trials)
  const where = `trial ${best.number}${seeds > 1 ? `, mean of ${seeds} seeds` : ''}`
  if (conclusion.kind === 'target')
    return `reached: ${metric} ${show(best.metric)} ${met} ${show(target)} (${where})`
  if (conclusion.stopped) {
    const sign = meetsTarget(best.metric, run.settings) ? met : missed
    return `stopped by a person: best ${show(best.metric)} ${sign} ${show(target)} (${where}) ${spent}`
  }
  return meetsTarget(best.metric, run.settings)
    ? `not confirmed: best ${show(best.metric)} ${met} ${show(target)} (${where}), ${doubtOf(best, trials, run.settings)}`
    : `not reached: best ${show(best.metric)} ${missed} ${show(target)} ${spent}`
}

const cell = (value: ParameterValue | undefined) => (value === undefined ? '' : String(value))

/** Name, the user's own value, the best one; only those that differ. */
export function changedValues(first: MailTrial | undefined, best: MailTrial): string[][] {
  return Object.entries(best.values)
    .filter(([name, value]) => first?.values[name] !== value)
    .map(([name, value]) => [name, cell(first?.values[name]), cell(value)])
}

const patchName = (run: MailInput['run'], trial: MailTrial) => `run-${run.number}-trial-${trial.number}.patch`

/** The best value, how sure it is, and where its hyperparameters come from. */
function bestFacts(input: MailInput, best: MailTrial, value: number): [string, string][] {
  const { run, trials, outlook } = input
  const seeds = seedsInMean(best, trials)
  const all = seedsInWords(best, trials)
  const confirmation = confirmationOf(input)
  const sure = sureness(best, outlook, seedsOf(best, trials))
  const mean = seeds > 1 ? `, the mean of ${seeds} seeds` : ''
  return [
    ['Best', `${run.settings.metric} ${show(value)} in trial ${best.number}${mean}`],
    ...(all === null ? [] : [['Each seed', all] as [string, string]]),
    ...(confirmation === null ? [] : [['Confirmed', confirmation.text] as [string, string]]),
    ...(sure === null ? [] : [['How sure', sure] as [string, string]]),
    ...(best.number === 0 ? [] : [['Origin', best.origin] as [string, string]]),
  ]
}

function facts(input: MailInput): Block {
  const { run, best, trials, restarts, evidence, conclusion, data } = input
  const { metric, target, direction } = run.settings
  const rows: [string, string][] = [
    [
      'Commit',
      `${run.sha.slice(0, 12)} on ${branchOf(run.ref)}${run.message ? `: ${run.message.split('\n')[0]}` : ''}`,
    ],
  ]
  if (run.author) rows.push(['Author', run.author])
  rows.push(['Target', `${metric} ${direction === 'maximize' ? 'at least' : 'at most'} ${show(target)}`])
  if (best?.metric != null) rows.push(...bestFacts(input, best, best.metric))
  const first = trials.find(({ number }) => number === 0)
  if (first?.metric != null && best?.number !== 0)
    rows.push(['Your values', `${metric} ${show(first.metric)} in trial 0`])
  if (evidence) {
    const where =
      evidence.source === 'log' && evidence.line !== null ? ` (line ${evidence.line} of the log)` : ''
    rows.push(['Evidence', `${evidence.text.trim().slice(0, 300)}${where}`])
  }
  if (conclusion.kind !== 'failed') rows.push(['Why it ended', conclusion.reason])
  rows.push(['Trials', trialsInWords(input)])
  for (const { path, files, bytes, change } of data) {
    const differs = changeInWords(path, change)
    rows.push(['Data', differs || `${path}: ${count(files, 'file')}, ${bytesInWords(bytes)}`])
  }
  rows.push([
    'Restarts',
    restarts === 0 ? 'none' : `${restarts} after crashes, each from the last checkpoint`,
  ])
  return { type: 'facts', rows }
}

function changes(input: MailInput, best: MailTrial): Block[] {
  const rows = changedValues(
    input.trials.find(({ number }) => number === 0),
    best,
  )
  if (best.number === 0 || (rows.length === 0 && best.diff === '')) {
    return [{ type: 'paragraph', text: 'Your own values are the best: nothing was changed.' }]
  }
  const { run, branch } = input
  const patch = patchName(run, best)
  const { text, cut } = changedLines(best.diff)
  const take = [`git checkout ${run.sha.slice(0, 12)}`, `git apply ${patch}`].join('\n')
  return [
    { type: 'heading', text: 'Best values' },
    { type: 'table', header: ['name', 'yours', `trial ${best.number}`], rows },
    { type: 'heading', text: 'The change' },
    { type: 'diff', text },
    ...(cut ? [{ type: 'paragraph', text: `The rest is in ${patch}.` } as const] : []),
    { type: 'heading', text: 'How to take it' },
    { type: 'paragraph', text: `The change is attached as ${patch}:` },
    { type: 'code', text: take },
    ...(branch
      ? [{ type: 'paragraph', text: `It is also on the branch ${branch} of your repository.` } as const]
      : []),
  ]
}

function failed({ conclusion, logTail }: MailInput): Block[] {
  const { failure } = conclusion
  const blocks: Block[] = []
  if (failure?.remedy)
    blocks.push({ type: 'heading', text: 'What to do' }, { type: 'paragraph', text: failure.remedy })
  if (failure?.detail)
    blocks.push(
      { type: 'heading', text: 'In detail' },
      { type: 'code', text: failure.detail.slice(-EXCERPT_CHARACTERS) },
    )
  const tail = logTail.slice(-LOG_LINES).join('\n').slice(-EXCERPT_CHARACTERS)
  // The detail often is the end of the log itself.
  const told =
    failure?.detail !== undefined && tail.includes(failure.detail.trimEnd().split('\n').at(-1) ?? '')
  if (!told && tail.trim() !== '')
    blocks.push({ type: 'heading', text: 'The end of the log' }, { type: 'code', text: tail })
  return blocks
}

const NO_MODEL: Block[] = [
  { type: 'heading', text: 'The trained model' },
  {
    type: 'paragraph',
    text: 'The script saved no model. To get one by mail, let it save its model at its end, as by `joblib.dump(model, "model.joblib")` or `torch.save(model.state_dict(), "model.pt")`.',
  },
]

/** What of the training's files goes with the mail, and what is said of the others. */
function files({ artifacts, best, leftOut, url }: MailInput): {
  blocks: Block[]
  attachments: MailAttachment[]
} {
  const missing: Block[] =
    leftOut.length === 0
      ? []
      : [
          { type: 'paragraph', text: 'Not kept:' },
          { type: 'list', items: leftOut },
        ]
  if (artifacts.length === 0) {
    // Why a file was left out is word enough.
    const none = best !== null && best.metric !== null && leftOut.length === 0 ? NO_MODEL : []
    return { blocks: [...none, ...missing], attachments: [] }
  }
  const isOne = artifacts.every(({ filename }) => isModel(filename))
  const total = artifacts.reduce((sum, { size }) => sum + size, 0)
  const fits = total <= ATTACHED_BYTES && artifacts.length <= MOST_ATTACHED
  const shown = artifacts.slice(0, MOST_ATTACHED)
  const rows = shown.map(({ filename, size }) => [filename, bytesInWords(size)])
  const more = artifacts.length - shown.length
  const what = isOne ? 'The model is' : 'These files are'
  const get = `get ${isOne ? 'it' : 'them'} from ${url}`
  const said = fits
    ? `${what} attached.`
    : total > ATTACHED_BYTES
      ? `${what} too large for a mail (${bytesInWords(total)}): ${get}`
      : `${what} too many for a mail: ${get}`
  return {
    blocks: [
      { type: 'heading', text: isOne ? 'The trained model' : 'What the training wrote' },
      { type: 'table', header: ['file', 'size'], rows },
      ...(more > 0 ? [{ type: 'paragraph', text: `and ${count(more, 'more file')}.` } as const] : []),
      { type: 'paragraph', text: said },
      ...missing,
    ],
    attachments: fits
      ? artifacts.map(({ filename, path }) => ({
          filename: fileName(filename),
          contentType: 'application/octet-stream',
          path,
        }))
      : [],
  }
}

function winner({ artifacts, image }: MailInput): Block[] {
  if (image === null) return []
  return [
    { type: 'heading', text: 'The winner as an image' },
    {
      type: 'paragraph',
      text: `${artifacts.length > 0 ? 'Source, packages and what it wrote are' : 'Source and packages are'} kept as ${image.name}. It trains again with`,
    },
    { type: 'code', text: image.command },
    {
      type: 'paragraph',
      text: `${artifacts.length > 0 ? 'Another command after the name runs with the model in place, such as a prediction. ' : ''}A script that sets no seed of its own comes to a slightly different value each time.`,
    },
  ]
}

/** No folders and no line breaks in the name of an attachment: `plots/loss.png` -> `plots_loss.png`. */
const fileName = (name: string) => headerLine(name.replaceAll(/[/\\]+/g, '_')).replace(/^[._]+/, '') || 'file'

const TITLES = {
  target: 'The target is reached',
  budget: 'The target is not reached',
  failed: 'The run failed',
}

function toneOf({ kind }: MailInput['conclusion']): Tone {
  if (kind === 'target') return 'good'
  return kind === 'failed' ? 'bad' : 'warn'
}

function titleOf({ best, conclusion, run }: MailInput): string {
  if (conclusion.stopped) return 'The search was stopped at the best so far'
  const isMet = best?.metric != null && meetsTarget(best.metric, run.settings)
  return conclusion.kind === 'budget' && isMet ? 'The target is not confirmed' : TITLES[conclusion.kind]
}

/** The Content-ID of a mail's chart: each mail has one at most. */
const CHART_ID = 'chart@hone'

function chartBlocks(input: MailInput, isDrawn: boolean): Block[] {
  const chart = chartOf(input)
  return chart === null ? [] : [{ type: 'picture', cid: isDrawn ? CHART_ID : null, alt: chart.alt }]
}

/** The picture that the HTML shows in its place. */
const chartFile = (png: Uint8Array): MailAttachment => ({
  filename: 'chart.png',
  contentType: 'image/png',
  content: Buffer.from(png).toString('base64'),
  encoding: 'base64',
  cid: CHART_ID,
})

/**
 * The mail that tells how a run ended: pure. Everything from the repository is escaped in the HTML.
 * @param picture what `chartOf` the same input is as PNG; null: its words stand alone
 */
export function composeMail(input: MailInput, picture: Uint8Array | null = null): ComposedMail {
  const { project, run, conclusion, best, url } = input
  const model = best && conclusion.kind !== 'failed' ? files(input) : { blocks: [], attachments: [] }
  const about = headline(input)
  // What happened is never cut for the sake of the run's name.
  const subject = headerLine(`[${project.name}] ${about}${about.length < 140 ? ` — ${nameOf(run)}` : ''}`)
  const blocks: Block[] = [
    { type: 'title', text: `${project.name}: ${titleOf(input)}`, tone: toneOf(conclusion) },
    { type: 'paragraph', text: `${nameOf(run)} ${about}.` },
    { type: 'link', text: 'Open the run', url },
    ...(conclusion.kind === 'failed' ? failed(input) : []),
    ...chartBlocks(input, picture !== null),
    ...(best?.metric != null ? changes(input, best) : []),
    { type: 'heading', text: 'The run' },
    facts(input),
    ...model.blocks,
    ...winner(input),
    ...learnt(input),
    ...trialTable(input),
  ]
  const patch =
    best && best.diff !== ''
      ? [{ filename: patchName(run, best), contentType: 'text/x-patch', content: best.diff }]
      : []
  return {
    subject,
    text: renderText(blocks),
    html: renderHtml(blocks),
    attachments: [...(picture === null ? [] : [chartFile(picture)]), ...patch, ...model.attachments],
  }
}
