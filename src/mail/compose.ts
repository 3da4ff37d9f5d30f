import { bytesInWords } from '../domain/bytes.ts'
import { changeInWords } from '../domain/data.ts'
import type { MailAttachment } from '../domain/mail.ts'
import { chartOf } from './compose/chart.ts'
import { files, winner } from './compose/files.ts'
import { commitOf, isDoubted, resultOf, subjectOf } from './compose/headline.ts'
import { count, type MailInput } from './compose/input.ts'
import { mattered, sureness, toTry, trialsInWords, trialTable } from './compose/search.ts'
import { candidatesOf, confirmationOf, seedsOf } from './compose/seeds.ts'
import { changes, patchOf } from './compose/take.ts'
import { renderHtml } from './render/html.ts'
import { renderText } from './render/text.ts'
import type { Block } from './render.ts'

export { chartOf } from './compose/chart.ts'
export { ATTACHED_BYTES } from './compose/files.ts'
export type { MailInput } from './compose/input.ts'

export interface ComposedMail {
  subject: string
  text: string
  html: string
  attachments: MailAttachment[]
}

const EXCERPT_CHARACTERS = 12_000
const LOG_LINES = 30

/** What is looked up rather than read; what the result says already is not told again. */
function facts(input: MailInput): Block {
  const { run, best, trials, outlook, restarts, evidence, data } = input
  const rows: [string, string][] = [['Commit', commitOf(input)]]
  if (run.author) rows.push(['Author', run.author])
  const confirmation = confirmationOf(input)
  if (confirmation && !isDoubted(input)) rows.push(['Confirmed', confirmation.text])
  const sure =
    best?.metric == null ? null : sureness(best, outlook, seedsOf(best, trials), candidatesOf(trials))
  if (sure !== null) rows.push(['How sure', sure])
  if (evidence) {
    const where =
      evidence.source === 'log' && evidence.line !== null ? ` (line ${evidence.line} of the log)` : ''
    rows.push(['Read from', `${evidence.text.trim().slice(0, 300)}${where}`])
  }
  rows.push(['Trials', trialsInWords(input)])
  for (const { path, files, bytes, change } of data) {
    const differs = changeInWords(path, change)
    rows.push(['Data', differs || `${path}: ${count(files, 'file')}, ${bytesInWords(bytes)}`])
  }
  if (restarts > 0) rows.push(['Restarts', `${restarts} after crashes, each from the last checkpoint`])
  return { type: 'facts', rows }
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

/** How the search went, for who wants to know. */
function search(input: MailInput, isDrawn: boolean): Block[] {
  const blocks = [...chartBlocks(input, isDrawn), ...mattered(input), ...trialTable(input)]
  return blocks.length === 0 ? [] : [{ type: 'heading', text: 'The search' }, ...blocks]
}

/**
 * The mail that tells how a run ended: pure. First the result and what to do with it, then how it came about. Everything
 * from the repository is escaped in the HTML.
 * @param picture what `chartOf` the same input is as PNG; null: its words stand alone
 */
export function composeMail(input: MailInput, picture: Uint8Array | null = null): ComposedMail {
  const { conclusion, best } = input
  const model = best && conclusion.kind !== 'failed' ? files(input) : { blocks: [], attachments: [] }
  const isReached = conclusion.kind === 'target'
  const blocks: Block[] = [
    ...resultOf(input),
    ...(conclusion.kind === 'failed' ? failed(input) : []),
    // Where the target is missed, what to try next is what there is to do.
    ...(isReached ? [] : toTry(input)),
    ...(best?.metric != null ? changes(input, best) : []),
    ...model.blocks,
    ...winner(input),
    ...search(input, picture !== null),
    ...(isReached ? toTry(input) : []),
    { type: 'heading', text: 'The run' },
    facts(input),
  ]
  const patch =
    best && best.diff !== ''
      ? [{ filename: patchOf(input, best), contentType: 'text/x-patch', content: best.diff }]
      : []
  return {
    subject: subjectOf(input),
    text: renderText(blocks),
    html: renderHtml(blocks),
    attachments: [...(picture === null ? [] : [chartFile(picture)]), ...patch, ...model.attachments],
  }
}
