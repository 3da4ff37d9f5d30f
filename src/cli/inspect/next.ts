import { join, relative } from 'node:path'
import type { Hyperparameter } from '../../domain/detection.ts'
import { style } from '../style.ts'
import type { Analysed } from './report.ts'
import { pad, printable, valueText, widthOf } from './text.ts'

/** What a person may type next. */
export function nextSteps(report: Analysed, width: number): string[] {
  const { path, detection, sources } = report
  const [first] = detection.hyperparameters.filter(({ variants }) => variants === null)
  const near = relative('.', sources.root) || '.'
  const folder = near.startsWith(join('..', '..')) ? sources.root : near
  const steps: [command: string, what: string][] = [
    [`hone run ${word(folder)}`, 'trains it here and tunes these'],
    ...(first
      ? ([[`hone rewrite ${word(path)} --set ${first.name}=${example(first)}`, 'shows the diff']] as [
          string,
          string,
        ][])
      : []),
    ['hone.yaml', 'bounds, fixes, ties or excludes them'],
  ]
  const widest = Math.max(...steps.map(([command]) => widthOf(printable(command))))
  const beside = steps.every(([, what]) => widest + widthOf(what) + 5 <= width)
  return steps.flatMap(([command, what]) => {
    const text = style.cyan(pad(printable(command), beside ? widest : 0))
    return beside ? [`  ${text}   ${style.dim(what)}`] : [`  ${text}`, `      ${style.dim(what)}`]
  })
}

/** A path as a shell takes it. */
const word = (path: string) => (/^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`)

/** A value that it may have and has not. */
function example({ value, distribution }: Hyperparameter): string {
  if (distribution.type === 'categorical') {
    return word(valueText(distribution.choices.find((choice) => choice !== value) ?? value))
  }
  const { low, high, log, type } = distribution
  const middle = log && low > 0 ? Math.sqrt(low * high) : (low + high) / 2
  return valueText(type === 'int' ? Math.round(middle) : Number(middle.toPrecision(1)))
}
