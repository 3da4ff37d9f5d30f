import type { Detection, Evidence, LeftAlone } from '../../domain/detection.ts'
import { imageFor } from '../../images/plan.ts'
import { openFor } from '../../search/open.ts'
import { style } from '../style.ts'
import { failurePage } from './failure.ts'
import { nextSteps } from './next.ts'
import type { Analysed, Report } from './report.ts'
import { hyperparameterTable } from './table.ts'
import { cut, pad, printable, widthOf, wrap, wrapItems } from './text.ts'

const INDENT = '  '
const WIDTH = { least: 60, most: 100 }
/** Places shown for one reason, and reasons, of what is left alone. */
const SHOWN = { places: 4, reasons: 12, evidence: 12 }

/**
 * What Hone would tune at a path, or why it cannot say, for a person at a terminal with so many columns.
 * @param trials of a run that says nothing else
 */
export function page(report: Report, columns: number, trials: number): string {
  const width = Math.max(WIDTH.least, Math.min(WIDTH.most, columns))
  if ('failure' in report) return failurePage(report, width)
  const { detection } = report
  const sections = [
    headline(report),
    section('Why', null, evidenceLines(detection.evidence, width)),
    section('Written for an older version', null, versionLines(detection, width)),
    tuned(report, trials, width),
    section('Left alone', detection.leftAlone.length, leftAloneLines(detection.leftAlone, width)),
    section('Next', null, nextSteps(report, width)),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

const section = (title: string, count: number | null, lines: string[]): string[] =>
  lines.length === 0 ? [] : [style.bold(title) + (count === null ? '' : style.dim(`  ${count}`)), ...lines]

function headline({ path, detection, sources: { hints } }: Analysed): string[] {
  const { framework, family, task, metric, entry, args } = detection
  const kind = [style.cyan(framework), ...(family ? [family] : []), task].join(style.dim(' · '))
  const direction = hints.direction ?? (hints.metric === undefined ? metric.direction : null)
  const goal = direction && `, ${direction === 'maximize' ? 'higher' : 'lower'} is better`
  const judge = printable(hints.metric ?? metric.name)
  return [
    style.bold(printable(path)),
    `${INDENT}${kind}${style.dim('   judged by ')}${judge}${style.dim(goal ?? '')}`,
    `${INDENT}${style.dim('runs ')}${printable([entry, ...args].join(' '))}`,
    INDENT + imageLine(detection),
  ]
}

function imageLine(detection: Detection): string {
  try {
    const { name, reason } = imageFor(detection)
    return `${style.dim('in the image ')}${name}${style.dim(`: ${printable(reason)}`)}`
  } catch {
    return style.yellow('no image of Hone runs it as it stands: see below')
  }
}

function evidenceLines(evidence: readonly Evidence[], width: number): string[] {
  const shown = evidence.slice(0, SHOWN.evidence)
  const places = shown.map(({ file, line }) => printable(`${file}:${line}`))
  const place = Math.min(Math.floor(width / 3), Math.max(0, ...places.map(widthOf)))
  const why = Math.min(Math.floor(width / 2.5), Math.max(0, ...shown.map((one) => widthOf(one.why))))
  const left = width - INDENT.length - place - why - 4
  const lines = shown.map((one, index) => {
    const text = left < 12 ? '' : style.dim(cut(printable(one.text.trim()), left))
    return `${INDENT}${pad(cut(places[index] ?? '', place), place)}  ${pad(cut(printable(one.why), why), why)}  ${text}`.trimEnd()
  })
  return [...lines, ...more(evidence.length - shown.length)]
}

function versionLines({ versions }: Detection, width: number): string[] {
  const known = new Map<string, { change: string; runsOn: string; places: string[]; text: string }>()
  for (const { file, line, text, change, runsOn } of versions) {
    const entry = known.get(change) ?? { change, runsOn, places: [], text }
    entry.places.push(printable(`${file}:${line}`))
    known.set(change, entry)
  }
  return [...known.values()].flatMap(({ change, runsOn, places, text }) => [
    `${INDENT}${style.yellow(cut(printable(change), width - 4))}`,
    ...wrapItems([...some(places), `runs on ${runsOn} as it stands`], width - 6).map(
      (line) => `      ${style.dim(line)}`,
    ),
    `      ${style.dim(cut(printable(text.trim()), width - 6))}`,
  ])
}

function tuned({ detection, sources }: Analysed, trials: number, width: number): string[] {
  const { hyperparameters } = detection
  if (hyperparameters.length > 0) {
    const hints = Object.entries(sources.hints.hyperparameters ?? {})
    const named = hints.map(([name, hint]) => (hint.kind === 'tie' ? hint.to : name))
    const budget = sources.hints.trials ?? trials
    const opened = openFor(hyperparameters, budget, new Set(named))
    const all = opened.length === hyperparameters.length
    const legend = `these ${opened.length}: what matters most, as far as ${budget} trials can search; \`trials:\` in hone.yaml allows more`
    return section(
      'What Hone would tune',
      hyperparameters.length,
      hyperparameterTable(hyperparameters, new Set(all ? [] : opened), legend, width),
    )
  }
  return section('What Hone would tune', 0, [
    `${INDENT}Nothing was found that could be changed safely.`,
    ...wrap(
      'Hone changes literals that training code takes: `lr = 0.01`, `Dense(64)`, an argparse default. A value that is computed is left as it is.',
      width - INDENT.length,
    ).map((line) => INDENT + style.dim(line)),
  ])
}

function leftAloneLines(leftAlone: readonly LeftAlone[], width: number): string[] {
  const reasons = new Map<string, LeftAlone[]>()
  for (const one of leftAlone) reasons.set(one.reason, [...(reasons.get(one.reason) ?? []), one])
  const ranked = [...reasons].sort(([, a], [, b]) => b.length - a.length)
  const shown = ranked.slice(0, SHOWN.reasons)
  const rest = ranked.slice(SHOWN.reasons).reduce((total, [, alike]) => total + alike.length, 0)
  return [
    ...shown.flatMap(([reason, alike]) => {
      const places = alike.map(({ name, text, file, line }) => {
        const value = name === text ? name : `${name} ${text}`
        return `${cut(printable(value.trim()), 36)} ${printable(file)}:${line}`
      })
      return [
        `${INDENT}${cut(printable(reason), width - INDENT.length)}`,
        ...wrapItems(some([...new Set(places)]), width - 6).map((line) => `      ${style.dim(line)}`),
      ]
    }),
    ...more(rest),
  ]
}

const some = (items: readonly string[]) => {
  const rest = items.length - SHOWN.places
  return [...items.slice(0, SHOWN.places), ...(rest > 0 ? [`${rest} more`] : [])]
}

const more = (count: number) => (count > 0 ? [`${INDENT}${style.dim(`and ${count} more`)}`] : [])
