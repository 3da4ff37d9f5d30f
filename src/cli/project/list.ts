import type { Config } from '../../config.ts'
import { withoutPassword } from '../../domain/git-url.ts'
import type { Project } from '../../domain/project.ts'
import { bestOf } from '../../http/best.ts'
import { openStore } from '../../main.ts'
import type { Store } from '../../store/store.ts'
import { short } from '../style.ts'

interface Line {
  name: string
  /** Null: Hone's own git remote. */
  repository: string | null
  runs: number
  last: { number: number; state: string; metric: string; best: number | null; target: number } | null
}

/** Prints the projects of the data folder, each with its last run. */
export function listProjects(config: Config, { json }: { json?: boolean }): void {
  const store = openStore(config)
  try {
    const lines = store.projects.all().map((project) => lineOf(store, project))
    if (json) for (const line of lines) console.log(JSON.stringify(line))
    else if (lines.length === 0)
      console.log(`There is no project in ${config.data}. Make one with \`hone project add NAME\`.`)
    else console.log(tableOf([['PROJECT', 'RUNS', 'LAST RUN', 'BEST', 'TARGET'], ...lines.map(cellsOf)]))
  } finally {
    store.close()
  }
}

function lineOf(store: Store, { id, name, repoUrl }: Project): Line {
  const [run] = store.runs.list({ projectId: id, limit: 1 })
  const repository = repoUrl === null ? null : withoutPassword(repoUrl)
  const runs = store.runs.countOf(id)
  if (run === undefined) return { name, repository, runs, last: null }
  const { metric, target } = run.settings
  const best = bestOf(run, store.trials.results(run.id))?.metric ?? null
  return { name, repository, runs, last: { number: run.number, state: run.state, metric, best, target } }
}

function cellsOf({ name, runs, last }: Line): string[] {
  if (last === null) return [name, String(runs), '-', '-', '-']
  const { number, state, metric, best, target } = last
  return [
    ...[name, String(runs), `#${number} ${state}`],
    ...[best === null ? '-' : `${metric} ${short(best)}`, String(target)],
  ]
}

/** Columns as wide as what they hold. */
function tableOf(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)))
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
