import type { Report } from './report.ts'

/** One line for one path; its keys are described in docs/inspect.md. */
export function jsonLine(report: Report): string {
  if ('failure' in report) {
    const { code, message, remedy, file, line, detail } = report.failure
    return JSON.stringify({ path: report.path, error: { code, message, remedy, file, line, detail } })
  }
  const { detection, milliseconds, lines, path } = report
  const { framework, family, task, metric, entry, args, versions, evidence, leftAlone } = detection
  const hyperparameters = detection.hyperparameters.map(({ variants, ...parameter }) => ({
    ...parameter,
    // The patches of a structure are long and of no use outside of Hone: what it may become is enough.
    ...(variants ? { variants: Object.keys(variants) } : {}),
  }))
  return JSON.stringify({
    ...{ path, framework, family, task, metric, entry, args, versions, evidence, hyperparameters, leftAlone },
    milliseconds: Number(milliseconds.toFixed(2)),
    lines,
  })
}
