const percent = (part, whole) => (whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(1)} %`)
const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
const row = (name, value, more = '') =>
  `  ${name.padEnd(44)} ${String(value).padStart(8)}   ${more}`.trimEnd()

/** Wanted of a script before it counts as one that Hone can tune. */
const ENOUGH = 3

/**
 * @param {{one: object, outcome: object, result: object}[]} scored
 * @returns {string} the whole report
 */
export function summary(scored) {
  const old = scored.filter(({ one }) => one.python2)
  const cases = scored.filter(({ one }) => !one.python2)
  const share = (name, list, key) => {
    const right = list.filter(({ result }) => result[key]).length
    return row(name, percent(right, list.length), `${right} of ${list.length}`)
  }
  const folders = cases.filter(({ one }) => one.kind === 'folder')
  const able = cases.filter(({ result }) => result.labels.length >= ENOUGH)
  const enough = able.filter(({ result }) => result.found.size >= ENOUGH)
  const ample = able.filter(({ result }) => (result.sites?.length ?? 0) >= ENOUGH)
  const count = (key) => cases.reduce((sum, { result }) => sum + (result[key].size ?? result[key].length), 0)
  const lists = cases.flatMap(({ one }) => one.hyperparameters.filter(({ list }) => list)).length
  const warned = old.filter(({ result }) => result.error === 'python-2').length
  return [
    `${scored.length} cases of ${new Set(scored.map(({ one }) => one.repository)).size} repositories`,
    share('framework right', cases, 'framework'),
    share('family right', cases, 'family'),
    share('task right', cases, 'task'),
    share('entry right (folders)', folders, 'entry'),
    row(
      `${ENOUGH} labelled hyperparameters found`,
      percent(enough.length, able.length),
      `${enough.length} of ${able.length} scripts that have them`,
    ),
    row(
      `${ENOUGH} places found, labelled or not`,
      percent(ample.length, able.length),
      `${ample.length} of ${able.length}`,
    ),
    row(
      'labelled hyperparameters found',
      percent(count('found'), count('labels')),
      `${count('found')} of ${count('labels')}; ${lists} lists of candidates not counted`,
    ),
    row(
      'evaluation touched',
      count('touched'),
      `and ${count('unclear')} on a protected line with several literals`,
    ),
    row('dead literals offered', count('dead')),
    row('Python 2 said so', percent(warned, old.length), `${warned} of ${old.length}`),
    ...times(scored),
    ...errors(cases),
  ].join('\n')
}

function times(scored) {
  const timed = scored.filter(({ outcome }) => outcome.lines > 0)
  const total = (key) => timed.reduce((sum, { outcome }) => sum + outcome[key], 0)
  const rates = timed
    .map(({ outcome }) => (1000 * outcome.milliseconds) / outcome.lines)
    .sort((a, b) => a - b)
  const longest = timed.toSorted((a, b) => b.outcome.milliseconds - a.outcome.milliseconds)[0]
  return [
    row(
      'milliseconds a 1,000 lines, median',
      quantile(rates, 0.5).toFixed(1),
      `p95 ${quantile(rates, 0.95).toFixed(1)}, highest ${quantile(rates, 1).toFixed(1)}, over all ${((1000 * total('milliseconds')) / total('lines')).toFixed(1)}`,
    ),
    row(
      'milliseconds of the longest case',
      longest ? longest.outcome.milliseconds.toFixed(0) : 0,
      longest ? `${longest.outcome.lines} lines, ${nameOf(longest.one)}` : '',
    ),
  ]
}

function errors(cases) {
  const codes = new Map()
  for (const { result } of cases)
    if (result.error) codes.set(result.error, (codes.get(result.error) ?? 0) + 1)
  return [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => row(`error ${code}`, count))
}

/** Frameworks and families, each with what is right of it. */
export function byKind(scored, key) {
  const kinds = Map.groupBy ? Map.groupBy(scored, ({ one }) => one[key]) : grouped(scored, key)
  return [...kinds]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([kind, list]) => {
      const right = list.filter(({ result }) => result[key]).length
      return row(`${key} ${kind}`, percent(right, list.length), `${right} of ${list.length}`)
    })
    .join('\n')
}

function grouped(scored, key) {
  const kinds = new Map()
  for (const item of scored) kinds.set(item.one[key], [...(kinds.get(item.one[key]) ?? []), item])
  return kinds
}

export const nameOf = (one) => `${one.repository} ${one.path || '.'}`

/** Every miss, a line each: what was expected and what came. */
export function misses(scored) {
  return scored.flatMap(({ one, outcome, result }) => {
    const at = nameOf(one)
    const said = (what, expected, got) => `${what.padEnd(14)} ${at}: expected ${expected}, got ${got}`
    if (result.error) {
      if (one.python2 && result.error === 'python-2') return []
      return [said('error', one.framework, `${result.error} (${outcome.error.message.slice(0, 160)})`)]
    }
    const { detection } = outcome
    const or = (known, also = []) => [known, ...also].join(' or ')
    const place = (mark) => `${mark.file ? `${mark.file}:` : ''}${mark.source ?? mark.line}`
    return [
      ...(result.framework
        ? []
        : [said('framework', or(one.framework, one.frameworkAlso), detection.framework)]),
      ...(result.family ? [] : [said('family', or(one.family, one.familyAlso), detection.family)]),
      ...(result.task ? [] : [said('task', or(one.task, one.taskAlso), detection.task)]),
      ...(result.entry === false ? [said('entry', or(one.entry, one.entryAlso), detection.entry)] : []),
      ...(result.labels.length >= ENOUGH && result.found.size < ENOUGH
        ? [
            said(
              'few',
              `${result.labels.length} labels`,
              `${result.found.size} of them; ${result.sites.length} places in all`,
            ),
          ]
        : []),
      ...result.labels
        .filter((mark) => !result.found.has(mark))
        .map((mark) =>
          said('hyperparameter', `${mark.name} at ${place(mark)}`, leftAloneAt(detection, mark, outcome)),
        ),
      ...result.touched.map(({ mark, site }) =>
        said('touched', `${mark.why} left alone at ${place(mark)}`, `${site.name} ${site.literal}`),
      ),
      ...result.unclear.map(({ mark, site }) =>
        said('unclear', `${mark.why} left alone at ${place(mark)}`, `${site.name} ${site.literal}`),
      ),
      ...result.dead.map(({ mark, site }) =>
        said('dead', `${mark.name} left alone at ${place(mark)}`, `${site.name} ${site.literal}`),
      ),
    ]
  })
}

function leftAloneAt(detection, mark, { script, folder }) {
  const file = mark.file === undefined ? script : folder + mark.file
  const reasons = detection.leftAlone
    .filter((one) => one.file === file && one.line === mark.line)
    .map(({ name, reason }) => `${name}: ${reason}`)
  return reasons.length > 0 ? `left alone (${reasons.join('; ')})` : 'nothing'
}
