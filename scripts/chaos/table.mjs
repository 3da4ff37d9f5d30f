/**
 * @typedef {object} Cell one fault, as test/chaos wrote it down
 * @property {string} fault
 * @property {string} phase
 * @property {string} [notAt] why there is no such cell
 * @property {string} [what] which moment it came at
 * @property {string[]} [lost]
 * @property {number} [restarts]
 * @property {number} [again] mails that came twice under one Message-ID
 */

const unique = (all) => [...new Set(all)]

/** In the order in which a run comes by them; a list of its own, since scripts run before the server is compiled. */
export const PHASES = [
  'webhook',
  'git-import',
  'image-build',
  'container-create',
  'start',
  'first-line',
  'mid-epoch',
  'checkpoint',
  'last-line',
  'exit',
  'tweak-commit',
  'settle',
  'notify',
  'mail',
]
const place = (phase) => (PHASES.includes(phase) ? PHASES.indexOf(phase) : PHASES.length)
const sum = (cells, of) => cells.reduce((all, cell) => all + (cell[of] ?? 0), 0)

/** `3/3`: survived of tried. */
function inTable(cells) {
  const tried = cells.filter(({ notAt }) => notAt === undefined)
  if (tried.length === 0) return cells.length > 0 ? '–' : ''
  const survived = tried.filter(({ lost }) => lost.length === 0).length
  const count = `${survived}/${tried.length}`
  return survived === tried.length ? count : `**${count}**`
}

/**
 * The kill matrix as Markdown: faults by phases, then what was lost, and which cells there are not, and why.
 * @param {Cell[]} cells
 * @param {{ seed: string, minutes: number }} about
 */
export function report(cells, { seed, minutes }) {
  const phases = unique(cells.map(({ phase }) => phase)).sort((one, other) => place(one) - place(other))
  const faults = unique(cells.map(({ fault }) => fault)).sort()
  const tried = cells.filter(({ notAt }) => notAt === undefined)
  const lost = tried.filter(({ lost }) => lost.length > 0)
  const row = (fault) => {
    const own = cells.filter((cell) => cell.fault === fault)
    return [
      fault,
      ...phases.map((phase) => inTable(own.filter((cell) => cell.phase === phase))),
      String(sum(own, 'restarts')),
      String(sum(own, 'again')),
    ]
  }
  const table = [['fault', ...phases, 'restarts', 'mails again'], ...faults.map(row)]
  const [head, ...rows] = table.map((columns) => `| ${columns.join(' | ')} |`)
  const rule = `|${' --- |'.repeat(phases.length + 3)}`
  const absent = unique(cells.filter(({ notAt }) => notAt).map(({ fault, notAt }) => `${fault}: ${notAt}`))
  return [
    `# Kill matrix, seed ${seed}`,
    '',
    `${tried.length} faults in ${minutes.toFixed(0)} minutes: ${tried.length - lost.length} survived with nothing lost, ${lost.length} not.`,
    '',
    ...[head, rule, ...rows],
    '',
    ...(rows.some((row) => row.includes('|  |')) ? ['An empty cell was not tried.', ''] : []),
    ...(lost.length > 0 ? ['## Lost', '', ...lost.map(inWords), ''] : []),
    ...(absent.length > 0 ? ['## No such cell (–)', '', ...absent.map((why) => `- ${why}`), ''] : []),
  ].join('\n')
}

/** The first of what was lost most often brings the rest with it. */
const LOSS_SHOWN = 300
const inWords = ({ fault, phase, what, lost }) =>
  `- ${fault} at ${phase} (${what}): ${lost.map((one) => one.replaceAll('\n', ' ').slice(0, LOSS_SHOWN)).join('; ')}`
