const LABELS = { hone: 'Hone', tpe: "Optuna's TPE", gp: "Optuna's GPSampler", random: 'random' }
const labelOf = (sampler) => LABELS[sampler] ?? sampler
const row = (cells) => `| ${cells.join(' | ')} |`
/** Lines of a Markdown table. */
export const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row), '']
/** A ratio to nothing, where the other one left no regret on any problem, has no value. */
const interval = ({ ratio, low, high }) =>
  Number.isFinite(ratio) ? `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})` : '-'

/** The summary of summary.mjs as Markdown. */
export function markdown(summary, samplers) {
  const { after, sets, groups } = summary
  const lines = [
    'Regret: (best known - best so far) / (best known - median of random points), clipped to 0 to 1, after so many finished trials; ' +
      'mean over seeds and problems. 95 %: a regret of 0.05; median, and the share of searches that got there. A suggestion: ' +
      'seconds of processor time.',
    '',
  ]
  const times = after.at(-1)
  const atATime = ({ parallel }) => (parallel === 1 ? 'one' : `${parallel}`)
  lines.push(
    ...table(
      [
        'problems',
        'at a time',
        'sampler',
        ...after.map((count) => `regret at ${count}`),
        'trials to 95 %',
        'got there',
        's a suggestion',
      ],
      sets.flatMap((set) =>
        samplers.map((sampler) => {
          const { regret, trialsToReach, reached, seconds } = set.samplers[sampler]
          return [
            `${set.name} (${set.problems})`,
            atATime(set),
            labelOf(sampler),
            ...after.map((count) => regret[count].toFixed(3)),
            reached < 0.5 ? `> ${times}` : String(trialsToReach),
            `${(100 * reached).toFixed(0)} %`,
            seconds.toFixed(3),
          ]
        }),
      ),
    ),
  )
  const others = samplers.filter((sampler) => sampler !== 'hone')
  if (others.length < samplers.length) {
    lines.push(
      `Hone over the other, as a ratio of means (95 % confidence interval, bootstrap over the problems); below 1 is better. A search that did not get to 95 % counts as its whole budget.`,
      '',
    )
    lines.push(
      ...table(
        [
          'problems',
          'at a time',
          'against',
          ...after.map((count) => `regret at ${count}`),
          'trials to 95 %',
          `its regret at ${times} after`,
          `better / equal / worse at ${times}`,
        ],
        sets.flatMap((set) =>
          others.map((other) => {
            const { regret, trialsToReach, matchedAfter, wins } = set.against[other]
            const count = wins[times]
            return [
              set.name,
              atATime(set),
              labelOf(other),
              ...after.map((trials) => interval(regret[trials])),
              interval(trialsToReach),
              matchedAfter === null ? 'never' : `${matchedAfter} trials`,
              `${count.wins} / ${count.ties} / ${count.losses}`,
            ]
          }),
        ),
      ),
    )
  }
  const shown = after.slice(-2)
  lines.push(`By estimator, regret at ${shown.join(' / ')}, one at a time where that was run:`, '')
  lines.push(
    ...table(
      ['estimator', 'problems', ...samplers.map(labelOf)],
      groups.map(({ name, problems, regret }) => [
        name,
        String(problems),
        ...samplers.map((sampler) => shown.map((count) => regret[sampler][count].toFixed(3)).join(' / ')),
      ]),
    ),
  )
  return lines.join('\n')
}
