import { changedValues, fetchCommands, patchName } from '../../domain/take.ts'
import type { Block } from '../render.ts'
import { changedLines } from './diff.ts'
import { type MailInput, type MailTrial, show } from './input.ts'

/** What the best trial changed, and how a person gets it. All of it is pure. */

export const patchOf = ({ project, run }: MailInput, trial: MailTrial) =>
  patchName(project.name, run.number, trial.number)

export function changes(input: MailInput, best: MailTrial): Block[] {
  const { run, trials, branch } = input
  const first = trials.find(({ number }) => number === 0)
  const rows = changedValues(first, best).map(({ name, before, after }) => [name, before, after])
  if (best.number === 0 || (rows.length === 0 && best.diff === '')) {
    return [{ type: 'paragraph', text: 'Your own values are the best: nothing was changed.' }]
  }
  const own = first?.metric == null ? '–' : show(first.metric)
  const patch = patchOf(input, best)
  const { text, cut } = changedLines(best.diff)
  const apply = [`git checkout ${run.sha.slice(0, 12)}`, `git apply ${patch}`].join('\n')
  return [
    { type: 'heading', text: 'The values' },
    {
      type: 'table',
      header: ['name', 'yours', `trial ${best.number}`],
      rows: [[run.settings.metric, own, best.metric === null ? '–' : show(best.metric)], ...rows],
    },
    { type: 'heading', text: 'The change' },
    { type: 'diff', text },
    ...(cut ? [{ type: 'paragraph', text: `The rest is in ${patch}.` } as const] : []),
    { type: 'heading', text: 'How to take it' },
    ...(branch === null
      ? []
      : ([
          {
            type: 'paragraph',
            text: `It is on the branch ${branch} of the remote that you push to, one commit on yours. Where that is not called hone, write its name:`,
          },
          { type: 'code', text: fetchCommands(null, branch) },
        ] as const)),
    { type: 'paragraph', text: `${branch === null ? 'It' : 'Or it'} is attached as ${patch}:` },
    { type: 'code', text: apply },
  ]
}
