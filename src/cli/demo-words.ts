import { relative } from 'node:path'
import { DEFAULT_PORT } from '../config.ts'
import { oneLine } from '../domain/clean.ts'
import type { Run } from '../domain/run.ts'
import { changedValues } from '../domain/take.ts'
import type { Trial } from '../domain/trial.ts'
import { short, style } from './style.ts'

/** What the demo says before it begins and after it ended. All of it is pure. */

/** A word on the left, what it is about on the right. */
const row = (name: string, text: string) => `${style.bold(name.padEnd(10))} ${text}`

/** As a person would type it: without the folder that they are in. */
export function shortPath(path: string, from: string): string {
  const inside = relative(from, path)
  return inside === '' || inside.startsWith('..') ? path : `./${inside}`
}

interface Plan {
  example: string
  target: number
  trials: number
  /** The data folder. */
  data: string
  cwd: string
}

export const openingLines = ({ example, target, trials, data, cwd }: Plan): string[] => [
  row('Demo', `the example ${example} (examples/${example}) is pushed to a project of that name`),
  row('Target', `accuracy ${target}, in ${trials} trials at most, each in a container of the Docker engine`),
  row('Data', `${shortPath(data, cwd)}: database, logs, models, mailbox`),
]

interface Ended {
  run: Pick<Run, 'id' | 'state' | 'settings' | 'conclusion'>
  best: Pick<Trial, 'number' | 'metric' | 'values'> | null
  first: Pick<Trial, 'metric' | 'values'> | undefined
  /** Each with the file that it lies in; null where it went by a mail server. */
  mails: readonly { subject: string; to: string; file: string | null }[]
  url: string
  /** Where it was made just now; null when it is known already. */
  token: string | null
  data: string
  cwd: string
  port: number
  /** Whether the server ends with the demo. */
  once: boolean
}

const result = ({ run: { state, conclusion } }: Ended): string => {
  const reason = oneLine(conclusion?.failure?.message ?? conclusion?.reason ?? '')
  if (state === 'succeeded') return style.green(style.bold(`Target met: ${reason.replace(/^reached /, '')}`))
  if (state === 'exhausted') return style.yellow(style.bold(`Target not met: ${reason}`))
  return style.red(style.bold(`Run ${state}${reason === '' ? '' : `: ${reason}`}`))
}

/** The mail in short, the best values, how to look at all of it, and, last, the result. */
export function endingLines(ended: Ended): string[] {
  const { run, best, first, mails, url, token, data, cwd, port, once } = ended
  const page = `${url}/runs/${run.id}`
  const own = first?.metric == null ? '' : `, your own values ${short(first.metric)}`
  const changed = best ? changedValues(first, best) : []
  const set = [
    ...(data === `${cwd}/data` ? [] : [`HONE_DATA=${data}`]),
    ...(port === DEFAULT_PORT ? [] : [`HONE_PORT=${port}`]),
  ]
  const start = [...set, 'npm start'].join(' ')
  const signIn = token === null ? 'the token of the first start signs in' : `the token is ${token}`
  return [
    ...mails.flatMap(({ subject, to, file }) => [
      row('Mail', `${oneLine(subject)} ${style.dim(`to ${oneLine(to)}`)}`),
      ...(file === null ? [] : [row('', style.dim(`it lies in ${shortPath(file, cwd)}`))]),
    ]),
    ...(best?.metric == null
      ? []
      : [row('Best', `${oneLine(run.settings.metric)} ${short(best.metric)} in trial ${best.number}${own}`)]),
    ...changed.map(({ name, before, after }) =>
      row('', `${oneLine(`${name} ${before}`)} ${style.dim('->')} ${style.cyan(oneLine(after))}`),
    ),
    ...(once
      ? [row('Later', `${style.cyan(start)} shows it again at ${style.cyan(page)}; ${signIn}`)]
      : [
          row(
            'Dashboard',
            `${style.cyan(page)} until Ctrl-C; after that \`${start}\` shows it again; ${signIn}`,
          ),
        ]),
    result(ended),
  ]
}
