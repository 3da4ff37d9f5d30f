/**
 * One analysed script.
 * @typedef {object} Outcome
 * @property {import('../../src/domain/detection.ts').Detection} [detection]
 * @property {{code: string, message: string}} [error]
 * @property {number} milliseconds
 * @property {number} lines
 * @property {Map<string, object>} files the source files by path
 * @property {string} script the labels' file where they name none, relative to the analysed root
 * @property {string} folder what the labels' other files are relative to, with a slash at the end, or ''
 */

const LITERAL =
  /(?<![\w.])(?:\d[\d_]*\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)\b|'[^']*'|"[^"]*"|\b(?:True|False|None)\b/gi

/** The code line of a site, its spaces at both ends removed. */
function lineAt(files, { file, start, end }) {
  const source = files.get(file)
  const range = source?.locate(start, end)
  if (!range) return null
  const { text } = source
  const from = text.lastIndexOf('\n', range.start - 1) + 1
  const to = text.indexOf('\n', range.start)
  return text.slice(from, to < 0 ? text.length : to).trim()
}

const literalAt = (files, { file, start, end }) => {
  const range = files.get(file)?.locate(start, end)
  return range ? files.get(file).text.slice(range.start, range.end) : null
}

/** Every literal that the search may change, ties included. */
export function sitesOf({ detection, files }) {
  return detection.hyperparameters.flatMap((parameter) =>
    [parameter, ...parameter.ties].map((site) => ({
      name: parameter.name.replace(/@.*$/, ''),
      structure: parameter.variants !== null,
      file: site.file,
      line: site.line,
      text: lineAt(files, site),
      literal: literalAt(files, site),
    })),
  )
}

const bare = (name) => (name ?? '').toLowerCase().replaceAll(/[^a-z\d]/g, '')

/** Whether a label's place is a site's. */
const isAt = (mark, site, outcome) => {
  const file = mark.file === undefined ? outcome.script : outcome.folder + mark.file
  if (site.file !== file) return false
  if (mark.source === undefined) return site.line === mark.line
  // A label gives the line or the part of it that binds the literal.
  return site.text?.includes(mark.source.trim()) === true
}

/**
 * Which labels stand where something was found; a line with two labels needs two sites, of the same name first.
 * @returns {Set<object>}
 */
export function foundMarks(marks, sites, outcome) {
  const left = [...sites]
  const found = new Set()
  for (const sameName of [true, false]) {
    for (const mark of marks) {
      if (found.has(mark)) continue
      const index = left.findIndex(
        (site) => isAt(mark, site, outcome) && (!sameName || bare(site.name) === bare(mark.name)),
      )
      if (index < 0) continue
      found.add(mark)
      left.splice(index, 1)
    }
  }
  return found
}

/**
 * Protected literals that would be changed, and sites on a protected line of which it is not known whether they are the
 * protected literal.
 */
export function touchedMarks(one, sites, outcome) {
  const touched = []
  const unclear = []
  for (const mark of one.protected) {
    for (const site of sites.filter((site) => !site.structure && isAt(mark, site, outcome))) {
      const wanted = one.hyperparameters.some(
        (label) => isAt(label, site, outcome) && bare(label.name) === bare(site.name),
      )
      const others = (site.text?.replace(/#.*$/, '').match(LITERAL) ?? []).length
      const isIt =
        mark.literal === undefined
          ? others <= 1 || bare(mark.name ?? mark.why) === bare(site.name)
          : site.literal === mark.literal && (!mark.name || bare(mark.name).includes(bare(site.name)))
      if (isIt && !wanted) touched.push({ mark, site })
      else if (mark.literal === undefined && !wanted) unclear.push({ mark, site })
    }
  }
  return { touched, unclear }
}

/** Dead literals (what they are given to is never used) that were offered all the same. */
export const deadMarks = (one, sites, outcome) =>
  (one.dead ?? []).flatMap((mark) =>
    sites
      .filter((site) => isAt(mark, site, outcome) && bare(site.name) === bare(mark.name))
      .map((site) => ({ mark, site })),
  )

/** One case against its label; `null` for what the label or the error leaves open. */
export function score(one, outcome) {
  const { detection, error } = outcome
  const labels = one.hyperparameters.filter(({ list }) => !list)
  const among = (value, known, also = []) => [known, ...also].includes(value)
  if (!detection)
    return { error: error.code, labels, found: new Set(), sites: [], touched: [], unclear: [], dead: [] }
  const sites = sitesOf(outcome)
  return {
    error: null,
    framework: among(detection.framework, one.framework, one.frameworkAlso),
    family: among(detection.family, one.family, one.familyAlso),
    task: among(detection.task, one.task, one.taskAlso),
    entry:
      one.kind === 'folder'
        ? among(
            detection.entry,
            outcome.folder + one.entry,
            one.entryAlso?.map((path) => outcome.folder + path),
          )
        : null,
    labels,
    sites,
    found: foundMarks(labels, sites, outcome),
    ...touchedMarks(one, sites, outcome),
    dead: deadMarks(one, sites, outcome),
  }
}
